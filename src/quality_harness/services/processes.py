"""Starts a server that outlives this process, finds the servers of a folder, ends them."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from quality_harness.gate import CouldNotRun
from quality_harness.services.home import Account
from quality_harness.services.wheels import MISSING

try:
    import psutil
except ImportError as error:
    raise CouldNotRun(MISSING.format("psutil", "started, found or stopped")) from error

# The shell leaves the server behind as nobody's child: no zombie, no tie to this process.
DETACH = '"$@" >"$0" 2>&1 </dev/null & echo $!'
START_PATIENCE = 60.0
STOP_PATIENCE = 20.0
PAUSE = 0.01


def run_as(account: Account, euid: int) -> dict[str, Any]:
    """Return the arguments that make `subprocess` run a program as `account`."""
    if account.uid == euid:
        return {}
    return {"user": account.uid, "group": account.gid, "extra_groups": []}


def clean_environment() -> dict[str, str]:
    """Return this process's variables without those that would redirect PostgreSQL."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return {**kept, "LC_ALL": "C"}


def launch(command: Sequence[str | Path], log: Path, account: Account, folder: Path) -> int:
    """Start a server in the background, in a session of its own; return its process id.

    Args:
        command: the program, by its full path, and its arguments.
        log: takes what the server prints; emptied first.
        account: who runs it.
        folder: its working directory.

    Raises:
        CouldNotRun: the log cannot be written.
    """
    started = subprocess.run(
        ["/bin/sh", "-c", DETACH, log, *command],
        cwd=folder,
        env=clean_environment(),
        capture_output=True,
        text=True,
        check=False,
        start_new_session=True,
        **run_as(account, os.geteuid()),
    )
    if started.stderr:
        raise CouldNotRun(f"{command[0]} cannot be started: {started.stderr.strip()}")
    return int(started.stdout)


def alive(pid: int) -> bool:
    """Whether the process runs; a zombie does not."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def comes_up(answers: Callable[[], bool], pid: int, patience: float = START_PATIENCE) -> bool:
    """Wait until a server answers; return False where it ends or takes too long instead."""
    deadline = time.monotonic() + patience
    while not answers():
        if not alive(pid) or time.monotonic() > deadline:
            return False
        time.sleep(PAUSE)
    return True


def belonging(program: str, folder: Path) -> list[psutil.Process]:
    """Return the processes of `program` that work in `folder`.

    Both servers make their data directory their working directory, so this holds whatever a
    pid file says, and also when the folder has been removed under a running server.
    """
    found = []
    real = os.path.realpath(folder)
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.name() == program and process.cwd() == real:
                found.append(process)
    return found


def topmost(processes: Sequence[psutil.Process]) -> list[psutil.Process]:
    """Return those of the processes that none of the others has started."""
    ours = {process.pid for process in processes}
    found = []
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            if process.ppid() not in ours:
                found.append(process)
    return found


def end(
    processes: Sequence[psutil.Process],
    polite: signal.Signals,
    patience: float = STOP_PATIENCE,
) -> list[int]:
    """End the processes and return the ids of the topmost ones.

    Args:
        processes: what `belonging` found.
        polite: sent to the topmost ones alone, because a server ends its own helpers in order.
        patience: seconds after which what is left is ended by force.
    """
    first = topmost(processes)
    for process in first:
        with suppress(psutil.NoSuchProcess):
            process.send_signal(polite)
    for process in _left(processes, patience):
        with suppress(psutil.NoSuchProcess):
            process.kill()
    _left(processes, STOP_PATIENCE)
    return [process.pid for process in first]


def _left(processes: Sequence[psutil.Process], patience: float) -> list[psutil.Process]:
    """Wait until all have ended; return those that have not after `patience` seconds.

    psutil's own waiting takes a zombie for a process that runs, and a container whose first
    process reaps late or never is full of zombies.
    """
    deadline = time.monotonic() + patience
    while left := [process for process in processes if alive(process.pid)]:
        if time.monotonic() > deadline:
            return left
        time.sleep(PAUSE)
    return []


def tail(log: Path, count: int = 6) -> str:
    """Return the last lines of a log, indented, for a message."""
    try:
        lines = log.read_text(errors="replace").splitlines()
    except FileNotFoundError:
        lines = []
    return "\n".join(f"  {line}" for line in lines[-count:]) or "  (the log is empty)"
