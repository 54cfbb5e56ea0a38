"""Starts Locust in a process group of its own and takes what it reports, whatever happens to it."""

import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import IO

from quality_harness.load.collected import Collected

GENERATOR = "quality_harness.load.generator"
# How long Locust may take to end once it was told to; longer than a user may take to leave.
STOP_PATIENCE = 15.0
# How long it may take to begin: workers on other machines have to connect.
START_PATIENCE = 90.0
LOCAL_START_PATIENCE = 20.0
# Users finish what they are at, so that the slowest answers are not the ones that go missing.
STOP_TIMEOUT = 5
# How much of Locust's own output is shown where it has failed.
TAIL_LINES = 8


@dataclass(frozen=True)
class Plan:
    """A run to make.

    Attributes:
        locustfile: the scenarios.
        hosts: where requests go; several for the blocks of a comparison.
        seconds: how long, or how long each block.
        users: how many users.
        spawn_rate: how many of them begin in a second.
        processes: how many processes on this machine; 1 makes requests in the only one.
        workers: how many workers on other machines are waited for; 0 for none.
        bind: the address at which this machine waits for workers.
        tags: only tasks that carry one of these.
        exclude_tags: no tasks that carry one of these.
        classes: only these classes of users.
    """

    locustfile: Path
    hosts: tuple[str, ...]
    seconds: float
    users: int
    spawn_rate: float
    processes: int = 1
    workers: int = 0
    bind: str = "127.0.0.1:5557"
    tags: tuple[str, ...] = ()
    exclude_tags: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()

    @property
    def asked_seconds(self) -> float:
        """How long all of it is to take."""
        return self.seconds * len(self.hosts)

    def arguments(self) -> list[str]:
        """Return Locust's arguments."""
        arguments = [
            *("--locustfile", str(self.locustfile), "--headless", "--only-summary"),
            *("--users", str(self.users), "--spawn-rate", str(self.spawn_rate)),
            *("--stop-timeout", str(STOP_TIMEOUT), "--exit-code-on-error", "0"),
            *("--host", self.hosts[0]),
        ]
        if self.workers:
            address, _, port = self.bind.rpartition(":")
            arguments += ["--master", "--expect-workers", str(self.workers)]
            arguments += ["--master-bind-host", address, "--master-bind-port", port]
            arguments += ["--expect-workers-max-wait", str(int(START_PATIENCE))]
        elif self.processes > 1:
            # Two runs on one machine do not meet.
            port = str(free_port())
            arguments += ["--processes", str(self.processes), "--master-bind-host", "127.0.0.1"]
            arguments += ["--master-bind-port", port, "--master-port", port]
            arguments += ["--expect-workers-max-wait", str(int(LOCAL_START_PATIENCE))]
        for option, values in (("--tags", self.tags), ("--exclude-tags", self.exclude_tags)):
            arguments += [option, *values] if values else []
        return [*arguments, *self.classes]

    def environment(self) -> dict[str, str]:
        """Return the variables that a generator is started with; the shell's LOCUST_* are not."""
        plan = {
            "hosts": self.hosts,
            "seconds": self.seconds,
            "users": self.users,
            "spawn_rate": self.spawn_rate,
        }
        return {**clean_environment(os.environ), "QUALITY_HARNESS_LOAD_PLAN": json.dumps(plan)}


@dataclass
class Run:
    """What has become of a run.

    Attributes:
        collected: what was measured, all of it or up to where it broke off.
        problems: why it is not all, in sentences; none where the run is complete.
    """

    collected: Collected = field(default_factory=Collected)
    problems: list[str] = field(default_factory=list)


def clean_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the variables without those that would change what Locust does."""
    return {name: value for name, value in environ.items() if not name.startswith("LOCUST_")}


def free_port() -> int:
    """Return a port that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def generate(plan: Plan, on_event: Callable[[Collected], None]) -> Run:
    """Make a run to its end or until it is interrupted.

    Args:
        plan: what to do.
        on_event: called whenever something new is known, at least twice a second.

    Returns:
        What was measured. A run that broke off has problems.
    """
    run = Run()
    signals: list[int] = []
    with tempfile.TemporaryFile("w+", errors="replace") as log, _noted(signals):
        process, lines = _start(plan, log)
        try:
            _follow(run.collected, process, lines, lambda: on_event(run.collected), signals, plan)
        finally:
            _end(process)
            lines.close()
        run.problems += _problems(run.collected, process.returncode, signals, plan, log)
    return run


def _start(plan: Plan, log: IO[str]) -> tuple[subprocess.Popen[bytes], IO[bytes]]:
    readable, writable = os.pipe()
    try:
        process = subprocess.Popen(
            [sys.executable, "-m", GENERATOR, *plan.arguments()],
            env={**plan.environment(), "QUALITY_HARNESS_LOAD_PIPE": str(writable)},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            pass_fds=[writable],
            # A key pressed in the terminal reaches us alone; we pass it on.
            start_new_session=True,
        )
    finally:
        os.close(writable)
    os.set_blocking(readable, False)
    return process, os.fdopen(readable, "rb", buffering=0)


def _follow(
    collected: Collected,
    process: subprocess.Popen[bytes],
    lines: IO[bytes],
    on_event: Callable[[], None],
    signals: list[int],
    plan: Plan,
) -> None:
    """Take events until the pipe is closed, Locust has ended, or it does not end when told to."""
    rest = b""
    deadline = time.monotonic() + START_PATIENCE + plan.asked_seconds + STOP_PATIENCE * 2
    told = False
    while time.monotonic() < deadline:
        if signals and not told:
            told = True
            process.terminate()
            deadline = time.monotonic() + STOP_PATIENCE
        has_ended = process.poll() is not None
        if select.select([lines], [], [], 0.2)[0]:
            chunk = lines.read(1 << 20)
            if not chunk:
                return
            *whole, rest = (rest + chunk).split(b"\n")
            for line in whole:
                collected.take(json.loads(line))
        elif has_ended:
            return
        on_event()


def _end(process: subprocess.Popen[bytes]) -> None:
    """End Locust's processes: by themselves, or all of their group by force."""
    try:
        process.wait(STOP_PATIENCE)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _problems(
    collected: Collected, code: int, signals: list[int], plan: Plan, log: IO[str]
) -> Iterator[str]:
    """Yield why a run is not complete."""
    seconds = measured_seconds(collected)
    if signals:
        name = signal.Signals(signals[0]).name
        yield f"The run was stopped by {name} after {seconds:.0f} of {plan.asked_seconds:.0f} s."
    elif collected.code is None or not collected.blocks:
        yield f"Locust ended with code {code}; the end of its output:\n{_tail(log)}"
    elif len(collected.blocks) < len(plan.hosts) or seconds < plan.asked_seconds * 0.95:
        yield f"Locust stopped after {seconds:.0f} of {plan.asked_seconds:.0f} s."
    for process in sorted(collected.lost()):
        yield f"The worker {process} was lost: what it counted last is missing."


def measured_seconds(collected: Collected) -> float:
    """Return for how long requests were made."""
    return sum((block.ended or time.time()) - block.began for block in collected.blocks)


def _tail(log: IO[str]) -> str:
    log.seek(0)
    return "\n".join(f"  {line}" for line in log.read().splitlines()[-TAIL_LINES:])


@contextmanager
def _noted(signals: list[int]) -> Iterator[None]:
    """Note SIGINT and SIGTERM instead of ending by them."""

    def note(number: int, frame: FrameType | None) -> None:
        signals.append(number)

    before = {number: signal.signal(number, note) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
