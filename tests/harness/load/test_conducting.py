import unittest
from types import SimpleNamespace
from typing import Any
from unittest import mock

from quality_harness.load import conducting, invariants
from quality_harness.load.conducting import Conductor, Plan, has_task


def task(*tags: str) -> Any:
    """Return a task with tags."""
    return SimpleNamespace(locust_tag_set=set(tags))


class Runner:
    """Stands in for Locust's: notes what it is told."""

    client_id = "me"

    def __init__(self, conductor: Conductor | None = None) -> None:
        self.conductor = conductor
        self.calls: list[str] = []
        self.sent: list[dict[str, Any]] = []
        self.clients = SimpleNamespace(ready=[])

    def register_message(self, name: str, listener: Any) -> None:
        self.calls.append(f"register {name}")

    def send_message(self, name: str, data: dict[str, Any]) -> None:
        self.sent.append(data)

    def start(self, users: int, rate: float) -> None:
        self.calls.append(f"start {users} {rate:g}")
        if self.conductor:
            self.conductor.on_test_start(environment=self.conductor._environment)

    def stop(self) -> None:
        self.calls.append("stop")
        if self.conductor:
            self.conductor.on_test_stop()

    def quit(self) -> None:
        self.calls.append("quit")


class ConductorCase(unittest.TestCase):
    """A test with the conductor of one process, and what it has emitted in `self.events`."""

    def setUp(self) -> None:
        invariants.begin()
        self.addCleanup(invariants.begin)
        self.events: list[dict[str, Any]] = []
        plan = Plan(("http://a", "http://b"), 0.01, 3, 2)
        self.conductor = Conductor(plan, self.events.append)
        self.runner = Runner(self.conductor)
        self.spawned = self.enterContext(mock.patch.object(conducting.gevent, "spawn"))

    def begin(self, *, worker: bool = False, master: bool = False, processes: int = 0) -> Any:
        options = SimpleNamespace(
            worker=worker, master=master, processes=processes, tags=None, exclude_tags=None
        )
        environment = SimpleNamespace(
            parsed_options=options,
            runner=self.runner,
            host=None,
            user_classes=[SimpleNamespace(tasks=[task()])],
        )
        self.environment = environment
        self.conductor.on_init(environment=environment)
        return environment

    def start(self) -> None:
        self.conductor.on_test_start(environment=self.environment)

    def ask(self, **values: Any) -> None:
        self.conductor.on_request(
            **{
                "request_type": "GET",
                "name": "/a/",
                "response_time": 20.0,
                "start_time": 100.0,
                "response": SimpleNamespace(status_code=200),
                "response_length": 3,
                **values,
            }
        )

    def kinds(self) -> list[str]:
        return [event["event"] for event in self.events]


class PlanTests(unittest.TestCase):
    def test_it_is_read_as_it_was_written(self) -> None:
        text = '{"hosts": ["a", "b"], "seconds": 5, "users": 2, "spawn_rate": 1}'

        self.assertEqual(Plan.decode(text), Plan(("a", "b"), 5, 2, 1))


class RequestTests(ConductorCase):
    def row(self) -> Any:
        (row,) = invariants.recording().endpoints.values()
        return row

    def test_an_answer_is_counted_under_its_method_and_name(self) -> None:
        self.ask()

        self.assertEqual(list(invariants.recording().endpoints), ["GET /a/"])
        self.assertEqual((self.row().requests, self.row().failures), (1, 0))
        self.assertAlmostEqual(self.row().histogram.percentile(50), 20, delta=0.02)

    def test_an_arrival_is_timed_from_when_it_was_due(self) -> None:
        self.ask(context={"due": 98.5})

        self.assertAlmostEqual(self.row().histogram.percentile(50), 1520, delta=2)
        self.assertEqual(list(invariants.recording().seconds), [98])

    def test_nobody_is_served_before_being_due(self) -> None:
        self.ask(context={"due": 100.5})

        self.assertAlmostEqual(self.row().histogram.percentile(50), 20, delta=0.02)

    def test_a_failure_has_its_status(self) -> None:
        self.ask(response=SimpleNamespace(status_code=503), exception=OSError())

        self.assertEqual((self.row().failures, self.row().statuses), (1, {"503": 1}))

    def test_where_there_is_no_answer_the_error_is_the_status(self) -> None:
        self.ask(response=SimpleNamespace(status_code=0), exception=ConnectionRefusedError())
        self.ask(response=None, exception=ConnectionRefusedError(), context={"due": None})

        self.assertEqual(self.row().statuses, {"ConnectionRefusedError": 2})

    def test_what_a_scenario_raises_is_counted(self) -> None:
        self.conductor.on_user_error(user_instance=None, exception=KeyError("a"), tb=None)

        self.assertEqual(invariants.recording().exceptions, {"KeyError: 'a'": 1})


class LocalTests(ConductorCase):
    def test_the_only_process_reports_what_it_has_counted(self) -> None:
        environment = self.begin()
        self.assertEqual(environment.host, "http://a")
        self.start()
        self.ask()
        self.conductor.on_test_stop()
        self.conductor.on_quit(exit_code=0)

        self.assertEqual(self.kinds(), ["start", "report", "stop", "quit"])
        report = self.events[1]
        self.assertTrue(report["ended"])
        self.assertEqual(report["blocks"]["0"]["endpoints"]["GET /a/"]["requests"], 1)
        self.assertEqual(self.events[0]["host"], "http://a")

    def test_what_was_reported_is_not_reported_again(self) -> None:
        self.begin()
        self.start()
        self.ask()
        self.conductor.report(ended=False)
        self.conductor.report(ended=True)

        self.assertEqual([sorted(event["blocks"]) for event in self.events[1:]], [["0"], []])

    def test_before_the_test_there_is_nothing_to_report(self) -> None:
        self.begin()
        self.conductor.report(ended=False)

        self.assertEqual(self.events, [])

    def test_its_cpu_is_measured(self) -> None:
        self.begin()
        self.start()
        with mock.patch.object(conducting.time, "perf_counter", return_value=1e12):
            self.conductor.report(ended=False)

        self.assertEqual(list(self.events[1]["blocks"]["0"]["cpu"]), ["me"])

    def test_it_reports_each_second(self) -> None:
        self.begin()
        report = self.spawned.call_args.args[0]
        self.start()
        with (
            mock.patch.object(
                conducting.gevent, "sleep", side_effect=[None, None, InterruptedError]
            ),
            self.assertRaises(InterruptedError),
        ):
            report()

        self.assertEqual(self.kinds(), ["start", "report", "report"])


class ConductTests(ConductorCase):
    def test_it_goes_from_block_to_block_and_ends_the_run(self) -> None:
        environment = self.begin()
        self.start()
        (conduct,) = self.spawned.call_args.args

        conduct()

        self.assertEqual(self.runner.calls, ["stop", "start 3 2", "stop", "quit"])
        self.assertEqual(environment.host, "http://b")
        hosts = [event["host"] for event in self.events if event["event"] == "start"]
        self.assertEqual(hosts, ["http://a", "http://b"])

    def test_only_the_first_block_begins_it(self) -> None:
        self.begin()
        self.start()
        self.start()

        self.assertEqual(self.spawned.call_count, 2)  # the reports and the conducting

    def test_a_master_waits_for_the_last_reports_and_for_workers_to_be_ready(self) -> None:
        self.begin(master=True)
        self.assertEqual(self.runner.calls, ["register quality-harness"])
        self.conductor.on_worker_connect(client_id="w")
        self.conductor.on_worker_connect(client_id="w")
        self.start()
        waited: list[float] = []

        def come(seconds: float) -> None:
            waited.append(seconds)
            self.runner.clients.ready = ["w"] if len(waited) > 4 else []
            report = {"event": "report", "ended": len(waited) > 2, "blocks": {}}
            self.conductor.on_message(msg=SimpleNamespace(node_id="w", data=report))

        with mock.patch.object(conducting.gevent, "sleep", side_effect=come):
            self.conductor.conduct()

        self.assertEqual(self.kinds()[:2], ["worker", "start"])
        self.assertEqual(self.events[2]["process"], "w")
        self.assertEqual(self.runner.calls[1:], ["stop", "start 3 2", "stop", "quit"])
        self.assertGreater(len(waited), 5)

    def test_a_master_that_forked_its_workers_need_not_wait_until_they_are_ready(self) -> None:
        self.conductor.plan = Plan(("http://a",), 0.01, 3, 2)
        self.begin(master=True, processes=1)
        self.conductor.on_worker_connect(client_id="w")
        self.start()
        self.conductor.workers["w"] = True

        with (
            mock.patch.object(conducting.gevent, "sleep"),
            mock.patch.object(self.conductor, "_is_ready") as is_ready,
        ):
            self.conductor.conduct()

        is_ready.assert_not_called()
        self.assertEqual(self.runner.calls[-1], "quit")

    def test_a_worker_that_never_reports_is_not_waited_for_forever(self) -> None:
        self.begin(master=True)
        self.conductor.on_worker_connect(client_id="w")
        self.start()

        with mock.patch.object(conducting, "PATIENCE", 0):
            self.conductor.conduct()

        self.assertEqual(self.runner.calls[-1], "quit")


class WorkerTests(ConductorCase):
    def test_a_worker_tells_its_master_alone(self) -> None:
        environment = self.begin(worker=True)
        self.start()
        self.ask()
        self.conductor.on_test_stop()
        self.conductor.on_quit(exit_code=0)

        self.assertEqual(self.events, [])
        self.assertIsNone(environment.host)
        self.assertTrue(self.runner.sent[0]["ended"])
        self.assertEqual(self.runner.sent[0]["blocks"]["0"]["endpoints"]["GET /a/"]["requests"], 1)

    def test_a_worker_may_be_told_to_start_before_its_own_start(self) -> None:
        environment = self.begin(worker=True)
        late = Conductor(self.conductor.plan, self.events.append)

        late.on_test_start(environment=environment)
        late.report(ended=True)

        self.assertEqual(self.events, [])
        self.assertTrue(self.runner.sent[-1]["ended"])

    def test_what_comes_between_blocks_goes_to_the_one_before(self) -> None:
        self.begin(worker=True)
        self.start()
        self.ask()
        self.start()
        self.ask()
        self.ask()
        self.conductor.report(ended=False)

        blocks = self.runner.sent[0]["blocks"]
        counts = [blocks[place]["endpoints"]["GET /a/"]["requests"] for place in ("0", "1")]
        self.assertEqual(counts, [1, 2])


class ListenTests(ConductorCase):
    def test_every_event_has_a_listener(self) -> None:
        events = mock.MagicMock()

        self.conductor.listen(events)

        for name in ("init", "test_start", "test_stop", "request", "user_error", "quit"):
            with self.subTest(name=name):
                getattr(events, name).add_listener.assert_called_once()


class TagTests(unittest.TestCase):
    def test_a_class_is_chosen_by_its_tasks(self) -> None:
        nested = SimpleNamespace(
            tasks=[SimpleNamespace(tasks=[task("deep")]), task("read", "slow")]
        )

        for tags, excluded, chosen in (
            (set(), set(), True),
            ({"read"}, set(), True),
            ({"deep"}, set(), True),
            ({"write"}, set(), False),
            ({"read"}, {"slow"}, False),
            (set(), {"slow", "deep"}, False),
        ):
            with self.subTest(tags=tags, excluded=excluded):
                self.assertEqual(has_task(nested, tags, excluded), chosen)

    def test_classes_without_such_a_task_are_left_out(self) -> None:
        reader, writer = (SimpleNamespace(tasks=[task(name)]) for name in ("read", "write"))
        options = SimpleNamespace(tags=["read"], exclude_tags=None)
        environment = SimpleNamespace(parsed_options=options, user_classes=[reader, writer])

        conducting.keep_chosen(environment)

        self.assertEqual(environment.user_classes, [reader])

    def test_a_tag_that_nobody_has_ends_the_run(self) -> None:
        options = SimpleNamespace(tags=["reed"], exclude_tags=None)
        environment = SimpleNamespace(
            parsed_options=options, user_classes=[SimpleNamespace(tasks=[task("read")])]
        )

        with self.assertRaisesRegex(SystemExit, "No task has one of the tags reed."):
            conducting.keep_chosen(environment)
