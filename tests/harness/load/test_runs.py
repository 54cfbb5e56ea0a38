"""Real runs of Locust: in one process and in several, stopped, with a worker that is lost."""

import contextlib
import io
import json
import os
import signal
import sys
import tempfile
import threading
import unittest
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

import psutil
from django.test import tag

from quality_harness import cli
from quality_harness.load import command, running
from quality_harness.load.collected import Collected
from tests.harness.load.standins import IDENTITY, served

LOCUSTFILE = """
from locust import FastHttpUser, constant, tag, task
from quality_harness.load import invariants
from quality_harness.load.arrivals import poisson
from quality_harness.load.open_arrivals import OpenUser

class Reader(FastHttpUser):
    wait_time = constant(0.02)

    @tag("read")
    @task
    def read(self):
        answer = self.client.get("/page")
        invariants.check("named", answer.text == "the stand-in")

class Rush(OpenUser):
    arrivals = poisson(50)
    labels = ("rush",)

    def visit(self):
        self.client.get("/rush")
"""
BROKEN = LOCUSTFILE.replace('invariants.check("named"', 'invariants.chek("named"')
BUDGETS = f"""
[target]
path = "/"
contains = "{IDENTITY}"
[overall]
errors = 0
[invariants]
named = 0
[arrivals.Rush]
dropped = 0
"""


@tag("slow")
class RunCase(unittest.TestCase):
    """A test that runs Locust against a stand-in."""

    def setUp(self) -> None:
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.server = self.enterContext(served())
        self.locustfile = self.folder / "locustfile.py"
        self.locustfile.write_text(LOCUSTFILE)
        (self.folder / "budgets.toml").write_text(BUDGETS)
        self.enterContext(mock.patch.object(sys, "stderr", io.StringIO()))

    def load(self, action: str, *arguments: str) -> tuple[int, dict[str, Any]]:
        """Return the exit code and the document."""
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            code = cli.main(
                [
                    *("load", action, "-f", str(self.locustfile), "--format", "json"),
                    *("--budgets", str(self.folder / "budgets.toml"), "--users", "3"),
                    *("--output", str(self.folder / "results"), *arguments),
                ]
            )
        document = json.loads(printed.getvalue())
        assert isinstance(document, dict)
        return code, document

    def run_load(self, *arguments: str) -> tuple[int, dict[str, Any]]:
        return self.load("run", "--host", self.server.url, *arguments)

    def doing(self, act: Callable[[Collected], bool]) -> Any:
        """Return a patch that calls `act` on events of a run until it has done something."""
        done: list[bool] = []
        generate = command.generate

        def watched(plan: running.Plan, on_event: Callable[[Collected], None]) -> running.Run:
            def on_each(collected: Collected) -> None:
                on_event(collected)
                if not done and act(collected):
                    done.append(True)

            return generate(plan, on_each)

        return mock.patch.object(command, "generate", watched)


class WholeRunTests(RunCase):
    def test_one_process(self) -> None:
        code, found = self.run_load("--seconds", "3")

        self.assertEqual((code, found["doubts"]), (0, []))
        self.assertEqual(found["processes"], ["local"])
        self.assertEqual(
            found["invariants"]["named"]["checks"], found["endpoints"]["GET /page"]["requests"]
        )
        self.assertGreater(found["arrivals"]["Rush"]["due"], 50)

    def test_several_processes_are_one_document(self) -> None:
        code, found = self.run_load("--seconds", "3", "--processes", "2")

        self.assertEqual((code, found["doubts"]), (0, []))
        self.assertEqual(len(found["processes"]), 2)
        self.assertEqual(len(found["generator"]["cores"]), 2)
        self.assertEqual(
            found["invariants"]["named"]["checks"], found["endpoints"]["GET /page"]["requests"]
        )

    def test_tags_choose_classes(self) -> None:
        code, found = self.run_load("--seconds", "2", "--tags", "read")

        self.assertEqual(code, 2)
        self.assertEqual(list(found["endpoints"]), ["GET /page"])
        self.assertEqual(
            found["doubts"], ["The run made no arrival of visitors 'Rush'. Known: none."]
        )

    def test_blocks_go_to_both_hosts_in_turns(self) -> None:
        with served(delay=0.1) as slower:
            code, found = self.load(
                *("compare", "--a", self.server.url, "--b", slower.url, "--pairs", "6"),
                *("--seconds", "1", "--classes", "Reader"),
            )

        hosts = [block["host"] for block in found["blocks"]]
        self.assertEqual(hosts[:4], [self.server.url, slower.url, slower.url, self.server.url])
        # How certain it is depends on what else the machine does; which way it points does not.
        overall = found["comparison"][0]
        self.assertGreater(overall["ratio"], 1)
        self.assertEqual((code, found["doubts"]), (int(overall["word"] == "slower"), []))

    def test_workers_elsewhere_come_to_the_master(self) -> None:
        port = running.free_port()
        master = f"127.0.0.1:{port}"
        argv = ["load", "worker", "-f", str(self.locustfile), "--master", master]
        codes: list[int] = []
        worker = threading.Thread(target=lambda: codes.append(cli.main(argv)))
        worker.start()
        code, found = self.run_load("--seconds", "3", "--workers", "1", "--bind", master)
        worker.join()

        self.assertEqual((code, found["doubts"], codes), (0, [], [0]))
        self.assertEqual(len(found["processes"]), 1)


class BrokenRunTests(RunCase):
    def test_a_scenario_that_raises_is_no_pass(self) -> None:
        self.locustfile.write_text(BROKEN)
        code, found = self.run_load("--seconds", "2")

        self.assertEqual(code, 2)
        self.assertIn("A scenario is broken, it raised", found["doubts"][0])
        self.assertIn("has no attribute 'chek'", found["doubts"][0])

    def test_a_locustfile_that_cannot_be_imported_is_no_pass(self) -> None:
        self.locustfile.write_text("import nothing_of_the_kind")
        code, found = self.run_load("--seconds", "2")

        self.assertEqual(code, 2)
        self.assertIn("No module named 'nothing_of_the_kind'", found["doubts"][0])

    def test_a_run_that_is_stopped_keeps_what_it_has_measured(self) -> None:
        for number, processes in ((signal.SIGINT, "1"), (signal.SIGTERM, "2")):

            def stop(collected: Collected, number: int = number) -> bool:
                if collected.recording().total().requests < 20:
                    return False
                os.kill(os.getpid(), number)
                return True

            with self.subTest(number=number), self.doing(stop):
                code, found = self.run_load("--seconds", "60", "--processes", processes)

                self.assertEqual(code, 2)
                self.assertIn(f"The run was stopped by {number.name}", found["doubts"][0])
                self.assertFalse(found["complete"])
                self.assertGreaterEqual(found["overall"]["requests"], 20)
                kept = json.loads((self.folder / "results" / "result.json").read_text())
                self.assertEqual(kept, found)

    def test_a_worker_that_is_lost_is_no_pass(self) -> None:
        def kill(collected: Collected) -> bool:
            if collected.recording().total().requests < 20:
                return False
            (master,) = psutil.Process().children()
            master.children()[0].kill()
            return True

        with self.doing(kill):
            code, found = self.run_load("--seconds", "4", "--processes", "2")

        self.assertEqual(code, 2)
        self.assertRegex(found["doubts"][0], "The worker .* was lost")
        self.assertGreaterEqual(found["overall"]["requests"], 20)
