"""Gate `dependencies`: what is installed is what is locked, and what is locked was asked for."""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from importlib.metadata import distributions

from quality_harness.finding import Finding, Location, Rule
from quality_harness.gate import Checked, CouldNotRun, Gate, Project
from quality_harness.gates._requirements import Entry, read_requirements
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
OUT_OF_STEP = Rule(
    code="DEP003",
    name="stale-requirements",
    summary="A compiled file lacks what its source asks for, or pins what the source refuses.",
    reason="The source says one thing and every machine installs another.",
    instead="Compile the file again from its source and commit both.",
    bad="base.in: pillow\nbase.txt: (no pillow)",
    good="base.in: pillow\nbase.txt: pillow==12.0.0 --hash=sha256:...",
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


@dataclass(frozen=True)
class Options:
    """`[tool.quality_harness.dependencies]`.

    Attributes:
        compiled: patterns of the compiled requirements files. One beside which a file of the
            same name ends in ".in" is compared with it.
        installed: the compiled file that this environment is installed from; empty where
            that is not to be compared.
        audit: whether pip-audit looks the locked versions up, which needs a network.
    """

    compiled: tuple[str, ...] = ("requirements.txt", "requirements/*.txt")
    installed: str = ""
    audit: bool = False


def check(project: Project) -> Checked:
    """Judge each compiled file by itself, against its source and against what is installed."""
    require("packaging", "dependencies")
    options: Options = project.options
    names = [name for name in project.files if any(fnmatch(name, one) for one in options.compiled)]
    if not names:
        raise CouldNotRun(
            f"No file is called like {', '.join(options.compiled)}. Compile the requirements "
            "(uv pip compile), or name the files: [tool.quality_harness.dependencies] compiled"
        )
    entries = {name: read_requirements(project.root, name) for name in names}
    for name, own in entries.items():
        if not own:
            raise CouldNotRun(f"{name} names no package. Compile it again, or leave it out.")
    findings = [finding for own in entries.values() for finding in _unlocked(own)]
    for name, own in entries.items():
        findings += _against_source(project, name, own)
    if options.installed:
        findings += _against_environment(read_requirements(project.root, options.installed))
    if options.audit:
        for name in names:
            findings += _vulnerable(project, name, entries[name])
    note = "" if options.audit else "known vulnerabilities are not looked up (audit = false)"
    paths = frozenset(names)
    count = sum(len(own) for own in entries.values())
    return Checked(tuple(findings), count, "requirements", note, paths=paths)


def _unlocked(entries: Sequence[Entry]) -> Iterator[Finding]:
    for entry in entries:
        place = Location(entry.path, entry.line)
        hint = "compile the file: uv pip compile --generate-hashes"
        if not entry.version:
            message = f"{entry.requirement} is not pinned to one version"
            yield UNPINNED.finding(place, message, hint)
        elif not entry.hashes:
            yield NO_HASH.finding(place, f"{entry.requirement} has no hash", hint)


def _against_source(project: Project, name: str, locked: Sequence[Entry]) -> Iterator[Finding]:
    source = name.removesuffix(".txt") + ".in"
    if source not in project.files:
        return
    for asked in read_requirements(project.root, source):
        pins = [entry for entry in locked if entry.name == asked.name]
        place = Location(asked.path, asked.line)
        hint = f"compile it again: uv pip compile --generate-hashes {source} -o {name}"
        if not pins:
            message = f"{asked.path} asks for {asked.requirement}, and {name} does not have it"
            yield OUT_OF_STEP.finding(place, message, hint)
        for pin in pins:
            if pin.version and not asked.requirement.specifier.contains(pin.version, True):
                message = f"{asked.path} asks for {asked.requirement}, and {name} has {pin.version}"
                yield OUT_OF_STEP.finding(place, message, hint)


def _against_environment(locked: Sequence[Entry]) -> Iterator[Finding]:
    from packaging.version import Version

    installed = _installed()
    for entry in locked:
        marker = entry.requirement.marker
        if not entry.version or (marker and not marker.evaluate()):
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
    rules=(UNPINNED, NO_HASH, OUT_OF_STEP, NOT_INSTALLED, VULNERABLE),
    options=Options,
)
