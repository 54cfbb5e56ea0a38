"""Holds tests to the queries that are recorded beside them.

The record of `test_blogs.py` is `test_blogs.queries.json`: for each budget the shapes of its
statements. It is committed, written only where `QUALITY_HARNESS_RECORD_QUERIES=1` asks for it, and
has to be exact in both directions, so that what was saved once stays saved.
"""

import json
import os
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from django.core.files import locks

from quality_harness.testing.query_shapes import recorded_shapes

RECORD = "QUALITY_HARNESS_RECORD_QUERIES"

_HOW = f"run this test once with {RECORD}=1, and commit the file."


@contextmanager
def assert_query_budget(file: str | Path, name: str) -> Iterator[None]:
    """Check that the block makes the queries that are recorded, in whatever order.

    Args:
        file: the test module, `__file__`; the record stands beside it.
        name: what the budget is called in the record, such as the name of the test.

    Raises:
        AssertionError: the block makes more queries, fewer or other ones; there is no record; the
            record is no JSON; or it is to be written in CI.
    """
    with _held(Path(file), name, is_recording()):
        yield


class QueryBudgets:
    """Adds `assertQueryBudget`; mixed into test cases."""

    @contextmanager
    def assertQueryBudget(self, name: str = "") -> Iterator[None]:
        """Check that the block makes the queries that are recorded beside the test's module.

        Args:
            name: tells apart several budgets of one test. A budget that is used twice in a test,
                say with one row and with ten, has to hold both times.

        Raises:
            AssertionError: as `assert_query_budget`.
        """
        owner: Any = type(self)
        key = f"{owner.__qualname__}.{self._testMethodName}"  # type: ignore[attr-defined]
        if name:
            key += f": {name}"
        used: set[str] = self.__dict__.setdefault("_budgets_used", set())
        file = sys.modules[owner.__module__].__file__ or ""
        # What this test has just recorded has to hold already.
        with _held(Path(file), key, is_recording() and key not in used):
            yield
        used.add(key)


def is_recording() -> bool:
    """Whether budgets are to be written.

    Raises:
        AssertionError: they are, in CI, where every budget would hold.
    """
    if os.environ.get(RECORD, "") in ("", "0"):
        return False
    if os.environ.get("CI"):
        raise AssertionError(f"{RECORD} is set in CI, where no budget may be recorded: unset it.")
    return True


@contextmanager
def _held(file: Path, name: str, recording: bool) -> Iterator[None]:
    record = file.with_suffix(".queries.json")
    with recorded_shapes() as made:
        yield
    if recording:
        _write(record, name, made)
        return
    budget = _read(record).get(name)
    if budget is None:
        raise AssertionError(f"{record} has no budget for {name}: {_HOW}")
    _compare(record, name, budget, made)


def _compare(record: Path, name: str, budget: list[str], made: list[str]) -> None:
    more = Counter(made) - Counter(budget)
    fewer = Counter(budget) - Counter(made)
    if not more and not fewer:
        return
    if len(made) > len(budget):
        mend = "Make fewer queries, or accept them: "
    elif len(made) < len(budget):
        mend = "Keep what was saved: "
    else:
        mend = "As many, but other ones. Accept them: "
    lines = [f"{name} makes {len(made)} queries, its budget in {record} is {len(budget)}."]
    lines += _listed("Not in the budget:", more) + _listed("No longer made:", fewer)
    raise AssertionError("\n".join([*lines, mend + _HOW]))


def _listed(title: str, statements: Counter[str]) -> list[str]:
    lines = [f"  {count} x {statement}" for statement, count in statements.items()]
    return [title, *lines] if lines else []


def _read(record: Path) -> dict[str, list[str]]:
    return _parsed(record, record.read_text(encoding="utf-8")) if record.exists() else {}


def _parsed(record: Path, text: str) -> dict[str, list[str]]:
    try:
        budgets: dict[str, list[str]] = json.loads(text or "{}")
    except ValueError as error:
        raise AssertionError(
            f"{record} is no JSON: {error}. Mend it, or delete it and record its budgets again."
        ) from None
    return budgets


def _write(record: Path, name: str, made: list[str]) -> None:
    """Write a budget; other processes may write into the same file."""
    with open(os.open(record, os.O_RDWR | os.O_CREAT, 0o666), "r+", encoding="utf-8") as file:
        locks.lock(file, locks.LOCK_EX)
        budgets = _parsed(record, file.read())
        if budgets.get(name) != made:
            _replace(file, {**budgets, name: made})


def _replace(file: IO[str], budgets: dict[str, list[str]]) -> None:
    file.seek(0)
    json.dump(budgets, file, indent=2, sort_keys=True, ensure_ascii=False)
    file.write("\n")
    file.truncate()
