"""Reads the configuration files that a project may have, whichever there are."""

import configparser
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from quality_harness.gate import CouldNotRun
from quality_harness.init.marking import find_block

_INI = ("pytest.ini", ".pytest.ini", "tox.ini", "setup.cfg", ".flake8", ".importlinter")


@dataclass(frozen=True)
class Configuration:
    """What the configuration files of a project say.

    Attributes:
        tables: `[tool]` of pyproject.toml.
        sections: of each file of the INI kind, its sections.
        project: `[project]` of pyproject.toml.
        groups: `[dependency-groups]` of pyproject.toml.
        is_package: whether pyproject.toml says how the project is built or installed.
    """

    tables: Mapping[str, Any]
    sections: Mapping[str, Mapping[str, Mapping[str, str]]]
    project: Mapping[str, Any]
    groups: Mapping[str, Any]
    is_package: bool

    @property
    def python(self) -> str:
        """The versions of Python that the project says to run on."""
        return str(self.project.get("requires-python", ""))

    def section(self, file: str, name: str) -> Mapping[str, str] | None:
        """Return a section of a file; None where there is none."""
        return self.sections.get(file, {}).get(name)

    def pytest(self) -> tuple[str, Mapping[str, Any]] | None:
        """Return the file in which pytest finds its options, and these; None without one."""
        for file in ("pytest.ini", ".pytest.ini"):
            if file in self.sections:
                return file, self.section(file, "pytest") or {}
        table = self.tables.get("pytest", {})
        options = table.get("ini_options", table) if isinstance(table, dict) else None
        if options:
            return "pyproject.toml", options
        for file, name in (("tox.ini", "pytest"), ("setup.cfg", "tool:pytest")):
            section = self.section(file, name)
            if section is not None:
                return file, section
        return None


def read_configuration(root: Path) -> Configuration:
    """Return what the configuration files in `root` say, without what `init` has written.

    Raises:
        CouldNotRun: one of them cannot be read.
    """
    document = _document(root)
    return Configuration(
        _table(document, "tool"),
        {name: _sections(root / name) for name in _there(root)},
        _table(document, "project"),
        _table(document, "dependency-groups"),
        not {"project", "build-system"}.isdisjoint(document),
    )


def _there(root: Path) -> list[str]:
    return [name for name in _INI if (root / name).is_file()]


def _table(document: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    table = document.get(name, {})
    return table if isinstance(table, dict) else {}


def _document(root: Path) -> Mapping[str, Any]:
    import tomllib

    path = root / "pyproject.toml"
    if not path.exists():
        return {}
    try:
        text = path.read_text(encoding="utf-8")
        # What `init` itself has written says nothing of the project.
        place = find_block(text)
        rest = text[: place[0]] + text[place[1] :] if place else text
        return tomllib.loads(rest)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CouldNotRun(f"{path} is not valid TOML: {error}. Mend that line first.") from error


def _sections(path: Path) -> Mapping[str, Mapping[str, str]]:
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    # pytest's names are in capitals.
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    try:
        parser.read_string(path.read_text(encoding="utf-8-sig"))
    except (configparser.Error, UnicodeDecodeError) as error:
        reason = str(error).replace("\n", " ")
        raise CouldNotRun(f"{path} cannot be read: {reason}. Mend it first.") from error
    return {name: dict(parser[name]) for name in parser.sections()}
