"""Finds out how a project's packages are installed."""

import posixpath
import re
from collections.abc import Collection
from pathlib import Path

from quality_harness.gate import CouldNotRun
from quality_harness.gates._requirements import read_requirements
from quality_harness.init.found import Packages

_LOCKED = "/tmp/locked-requirements.txt"  # noqa: S108
# A lock file, whose it is, and what installs from it into the Python that is there.
_LOCKS = {
    "uv.lock": (
        "uv",
        "pip install uv && uv export --quiet --frozen --all-groups --no-emit-project "
        f"--output-file {_LOCKED} && pip install --require-hashes -r {_LOCKED}",
    ),
    "poetry.lock": (
        "poetry",
        "pip install poetry && poetry config virtualenvs.create false && "
        "poetry install --no-interaction",
    ),
    "pdm.lock": (
        "pdm",
        f"pip install pdm && pdm export --group :all --output {_LOCKED} && "
        f"pip install --require-hashes -r {_LOCKED}",
    ),
    "Pipfile.lock": ("pipenv", "pip install pipenv && pipenv install --system --deploy --dev"),
}
# Requirements files, and those of development. Names with other letters would need quotes.
_PLAIN = re.compile(r"(requirements([-_.]\w+)?\.txt|requirements/[\w-]+\.txt)")
_OF_TESTS = re.compile(r"dev|test|local|ci\b")


def find_packages(root: Path, files: Collection[str]) -> Packages:
    """Return how the project is installed.

    Args:
        root: the project's folder.
        files: its files.
    """
    plain = sorted(name for name in files if _PLAIN.fullmatch(name))
    compiled = tuple(name for name in plain if _is_compiled(root, name))
    for file, (manager, install) in _LOCKS.items():
        if file in files:
            return Packages(manager, file, install, compiled)
    wanted = _for_tests(plain)
    if wanted:
        install = f"pip install {' '.join(f'-r {name}' for name in wanted)}"
        return Packages("pip", wanted[0], install, compiled)
    for file in ("pyproject.toml", "setup.py"):
        if file in files:
            return Packages("pip", file, "pip install .", compiled)
    return Packages(compiled=compiled)


def _for_tests(names: list[str]) -> list[str]:
    """Return the files to install for a test run: the plain one, and that for tests."""
    of_tests = [name for name in names if _OF_TESTS.search(posixpath.basename(name))]
    base = [name for name in names if posixpath.basename(name) in ("requirements.txt", "base.txt")]
    return [*base[:1], *of_tests[:1]] or names[:1]


def _is_compiled(root: Path, name: str) -> bool:
    """Whether a file, with those that it includes, pins every package to one version."""
    try:
        read = read_requirements(root, name)
    except CouldNotRun:
        return False
    pinned = all(entry.version for entry in read.entries)
    return bool(read.entries) and pinned and not read.unnamed
