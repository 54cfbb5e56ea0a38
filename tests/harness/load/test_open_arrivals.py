import os
import sys
import unittest
from types import SimpleNamespace
from typing import Any
from unittest import mock

import gevent

# Without this, importing Locust patches the standard library for all tests of this process.
with mock.patch.dict(os.environ, LOCUST_SKIP_MONKEY_PATCH="1"):
    from locust.event import EventHook

    from quality_harness.load import generator, open_arrivals

from quality_harness.load import invariants
from quality_harness.load.arrivals import Arrivals, constant
from tests.harness.load.standins import served


class Failing(Exception):
    """What a scenario raises."""


class OpenUserTests(unittest.TestCase):
    def setUp(self) -> None:
        invariants.begin()
        self.addCleanup(invariants.begin)
        self.contexts: list[dict[str, Any]] = []
        self.errors: list[BaseException] = []
        server = self.enterContext(served(delay=0.05))
        request, user_error = EventHook(), EventHook()
        request.add_listener(lambda context, **_: self.contexts.append(context))
        user_error.add_listener(lambda exception, **_: self.errors.append(exception))
        self.environment = SimpleNamespace(
            events=SimpleNamespace(request=request, user_error=user_error), stop_timeout=5
        )

        class Rush(open_arrivals.OpenUser):
            host = server.url
            arrivals = constant(200)
            labels = ("rush",)

            def visit(self) -> None:
                self.client.get("/first")
                self.client.get("/second")

        self.user_class = Rush

    def receive(self, seconds: float, **values: Any) -> Any:
        """Let visitors in for that long, and return what was counted."""
        for name, value in values.items():
            setattr(self.user_class, name, value)
        user = self.user_class(self.environment)
        user._state = "running"
        greenlet = gevent.spawn(user.receive)
        gevent.sleep(seconds)
        user.stop()
        greenlet.get(timeout=60)
        return invariants.recording().arrivals["Rush"]

    def test_nobody_waits_for_another(self) -> None:
        row = self.receive(0.2)

        # One after the other would be two visits in that time.
        self.assertGreater(row.due, 4)
        self.assertEqual(len(self.contexts), row.due * 2)
        self.assertEqual((row.dropped, row.unfinished), (0, 0))

    def test_the_first_request_of_a_visit_knows_when_it_was_due(self) -> None:
        self.receive(0.1)

        dues = [context["due"] for context in self.contexts if context["due"]]
        self.assertEqual(len(dues) * 2, len(self.contexts))
        self.assertEqual(len(set(dues)), len(dues))

    def test_each_one_is_let_in_until_the_run_ends_or_there_is_no_room(self) -> None:
        self.user_class.most_pending = 2
        user = self.user_class(self.environment)
        # No other greenlet runs while nobody waits.
        user._leaving = mock.Mock()
        user._leaving.wait.side_effect = [False, False, False, True]

        user.receive()

        row = invariants.recording().arrivals["Rush"]
        self.assertEqual((row.due, row.dropped, row.unfinished), (3, 1, 0))
        self.assertEqual(len(self.contexts), 4)

    def test_those_for_whom_there_is_no_room_are_counted(self) -> None:
        row = self.receive(0.2, most_pending=2)

        self.assertGreater(row.dropped, 0)
        self.assertLess(len(self.contexts), row.due * 2)

    def test_those_who_still_wait_at_the_end_are_counted(self) -> None:
        self.environment.stop_timeout = 0.01
        row = self.receive(0.1)

        self.assertGreater(row.unfinished, 0)

    def test_what_a_visit_raises_is_told_and_the_next_one_comes(self) -> None:
        def visit(user: object) -> None:
            raise Failing

        row = self.receive(0.1, visit=visit)

        self.assertGreater(row.due, 1)
        self.assertEqual({type(error) for error in self.errors}, {Failing})

    def test_a_class_that_does_not_say_what_a_visitor_does_is_told(self) -> None:
        del self.user_class.visit

        self.receive(0.05)

        self.assertIn("Rush has to say what a visitor does", str(self.errors[0]))

    def test_arrivals_that_end_let_the_user_go(self) -> None:
        user = self.user_class(self.environment)
        user._leaving = mock.Mock()
        user._leaving.wait.return_value = False
        with mock.patch.object(Arrivals, "due", return_value=iter([0.0])):
            user.receive()

        self.assertEqual(invariants.recording().arrivals["Rush"].due, 1)

    def test_each_class_has_a_task_of_its_own_with_its_tags(self) -> None:
        class Plain(open_arrivals.OpenUser):
            """Without tags."""

        user = mock.Mock()
        (tagged,), (plain,) = self.user_class.tasks, Plain.tasks
        tagged(user)

        self.assertEqual(tagged.locust_tag_set, {"rush"})
        self.assertFalse(hasattr(plain, "locust_tag_set"))
        user.receive.assert_called_once_with()


class GeneratorTests(unittest.TestCase):
    def test_locust_is_run_with_our_listeners(self) -> None:
        plan = '{"hosts": ["http://a"], "seconds": 5, "users": 2, "spawn_rate": 1}'
        with (
            mock.patch.dict(os.environ, {generator.PLAN: plan}),
            mock.patch.object(generator.locust.main, "main") as main,
            mock.patch.object(generator, "events") as events,
        ):
            generator.main()

        main.assert_called_once_with()
        listener = events.request.add_listener.call_args.args[0]
        self.assertEqual(listener.__self__.plan.hosts, ("http://a",))

    def test_an_event_is_a_line(self) -> None:
        readable, writable = os.pipe()
        with mock.patch.dict(os.environ, {generator.PIPE: str(writable)}):
            generator.emit({"event": "quit", "code": 0})
        os.close(writable)
        with os.fdopen(readable) as lines:
            self.assertEqual(lines.read(), '{"event": "quit", "code": 0}\n')

    def test_without_a_reader_there_is_no_run(self) -> None:
        readable, writable = os.pipe()
        os.close(readable)
        self.addCleanup(os.close, writable)
        with (
            mock.patch.dict(os.environ, {generator.PIPE: str(writable)}),
            mock.patch.object(generator.os, "_exit", side_effect=SystemExit) as ended,
            mock.patch.object(sys, "stderr"),
            self.assertRaises(SystemExit),
        ):
            generator.emit({"event": "quit"})

        ended.assert_called_once_with(1)
