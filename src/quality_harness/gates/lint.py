"""Gate `lint`: flake8, with the plugins that the environment has, finds nothing."""

import re
from collections.abc import Sequence
from importlib.metadata import entry_points
from pathlib import Path

from quality_harness.clean_files import CleanFiles
from quality_harness.finding import Finding, Location
from quality_harness.gate import Checked, CouldNotRun, Gate, Project
from quality_harness.tool import last_line, require, run_module

# A unit separator stands in no path and in no message of flake8.
_FORMAT = "%(path)s\x1f%(row)d\x1f%(col)d\x1f%(code)s\x1f%(text)s"
_UNREADABLE = ("E902", "E999")
# Where flake8 and Flake8-pyproject read their settings.
_SETTINGS = ("setup.cfg", "tox.ini", ".flake8", "pyproject.toml")


def check(project: Project) -> Checked:
    """Run flake8, with the project's own settings, over the files not yet known to be clean."""
    require("flake8", "lint")
    clean = CleanFiles.of(project.root, "flake8", _state(project.root))
    digests = clean.digests(project.root, project.python_files())
    known = clean.known()
    changed = [name for name, digest in digests.items() if digest not in known]
    findings = _run(project, changed)
    faulty = {finding.location.path for finding in findings}
    clean.remember(digest for name, digest in digests.items() if name not in faulty)
    note = f"{len(changed)} changed since they were last clean" if digests else _NO_FILE
    return Checked(findings, len(digests), "files", note)


_NO_FILE = "git lists no Python file here."


def _state(root: Path) -> str:
    """Return what flake8's judgement depends on: its plugins' versions and its settings."""
    plugins = {
        f"{plugin.dist.name} {plugin.dist.version}"
        for plugin in entry_points(group="flake8.extension")
        if plugin.dist
    }
    settings = [(root / name).read_text("utf-8") for name in _SETTINGS if (root / name).exists()]
    return "\n".join([*sorted(plugins), *settings])


def _run(project: Project, names: Sequence[str]) -> tuple[Finding, ...]:
    if not names:
        return ()
    done = run_module("flake8", [f"--format={_FORMAT}", *names], cwd=project.root, extra="lint")
    rows = [line.split("\x1f") for line in done.stdout.splitlines() if "\x1f" in line]
    if done.returncode not in (0, 1) or (done.returncode == 1 and not rows):
        raise CouldNotRun(f"flake8 failed: {last_line(done.stderr)}. Try it: flake8")
    for path, row, _, code, text in rows:
        if code in _UNREADABLE:
            raise CouldNotRun(f"flake8 cannot read {path}:{row}: {text}. Mend it first.")
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
    # The codes of flake8, pycodestyle, pyflakes and the plugins of the extra `lint`.
    outside_codes=("B", "C4", "C9", "E", "F", "LOG", "PT", "SIM", "W"),
)
