"""Gate `imports`: the contracts of import-linter hold."""

import re
from collections.abc import Iterable
from pathlib import PurePosixPath

from quality_harness.finding import Finding, Location, Rule
from quality_harness.gate import Checked, CouldNotRun, Gate, Project
from quality_harness.tool import last_line, run_module

BROKEN = Rule(
    code="IMP001",
    name="broken-contract",
    summary="An import breaks a contract of import-linter.",
    reason="Layers that are only drawn erode; one import against the direction joins two parts.",
    instead="Import from the module's public door, or move what both need below both.",
    bad="# blog/api.py\nfrom author.models import Author",
    good="# blog/api.py\nfrom author.public import author_of",
)
UNPLACED = Rule(
    code="IMP002",
    name="unplaced-module",
    summary="A module has no place in an exhaustive contract of import-linter.",
    reason="A module that stands in no layer may import anything, and be imported by anything.",
    instead="Write the module into the layer that it belongs to.",
    bad='# blog/exports.py is new\nlayers = ["api", "models"]',
    good='# blog/exports.py is new\nlayers = ["api", "exports", "models"]',
)

_COUNTS = re.compile(r"Contracts: (\d+) kept, (\d+) broken")
# Nothing else in the report is a list of names alone.
_UNPLACED = re.compile(r"^- ([\w.]+)$")
_IMPORT = re.compile(r"^\s*-\s+([\w.]+) -> ([\w.]+) \(([^)]*)\)")


def check(project: Project) -> Checked:
    """Run import-linter with the project's own contracts."""
    done = run_module(
        "importlinter.cli",
        ["--no-logo"],
        cwd=project.root,
        extra="imports",
        environment=project.environment(),
        entry="lint_imports_command",
    )
    counts = _COUNTS.search(done.stdout)
    if counts is None:
        problem = last_line(done.stdout) or last_line(done.stderr)
        raise CouldNotRun(f"import-linter failed: {problem} Try it: lint-imports")
    kept, broken = int(counts[1]), int(counts[2])
    findings = tuple(_findings(done.stdout.splitlines(), project))
    if broken and not findings:
        raise CouldNotRun("import-linter names a broken contract and no reason. Try: lint-imports")
    return Checked(findings, kept + broken, "contracts")


def _findings(lines: list[str], project: Project) -> Iterable[Finding]:
    contract = ""
    for line, underline in zip(lines, [*lines[1:], ""], strict=True):
        if line and set(underline) == {"-"} and len(underline) == len(line):
            contract = line
        if match := _UNPLACED.match(line):
            location = Location(_file(match[1], project.files))
            message = f"{match[1]} stands in no layer of the contract '{contract}'"
            hint = "write it into the layer that it belongs to, above what it imports"
            yield UNPLACED.finding(location, message, hint)
        if match := _IMPORT.match(line):
            importer, imported, places = match.groups()
            number = re.search(r"\d+", places)
            location = Location(_file(importer, project.files), int(number[0]) if number else 0)
            message = f"{importer} imports {imported}, which the contract '{contract}' forbids"
            hint = "import from the package's public module, or move what both need below both"
            yield BROKEN.finding(location, message, hint)


def _file(module: str, files: Iterable[str]) -> str:
    """Return the file of `module`, or the module's name where no file ends so."""
    path = PurePosixPath(*module.split("."))
    endings = (f"{path}.py", f"{path}/__init__.py")
    matching = (name for name in files if f"/{name}".endswith(tuple(f"/{end}" for end in endings)))
    return min(matching, key=len, default=module)


GATE = Gate(
    name="imports",
    summary="The contracts of import-linter hold.",
    reason="Which part may use which is a decision; a contract keeps it when nobody is looking.",
    check=check,
    rules=(BROKEN, UNPLACED),
)
