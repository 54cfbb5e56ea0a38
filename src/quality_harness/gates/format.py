"""Gate `format`: every Python file is as black writes it."""

import re
from collections.abc import Sequence
from subprocess import CompletedProcess

from quality_harness.changes import forced_files
from quality_harness.finding import Finding, Location, Rule
from quality_harness.gate import Checked, CouldNotRun, Gate, Project
from quality_harness.gates._kept_run import run
from quality_harness.kept_verdicts import Rows
from quality_harness.tool import last_line

UNFORMATTED = Rule(
    code="FMT001",
    name="unformatted-file",
    summary="A Python file is not as black would write it.",
    reason="One format for all keeps reviews about meaning and diffs small.",
    instead="Let black write the file: `black <file>`.",
    bad="x = { 'a':1 }",
    good='x = {"a": 1}',
)

_BY_HAND = "black --check ."
_CANNOT_PARSE = re.compile(
    r"^error: cannot parse(?: for target versions? [^:]+)?: (.+)$", re.MULTILINE
)
_CANNOT_READ = re.compile(r"^error: cannot format (.+?): (.+)$", re.MULTILINE)


def check(project: Project) -> Checked:
    """Run black, with the project's own settings, over the files of which no verdict is kept."""
    if not project.python_files():
        return Checked((), 0, "files", "git lists no Python file here.")
    forced = [name for name in forced_files(project.root) if name in project.files]
    request: dict[str, object] = {"excluded": project.excluded, "forced": forced}
    kept, done = run(project, "black", by_hand=_BY_HAND, extra="format", request=request)
    if not kept.digests:
        return Checked((), 0, "files", "black's settings and ours leave no Python file to read.")
    told = kept.keep(_found(project, done, kept.unread) if kept.unread else {})
    findings = tuple(_finding(path) for path, rows in told.items() if rows)
    return Checked(findings, len(told), "files", kept.note)


def _found(project: Project, done: CompletedProcess[str], names: Sequence[str]) -> dict[str, Rows]:
    """Return which of some files black would write otherwise."""
    if place := _CANNOT_PARSE.search(done.stderr):
        raise CouldNotRun(f"black cannot parse {_relative(project, place[1])}. Mend it first.")
    if told := _CANNOT_READ.search(done.stderr):
        name, reason = _relative(project, told[1]), told[2].removesuffix(".")
        raise CouldNotRun(f"black cannot read {name}: {reason}. Mend it first.")
    # Names are looked for whole: one may have a line break in it.
    said = f"\n{done.stderr}"
    root = project.root.resolve()
    faulty = [name for name in names if f"\nwould reformat {root}/{name}\n" in said]
    counted = [_count(word, said) for word in ("reformatted", "left unchanged")]
    if done.returncode not in (0, 1) or counted != [len(faulty), len(names) - len(faulty)]:
        last = last_line(said) or "nothing; is quiet set in [tool.black]?"
        raise CouldNotRun(f"black did not say what it read, but: {last} Try it: {_BY_HAND}")
    return {name: [["would reformat"]] for name in faulty}


def _count(word: str, text: str) -> int:
    return sum(map(int, re.findall(rf"(\d+) files? would be {word}", text)))


def _relative(project: Project, path: str) -> str:
    return path.removeprefix(f"{project.root.resolve()}/")


def _finding(path: str) -> Finding:
    message = f"{path} is not as black would write it"
    return UNFORMATTED.finding(Location(path), message, f"black {path}")


GATE = Gate(
    name="format",
    summary="Every Python file is as black writes it.",
    reason="A format that a tool decides is never argued about in a review. Of a file that has not "
    "changed since, under the same version and settings of black, the earlier word is kept.",
    check=check,
    rules=(UNFORMATTED,),
)
