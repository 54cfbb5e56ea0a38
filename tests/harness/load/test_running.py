import os
import signal
from unittest import mock

from quality_harness.load import running
from quality_harness.load.collected import Collected
from quality_harness.load.running import Run, generate
from tests.harness.load.fakes import FakeCase


def ignore(collected: Collected) -> None:
    """Do nothing."""


class ArgumentsTests(FakeCase):
    def arguments(self, **values: object) -> str:
        return " ".join(self.plan(**values).arguments())

    def test_one_process_is_locust_alone(self) -> None:
        arguments = self.arguments(classes=("Reader",), tags=("a", "b"), exclude_tags=("c",))

        self.assertIn("--users 2 --spawn-rate 2", arguments)
        self.assertTrue(arguments.endswith("--tags a b --exclude-tags c Reader"))
        self.assertNotIn("--processes", arguments)
        self.assertNotIn("--master", arguments)

    def test_several_processes_meet_at_a_port_of_their_own(self) -> None:
        arguments = self.plan(processes=3).arguments()

        port = arguments[arguments.index("--master-port") + 1]
        self.assertEqual(arguments[arguments.index("--master-bind-port") + 1], port)
        self.assertEqual(arguments[arguments.index("--processes") + 1], "3")

    def test_workers_elsewhere_are_waited_for(self) -> None:
        self.assertIn(
            "--master --expect-workers 4 --master-bind-host 10.0.0.5 --master-bind-port 5557",
            self.arguments(workers=4, bind="10.0.0.5:5557", processes=3),
        )

    def test_variables_of_the_shell_do_not_change_the_run(self) -> None:
        with mock.patch.dict(os.environ, LOCUST_USERS="9"):
            environment = self.plan().environment()

        self.assertNotIn("LOCUST_USERS", environment)
        self.assertIn('"hosts": ["http://h"]', environment["QUALITY_HARNESS_LOAD_PLAN"])


class GenerateTests(FakeCase):
    def generate(self, what: str, **values: object) -> Run:
        self.fake(what)
        return generate(self.plan(**values), ignore)

    def test_a_run_that_comes_to_its_end_is_complete(self) -> None:
        run = self.generate("good")

        self.assertEqual(run.problems, [])
        self.assertEqual(run.collected.recording().total().requests, 100)
        self.assertEqual(running.measured_seconds(run.collected), 10)

    def test_a_locustfile_that_cannot_be_imported_is_told_with_locusts_words(self) -> None:
        (problem,) = self.generate("broken").problems

        self.assertEqual(
            problem,
            "Locust ended with code 1; the end of its output:\n  SyntaxError: in the locustfile",
        )

    def test_a_generator_that_is_killed_leaves_what_it_has_reported(self) -> None:
        run = self.generate("killed")

        self.assertIn("Locust ended with code -9", run.problems[0])
        self.assertEqual(run.collected.recording().total().requests, 100)

    def test_a_run_that_ends_too_early_is_told(self) -> None:
        self.assertEqual(self.generate("short").problems, ["Locust stopped after 1 of 10 s."])

    def test_a_block_that_is_missing_is_told(self) -> None:
        run = self.generate("good", hosts=("http://h", "http://i"))

        self.assertEqual(run.problems, ["Locust stopped after 10 of 20 s."])

    def test_a_worker_that_is_lost_is_told(self) -> None:
        self.assertEqual(
            self.generate("lost").problems,
            ["The worker local was lost: what it counted last is missing."],
        )

    def test_a_child_that_keeps_the_pipe_open_is_not_waited_for(self) -> None:
        with mock.patch.object(running, "STOP_PATIENCE", 1.0):
            run = self.generate("heir")

        self.assertEqual(run.collected.code, 0)
        self.assertEqual(run.problems, [])

    def test_one_that_never_ends_is_ended_by_force(self) -> None:
        with (
            mock.patch.object(running, "START_PATIENCE", 0.5),
            mock.patch.object(running, "STOP_PATIENCE", 0.2),
        ):
            run = self.generate("stubborn", seconds=1)

        self.assertIn("Locust ended with code -9", run.problems[0])
        self.assertEqual(run.collected.recording().total().requests, 100)


class SignalTests(FakeCase):
    def interrupted(self, what: str, number: signal.Signals) -> Run:
        """Return a run that gets the signal as soon as it has reported."""
        self.fake(what)
        sent: list[int] = []

        def on_event(collected: Collected) -> None:
            if collected.processes and not sent:
                sent.append(number)
                os.kill(os.getpid(), number)

        return generate(self.plan(), on_event)

    def test_what_was_measured_until_a_signal_is_kept(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(number=number):
                run = self.interrupted("endless", number)

                self.assertIn(f"The run was stopped by {number.name} after", run.problems[0])
                self.assertEqual(run.collected.recording().total().requests, 100)

    def test_a_generator_that_does_not_listen_is_ended_by_force(self) -> None:
        with mock.patch.object(running, "STOP_PATIENCE", 0.3):
            run = self.interrupted("stubborn", signal.SIGTERM)

        self.assertIn("The run was stopped by SIGTERM", run.problems[0])

    def test_signals_do_afterwards_what_they_did_before(self) -> None:
        before = signal.getsignal(signal.SIGTERM)
        self.interrupted("endless", signal.SIGINT)

        self.assertEqual(signal.getsignal(signal.SIGTERM), before)
