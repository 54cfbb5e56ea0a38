"""What a change does to the configuration of its own gates: told, so that a review sees it.

A change is judged by the configuration that it brings itself. A gate that it switches off, or a
limit that it raises, cannot fail it; whether that is meant is for the review to say.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from quality_harness.changes import file_on
from quality_harness.config import parse_document
from quality_harness.finding import Finding, Location, Rule, Severity
from quality_harness.gate import ChangeKind, CouldNotRun, Project

PYPROJECT = "pyproject.toml"
# The tables below [tool] that say what a gate looks at.
_TABLES = ("quality_harness", "black", "flake8", "importlinter", "coverage", "pytest")
# The files that the gates' tools read beside it, and the gate; the sections that count, or all.
_FILES = {
    ".flake8": ("lint", ""),
    ".coveragerc": ("coverage", ""),
    ".importlinter": ("imports", ""),
    "pytest.ini": ("tests", ""),
    "zizmor.yml": ("workflows", ""),
    ".github/zizmor.yml": ("workflows", ""),
    "zizmor.yaml": ("workflows", ""),
    ".github/zizmor.yaml": ("workflows", ""),
    ".hadolint.yaml": ("containers", ""),
    ".hadolint.yml": ("containers", ""),
    "setup.cfg": ("its tools", "flake8 coverage tool:pytest importlinter"),
    "tox.ini": ("its tools", "flake8 coverage pytest importlinter"),
}
_NOT_SET = "not set"

CHANGED = Rule(
    code="CFG001",
    name="changed-configuration",
    summary="A change configures the gates that judge it otherwise than the base.",
    reason=(
        "A change is judged by its own configuration, so one that takes out a gate, excludes a "
        "folder or raises a limit passes for that alone. It may be meant; nobody should have to "
        "find it in a long diff. Gates and options that come new are not told."
    ),
    instead="See that it is meant, or put it back.",
    bad='gates = ["lint"]  # on the base: ["lint", "secrets"]',
    good='gates = ["lint", "secrets", "docs-links"]  # on the base: ["lint", "secrets"]',
    severity=Severity.WARNING,
)
RULES = (CHANGED,)
_HINT = "see that it is meant, or put it back"


def review(project: Project, baseline: str, rows: int) -> tuple[Finding, ...]:
    """Return what a change does to the configuration, none where the base had no gates.

    Args:
        project: the project, with its changes.
        baseline: the name of its baseline.
        rows: how many rows that has.

    Raises:
        CouldNotRun: pyproject.toml cannot be read.
    """
    base = project.changes.base
    brought = bool(rows) and project.changes.kinds.get(baseline) is ChangeKind.ADDED
    touched = [name for name in (PYPROJECT, *_FILES) if _may_differ(project, name)]
    if base is None or not (touched or brought):
        return ()
    earlier = tools_on_base(project)
    if not own_table(earlier).get("gates"):
        return ()
    found: list[Finding] = []
    for name in touched:
        is_ours = name == PYPROJECT
        found += _in_pyproject(project, earlier) if is_ours else _in_file(project, base, name)
    if brought:
        message = f"the change brings a baseline, and its {rows} rows accept what is found"
        found.append(CHANGED.finding(Location(baseline), message, _HINT))
    return tuple(found)


def tools_on_base(project: Project) -> Mapping[str, Any]:
    """Return `[tool]` of the base's pyproject.toml; nothing where it has none that can be read.

    A change that mends the file is not held up by what it was.
    """
    base = project.changes.base
    data = None if base is None else file_on(project.root, base, PYPROJECT)
    try:
        document = {} if data is None else parse_document(data, PYPROJECT)
    except CouldNotRun:
        return {}
    return _mapping(document.get("tool"))


def own_table(tools: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return `[tool.quality_harness]`."""
    return _mapping(tools.get("quality_harness"))


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _may_differ(project: Project, name: str) -> bool:
    """Whether a file may be another one on the base; what is excluded is not among the changes."""
    return name in project.changes.kinds or project.is_excluded(name)


def _in_pyproject(project: Project, earlier: Mapping[str, Any]) -> Iterator[Finding]:
    path = project.root / PYPROJECT
    now = parse_document(path.read_bytes(), PYPROJECT).get("tool", {}) if path.exists() else {}
    was_on = set(own_table(earlier)["gates"])
    for name in _TABLES:
        before, after = dict(_flat(earlier.get(name))), dict(_flat(now.get(name)))
        for key in sorted({*before, *after}):
            told = f"tool.{name}{key}"
            if before.get(key) == after.get(key) or _is_of_new_gate(told, was_on):
                continue
            message = _difference(told, before.get(key), after.get(key))
            if message:
                yield CHANGED.finding(Location(PYPROJECT), message, _HINT)


def _is_of_new_gate(key: str, was_on: set[str]) -> bool:
    """Whether a key is an option of a gate that the base did not run."""
    parts = key.split(".")
    is_option = parts[1] == "quality_harness" and len(parts) > 3
    return is_option and parts[2].replace("_", "-") not in {*was_on, "testing"}


def _difference(key: str, before: Any, after: Any) -> str:
    """Return a sentence about a key, empty where only gates were added."""
    is_gates = key == "tool.quality_harness.gates"
    if is_gates or (isinstance(before, list) and isinstance(after, list)):
        gone = [str(one) for one in before if one not in (after or ())]
        new = [str(one) for one in after or () if one not in before and not is_gates]
        told = [f"takes {', '.join(gone)} out of"] * bool(gone)
        told += [f"adds {', '.join(new)} to"] * bool(new)
        if told or is_gates:
            return f"the change {' and '.join(told)} {key}" if told else ""
    return f"the change makes {key} {_shown(after)}; on the base it is {_shown(before)}"


def _shown(value: Any) -> str:
    text = _NOT_SET if value is None else repr(value)
    return text if len(text) <= 80 else f"{text[:79]}…"


def _flat(table: Any, key: str = "") -> Iterator[tuple[str, Any]]:
    """Give the values of a table, by their keys with those of the tables around them."""
    if isinstance(table, Mapping):
        for name, value in table.items():
            yield from _flat(value, f"{key}.{name}")
    elif isinstance(table, list) and table and all(isinstance(one, Mapping) for one in table):
        for number, one in enumerate(table):
            yield from _flat(one, f"{key}[{one.get('name', number)}]")
    elif table is not None:
        yield key, table


def _in_file(project: Project, base: str, name: str) -> list[Finding]:
    gate, sections = _FILES[name]
    before = file_on(project.root, base, name) or b""
    path = project.root / name
    after = path.read_bytes() if path.exists() else b""
    if before == after or (sections and _settings(before, sections) == _settings(after, sections)):
        return []
    message = f"the change edits {name}, which says what {gate} looks at"
    return [CHANGED.finding(Location(name), message, _HINT)]


def _settings(data: bytes, sections: str) -> object:
    """Return what some sections of an INI file hold; all of it where it cannot be read."""
    import configparser

    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string(data.decode())
    except (configparser.Error, UnicodeDecodeError):
        return data
    wanted = tuple(sections.split())
    return {name: dict(parser[name]) for name in parser.sections() if name.startswith(wanted)}
