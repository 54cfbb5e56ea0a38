import argparse
import contextlib
import io
import json
import os
import subprocess
import sys
from unittest import mock

from quality_harness import cli
from quality_harness.load import command
from quality_harness.load.collected import Collected
from tests.harness.load import samples
from tests.harness.load.fakes import FakeCase
from tests.harness.load.standins import IDENTITY, served

BUDGETS = f"""
[target]
path = "/"
contains = "{IDENTITY}"

[overall]
p95 = 300
"""


class CommandCase(FakeCase):
    """A test that calls `quality-harness load` with a server, budgets and a folder for reports."""

    def setUp(self) -> None:
        super().setUp()
        self.server = self.enterContext(served())
        self.budgets = self.folder / "budgets.toml"
        self.budgets.write_text(BUDGETS)
        self.output = self.folder / "results"
        self.enterContext(mock.patch.object(sys, "stderr", io.StringIO()))

    def load(self, *arguments: object) -> int:
        """Return the exit code; `self.printed` and `self.told` are its output."""
        with (
            contextlib.redirect_stdout(io.StringIO()) as out,
            contextlib.redirect_stderr(io.StringIO()) as err,
        ):
            code = cli.main(["load", *map(str, arguments)])
        self.printed, self.told = out.getvalue(), err.getvalue()
        return code

    def run_load(self, *arguments: object) -> int:
        return self.load(
            *("run", "-f", self.locustfile, "--host", self.server.url, "--seconds", "10"),
            *("--budgets", self.budgets, "--output", self.output, *arguments),
        )

    def result(self) -> dict[str, object]:
        found = json.loads((self.output / "result.json").read_text())
        assert isinstance(found, dict)
        return found


class RunTests(CommandCase):
    def test_budgets_that_are_kept_pass_and_three_reports_are_written(self) -> None:
        self.assertEqual(self.run_load(), 0)

        self.assertEqual(
            sorted(os.listdir(self.output)), ["report.html", "result.json", "summary.md"]
        )
        self.assertIn("load: pass, 1 of 1 budgets kept", self.printed)
        self.assertEqual(self.result()["verdict"], "pass")

    def test_a_broken_budget_fails(self) -> None:
        self.budgets.write_text(BUDGETS + "max = 100\n")

        self.assertEqual(self.run_load(), 1)
        self.assertIn("load: fail, 1 of 2 budgets kept", self.printed)

    def test_json_is_one_document(self) -> None:
        self.run_load("--format", "json")

        self.assertEqual(json.loads(self.printed), self.result())

    def test_a_typo_in_the_budgets_is_told_before_any_load(self) -> None:
        self.budgets.write_text("[overall]\nerors = 0\n")

        self.assertEqual(self.run_load(), 2)
        self.assertIn("Did you mean 'errors'?", self.told)
        self.assertFalse(self.output.exists())

    def test_a_wrong_host_is_told_before_any_load(self) -> None:
        self.budgets.write_text(BUDGETS.replace(IDENTITY, "the shop"))

        self.assertEqual(self.run_load(), 2)
        self.assertIn("Another application answers", self.told)
        self.assertFalse(self.output.exists())

    def test_a_host_where_nobody_answers_is_told_before_any_load(self) -> None:
        self.server.server_close()
        self.server.shutdown()

        self.assertEqual(self.run_load(), 2)
        self.assertIn("cannot be reached", self.told)

    def test_without_a_target_any_application_will_do(self) -> None:
        self.budgets.write_text("[overall]\np95 = 300\n")

        self.assertEqual(self.run_load(), 0)

    def test_a_run_that_breaks_off_keeps_what_was_measured(self) -> None:
        self.fake("killed")

        self.assertEqual(self.run_load(), 2)
        found = self.result()
        self.assertFalse(found["complete"])
        self.assertEqual(found["verdict"], "could-not-run")
        self.assertEqual(found["overall"]["requests"], 100)
        self.assertIn("could-not-run, partial", (self.output / "summary.md").read_text())

    def test_a_worker_that_is_lost_is_no_pass(self) -> None:
        self.fake("lost")

        self.assertEqual(self.run_load(), 2)
        self.assertIn("The worker local was lost", self.printed)

    def test_a_folder_that_cannot_be_written_is_told_before_any_load(self) -> None:
        self.output.write_text("a file")

        self.assertEqual(self.run_load(), 2)
        self.assertIn("cannot be written", self.told)

    def test_a_disk_that_fills_during_the_run_is_no_pass_and_the_run_is_shown(self) -> None:
        error = command.CouldNotRun("report.html cannot be written: No space left on device.")
        with mock.patch.object(command, "keep", side_effect=[None, None, error, None]):
            self.assertEqual(self.run_load(), 2)

        self.assertIn("No space left on device", self.printed)
        self.assertIn("GET /a/", self.printed)

    def test_what_is_measured_is_kept_on_the_way(self) -> None:
        with (
            mock.patch.object(command, "KEEP_SECONDS", 0),
            mock.patch.object(command, "keep", wraps=command.keep) as keep,
        ):
            self.run_load()

        texts = [call.args[1] for call in keep.call_args_list if "result" in call.args[0].name]
        self.assertGreater(len(texts), 2)
        self.assertEqual(json.loads(texts[-2])["problems"], [command.GOING_ON])

    def test_a_disk_that_fills_on_the_way_is_told_once_and_the_run_goes_on(self) -> None:
        error = command.CouldNotRun("result.json cannot be written: No space left on device.")
        with (
            mock.patch.object(command, "KEEP_SECONDS", 0),
            mock.patch.object(command, "keep", side_effect=[None, error, *[None] * 3]),
        ):
            self.assertEqual(self.run_load(), 2)

        self.assertEqual(self.printed.count("No space left on device"), 1)
        self.assertIn("GET /a/", self.printed)

    def test_arguments_that_make_no_run_are_told(self) -> None:
        for arguments, message in (
            (("--users", "0"), "--users has to be above zero"),
            (("--seconds", "-1"), "--seconds has to be above zero"),
            (("-f", "nothing.py"), "There are no scenarios at nothing.py"),
        ):
            with self.subTest(arguments=arguments):
                self.assertEqual(self.run_load(*arguments), 2)
                self.assertIn(message, self.told)

    def test_what_was_chosen_stands_in_the_report(self) -> None:
        self.run_load("--tags", "read", "--exclude-tags", "slow", "--classes", "Reader")

        self.assertEqual(
            self.result()["scenario"], "locustfile.py, 10 users, Reader, read, without slow"
        )


class CheckTests(CommandCase):
    def setUp(self) -> None:
        super().setUp()
        self.run_load()
        self.made = self.output / "result.json"
        self.baseline = self.folder / "baselines.json"

    def test_a_run_is_judged_again_by_other_budgets(self) -> None:
        self.budgets.write_text("[overall]\np50 = 1\n")

        self.assertEqual(self.load("check", self.made, "--budgets", self.budgets), 1)
        self.assertIn("load: fail", self.printed)

    def test_a_baseline_is_written_and_kept(self) -> None:
        self.assertEqual(self.load("check", self.made, "--baseline", self.baseline, "--update"), 0)
        self.assertEqual(self.load("check", self.made, "--baseline", self.baseline), 0)
        self.assertIn("load: pass, 4 of 4 budgets kept", self.printed)
        self.assertEqual(self.run_load("--baseline", self.baseline), 0)
        self.assertIn("5 of 5 budgets", self.printed)

    def test_a_run_that_got_slower_than_its_baseline_fails(self) -> None:
        self.load("check", self.made, "--baseline", self.baseline, "--update")
        rows = json.loads(self.baseline.read_text())
        rows[next(iter(rows))]["overall"]["p50"] = 1
        self.baseline.write_text(json.dumps(rows))

        self.assertEqual(self.load("check", self.made, "--baseline", self.baseline), 1)

    def test_a_run_that_says_nothing_becomes_no_baseline(self) -> None:
        self.fake("killed")
        self.run_load()

        self.assertEqual(self.load("check", self.made, "--baseline", self.baseline, "--update"), 2)
        self.assertIn("This run is no baseline: Locust ended with code -9", self.told)
        self.assertFalse(self.baseline.exists())

    def test_an_update_needs_its_file(self) -> None:
        self.assertEqual(self.load("check", self.made, "--update"), 2)
        self.assertIn("--update needs the --baseline", self.told)

    def test_nothing_to_check_is_told(self) -> None:
        self.assertEqual(self.load("check", self.made), 2)
        self.assertIn("Nothing to check", self.told)

    def test_no_result_is_told(self) -> None:
        self.assertEqual(self.load("check", self.folder / "no.json", "--budgets", self.budgets), 2)
        self.assertIn("There is no result at", self.told)


class CompareTests(CommandCase):
    def compare(self, factor: float, *arguments: object) -> int:
        """Compare two hosts of which the second takes `factor` times as long."""
        letters = command.comparison.order(6)
        recordings = [
            samples.recording({"GET /a/": [0.01 * (factor if letter == "B" else 1)] * 20})
            for letter in letters
        ]
        collected = samples.collected(*recordings, hosts=("http://a",))
        made = command.running.Run(collected, [])
        with mock.patch.object(command, "generate", return_value=made) as generate:
            code = self.load(
                *("compare", "-f", self.locustfile, "--a", self.server.url, "--b"),
                *(f"{self.server.url}/", "--pairs", "6", "--output", self.output, *arguments),
            )
        self.asked = generate.call_args.args[0].hosts if generate.call_args else ()
        return code

    def test_the_same_passes(self) -> None:
        self.assertEqual(self.compare(1.0), 0)
        self.assertIn("no difference shown", self.printed)
        self.assertEqual(self.asked, (self.server.url,) * 12)

    def test_a_slower_one_fails(self) -> None:
        self.assertEqual(self.compare(1.2), 1)
        self.assertIn("load: fail, slower: all endpoints, GET /a/", self.printed)
        self.assertIn("B against A", (self.output / "report.html").read_text())

    def test_a_faster_one_passes(self) -> None:
        self.assertEqual(self.compare(0.8), 0)
        self.assertIn("faster", self.printed)

    def test_tolerance_is_a_choice(self) -> None:
        self.assertEqual(self.compare(1.2, "--tolerance", "0.5"), 0)

    def test_both_hosts_have_to_be_the_application(self) -> None:
        self.budgets.write_text(BUDGETS.replace(IDENTITY, "the shop"))

        self.assertEqual(self.compare(1.0, "--budgets", self.budgets), 2)
        self.assertIn("Another application answers", self.told)
        self.assertEqual(self.asked, ())

    def test_too_few_pairs_are_told_before_any_load(self) -> None:
        self.assertEqual(self.compare(1.0, "--pairs", "5"), 2)
        self.assertIn("--pairs has to be 6 or more", self.told)

    def test_a_run_that_broke_off_compares_nothing(self) -> None:
        self.fake("killed")
        code = self.load(
            *("compare", "-f", self.locustfile, "--a", self.server.url, "--b", self.server.url),
            *("--output", self.output),
        )

        self.assertEqual(code, 2)
        self.assertEqual(self.result()["comparison"], [])
        self.assertIn("Locust ended with code -9", self.printed)

    def test_blocks_with_too_few_answers_compare_nothing(self) -> None:
        with mock.patch.object(command.comparison, "FEWEST_ANSWERS", 21):
            self.assertEqual(self.compare(1.0), 2)
        self.assertIn("No endpoint was asked 21 times", self.printed)


class WorkTests(CommandCase):
    def work(self, *arguments: object) -> int:
        return self.load("worker", "-f", self.locustfile, *arguments)

    def test_a_worker_is_locusts(self) -> None:
        done = subprocess.CompletedProcess([], 0)
        with mock.patch.object(command.subprocess, "run", return_value=done) as run:
            self.assertEqual(self.work("--master", "10.0.0.5:5557", "--processes", "3"), 0)

        arguments = run.call_args.args[0]
        self.assertEqual(
            arguments[-6:],
            ["--master-host", "10.0.0.5", "--master-port", "5557", "--processes", "3"],
        )
        self.assertIn("--worker", arguments)

    def test_a_worker_that_fails_could_not_run(self) -> None:
        done = subprocess.CompletedProcess([], 1)
        with mock.patch.object(command.subprocess, "run", return_value=done):
            self.assertEqual(self.work("--master", "10.0.0.5:5557"), 2)

    def test_an_address_without_a_port_is_told(self) -> None:
        for master in ("10.0.0.5", "10.0.0.5:x", ":5557"):
            with self.subTest(master=master):
                self.assertEqual(self.work("--master", master), 2)
                self.assertIn("write it as 10.0.0.5:5557", self.told)

    def test_scenarios_that_are_not_there_are_told(self) -> None:
        self.locustfile.unlink()

        self.assertEqual(self.work("--master", "10.0.0.5:5557"), 2)
        self.assertIn("There are no scenarios", self.told)


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


class ProgressTests(CommandCase):
    def test_a_terminal_shows_how_far_the_run_is(self) -> None:
        lines: list[str] = []
        status = mock.MagicMock()
        status.__enter__.return_value.update = lines.append
        with (
            mock.patch.object(sys, "stderr", Terminal()),
            mock.patch.object(command.Console, "status", return_value=status),
            command._progress(10) as show,
        ):
            show(samples.collected(samples.full_recording()))

        self.assertIn("10 of 10 s: 101 requests, 1 failed, p95 of the last seconds", lines[0])
        self.assertIn("1 invariants broken", lines[0])

    def test_before_the_first_request_locust_is_starting(self) -> None:
        self.assertEqual(command.progress_line(Collected(), 10), "starting Locust")

    def test_the_command_asks_for_an_action(self) -> None:
        parser = argparse.ArgumentParser()
        command.add_arguments(parser)

        with self.assertRaises(SystemExit):
            parser.parse_args([])


class ImportTests(FakeCase):
    def test_neither_locust_nor_gevent_comes_with_the_command(self) -> None:
        code = (
            "import sys, quality_harness.cli, quality_harness.load.command;"
            "print({'locust', 'gevent', 'django'} & set(sys.modules))"
        )
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        )

        self.assertEqual(done.stdout, "set()\n")
