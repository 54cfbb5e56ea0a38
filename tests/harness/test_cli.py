import argparse
import contextlib
import io
import json
import os
import subprocess
import sys
import tempfile
import unittest
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from unittest import mock

from django.test import tag

from quality_harness import cli
from tests.harness.projects import ProjectCase

CLEAN = 'x = {"a": 1}\n'
UNFORMATTED = "x = { 'a':1 }\n"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class CommandCase(ProjectCase):
    def run_command(self, *argv: str, stream: type[io.StringIO] = io.StringIO):
        """Return the exit code, what was printed, and what was said beside it."""
        out, err = stream(), stream()
        with (
            contextlib.chdir(self.root),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
        ):
            code = cli.main(argv)
        return code, out.getvalue(), err.getvalue()


class ServicesCommandTests(CommandCase):
    def test_says_that_a_project_has_none(self):
        self.write({"pyproject.toml": "[project]\nname = 'shop'\n"})

        code, out, _ = self.run_command("services", "status")

        self.assertEqual((code, out), (0, "No services of this project run.\n"))


@tag("slow")
class GateCommandTests(CommandCase):
    def test_a_clean_project_exits_0(self):
        self.write({"a.py": CLEAN})

        code, out, err = self.run_command("gate", "format")

        self.assertEqual((code, err), (0, ""))
        self.assertRegex(out, r"pass +format +\d+\.\d s +1 files")

    def test_a_finding_exits_1(self):
        self.write({"a.py": UNFORMATTED})

        code, out, _ = self.run_command("gate", "format")

        self.assertEqual(code, 1)
        self.assertIn("a.py FMT001", out)

    def test_fresh_relies_on_nothing_remembered(self):
        self.write({"a.py": CLEAN})
        self.run_command("gate", "lint")

        self.assertIn("0 read", self.run_command("gate", "lint")[1])
        self.assertIn("1 read", self.run_command("gate", "lint", "--fresh")[1])

    def test_a_gate_that_could_not_run_exits_2(self):
        code, out, _ = self.run_command("gate", "format")

        self.assertEqual(code, 2)
        self.assertIn("format could not run: there is nothing to check: 0 files", out)

    def test_an_unknown_gate_exits_2_with_a_sentence(self):
        code, out, err = self.run_command("gate", "fromat")

        self.assertEqual((code, out), (2, ""))
        self.assertEqual(
            err, "quality-harness: There is no gate 'fromat'. Did you mean 'format'?\n"
        )

    def test_an_unknown_key_exits_2_with_a_sentence(self):
        self.write({"pyproject.toml": "[tool.quality_harness]\ngats = []\n"})

        code, _, err = self.run_command("gate")

        self.assertEqual(code, 2)
        self.assertIn("Unknown key 'gats'", err)

    def test_a_base_that_does_not_exist_exits_2_with_a_sentence(self):
        self.commit({"a.py": CLEAN})

        code, _, err = self.run_command("gate", "format", "--base", "nowhere")

        self.assertEqual(code, 2)
        self.assertIn("The base 'nowhere' does not exist", err)

    def test_json_is_one_document(self):
        self.write({"a.py": UNFORMATTED})

        code, out, _ = self.run_command("gate", "format", "--format", "json")

        self.assertEqual(code, 1)
        self.assertEqual(json.loads(out)["findings"][0]["path"], "a.py")

    def test_json_of_a_run_that_ended_early_is_one_document(self):
        code, out, _ = self.run_command("gate", "fromat", "--format", "json")

        self.assertEqual(code, 2)
        self.assertEqual(json.loads(out)["verdict"], "could-not-run")

    def test_github_of_a_run_that_ended_early_is_an_annotation(self):
        _, out, _ = self.run_command("gate", "fromat", "--format", "github")

        self.assertTrue(out.startswith("::error title=quality-harness::There is no gate"))

    def test_a_report_can_be_written_to_a_file(self):
        self.write({"a.py": CLEAN})

        code, out, _ = self.run_command("gate", "format", "--output", "report.txt")

        self.assertEqual((code, out), (0, ""))
        self.assertIn("gates passed: 1", (self.root / "report.txt").read_text())

    def test_a_report_that_cannot_be_written_exits_2(self):
        self.write({"a.py": CLEAN})

        code, _, err = self.run_command("gate", "format", "--output", "nowhere/report.txt")

        self.assertEqual(code, 2)
        self.assertIn("The report cannot be written", err)

    def test_a_terminal_sees_colour_and_progress(self):
        self.write({"a.py": CLEAN})
        with mock.patch.dict(os.environ, {"TERM": "xterm"}):
            os.environ.pop("NO_COLOR", None)
            _, out, err = self.run_command("gate", "format", stream=Terminal)

        self.assertIn("\x1b[32mpass", out)
        self.assertIn("running the gates", err)

    def test_no_color_is_kept_to(self):
        self.write({"a.py": CLEAN})
        with mock.patch.dict(os.environ, {"NO_COLOR": "1", "TERM": "dumb"}):
            _, out, _ = self.run_command("gate", "format", stream=Terminal)

        self.assertNotIn("\x1b", out)


DROP = """
    from django.db import migrations


    class Migration(migrations.Migration):
        operations = [migrations.RemoveField("order", "total")]
    """


class MigrationsCommandTests(CommandCase):
    def test_any_tree_is_checked_without_configuration(self):
        self.write({"shop/migrations/0002_drop.py": DROP})

        code, out, _ = self.run_command("migrations", "shop")

        self.assertEqual(code, 1)
        self.assertIn("shop/migrations/0002_drop.py:5", out)
        self.assertIn("read 1 migration files in 1 apps, 1 operations", out)

    def test_a_tree_elsewhere_is_checked_and_named_from_there(self):
        self.write({"here/keep": "", "there/shop/migrations/0002_drop.py": DROP})
        there = self.root / "there"
        self.root = self.root / "here"

        _, folder, _ = self.run_command("migrations", str(there))
        _, file, _ = self.run_command("migrations", str(there / "shop/migrations/0002_drop.py"))

        self.assertIn("  shop/migrations/0002_drop.py:5", folder)
        self.assertIn("  0002_drop.py:5", file)

    def test_a_base_leaves_what_is_older_alone(self):
        self.commit({"shop/migrations/0002_drop.py": DROP})

        code, out, _ = self.run_command("migrations", "--base", "HEAD")

        self.assertEqual(code, 0)
        self.assertIn("no migration is new against merge base with HEAD", out)

    def test_a_suppression_is_kept_to(self):
        comment = "  # quality-harness: ignore[MIG002]: unread since 1.4"
        self.write({"shop/migrations/0002_drop.py": DROP.replace(")]", ")]" + comment)})

        code, out, _ = self.run_command("migrations")

        self.assertEqual(code, 0)
        self.assertIn("1 accepted", out)

    def test_a_tree_without_migrations_exits_2(self):
        code, out, _ = self.run_command("migrations")

        self.assertEqual(code, 2)
        self.assertIn("No migration files found", out)


class JobSummaryTests(CommandCase):
    """What GitHub shows on the page of a job, beside the annotations."""

    def setUp(self):
        super().setUp()
        self.write({"shop/migrations/0001_initial.py": "import\n"})
        self.summary = self.root / "summary.md"
        self.summary.write_text("of an earlier step\n")

    def report(self, form: str) -> tuple[int, str]:
        with mock.patch.dict(os.environ, GITHUB_STEP_SUMMARY=str(self.summary)):
            code, _, said = self.run_command("migrations", ".", "--format", form)
        return code, said

    def test_holds_the_report_after_what_was_there(self):
        self.report("github")

        lines = self.summary.read_text().splitlines()
        self.assertEqual(lines[:2], ["of an earlier step", "## Quality gates: could-not-run"])

    def test_is_left_alone_by_another_format(self):
        self.report("json")

        self.assertEqual(self.summary.read_text(), "of an earlier step\n")

    def test_that_cannot_be_written_could_not_run(self):
        self.summary.unlink()
        self.summary.mkdir()

        code, said = self.report("github")

        self.assertEqual(code, 2)
        self.assertIn("The report cannot be written", said)


class ParserTests(unittest.TestCase):
    def parsers(self) -> Iterator[tuple[str, argparse.ArgumentParser]]:
        """Yield the parser of each command by its words, and that of all."""
        top = cli._parser("")
        yield "", top
        for name in _commands(top):
            chosen = _commands(cli._parser(name))[name]
            yield name, chosen
            for action, below in _commands(chosen).items():
                yield f"{name} {action}", below

    def test_every_argument_is_explained_and_exit_codes_stand_below(self):
        seen = set()
        for words, parser in self.parsers():
            with self.subTest(words):
                seen.add(words)
                self.assertEqual(parser.epilog, cli.EXIT_CODES)
                for action in parser._actions:
                    if not isinstance(action, argparse._SubParsersAction):
                        self.assertRegex(action.help or "", "[a-z] [a-z]", action.dest)

        self.assertLessEqual({"", "gate", "explain", "load run", "load check", "services"}, seen)

    def test_the_version_is_printed(self):
        with contextlib.redirect_stdout(io.StringIO()) as out, self.assertRaises(SystemExit) as end:
            cli.main(["--version"])

        self.assertEqual(end.exception.code, 0)
        self.assertEqual(out.getvalue(), f"quality-harness {version('django-quality-harness')}\n")


def _commands(parser: argparse.ArgumentParser) -> Mapping[str, argparse.ArgumentParser]:
    """Return the commands below a parser by their names."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            return action.choices
    return {}


class OtherCommandTests(CommandCase):
    def setUp(self):
        super().setUp()
        # A process that is about to end hides its objects from the search for garbage; this one
        # goes on, and other tests look for their objects.
        self.enterContext(mock.patch.object(cli.gc, "freeze"))

    def test_explain_prints_the_page_of_a_rule(self):
        code, out, _ = self.run_command("explain", "FMT001")

        self.assertEqual(code, 0)
        self.assertTrue(out.startswith("# FMT001 unformatted-file\n"))

    def test_explain_of_an_unknown_word_exits_2(self):
        for word, meant in (("FMT002", "FMT001"), ("unformated-file", "unformatted-file")):
            code, _, err = self.run_command("explain", word)

            self.assertEqual(code, 2)
            self.assertIn(f"Did you mean '{meant}'?", err)

    def test_explain_of_a_word_that_is_near_none_lists_the_gates_alone(self):
        _, _, err = self.run_command("explain", "zzzz")

        self.assertIn("Known: branch-name, ", err)
        self.assertNotIn("FMT001", err)

    def test_the_console_script_passes_the_exit_code_on(self):
        script = Path(sys.executable).parent / "quality-harness"

        done = subprocess.run(
            [script, "gate", "fromat"], cwd=self.root, capture_output=True, text=True, check=False
        )

        self.assertEqual(done.returncode, 2)
        self.assertIn("There is no gate 'fromat'", done.stderr)

    def test_a_reader_that_closes_the_pipe_early_leaves_the_exit_code_alone(self):
        script = Path(sys.executable).parent / "quality-harness"
        read_end, write_end = os.pipe()
        os.close(read_end)
        self.write({"shop/migrations/0002_drop.py": DROP})

        done = subprocess.run(
            [script, "migrations"], cwd=self.root, stdout=write_end, stderr=subprocess.PIPE
        )

        os.close(write_end)
        self.assertEqual((done.returncode, done.stderr), (1, b""))

    def test_a_closed_pipe_is_left_alone(self):
        self.write({"shop/migrations/0002_drop.py": DROP})
        with (
            tempfile.TemporaryFile("w") as out,
            mock.patch.object(sys, "stdout", out),
            mock.patch.object(out, "flush", side_effect=BrokenPipeError),
            contextlib.chdir(self.root),
        ):
            code = cli.main(["migrations"])

        self.assertEqual(code, 1)

    def test_without_a_command_it_says_how_to_use_it(self):
        with self.assertRaises(SystemExit) as caught, contextlib.redirect_stderr(io.StringIO()):
            cli.main([])

        self.assertEqual(caught.exception.code, 2)

    def test_an_empty_base_exits_2(self):
        self.commit({"a.py": CLEAN})

        code, _, err = self.run_command("gate", "format", "--base", "")

        self.assertEqual(code, 2)
        self.assertIn("--base is empty", err)

    def test_a_file_system_that_refuses_exits_2_with_a_sentence(self):
        with mock.patch.object(
            cli.engine, "run", side_effect=PermissionError(13, "Permission denied", "a.py")
        ):
            code, _, err = self.run_command("gate", "format")

        self.assertEqual((code, err), (2, "quality-harness: Permission denied: a.py.\n"))

    def test_a_defect_of_ours_exits_2_with_a_sentence(self):
        with mock.patch.object(cli.engine, "run", side_effect=KeyError("boom")):
            code, _, err = self.run_command("gate", "format")

        self.assertEqual(code, 2)
        self.assertRegex(err, r"This is a defect of quality-harness: KeyError: 'boom' \(.*:\d+\)")

    def test_an_end_that_a_library_asks_for_is_no_verdict(self):
        with mock.patch.object(cli.engine, "run", side_effect=SystemExit(0)):
            code, _, err = self.run_command("gate", "format")

        self.assertEqual(code, 2)
        self.assertIn("SystemExit: 0", err)

    def test_an_interrupt_exits_130_without_a_traceback(self):
        with (
            mock.patch.object(cli, "main", side_effect=KeyboardInterrupt),
            contextlib.redirect_stderr(io.StringIO()) as err,
            self.assertRaises(SystemExit) as caught,
        ):
            cli.run()

        self.assertEqual(caught.exception.code, 130)
        self.assertEqual(err.getvalue(), "quality-harness: interrupted.\n")

    def test_a_path_that_the_encoding_lacks_is_written_escaped(self):
        raw = io.BytesIO()
        stream = io.TextIOWrapper(raw, encoding="ascii")
        with (
            mock.patch.object(sys, "stdout", stream),
            mock.patch.object(cli, "main", side_effect=lambda argv: print("bl\xf6g.py") or 0),
            self.assertRaises(SystemExit),
        ):
            cli.run()

        stream.flush()
        self.assertEqual(raw.getvalue(), b"bl\\xf6g.py\n")

    def test_run_exits_with_the_code_of_main(self):
        with (
            mock.patch.object(sys, "argv", ["quality-harness", "explain", "format"]),
            contextlib.redirect_stdout(io.StringIO()) as out,
            self.assertRaises(SystemExit) as caught,
        ):
            cli.run()

        self.assertEqual(caught.exception.code, 0)
        self.assertIn("# Gate `format`", out.getvalue())
