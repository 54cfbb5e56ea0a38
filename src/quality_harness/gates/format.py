"""Gate `format`: every Python file is as black writes it."""

import re

from quality_harness.finding import Finding, Location, Rule
from quality_harness.gate import Checked, CouldNotRun, Gate, Project
from quality_harness.tool import last_line, run_module

UNFORMATTED = Rule(
    code="FMT001",
    name="unformatted-file",
    summary="A Python file is not as black would write it.",
    reason="One format for all keeps reviews about meaning and diffs small.",
    instead="Let black write the file: `black <file>`.",
    bad="x = { 'a':1 }",
    good='x = {"a": 1}',
)

_WOULD_REFORMAT = re.compile(r"^would reformat (.+)$", re.MULTILINE)
_CANNOT_READ = re.compile(
    r"^error: cannot (?:format|parse)(?: for target versions? [^:]+)?:? (.+)$", re.MULTILINE
)
_COUNT = re.compile(r"(\d+) files? would be (?:reformatted|left unchanged)")


def check(project: Project) -> Checked:
    """Run black over the project with the project's own settings of black."""
    if not project.python_files():
        return Checked((), 0, "files", "git lists no Python file here.")
    done = run_module("black", ["--check", "."], cwd=project.root, extra="format")
    for place in _CANNOT_READ.findall(done.stderr):
        if not project.is_excluded(_relative(project, place.partition(":")[0])):
            raise CouldNotRun(f"black cannot parse {_relative(project, place)}. Mend it first.")
    counts = [int(count) for count in _COUNT.findall(done.stderr)]
    if not counts:
        said = last_line(done.stderr) or "nothing; is quiet set in [tool.black]?"
        raise CouldNotRun(f"black did not say what it read, but: {said} Try it: black --check .")
    paths = [_relative(project, path) for path in _WOULD_REFORMAT.findall(done.stderr)]
    findings = tuple(_finding(path) for path in paths if not project.is_excluded(path))
    return Checked(findings, sum(counts) - len(paths) + len(findings), "files")


def _relative(project: Project, path: str) -> str:
    return path.removeprefix(f"{project.root}/")


def _finding(path: str) -> Finding:
    message = f"{path} is not as black would write it"
    return UNFORMATTED.finding(Location(path), message, f"black {path}")


GATE = Gate(
    name="format",
    summary="Every Python file is as black writes it.",
    reason="A format that a tool decides is never argued about in a review.",
    check=check,
    rules=(UNFORMATTED,),
)
