"""Makes one run and prints its document.

python -m benchmarks._load_blocks CLASSES USERS SECONDS HOST...

A run notes signals, which only the main thread of a process can, so each has a process of its own.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks._stand_in import Behaviour
from quality_harness.gate import CouldNotRun
from quality_harness.load import document
from quality_harness.load.running import Plan, generate

USERS = Path(__file__).with_name("_load_users.py")


def main() -> None:
    """Make the run."""
    classes, users, seconds, *hosts = sys.argv[1:]
    plan = Plan(
        USERS,
        tuple(hosts),
        float(seconds),
        int(users),
        float(users),
        classes=tuple(classes.split(",")),
    )
    run = generate(plan, lambda collected: None)
    print(json.dumps(document.build(run.collected, run.problems, plan.asked_seconds, "benchmark")))


def measured(classes: str, users: int, seconds: float, hosts: list[str]) -> dict[str, Any]:
    """Return the document of a run.

    Raises:
        CouldNotRun: it is not complete.
    """
    done = subprocess.run(
        [
            *(sys.executable, "-m", "benchmarks._load_blocks"),
            *(classes, str(users), str(seconds), *hosts),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise CouldNotRun(f"A run has failed: {done.stderr[-1000:]}")
    found: dict[str, Any] = json.loads(done.stdout)
    if not found["complete"] or found["exceptions"]:
        raise CouldNotRun(f"A run is not complete: {found['problems']} {found['exceptions']}")
    return found


@contextmanager
def stand_in(behaviour: Behaviour) -> Iterator[list[str]]:
    """Start a server and give its two hosts."""
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks._stand_in", json.dumps(asdict(behaviour))],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    try:
        ports = process.stdout.readline().split()
        yield [f"http://127.0.0.1:{port}" for port in ports]
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


if __name__ == "__main__":
    main()
