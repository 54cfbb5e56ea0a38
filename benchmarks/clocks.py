"""What an instant costs: the reference app's suite now and at instants, in CPU seconds.

    make bench NAME=clocks ARGS="leap-day utc+14"

Python and PostgreSQL are counted together, in turns, and of each the least of all rounds is taken.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import psutil
from rich.console import Console

from benchmarks.figures import Figure, conclude, print_table
from quality_harness import services
from quality_harness.services import postgres, processes
from quality_harness.services.home import find_home
from quality_harness.services.location import read_location
from quality_harness.testing.options import CLOCK

ROOT = Path(__file__).resolve().parents[1]
GOAL = 1.1
NOW = "now"
SUITE = ("--parallel", "2", "--exclude-tag", "slow")


def main(argv: Sequence[str]) -> int:
    """Measure, print, and return 1 where an instant costs more than it may."""
    parser = argparse.ArgumentParser(prog="clocks")
    parser.add_argument("instants", nargs="*", default=["leap-day"])
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--label", default="tests.reference_app", help="what part of the suite")
    args = parser.parse_args(argv)
    least: dict[str, float] = {}
    for _ in range(args.rounds):
        for instant in (NOW, *args.instants):
            seconds = _measure(instant, args.label)
            least[instant] = min(seconds, least.get(instant, seconds))
    rows = [(name, f"{cpu:.1f}", f"{cpu / least[NOW]:.3f}") for name, cpu in least.items()]
    print_table(Console(), f"{args.label}, CPU seconds", ("clock", "CPU-s", "times now"), rows)
    worst = max(least[instant] / least[NOW] for instant in args.instants)
    return conclude([Figure("worst_instant_times_suite", round(worst, 3), GOAL, "at_most")])


def _measure(instant: str, label: str) -> float:
    """Return the CPU seconds of one run, the server's included."""
    profile = "test" if instant == NOW else "clock"
    variables = services.environment(ROOT, profile)
    before = _children(), _server(profile)
    with tempfile.TemporaryDirectory() as folder:
        _run(Path(folder, "report"), label, {**variables, CLOCK: "" if instant == NOW else instant})
    return _children() - before[0] + _server(profile) - before[1]


def _run(report: Path, label: str, variables: Mapping[str, str]) -> None:
    path = os.pathsep.join(str(ROOT / name) for name in ("reference_app", "src", "."))
    done = subprocess.run(
        [sys.executable, "-m", "quality_harness.testing.run_django", str(report), *SUITE, label],
        cwd=ROOT,
        env={
            **os.environ,
            **variables,
            "PYTHONPATH": path,
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
        },
        check=False,
        capture_output=True,
    )
    # A test that fails costs what it costs; a run that dies would be cheap.
    if done.returncode not in (0, 1):
        raise SystemExit(f"The suite did not run: {done.stderr.decode()}")


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _server(profile: str) -> float:
    """Return what PostgreSQL has used so far, those of its processes included that have ended."""
    location = read_location(find_home(ROOT, profile))
    if location is None:
        return 0.0
    running = processes.topmost(processes.belonging(postgres.PROGRAM, location.data))
    return sum(_with_children(each) for each in running)


def _with_children(server: psutil.Process) -> float:
    own = server.cpu_times()
    ended = own.children_user + own.children_system
    living = [child.cpu_times() for child in server.children()]
    return own.user + own.system + ended + sum(each.user + each.system for each in living)
