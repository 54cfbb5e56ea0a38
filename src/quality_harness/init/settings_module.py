"""Finds a project's settings module, from its text."""

import ast
import posixpath
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from quality_harness.init.found import Said
from quality_harness.init.reading_config import Configuration

_NAME = "DJANGO_SETTINGS_MODULE"
_OPTION = re.compile(r"--ds[= ]([\w.]+)")


def find_settings(root: Path, files: Iterable[str], configuration: Configuration) -> Said:
    """Return the settings that the tests run with, else those of manage.py, else of a script.

    Args:
        root: the project's folder.
        files: its files.
        configuration: what its configuration files say.
    """
    asked = configuration.pytest()
    if asked:
        file, options = asked
        given = _OPTION.search(str(options.get("addopts", "")))
        module = given[1] if given else str(options.get(_NAME, "")).strip()
        if module:
            return Said(module, file)
    for name in [*manage_files(files), *_scripts(files)]:
        for module in _named_in(root / name):
            return Said(module, name)
    return Said()


def manage_files(files: Iterable[str]) -> list[str]:
    """Return the files called manage.py, those nearest to the root first; tests' own ones last."""
    found = [name for name in files if posixpath.basename(name) == "manage.py"]
    return sorted(found, key=lambda name: ("test" in name, name.count("/"), name))


def _scripts(files: Iterable[str]) -> list[str]:
    """Return the scripts at the root, those called after tests first."""
    found = [name for name in files if name.endswith(".py") and "/" not in name]
    return sorted(found, key=lambda name: ("test" not in name, name))


def _named_in(path: Path) -> Iterator[str]:
    """Yield each text that a file puts into the variable."""
    source = path.read_bytes()
    if _NAME.encode() not in source:
        return
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return
    for node in ast.walk(tree):
        match node:
            case ast.Call(
                func=ast.Attribute(attr="setdefault"),
                args=[ast.Constant(value=key), ast.Constant(value=str(module))],
            ) if (
                key == _NAME
            ):
                yield module
            case ast.Assign(
                targets=[ast.Subscript(slice=ast.Constant(value=key))],
                value=ast.Constant(value=str(module)),
            ) if (
                key == _NAME
            ):
                yield module
