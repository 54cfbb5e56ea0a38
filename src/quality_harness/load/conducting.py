"""What each process of a run does beside making requests: it counts and reports.

Every process counts for itself. A worker sends what it has counted to the master each second, and
the master, or the only process, writes it to the pipe of the command that has started the run.
"""

import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import gevent

from quality_harness.load import invariants
from quality_harness.load.recording import Recording

MESSAGE = "quality-harness"
REPORT_SECONDS = 1.0
# How long the last reports of workers are waited for.
PATIENCE = 10.0

Emit = Callable[[dict[str, Any]], None]


@dataclass(frozen=True)
class Plan:
    """What a run is to do.

    Attributes:
        hosts: one for each block of a comparison; a plain run has one.
        seconds: how long each block takes.
        users: how many users.
        spawn_rate: how many of them begin in a second.
    """

    hosts: tuple[str, ...]
    seconds: float
    users: int
    spawn_rate: float

    @classmethod
    def decode(cls, text: str) -> "Plan":
        """Return the plan that the command has written."""
        values = json.loads(text)
        return cls(**{**values, "hosts": tuple(values["hosts"])})


@dataclass
class Conductor:
    """Listens to Locust's events in one process.

    Attributes:
        plan: what the run is to do.
        emit: takes what goes to the command; workers never call it.
        blocks: what was counted since the last report, by block.
        workers: those that have connected, by id: whether their last report has come.
    """

    plan: Plan
    emit: Emit
    blocks: list[Recording] = field(default_factory=list)
    workers: dict[str, bool] = field(default_factory=dict)
    _environment: Any = None
    _used: tuple[float, float] = (0.0, 0.0)

    def listen(self, events: Any) -> None:
        """Add all listeners to Locust's events."""
        events.init.add_listener(self.on_init)
        events.test_start.add_listener(self.on_test_start)
        events.test_stop.add_listener(self.on_test_stop)
        events.request.add_listener(self.on_request)
        events.user_error.add_listener(self.on_user_error)
        events.worker_connect.add_listener(self.on_worker_connect)
        events.quit.add_listener(self.on_quit)

    @property
    def is_worker(self) -> bool:
        """Whether this process takes orders from a master."""
        return bool(self._environment.parsed_options.worker)

    @property
    def is_master(self) -> bool:
        """Whether this process only gives orders."""
        return bool(self._environment.parsed_options.master)

    def on_init(self, environment: Any, **_: object) -> None:
        """Begin with what goes on beside the test."""
        self._environment = environment
        keep_chosen(environment)
        if self.is_master:
            environment.runner.register_message(MESSAGE, self.on_message)
        else:
            gevent.spawn(self.report_forever)
        if not self.is_worker:
            environment.host = self.plan.hosts[0]

    def on_test_start(self, environment: Any, **_: object) -> None:
        """Begin a block."""
        # A worker may be told to start before its own start is announced.
        self._environment = environment
        self._collect()
        self.blocks.append(Recording())
        self._used = (time.process_time(), time.perf_counter())
        if self.is_worker:
            return
        self.emit({"event": "start", "time": time.time(), "host": self._environment.host})
        self.workers = dict.fromkeys(self.workers, False)
        if len(self.blocks) == 1:
            gevent.spawn(self.conduct)

    def on_test_stop(self, **_: object) -> None:
        """End a block."""
        if not self.is_master:
            self.report(ended=True)
        if not self.is_worker:
            self.emit({"event": "stop", "time": time.time()})

    def on_request(
        self,
        *,
        request_type: str,
        name: str,
        response_time: float,
        start_time: float,
        response: Any = None,
        exception: BaseException | None = None,
        context: dict[str, Any] | None = None,
        **_: object,
    ) -> None:
        """Count an answer, from when its request was due."""
        due = min((context or {}).get("due") or start_time, start_time)
        status = getattr(response, "status_code", 0) or type(exception).__name__
        invariants.recording().request(
            f"{request_type} {name}",
            due=due,
            seconds=start_time - due + response_time / 1000,
            status=str(status),
            failed=exception is not None,
        )

    def on_user_error(self, *, exception: BaseException, **_: object) -> None:
        """Count what a scenario has raised."""
        kept = f"{type(exception).__name__}: {exception}"
        invariants.recording().exceptions[kept[:300]] += 1

    def on_worker_connect(self, *, client_id: str, **_: object) -> None:
        """Expect reports of a worker."""
        if client_id not in self.workers:
            self.workers[client_id] = False
            self.emit({"event": "worker", "process": client_id})

    def on_message(self, *, msg: Any, **_: object) -> None:
        """Pass a worker's report on."""
        self.workers[msg.node_id] = self.workers.get(msg.node_id, False) or msg.data["ended"]
        self.emit({**msg.data, "process": msg.node_id})

    def on_quit(self, *, exit_code: int, **_: object) -> None:
        """Say that this was all."""
        if not self.is_worker:
            self.emit({"event": "quit", "code": exit_code})

    def report_forever(self) -> None:
        """Report each second."""
        while True:
            gevent.sleep(REPORT_SECONDS)
            self.report(ended=False)

    def report(self, *, ended: bool) -> None:
        """Send what was counted since the last report.

        Args:
            ended: whether it is the last one of its block.
        """
        if not self.blocks:
            return
        self._collect()
        blocks, self.blocks = self.blocks, [Recording() for _ in self.blocks]
        report = {
            "event": "report",
            "ended": ended,
            # Other greenlets go on between two endpoints, so that nobody's answer has to wait.
            "blocks": {
                str(place): recording.to_json(pause=lambda: gevent.sleep(0))
                for place, recording in enumerate(blocks)
                if recording != Recording()
            },
        }
        if self.is_worker:
            self._environment.runner.send_message(MESSAGE, report)
        else:
            self.emit({**report, "process": "local"})

    def conduct(self) -> None:
        """Go from block to block and end the run."""
        runner = self._environment.runner
        gevent.sleep(self.plan.seconds)
        for host in self.plan.hosts[1:]:
            runner.stop()
            self._wait_for(lambda: all(self.workers.values()))
            self._wait_for(lambda: self._is_ready(runner))
            self._environment.host = host
            runner.start(self.plan.users, self.plan.spawn_rate)
            gevent.sleep(self.plan.seconds)
        runner.stop()
        self._wait_for(lambda: all(self.workers.values()))
        # A master forgets a worker that has stopped until it is ready again, and only those that
        # it knows are told to quit. Workers that it has forked itself are ended in any case.
        if not self._environment.parsed_options.processes:
            self._wait_for(lambda: self._is_ready(runner))
        runner.quit()

    def _is_ready(self, runner: Any) -> bool:
        """Whether all workers that have reported wait for orders."""
        return not self.is_master or len(runner.clients.ready) >= sum(self.workers.values())

    def _wait_for(self, is_done: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not is_done() and time.monotonic() < deadline:
            gevent.sleep(0.05)

    def _collect(self) -> None:
        counted = invariants.begin()
        if not self.blocks:
            return
        used = (time.process_time(), time.perf_counter())
        if not self.is_master and used[1] - self._used[1] > REPORT_SECONDS / 2:
            share = (used[0] - self._used[0]) / (used[1] - self._used[1])
            name = getattr(self._environment.runner, "client_id", "local")
            counted.cpu[name] = [round(share, 4)]
            self._used = used
        self.blocks[-1].merge(counted)


def keep_chosen(environment: Any) -> None:
    """Leave out classes of users that have no task with the tags of this run.

    Raises:
        SystemExit: there is none left.
    """
    options = environment.parsed_options
    tags, excluded = set(options.tags or ()), set(options.exclude_tags or ())
    chosen = [cls for cls in environment.user_classes if has_task(cls, tags, excluded)]
    if not chosen:
        sys.exit(f"No task has one of the tags {', '.join(sorted(tags))}.")
    environment.user_classes = chosen


def has_task(holder: Any, tags: set[str], excluded: set[str]) -> bool:
    """Whether a class has a task that carries one of the tags and none of the excluded ones."""
    for task in holder.tasks:
        if hasattr(task, "tasks"):
            if has_task(task, tags, excluded):
                return True
            continue
        carried: set[str] = getattr(task, "locust_tag_set", set())
        if (not tags or tags & carried) and not excluded & carried:
            return True
    return False
