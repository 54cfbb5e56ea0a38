"""What the watches of `strict` found in a run of the gate `tests`, as gates read it."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from quality_harness.finding import Finding, Location, Rule
from quality_harness.gate import CouldNotRun, Project
from quality_harness.testing.time_limit import OVER
from quality_harness.testing.watches import watch_module, watch_names
from quality_harness.tool import WATCHED, WATCHED_STATE, digest


@dataclass(frozen=True)
class Watched:
    """What one run has found.

    Attributes:
        tests: how many tests were watched.
        findings: by the name of the gate that their rules belong to.
    """

    tests: int
    findings: dict[str, tuple[Finding, ...]]

    def of(self, gates: Iterable[str]) -> tuple[Finding, ...]:
        """Return the findings of some gates."""
        return tuple(each for gate in gates for each in self.findings.get(gate, ()))


def read_watched(file: Path) -> Watched:
    """Return what the processes of a run wrote to `file`; nothing where there is none."""
    text = file.read_text(encoding="utf-8") if file.exists() else ""
    lines = [json.loads(line) for line in text.splitlines()]
    owners = _owners()
    found: dict[str, list[Finding]] = {}
    for line in lines:
        for code, message, hint in line["problems"]:
            gate, rule = owners[code]
            location = Location(line["path"], line["line"])
            found.setdefault(gate, []).append(rule.finding(location, message, hint))
    tests = sum(line["is_test"] for line in lines)
    return Watched(tests, {gate: tuple(each) for gate, each in found.items()})


def left_by_tests(project: Project) -> Watched:
    """Return what the gate `tests` has left for the gate that asks.

    Raises:
        CouldNotRun: there is nothing, it is about other files, or no test was watched.
    """
    again = "run it again: quality-harness gate tests and this gate"
    file, state = project.root / WATCHED, project.root / WATCHED_STATE
    if not file.is_file() or not state.is_file():
        raise CouldNotRun(f"The gate `tests` has left nothing in {WATCHED}: {again}")
    if state.read_text(encoding="utf-8") != digest(project.root, project.python_files()):
        raise CouldNotRun(f"Python files have changed since the tests were watched: {again}")
    watched = read_watched(file)
    if not watched.tests:
        raise CouldNotRun(
            "No test was watched. Name what to watch in [tool.quality_harness.testing] strict, and "
            "let the tests run with the pytest plugin or with QualityHarnessRunner."
        )
    return watched


def _owners() -> dict[str, tuple[str, Rule]]:
    """Return gate and rule of each code that a watch can give."""
    modules = map(watch_module, watch_names())
    found = {rule.code: (module.GATE, rule) for module in modules for rule in module.RULES}
    return {OVER.code: ("tests", OVER), **found}
