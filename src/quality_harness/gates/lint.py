"""Gate `lint`: flake8, with the plugins that the environment has, finds nothing."""

import json
import posixpath
import re
import tempfile
from collections.abc import Sequence
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from quality_harness.clean_files import CleanFiles
from quality_harness.finding import Finding, Location
from quality_harness.gate import Checked, CouldNotRun, Gate, Project
from quality_harness.tool import last_line, require, run_module

# A unit separator stands in no path and in no message of flake8.
_FORMAT = "%(path)s\x1f%(row)d\x1f%(col)d\x1f%(code)s\x1f%(text)s"
_UNREADABLE = ("E902", "E999")


def check(project: Project) -> Checked:
    """Run flake8, with the project's own settings, over the files not yet known to be clean."""
    require("flake8", "lint")
    plan = _plan(project)
    own = set(project.files)
    names = [name for name in map(posixpath.normpath, plan["files"]) if name in own]
    if not names:
        return Checked((), 0, "files", "flake8's settings and git leave no Python file to read.")
    clean = CleanFiles.of(project.root, "flake8", plan["state"])
    digests = clean.digests(project.root, names)
    known = frozenset() if project.fresh else clean.known()
    changed = [name for name, digest in digests.items() if digest not in known]
    findings = _run(project, changed)
    faulty = {finding.location.path for finding in findings}
    clean.remember(digest for name, digest in digests.items() if name not in faulty)
    note = f"{len(changed)} changed since they were last clean"
    return Checked(findings, len(names), "files", note)


def _plan(project: Project) -> Any:
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder, "plan.json")
        module = "quality_harness.gates._flake8_plan"
        done = run_module(module, [str(target)], cwd=project.root, extra="lint")
        if not target.exists():
            raise CouldNotRun(f"flake8 failed: {last_line(done.stderr)}. Try it: flake8")
        return json.loads(target.read_text(encoding="utf-8"))


def _run(project: Project, names: Sequence[str]) -> tuple[Finding, ...]:
    if not names:
        return ()
    arguments = [f"--format={_FORMAT}", "--", *names]
    done = run_module("flake8", arguments, cwd=project.root, extra="lint")
    rows = [line.split("\x1f") for line in done.stdout.splitlines() if "\x1f" in line]
    if done.returncode not in (0, 1) or bool(done.returncode) != bool(rows):
        raise CouldNotRun(f"flake8 failed: {last_line(done.stderr)}. Try it: flake8")
    for path, row, _, code, text in rows:
        if code in _UNREADABLE:
            raise CouldNotRun(f"flake8 cannot read {path}:{row}: {text}. Mend it first.")
        if path not in names:
            raise CouldNotRun(f"flake8 speaks of '{path}', which is none of the files: rename it.")
    return tuple(_finding(*row) for row in rows)


def _finding(path: str, row: str, col: str, code: str, text: str) -> Finding:
    # flake8-bugbear and others repeat their code in front of the text.
    message = re.sub(rf"^{code}:? ", "", text)
    hint = f"mend the line; where it is right as it is, say so: # noqa: {code}"
    return Finding(code, "flake8", message, hint, Location(path, int(row), int(col)))


GATE = Gate(
    name="lint",
    summary="flake8 and its plugins find nothing.",
    reason="Unused names, mutable defaults, swallowed exceptions and their like are defects that "
    "a reader overlooks and a tool does not. Files that were clean and have not changed since, "
    "under the same plugins and settings, are not read again.",
    check=check,
    # Plugins register the beginnings of their codes.
    outside_codes=tuple(
        sorted({"E", "F", "W", *(one.name for one in entry_points(group="flake8.extension"))})
    ),
)
