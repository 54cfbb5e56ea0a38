"""Finds the project's files that other files import, by their text: nothing is imported for it.

Too many files are better than too few: they only make a database be built anew.
"""

import hashlib
import importlib.util
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

_COMMENT = re.compile(rb"#[^\n]*")
_IMPORT = re.compile(
    rb"(?:^|[;:])[ \t]*(?:from[ \t]+([\w.]+)[ \t]+import[ \t]*(\([^)]*\)|[^\n;(]*)"
    rb"|import[ \t]+([\w., \t]+))",
    re.MULTILINE,
)
_WORD = re.compile(rb"[\w.]+")
# "shop.money.Money": what is named in a text may be imported by it.
_TEXT = re.compile(rb"[\"']([A-Za-z_]\w*(?:\.\w+)+)[\"':]")
_SETTING = re.compile(rb"\bsettings\.([A-Z]\w*)|getattr\(\s*settings\s*,\s*[\"'](\w+)")
_VARIABLE = re.compile(rb"(?:environ(?:\.get)?|getenv|env(?:\.\w+)?)\s*[(\[]\s*[\"'](\w+)")
_READS_FILES = re.compile(rb"\bopen\(|read_text|read_bytes|loaddata|call_command|resources")
_IMPORTS_BY_NAME = re.compile(rb"import_module|__import__|import_string|run_path")
_NOT_OURS = frozenset({"site-packages", "dist-packages"})


@dataclass
class Imported:
    """What a walk found.

    Attributes:
        files: the digest of each file of the project that was reached.
        settings: the names of settings that they mention.
        variables: the names of environment variables that they mention.
        reads_files: whether one of them reads files that are no modules.
        imports_by_name: those that import modules whose names they compute.
    """

    files: dict[Path, str] = field(default_factory=dict)
    settings: set[str] = field(default_factory=set)
    variables: set[str] = field(default_factory=set)
    reads_files: bool = False
    imports_by_name: set[Path] = field(default_factory=set)


def walk(roots: Iterable[Path]) -> Imported:
    """Read the files `roots` and all files of the project that they import, however deep."""
    _file.cache_clear()
    _places.cache_clear()
    found = Imported()
    waiting = list(roots)
    while waiting:
        path = waiting.pop()
        if path in found.files:
            continue
        try:
            text = path.read_bytes()
        except OSError:
            continue
        found.files[path] = hashlib.sha256(text).hexdigest()
        if path.suffix == ".py" and is_ours(path):
            _note(found, path, text)
            waiting += _imports(path, text)
    return found


def is_ours(path: Path) -> bool:
    """Whether a file is the project's, and not that of an installed package."""
    return _NOT_OURS.isdisjoint(path.parts)


def files_of(name: str) -> Iterator[Path]:
    """Give the files of the project that importing the dotted `name` runs.

    What follows the last module, a class or a function, is no file and is passed over.
    """
    top, *rest = name.split(".")
    for place in _places(top):
        if place.is_dir():
            yield from _below(place, rest)
        else:
            yield place


def _note(found: Imported, path: Path, text: bytes) -> None:
    for match in _SETTING.finditer(text):
        found.settings.add((match[1] or match[2]).decode())
    found.variables.update(match[1].decode() for match in _VARIABLE.finditer(text))
    found.reads_files = found.reads_files or bool(_READS_FILES.search(text))
    if _IMPORTS_BY_NAME.search(text):
        found.imports_by_name.add(path)


def _imports(path: Path, text: bytes) -> Iterator[Path]:
    text = _COMMENT.sub(b"", text).replace(b"\\\n", b" ")
    for match in _IMPORT.finditer(text):
        if match[1] is None:
            for part in match[3].split(b","):
                yield from files_of(_first_word(part))
            continue
        module = match[1].decode()
        names = [_first_word(part) for part in match[2].strip(b"()").split(b",")]
        for name in names or [""]:
            yield from _from(path, module, name)
    for match in _TEXT.finditer(text):
        yield from files_of(match[1].decode())


def _first_word(text: bytes) -> str:
    word = _WORD.search(text)
    return word[0].decode() if word else ""


def _from(path: Path, module: str, name: str) -> Iterator[Path]:
    parts = [part for part in (*module.lstrip(".").split("."), name) if part]
    level = len(module) - len(module.lstrip("."))
    if level:
        if level <= len(path.parents):
            yield from _below(path.parents[level - 1], parts)
    elif _places(parts[0]):
        yield from files_of(".".join(parts))


def _below(folder: Path, parts: Iterable[str]) -> Iterator[Path]:
    """Give the files of a package and of the modules below it that `parts` lead to."""
    yield from _file(folder / "__init__.py")
    for part in parts:
        yield from _file(folder / f"{part}.py")
        folder = folder / part
        yield from _file(folder / "__init__.py")


@cache
def _file(path: Path) -> tuple[Path, ...]:
    return (path,) if path.is_file() else ()


@cache
def _places(top: str) -> tuple[Path, ...]:
    """Return a top-level module's file or folders, as far as they are the project's."""
    if top in sys.stdlib_module_names or top == "django":
        return ()
    try:
        spec = importlib.util.find_spec(top)
    except (ImportError, ValueError):
        return ()
    if spec is None:
        return ()
    if spec.submodule_search_locations is not None:
        places = [Path(place) for place in spec.submodule_search_locations]
    else:
        places = [Path(spec.origin or "")]
    return tuple(place for place in places if is_ours(place))
