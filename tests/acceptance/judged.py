"""Runs one case under one host's template and reads the verdicts from what the host would show."""

import json
import re
import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.acceptance import github, gitlab
from tests.acceptance.case import Case
from tests.acceptance.events import Published, publish
from tests.acceptance.machine import Machine, Tools
from tests.acceptance.scenario import Branch, Seed

GITHUB_FILE, GITLAB_FILE = ".github/workflows/quality-gates.yml", ".gitlab-ci.yml"
# What branch protection asks for, as docs/ci.md says. A skipped job counts as a success there.
REQUIRED = ("gates", "all-green")
NOTHING_RAN = -1


@dataclass(frozen=True)
class Judged:
    """What the host says of a pull request.

    Attributes:
        green: whether it may be merged.
        code: the exit code of the gates' step; `NOTHING_RAN` where it was not reached.
        gates: each gate's verdict.
        log: for whoever has to find out why.
        seconds: how long it took.
    """

    green: bool
    code: int
    gates: Mapping[str, str] = field(default_factory=dict)
    log: str = ""
    seconds: float = 0.0

    @property
    def red(self) -> dict[str, str]:
        """The gates that did not pass."""
        return {name: verdict for name, verdict in self.gates.items() if verdict != "pass"}


@dataclass(frozen=True)
class Turn:
    """What is different from the plain case.

    Attributes:
        names: gates that are asked for, in place of the configured ones; the tools are then
            taken as they are.
        removed: gates that are taken out of the project's `gates`.
        tools: which tools the machine has.
    """

    names: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    tools: Tools = Tools()


AS_IT_IS = Turn()


def judge(seed: Seed, machine: Machine, case: Case, host: str, turn: Turn = AS_IT_IS) -> Judged:
    """Plant a case in a copy of the seeded repository, run the host's template, and clean up.

    Raises:
        Refused: the template or the case holds something that is not understood.
    """
    start = time.perf_counter()
    folder = machine.folder / "case"
    folder.mkdir()
    try:
        bare, branch = seed.copy(folder)
        case.plant(branch)
        _take_out(branch, turn.removed)
        if branch.is_dirty() or branch.git("rev-parse", "HEAD") == branch.git("rev-parse", "main"):
            branch.commit(case.title)
        published = publish(branch.root, bare, case.event)
        run = _on_github if host == "github" else _on_gitlab
        judged = run(branch.root, machine, published, case, turn)
    finally:
        shutil.rmtree(folder)
    seconds = time.perf_counter() - start
    return Judged(judged.green, judged.code, judged.gates, judged.log, seconds)


def _take_out(branch: Branch, names: tuple[str, ...]) -> None:
    for name in names:
        branch.replace("pyproject.toml", f'    "{name}",\n', "")


def _on_github(
    work: Path, machine: Machine, published: Published, case: Case, turn: Turn
) -> Judged:
    # What installs nothing leaves a tool missing, where pip would refuse to.
    inputs = {"gates": " ".join(turn.names), "install": "true"} if turn.names else None
    if published.event.kind == "push":
        inputs = inputs or {}
    call = github.Call(published, inputs, turn.tools, case.emptied)
    runs = github.run_workflow(work / GITHUB_FILE, machine, machine.folder / "case/github", call)
    steps = [step for job in runs.values() for step in job.steps]
    codes = [done.code for name, done in steps if name == "Gates"]
    log = "\n".join(f"{name}: {done.code}\n{done.output}" for name, done in steps)
    green = all(runs[name].result in ("success", "skipped") for name in REQUIRED)
    gates = _from_summary(runs["gates"].summary)
    return Judged(green, codes[0] if codes else NOTHING_RAN, gates, log)


def _on_gitlab(
    work: Path, machine: Machine, published: Published, case: Case, turn: Turn
) -> Judged:
    variables = {"GATES": " ".join(turn.names), "INSTALL": "true"} if turn.names else {}
    call = gitlab.Call(published, variables, turn.tools, case.emptied)
    try:
        runs = gitlab.run_pipeline(
            work / GITLAB_FILE, machine, machine.folder / "case/gitlab", call
        )
    except gitlab.NoPipeline as problem:
        # "Pipelines must succeed": without one, nothing can be merged.
        return Judged(False, NOTHING_RAN, {}, str(problem))
    green = all(job.result == "success" for job in runs.values())
    job = runs["quality-gates"]
    report = json.loads(job.artifacts.get("quality-gates.json", "{}"))
    gates = {gate["name"]: gate["verdict"] for gate in report.get("gates", [])}
    return Judged(green, job.done.code, gates, job.done.output + json.dumps(report, indent=1))


_ROW = re.compile(r"^\| (pass|fail|could-not-run) \| (\S+) \|", re.MULTILINE)


def _from_summary(text: str) -> dict[str, str]:
    """Read the table of the job's summary."""
    return {name.replace("\\", ""): verdict for verdict, name in _ROW.findall(text)}


def problems(case: Case, judged: Judged, expected: tuple[str, ...]) -> list[str]:
    """Return how a verdict differs from the case's; nothing where it is as the table says.

    Args:
        case: what was planted.
        judged: what came of it.
        expected: the gates that have to have looked.
    """
    found = []
    if judged.green is not case.is_good:
        found.append("it is green" if judged.green else "it is red")
    if case.skipped:
        # Nothing has looked, and so nothing may be green.
        return found + ([f"{', '.join(judged.gates)} ran"] if judged.gates else [])
    if judged.code != case.code:
        found.append(f"exit code {judged.code} in place of {case.code}")
    if case.stops:
        return found + ([f"{', '.join(judged.gates)} ran"] if judged.gates else [])
    if judged.red != dict(case.red):
        found.append(f"red is {judged.red or 'none'} in place of {dict(case.red) or 'none'}")
    if silent := set(expected) - set(judged.gates):
        found.append(f"not a word of {', '.join(sorted(silent))}")
    return found
