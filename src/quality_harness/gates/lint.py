"""Gate `lint`: flake8, with the plugins that the environment has, finds nothing."""

import json
import re
import tempfile
from collections.abc import Sequence
from importlib.metadata import entry_points
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

from quality_harness.clean_files import CleanFiles
from quality_harness.finding import Finding, Location
from quality_harness.gate import Checked, CouldNotRun, Gate, Project
from quality_harness.tool import last_line, require, run_module

_UNREADABLE = ("E902", "E999")


def check(project: Project) -> Checked:
    """Run flake8, with the project's own settings, over the files not yet known to be clean."""
    require("flake8", "lint")
    answer, done = _run(project)
    digests, changed = answer["digests"], answer["changed"]
    if not digests:
        return Checked((), 0, "files", "flake8's settings and git leave no Python file to read.")
    findings = _found(done, changed)
    faulty = {finding.location.path for finding in findings}
    # What is kept stands for files, whatever flake8's state: the digests hold that.
    clean = CleanFiles.of(project.root, "flake8", "")
    clean.remember(digest for name, digest in digests.items() if name not in faulty)
    note = f"{len(changed)} changed since they were last clean"
    return Checked(findings, len(digests), "files", note)


def _run(project: Project) -> tuple[Any, CompletedProcess[str]]:
    """Return which files there are and which are read, and flake8's process."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "request.json"), Path(folder, "answer.json")
        request = {"files": project.files, "fresh": project.fresh}
        source.write_text(json.dumps(request), encoding="utf-8")
        module = "quality_harness.gates._flake8_run"
        done = run_module(module, [str(source), str(target)], cwd=project.root, extra="lint")
        if not target.exists():
            raise CouldNotRun(f"flake8 failed: {last_line(done.stderr)}. Try it: flake8")
        return json.loads(target.read_text(encoding="utf-8")), done


def _found(done: CompletedProcess[str], names: Sequence[str]) -> tuple[Finding, ...]:
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
