"""Gate `lint`: flake8, with the plugins that the environment has, finds nothing."""

import re
from collections.abc import Iterable, Sequence
from importlib.metadata import entry_points
from subprocess import CompletedProcess

from quality_harness.finding import Finding, Location
from quality_harness.gate import Checked, CouldNotRun, Gate, Project
from quality_harness.gates._kept_run import run
from quality_harness.kept_verdicts import Rows
from quality_harness.tool import last_line

_UNREADABLE = ("E902", "E999")
# As `_flake8_run` has flake8 write them.
_ROW, _COLUMN = "\x1e\x1e", "\x1f"


def check(project: Project) -> Checked:
    """Run flake8, with the project's own settings, over the files of which no verdict is kept."""
    request: dict[str, object] = {"files": project.files}
    kept, done = run(project, "flake8", by_hand="flake8", extra="lint", request=request)
    if not kept.digests:
        return Checked((), 0, "files", "flake8's settings and git leave no Python file to read.")
    _refuse_odd_names(kept.digests)
    told = kept.keep(_found(done, kept.unread))
    findings = tuple(_finding(path, *row) for path, rows in told.items() for row in rows)
    return Checked(findings, len(told), "files", kept.note)


def _refuse_odd_names(names: Iterable[str]) -> None:
    """Raise CouldNotRun where a name would break the lines in which flake8 answers."""
    for name in names:
        # A process's answer has its carriage returns as line breaks.
        if any(each in name for each in (_ROW, _COLUMN, "\r")):
            raise CouldNotRun(
                f"A file is called {name!r}, with a separator in its name: what flake8 says of it "
                "cannot be told from the rest. Rename it."
            )


def _found(done: CompletedProcess[str], names: Sequence[str]) -> dict[str, Rows]:
    """Return what flake8 has found in some files: line, column, code and text."""
    rows = [row.rstrip("\n").split(_COLUMN, 4) for row in done.stdout.split(_ROW)[1:]]
    if done.returncode not in (0, 1) or bool(done.returncode) != bool(rows):
        last = last_line(done.stderr).removesuffix(".")
        problem = f"{last}." if last else "it names no place; is quiet or output-file set?"
        raise CouldNotRun(f"flake8 failed: {problem} Try it: flake8")
    found: dict[str, Rows] = {name: [] for name in names}
    for path, row, column, code, text in rows:
        if code in _UNREADABLE:
            raise CouldNotRun(f"flake8 cannot read {path}:{row}: {text}. Mend it first.")
        if path not in found:
            raise CouldNotRun(f"flake8 speaks of '{path}', which is none of the files: rename it.")
        found[path].append([row, column, code, text])
    return found


def _finding(path: str, row: str, col: str, code: str, text: str) -> Finding:
    # flake8-bugbear and others repeat their code in front of the text.
    message = re.sub(rf"^{code}:? ", "", text)
    hint = f"mend the line; where it is right as it is, say so: # noqa: {code}"
    return Finding(code, "flake8", message, hint, Location(path, int(row), int(col)))


GATE = Gate(
    name="lint",
    summary="flake8 and its plugins find nothing.",
    reason="Unused names, mutable defaults, swallowed exceptions and their like are defects that "
    "a reader overlooks and a tool does not. Of a file that has not changed since, under the same "
    "plugins and settings, the earlier word is kept.",
    check=check,
    # Plugins register the beginnings of their codes.
    outside_codes=tuple(
        sorted({"E", "F", "W", *(one.name for one in entry_points(group="flake8.extension"))})
    ),
)
