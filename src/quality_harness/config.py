"""Reads `[tool.quality_harness]` of pyproject.toml into frozen values."""

import dataclasses
import posixpath
import types
import typing
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from quality_harness.gate import CouldNotRun

TABLE = "tool.quality_harness"
DEFAULT_BASELINE = "quality-baseline.json"


@dataclass(frozen=True)
class Config:
    """What a project asks for.

    Attributes:
        gates: the gates that `quality-harness gate` runs when none is named; empty where
            the project has no configuration.
        default_branch: the branch that changes are compared with; empty means to find out.
        exclude: folders and files that no gate looks at.
        python_path: folders that the project's own code is imported from.
        settings: the Django settings module that gates use.
        baseline: the file with findings that are accepted since before the gates came.
        options: each gate's options, by the gate's name.
    """

    gates: tuple[str, ...] = ()
    default_branch: str = ""
    exclude: tuple[str, ...] = ()
    python_path: tuple[str, ...] = (".",)
    settings: str = ""
    baseline: str = DEFAULT_BASELINE
    options: Mapping[str, Any] = field(default_factory=dict)


def project_root(start: Path) -> Path:
    """Return the nearest folder at or above `start` with a pyproject.toml, else with a .git.

    Raises:
        CouldNotRun: there is neither.
    """
    folders = [start.resolve(), *start.resolve().parents]
    for marker in ("pyproject.toml", ".git"):
        for folder in folders:
            if (folder / marker).exists():
                return folder
    raise CouldNotRun(
        f"Neither {start} nor a folder above it holds a pyproject.toml or a git repository. "
        "Run quality-harness inside your project."
    )


def read_table(root: Path) -> dict[str, Any]:
    """Return the project's `[tool.quality_harness]` table, empty where there is none.

    Raises:
        CouldNotRun: pyproject.toml cannot be read.
    """
    path = root / "pyproject.toml"
    if not path.exists():
        return {}
    try:
        data = path.read_bytes()
    except OSError as error:
        raise CouldNotRun(f"{path} cannot be read: {error.strerror}.") from error
    table = parse_document(data, str(path)).get("tool", {})
    if isinstance(table, dict):
        table = table.get("quality_harness", {})
    if not isinstance(table, dict):
        raise CouldNotRun(f"[{TABLE}] in {path} is not a table. Write it as [{TABLE}].")
    return table


def parse_document(data: bytes, name: str) -> dict[str, Any]:
    """Return the tables of a TOML file.

    Raises:
        CouldNotRun: it is not valid TOML.
    """
    import tomllib

    try:
        return tomllib.loads(data.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CouldNotRun(f"{name} is not valid TOML: {error}. Mend that line first.") from error


def read_config(root: Path, tables: Mapping[str, type]) -> Config:
    """Return the project's configuration.

    Args:
        root: the folder with pyproject.toml.
        tables: the dataclass of each known table under `[tool.quality_harness]`, by name.

    Raises:
        CouldNotRun: an unknown key or gate, a value of the wrong type, or TOML that does not parse.
    """
    table = read_table(root)
    own = {item.name for item in dataclasses.fields(_Top)}
    by_key = {name.replace("-", "_"): name for name in tables}
    refuse_unknown(table, own | set(by_key), TABLE)
    options = {
        name: read_options(table.get(key, {}), tables[name], f"{TABLE}.{key}")
        for key, name in by_key.items()
    }
    top = read_options({key: table[key] for key in own & set(table)}, _Top, TABLE)
    paths = {key: _paths(root, getattr(top, key), key) for key in ("exclude", "python_path")}
    return Config(**vars(top) | paths, options=options)


def _paths(root: Path, names: Iterable[str], key: str) -> tuple[str, ...]:
    """Return paths in the form in which git lists files; each must exist."""
    for name in names:
        if not (root / name).exists():
            raise CouldNotRun(f"{TABLE}.{key} names '{name}', which does not exist. Remove it.")
        if key == "exclude" and (root / name).resolve() == root.resolve():
            raise CouldNotRun(f"{TABLE}.exclude names '{name}', all of the project. Remove it.")
    return tuple(posixpath.normpath(name) for name in names)


@dataclass(frozen=True)
class _Top:
    gates: tuple[str, ...] = ()
    default_branch: str = ""
    exclude: tuple[str, ...] = ()
    python_path: tuple[str, ...] = (".",)
    settings: str = ""
    baseline: str = DEFAULT_BASELINE


def read_options(table: Any, options: type, where: str) -> Any:
    """Return an instance of the dataclass `options`, filled from a TOML table.

    Args:
        table: the table as TOML gives it.
        options: a frozen dataclass with a default for every field; fields are str, bool,
            int, float or tuple[str, ...].
        where: the table's name, for messages.

    Raises:
        CouldNotRun: an unknown key, or a value of another type than its field's.
    """
    if not isinstance(table, dict):
        raise CouldNotRun(f"[{where}] must be a table, not {table!r}.")
    kinds = typing.get_type_hints(options)
    refuse_unknown(table, [item.name for item in dataclasses.fields(options)], where)
    return options(**{key: _value(table[key], kinds[key], f"{where}.{key}") for key in table})


def _value(value: Any, kind: Any, where: str) -> Any:
    if isinstance(kind, types.GenericAlias):
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return tuple(value)
        raise CouldNotRun(f"{where} must be a list of strings, not {value!r}.")
    if kind is float and type(value) is int:
        return float(value)
    if type(value) is not kind:
        raise CouldNotRun(f"{where} must be a {kind.__name__}, not {value!r}.")
    return value


def refuse_unknown(given: Iterable[str], known: Iterable[str], where: str) -> None:
    """Raise CouldNotRun for the first key of `given` that is not in `known`."""
    known = sorted(known)
    for key in given:
        if key not in known:
            raise CouldNotRun(f"Unknown key '{key}' in [{where}]. {did_you_mean(key, known)}")


def did_you_mean(word: str, known: Iterable[str], listed: Iterable[str] | None = None) -> str:
    """Return a sentence that names the nearest of `known`, or all there are.

    Args:
        word: what somebody wrote; its case does not matter.
        known: what it may have been meant to be.
        listed: what to name where nothing is near; all of `known` by default.
    """
    from difflib import get_close_matches

    known = {one.lower(): one for one in known}
    near = get_close_matches(word.lower(), known, n=1)
    if near:
        return f"Did you mean '{known[near[0]]}'?"
    return f"Known: {', '.join(known.values() if listed is None else listed) or 'none'}."
