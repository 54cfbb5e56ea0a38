"""Gate `dependencies`: what is installed is what is locked, and what is locked was asked for."""

import json
import re
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from importlib.metadata import distributions

from quality_harness.finding import Finding, Location, Rule
from quality_harness.gate import ChangeKind, Checked, CouldNotRun, Gate, Project
from quality_harness.gates._requirements import Entry, Requirements, Unnamed, read_requirements
from quality_harness.gates._requirements_index import SECOND_INDEX, UNSAFE_INDEX, judge_indexes
from quality_harness.gates._requirements_source import OUT_OF_STEP, against_source
from quality_harness.tool import last_line, require, run_module

UNPINNED = Rule(
    code="DEP001",
    name="unpinned-requirement",
    summary="A compiled requirements file does not pin a package to one version.",
    reason="Two machines that install it on two days get two programs, and only one was tested.",
    instead="Compile the file: `uv pip compile --generate-hashes`.",
    bad="django>=5.2",
    good="django==5.2.9 --hash=sha256:...",
)
NO_HASH = Rule(
    code="DEP002",
    name="requirement-without-hash",
    summary="A compiled requirements file pins a version without a hash.",
    reason="An index, or who stands between, can give something else under the same version.",
    instead="Compile the file with `--generate-hashes`; pip then refuses what has another digest.",
    bad="django==5.2.9",
    good="django==5.2.9 --hash=sha256:...",
)
NOT_INSTALLED = Rule(
    code="DEP004",
    name="installed-differs-from-locked",
    summary="The environment has another version than the locked one, or lacks the package.",
    reason="All the other gates then judge a program that is not the one that is shipped.",
    instead="Install what is locked: `uv pip sync` or `pip install --require-hashes -r`.",
    bad="locked django==5.2.9, installed django 5.2.4",
    good="locked django==5.2.9, installed django 5.2.9",
)
VULNERABLE = Rule(
    code="DEP005",
    name="known-vulnerability",
    summary="A locked version has a vulnerability that is known.",
    reason="It is published, so it is tried.",
    instead="Compile the requirements with a version that mends it.",
    bad="django==5.2.1  # a published vulnerability, mended in 5.2.2",
    good="django==5.2.2",
)
UNREAD = Rule(
    code="DEP008",
    name="unread-requirements",
    summary="The change adds a requirements file that this gate is not told to read.",
    reason="What it names is installed somewhere, and nobody looks whether it is locked.",
    instead="Add the file to the option `compiled`, or to `left_out`.",
    bad='compiled = ["requirements.txt"]  # and requirements-dev.txt is new',
    good='compiled = ["requirements*.txt"]',
)
# As people call them; deeper folders belong to something else.
_REQUIREMENTS = re.compile(r"(requirements/)?requirements[^/]*\.txt|requirements/[^/]+\.txt")


@dataclass(frozen=True)
class Options:
    """`[tool.quality_harness.dependencies]`.

    Attributes:
        compiled: patterns of the compiled requirements files. One beside which a file of the
            same name ends in ".in" is compared with it.
        installed: the compiled file that this environment is installed from; empty where
            that is not to be compared.
        left_out: patterns of requirements files that are not compiled, on purpose.
        audit: whether pip-audit looks the locked versions up, which needs a network.
    """

    compiled: tuple[str, ...] = ("requirements.txt", "requirements/*.txt")
    installed: str = ""
    left_out: tuple[str, ...] = ()
    audit: bool = False


def check(project: Project) -> Checked:
    """Judge each compiled file by itself, against its source and against what is installed."""
    require("packaging", "dependencies")
    options: Options = project.options
    names = [name for name in project.files if any(fnmatch(name, one) for one in options.compiled)]
    sources = {
        name: read_requirements(project.root, _source(name))
        for name in names
        if _source(name) in project.files
    }
    names = [name for name in names if name in sources or not _limits(name, project, sources)]
    if not names:
        raise CouldNotRun(
            f"No file is called like {', '.join(options.compiled)}. Compile the requirements "
            "(uv pip compile), or name the files: [tool.quality_harness.dependencies] compiled"
        )
    locked = {name: read_requirements(project.root, name) for name in names}
    findings: list[Finding] = []
    for name, own in locked.items():
        if not own.entries and not own.unnamed:
            raise CouldNotRun(f"{name} names no package. Compile it again, or leave it out.")
        findings += _judge(name, own, sources.get(name))
    if options.installed:
        installed = read_requirements(project.root, options.installed)
        findings += _against_environment(installed.entries)
    read = {path for own in [*locked.values(), *sources.values()] for path in own.files}
    findings += _unread(project, read)
    if options.audit:
        for name in names:
            findings += _vulnerable(project, name, locked[name].entries)
    note = "" if options.audit else "known vulnerabilities are not looked up (audit = false)"
    paths = frozenset(names)
    count = sum(len(own.entries) + len(own.unnamed) for own in locked.values())
    return Checked(tuple(findings), count, "requirements", note, paths=paths)


def _source(name: str) -> str:
    return name.removesuffix(".txt") + ".in"


def _limits(name: str, project: Project, sources: Mapping[str, Requirements]) -> bool:
    """Whether a file is no compiled one, but what a source names with `-c`."""
    limits = {limit.path for source in sources.values() for limit in source.constraints}
    return name in limits and name not in project.options.compiled


def _judge(name: str, locked: Requirements, source: Requirements | None) -> Iterator[Finding]:
    """Judge one compiled file, and its source where it has one."""
    yield from map(_unversioned, locked.unnamed)
    yield from _unlocked(locked.entries)
    yield from judge_indexes(locked.indexes)
    if source:
        yield from judge_indexes(source.indexes)
        yield from against_source(name, locked, source)


def _unread(project: Project, read: Collection[str]) -> Iterator[Finding]:
    """Find requirements files that the change adds and nobody reads.

    Older ones were there when the project chose the patterns.
    """
    for name in sorted(set(project.files) - set(read)):
        is_new = project.changes.kinds.get(name) is ChangeKind.ADDED
        left_out = any(fnmatch(name, one) for one in project.options.left_out)
        if is_new and project.changes.base and not left_out and _REQUIREMENTS.fullmatch(name):
            table = "[tool.quality_harness.dependencies]"
            message = f"{name} is new, and no pattern of {table} compiled is about it"
            hint = "add it to compiled, or to left_out where it is not compiled on purpose"
            yield UNREAD.finding(Location(name), message, hint)


def _unversioned(one: Unnamed) -> Finding:
    message = f"{one.text} has no version that could be locked, nor a hash"
    hint = f"leave it out, and install it after the others: pip install --no-deps {one.text}"
    return UNPINNED.finding(Location(one.path, one.line), message, hint)


def _unlocked(entries: Sequence[Entry]) -> Iterator[Finding]:
    for entry in entries:
        place = Location(entry.path, entry.line)
        hint = "compile the file: uv pip compile --generate-hashes"
        if not entry.version:
            message = f"{entry.requirement} is not pinned to one version"
            yield UNPINNED.finding(place, message, hint)
        elif entry.no_hashes:
            message = f"{entry.requirement} has what is no SHA-2 digest: {entry.no_hashes[0]}"
            yield NO_HASH.finding(place, message, hint)
        elif not entry.hashes:
            yield NO_HASH.finding(place, f"{entry.requirement} has no hash", hint)


def _against_environment(locked: Sequence[Entry]) -> Iterator[Finding]:
    from packaging.version import Version

    installed = _installed()
    for entry in locked:
        if not entry.version or not entry.is_meant_here:
            continue
        there = installed.get(entry.name)
        if there and Version(there) == Version(entry.version):
            continue
        place = Location(entry.path, entry.line)
        has = f"{there} is installed" if there else "it is not installed"
        message = f"{entry.name} is locked at {entry.version}, and {has} for {sys.executable}"
        hint = f"install what is locked: uv pip sync {entry.path}"
        yield NOT_INSTALLED.finding(place, message, hint)


def _installed() -> Mapping[str, str]:
    from packaging.utils import canonicalize_name

    return {canonicalize_name(one.metadata["Name"]): one.version for one in distributions()}


def _vulnerable(project: Project, name: str, locked: Sequence[Entry]) -> Iterator[Finding]:
    asked = ["--format=json", "--no-deps", "--disable-pip", "--strict", "--progress-spinner=off"]
    done = run_module("pip_audit", [*asked, "-r", name], cwd=project.root, extra="audit")
    try:
        found = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        raise CouldNotRun(
            f"pip-audit did not look {name} up: {last_line(done.stderr) or 'no reason given'}. "
            "Let it reach pypi.org, or set audit = false and audit elsewhere"
        ) from None
    lines = {entry.name: entry.line for entry in locked}
    for package in found:
        for known in package.get("vulns", ()):
            fixed = ", ".join(known["fix_versions"]) or "none yet"
            message = (
                f"{package['name']} {package['version']} has {known['id']}; mended in: {fixed}"
            )
            place = Location(name, lines.get(package["name"], 0))
            yield VULNERABLE.finding(place, message, "compile the requirements with that version")


GATE = Gate(
    name="dependencies",
    summary="Requirements are pinned with hashes, agree with their source and are installed.",
    reason="What was tested has to be what is shipped. A lock that is out of step with its source, "
    "or an environment that is out of step with the lock, makes every other verdict one about "
    "another program.",
    check=check,
    rules=(
        UNPINNED,
        NO_HASH,
        OUT_OF_STEP,
        NOT_INSTALLED,
        VULNERABLE,
        UNSAFE_INDEX,
        SECOND_INDEX,
        UNREAD,
    ),
    options=Options,
    reads_changes=True,
)
