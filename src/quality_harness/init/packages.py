"""Finds out how a project's packages are installed."""

import posixpath
import re
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from quality_harness.gate import CouldNotRun
from quality_harness.gates._requirements import read_requirements
from quality_harness.init.found import Packages
from quality_harness.init.reading_config import Configuration

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
# What people call the packages of their tests, as an extra or a group.
_DEVELOPMENT = ("dev", "test", "testing", "tests")


def find_packages(root: Path, files: Collection[str], configuration: Configuration) -> Packages:
    """Return how the project is installed.

    Args:
        root: the project's folder.
        files: its files.
        configuration: what its configuration files say.
    """
    plain = sorted(name for name in files if _PLAIN.fullmatch(name))
    loose = {name: _loose(root, name) for name in plain}
    found = Packages(
        compiled=tuple(name for name in plain if not loose[name]),
        loose=next(filter(None, loose.values()), ""),
    )
    for file, (manager, install) in _LOCKS.items():
        if file in files:
            return replace(found, manager=manager, file=file, install=install)
    groups = [f"--group {name}" for name in _DEVELOPMENT if name in configuration.groups]
    wanted = _for_tests(plain)
    if wanted:
        asked = [f"-r {name}" for name in wanted]
        asked += [] if any(map(_is_of_tests, wanted)) else groups
        return replace(found, manager="pip", file=wanted[0], install=_install(asked))
    asked = [*_itself(configuration, "setup.py" in files), *groups]
    if asked:
        file = "setup.py" if asked == ["."] and not configuration.is_package else "pyproject.toml"
        return replace(found, manager="pip", file=file, install=_install(asked))
    return found


def _itself(configuration: Configuration, has_setup: bool) -> list[str]:
    """Return the project itself, with the extras of its tests, where it can be installed."""
    extras = configuration.project.get("optional-dependencies", {})
    named = [name for name in _DEVELOPMENT if isinstance(extras, dict) and name in extras]
    if named:
        return [f".[{','.join(named)}]"]
    return ["."] if configuration.is_package or has_setup else []


def _install(asked: list[str]) -> str:
    # Groups came with pip 25.1.
    upgrade = "pip install --upgrade pip && " if any("--group" in one for one in asked) else ""
    return f"{upgrade}pip install {' '.join(asked)}"


def _is_of_tests(name: str) -> bool:
    return _OF_TESTS.search(posixpath.basename(name)) is not None


def _for_tests(names: list[str]) -> list[str]:
    """Return the files to install for a test run: the plain one, and that for tests."""
    of_tests = list(filter(_is_of_tests, names))
    base = [name for name in names if posixpath.basename(name) in ("requirements.txt", "base.txt")]
    return [*base[:1], *of_tests[:1]] or names[:1]


def _loose(root: Path, name: str) -> str:
    """Return why a file, with those that it includes, is none that pins each package."""
    try:
        read = read_requirements(root, name)
    except CouldNotRun as error:
        return str(error)
    unpinned = [
        (one.path, one.line, str(one.requirement)) for one in read.entries if not one.version
    ]
    unpinned += [(one.path, one.line, one.text) for one in read.unnamed]
    for path, line, text in sorted(unpinned):
        return f"{path}:{line} pins {text} to no one version"
    return "" if read.entries else f"{name} names no package"
