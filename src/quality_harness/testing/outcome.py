"""The outcome of a test run, whichever runner wrote it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from quality_harness.tool import last_line


@dataclass(frozen=True, order=True)
class Failure:
    """A test that failed, or could not be set up.

    Attributes:
        path: relative to the root; empty where the runner does not tell.
        line: where the test begins.
        name: Class.method, or the function's name.
        message: what the exception says, one line.
    """

    path: str
    line: int
    name: str
    message: str


@dataclass(frozen=True)
class Outcome:
    """What a run came to.

    Attributes:
        tests: how many ran, skipped ones not counted.
        skipped: how many were skipped; a class or module that skips in its set-up may count once.
        failures: what failed.
        unimportable: modules that could not be imported: name and the error's line.
        skips: what was skipped, where a runner tells, each with its reason.
        expected: how many failed and were expected to.
        left_out: what pytest collected and did not run, although nobody asked for that.
    """

    tests: int
    skipped: int
    failures: tuple[Failure, ...]
    unimportable: tuple[tuple[str, str], ...]
    skips: tuple[Failure, ...] = ()
    expected: int = 0
    left_out: tuple[Failure, ...] = ()

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> "Outcome":
        """Return the outcome that a program has written as JSON."""
        return cls(
            document["tests"],
            document["skipped"],
            tuple(Failure(**failure) for failure in document["failures"]),
            tuple((name, message) for name, message in document["unimportable"]),
            tuple(Failure(**skip) for skip in document["skips"]),
            # An earlier version, and one runner, tell nothing of these.
            document.get("expected", 0),
            tuple(Failure(**one) for one in document.get("left_out", ())),
        )


def read_django(file: Path) -> Outcome:
    """Return the outcome that `run_django` wrote."""
    return Outcome.read(json.loads(file.read_text(encoding="utf-8")))


def read_junit(file: Path) -> Outcome:
    """Return the outcome in pytest's JUnit report, of the family xunit1: it tells the lines."""
    cases = list(ElementTree.parse(file).iter("testcase"))
    skips = {_key(case): case for case in cases if _is_skipped(case)}
    skipped = set(skips)
    ran = {_key(case) for case in cases} - skipped
    failures, unimportable = [], []
    for case in cases:
        problem = case.find("failure")
        if problem is None:
            problem = case.find("error")
        if problem is None:
            continue
        if problem.get("message") == "collection failure":
            reason = last_line(problem.text or "").removeprefix("E").strip()
            unimportable.append((case.get("file", ""), reason))
            ran.discard(_key(case))
        else:
            failures.append(_failure(case, problem))
    told = tuple(_failure(case, case.findall("skipped")[-1]) for case in skips.values())
    expected = len({_key(case) for case in cases if _is_expected(case)})
    return Outcome(len(ran), len(skipped), tuple(failures), tuple(unimportable), told, expected)


def _key(case: ElementTree.Element) -> tuple[str | None, ...]:
    """Return what tells tests apart: one whose teardown fails has two entries."""
    return tuple(case.get(name) for name in ("file", "classname", "name"))


def _is_skipped(case: ElementTree.Element) -> bool:
    """Whether a test was skipped, once or in several subtests, and nothing of it failed.

    A test that is expected to fail is marked as skipped too, but it ran.
    """
    marks = [one for one in case.findall("skipped") if one.get("type") != "pytest.xfail"]
    return bool(marks) and case.find("failure") is None and case.find("error") is None


def _is_expected(case: ElementTree.Element) -> bool:
    return any(one.get("type") == "pytest.xfail" for one in case.findall("skipped"))


def _failure(case: ElementTree.Element, problem: ElementTree.Element) -> Failure:
    text = (problem.get("message") or problem.text or "").strip()
    owner = case.get("classname", "").rpartition(".")[2]
    return Failure(
        path=case.get("file", ""),
        line=int(case.get("line", "-1")) + 1,
        name=f"{owner}.{case.get('name')}",
        message=first_line(text),
    )


def first_line(text: str) -> str:
    """Return the first line of what an exception says; a quotation that goes on ends in dots."""
    line, more, _ = text.partition("\n")
    is_open = any(line.count(mark) % 2 for mark in "'\"`")
    return f"{line} ..." if more and is_open else line
