"""Follows paths from __file__ to the files of the tree that a migration reads."""

import posixpath
from pathlib import PurePosixPath

from quality_harness.migrations.evaluator.values import (
    File,
    Items,
    Literal,
    ModuleValue,
    Outside,
    Unknown,
    Value,
    as_text,
)
from quality_harness.migrations.hole import HOLE

SAME = {"resolve", "absolute", "open"}
FUNCTIONS = {"pathlib.Path", "os.path.abspath", "os.path.realpath", "os.path.dirname",
             "os.path.join", "builtins.open", "builtins.str", "os.fspath", "os.listdir",
             "os.scandir", "glob.glob", "glob.iglob", "os.path.basename"}  # fmt: skip
# What is given a package, as a module or by its name.
OF_PACKAGES = {"importlib.resources.files", "importlib.resources.read_text",
               "importlib.resources.read_binary", "pkgutil.get_data"}  # fmt: skip
FUNCTIONS |= OF_PACKAGES
# What stands before the pattern of a method that lists a folder.
_LISTS = {"glob": "", "rglob": "**/", "iterdir": ""}


def attribute(file: File, name: str, unknown: Unknown) -> Value:
    """Return what an attribute of a path gives."""
    if name == "parent":
        return _up(file)
    if name == "parents":
        found = [_up(file)]
        while isinstance(found[-1], File) and found[-1].path:
            found.append(_up(found[-1]))
        return Items(tuple(found))
    if name in ("name", "stem", "suffix"):
        return Literal(getattr(PurePosixPath(file.path), name))
    # An entry of os.scandir() has its path as a text.
    return file if name == "path" else unknown


def method(file: File, name: str, given: tuple[Value, ...], unknown: Unknown) -> Value:
    """Return what a method of a path, or of an open file, gives."""
    if name in SAME:
        return file
    if name in ("read_text", "read", "read_bytes"):
        text = unknown.scope.file.text(file.path)
        return unknown if text is None else Literal(text)
    if name in _LISTS:
        patterns = given if name != "iterdir" else (Literal("*"),)
        return _listed(file, [_LISTS[name] + as_text(each) for each in patterns], unknown)
    if name == "joinpath":
        return joined(file, given, unknown)
    if name == "with_suffix" and len(given) == 1 and isinstance(given[0], Literal):
        return File(file.path.removesuffix(PurePosixPath(file.path).suffix) + as_text(given[0]))
    return joined(_up(file), given, unknown) if name == "with_name" else unknown


def function(dotted: str, given: tuple[Value, ...], unknown: Unknown) -> Value | None:
    """Return what a function of a path gives; None where it is given none."""
    if dotted in OF_PACKAGES:
        return _of_package(dotted, given, unknown)
    if not given or not isinstance(given[0], File):
        return None
    if dotted == "os.path.dirname":
        return _up(given[0])
    if dotted == "os.path.basename":
        return attribute(given[0], "name", unknown)
    if dotted.startswith("glob."):
        name = PurePosixPath(given[0].path).name
        return _listed(File(posixpath.dirname(given[0].path)), [name], unknown)
    if dotted in ("os.listdir", "os.scandir"):
        found = _listed(given[0], ["*"], unknown)
        members = found.members if isinstance(found, Items) and dotted == "os.listdir" else ()
        names = [attribute(each, "name", unknown) for each in members if isinstance(each, File)]
        return Items(tuple(names)) if names else found
    rest = given[1:] if dotted in ("os.path.join", "pathlib.Path") else ()
    return joined(given[0], rest, unknown)


def _of_package(dotted: str, given: tuple[Value, ...], unknown: Unknown) -> Value | None:
    """Return a package's folder, or the text of a file in it; None where it is not in the tree."""
    package = given[0]
    if isinstance(package, Literal) and package.text is not None:
        package = unknown.scope.module(package.text) or package
    match package:
        case ModuleValue(scope=scope):
            folder = File(posixpath.dirname(scope.file.path))
        case Outside("builtins.__package__" | "builtins.__name__"):
            folder = File(posixpath.dirname(unknown.scope.file.path))
        case _:
            return None
    found = joined(folder, given[1:], unknown)
    if dotted == "importlib.resources.files" or not isinstance(found, File):
        return folder
    return method(found, "read_text", (), unknown)


def joined(start: File, rest: tuple[Value, ...], unknown: Unknown) -> Value:
    """Return the path below `start`."""
    texts = [each.text for each in rest if isinstance(each, Literal) and each.text is not None]
    if len(texts) != len(rest):
        return unknown
    path = posixpath.normpath(posixpath.join(start.path, *texts))
    return File("" if path == "." else path)


def _listed(folder: File, patterns: list[str], unknown: Unknown) -> Value:
    """Return the files of a folder; unknown where there are none, or the pattern is."""
    if len(patterns) != 1 or HOLE in patterns[0]:
        return unknown
    found = unknown.scope.file.listed(folder.path, patterns[0])
    return Items(tuple(map(File, found))) if found else unknown


def _up(file: File) -> File:
    return File(posixpath.dirname(file.path))
