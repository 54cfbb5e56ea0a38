"""The options of a test run that both runners take, under the same names."""

import argparse
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from quality_harness.gate import CouldNotRun
from quality_harness.testing.selection import Shard
from quality_harness.testing.settings import SuiteSettings

# The instant from which the clock of a run, and of the processes that it starts, runs.
CLOCK = "QUALITY_HARNESS_CLOCK"


def asked_clock(given: str | None) -> str:
    """Return the instant that an option or, in a process of a run, the environment names."""
    return given or os.environ.get(CLOCK, "")


def _instant(text: str) -> str:
    from quality_harness.testing.clocks import check_instant

    try:
        return check_instant(text)
    except CouldNotRun as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _shard(text: str) -> Shard:
    try:
        return Shard.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is no number of seconds") from None
    if not 0 <= seconds < float("inf"):
        raise argparse.ArgumentTypeError(f"'{text}' is no number of seconds")
    return seconds


# What neither Django's runner nor pytest has.
OURS: Mapping[str, dict[str, Any]] = {
    "--clock": {
        "type": _instant,
        "metavar": "INSTANT",
        "help": "let the clock run from another instant, anew for each class: leap-day, midnight, "
        "an ISO time with its offset, ...",
    },
    "--failed": {
        "action": "store_true",
        "help": "run only what failed in the last run, whichever runner it was",
    },
    "--shard": {
        "type": _shard,
        "metavar": "I/N",
        "help": "run the I-th of N parts; classes stay whole, every test is in one part",
    },
    "--slowest": {
        "type": int,
        "default": 0,
        "metavar": "N",
        "help": "name the N slowest tests at the end, set-up and tear-down included",
    },
    "--time-limit": {
        "type": _seconds,
        "metavar": "SECONDS",
        "help": "end a test that takes longer; 0 for no limit",
    },
}
# What Django's runner has and pytest lacks, or calls otherwise.
DJANGOS: Mapping[str, dict[str, Any]] = {
    "--shuffle": {
        "type": int,
        "nargs": "?",
        "const": -1,
        "metavar": "SEED",
        "help": "run the tests in random order; the seed repeats an order",
    },
    "--parallel": {
        "nargs": "?",
        "const": "auto",
        "metavar": "N",
        "help": "run in N processes: as --numprocesses of pytest-xdist",
    },
    "--failfast": {
        "action": "store_true",
        "help": "stop at the first failure: as --exitfirst",
    },
    "--tag": {
        "action": "append",
        "default": [],
        "metavar": "TAG",
        "help": "run only tests with this tag of Django's, or marker; may be given repeatedly",
    },
    "--exclude-tag": {
        "action": "append",
        "default": [],
        "metavar": "TAG",
        "help": "leave out tests with this tag or marker; may be given repeatedly",
    },
}


@dataclass(frozen=True)
class RunOptions:
    """What a run was asked for.

    Attributes:
        failed: run only what failed in the last run.
        shard: run only this part, or None for all.
        slowest: how many of the slowest tests are named at the end.
        time_limit: seconds that a test may take; 0 for no limit.
        clock: the instant from which the clock runs; empty for the true time.
    """

    failed: bool = False
    shard: Shard | None = None
    slowest: int = 0
    time_limit: float = 0.0
    clock: str = ""

    @classmethod
    def read(cls, given: Mapping[str, Any], time_limit: float) -> "RunOptions":
        """Return the options of a command line.

        Args:
            given: the parsed options, by their names with underscores.
            time_limit: the configured one, which an option overrides.
        """
        limit = given.get("time_limit")
        return cls(
            failed=bool(given.get("failed")),
            shard=given.get("shard"),
            slowest=given.get("slowest") or 0,
            time_limit=time_limit if limit is None else limit,
            clock=asked_clock(given.get("clock")),
        )


def summary(settings: SuiteSettings, tests: int) -> Iterable[str]:
    """Give the lines that both runners print at the end of a run that was strict.

    Args:
        settings: what was asked for.
        tests: how many tests ran.
    """
    if settings.strict:
        yield f"strict: {', '.join(settings.strict)}; {tests} tests watched"
    if settings.time_limit:
        yield f"time limit: {settings.time_limit:g} s a test"
