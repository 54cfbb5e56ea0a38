"""Whether a compiled requirements file is what its source asks for."""

import posixpath
from collections.abc import Iterator
from importlib import metadata

from quality_harness.finding import Finding, Location, Rule
from quality_harness.gates._requirements import Entry, Requirements

OUT_OF_STEP = Rule(
    code="DEP003",
    name="stale-requirements",
    summary=(
        "A compiled file lacks what its source asks for, pins what the source or its constraints "
        "refuse, or pins what nobody asks for."
    ),
    reason="The source says one thing and every machine installs another.",
    instead="Compile the file again from its source and commit both.",
    bad="base.in: pillow\nbase.txt: (no pillow)",
    good="base.in: pillow\nbase.txt: pillow==12.0.0 --hash=sha256:...",
)
# pip-compile leaves them out of what it writes.
_LEFT_OUT = {"distribute", "pip", "setuptools"}


def against_source(name: str, locked: Requirements, source: Requirements) -> Iterator[Finding]:
    """Find where a compiled file and its source differ.

    Args:
        name: the compiled file.
        locked: what it says.
        source: what its source says, whose first file is the source itself.
    """
    hint = f"compile it again: uv pip compile --generate-hashes {source.files[0]} -o {name}"
    names = {entry.name for entry in locked.entries}
    for asked in source.entries:
        if not asked.is_meant_here:
            continue  # Whoever compiles for one platform leaves out what is for another.
        for wrong in [*_refused(asked, name, locked), *_extras(asked, name, locked)]:
            yield _finding(asked, f"{asked.path} asks for {asked.requirement}, and {wrong}", hint)
        if asked.name not in names | _LEFT_OUT:
            message = f"{asked.path} asks for {asked.requirement}, and {name} does not have it"
            yield _finding(asked, message, hint)
    for limit in source.constraints:
        if limit.is_meant_here:
            for wrong in _refused(limit, name, locked):
                message = f"{limit.path} allows {limit.requirement}, and {wrong}"
                yield _finding(limit, message, hint)
    yield from _unasked(name, locked, source, hint)


def _finding(entry: Entry, message: str, hint: str) -> Finding:
    return OUT_OF_STEP.finding(Location(entry.path, entry.line), message, hint)


def _refused(asked: Entry, name: str, locked: Requirements) -> Iterator[str]:
    """Tell which pins a line refuses; one with a marker speaks of this platform alone."""
    specifier, everywhere = asked.requirement.specifier, asked.requirement.marker is None
    for pin in locked.entries:
        is_meant = pin.name == asked.name and (everywhere or pin.is_meant_here)
        if is_meant and pin.version and not specifier.contains(pin.version, True):
            yield f"{name} has {pin.version}"


def _extras(asked: Entry, name: str, locked: Requirements) -> Iterator[str]:
    """Tell what an extra needs and is not pinned, where the pinned version is installed here."""
    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name

    pins = {entry.name: entry.version for entry in locked.entries if entry.is_meant_here}
    extras = asked.requirement.extras
    if not extras or pins.get(asked.name) != _installed(asked.name):
        return
    for needed in map(Requirement, metadata.requires(asked.name) or ()):
        wanted = [one for one in extras if needed.marker and needed.marker.evaluate({"extra": one})]
        if wanted and canonicalize_name(needed.name) not in pins.keys() | _LEFT_OUT:
            yield f"{name} does not have {needed.name}, which the extra {min(wanted)} needs"


def _installed(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "none"


def _unasked(name: str, locked: Requirements, source: Requirements, hint: str) -> Iterator[Finding]:
    """Find pins of which the comments of the compiled file do not say who asks for them.

    A file that is compiled without comments tells nothing.
    """
    if not any(entry.via for entry in locked.entries):
        return
    asked = {entry.name for entry in source.entries}
    for pin in locked.entries:
        if not pin.via and pin.name in asked:
            continue
        if not pin.via:
            message = f"nobody asks for {pin.name}: no comment (# via ...) says who does"
            yield _finding(pin, message, f"name it in {source.files[0]}, then {hint}")
        elif not source.unnamed and not any(_still_asks(one, pin, source) for one in pin.via):
            message = f"{pin.name} is pinned for {', '.join(pin.via)}, which asks for it no more"
            yield _finding(pin, message, hint)


def _still_asks(who: str, pin: Entry, source: Requirements) -> bool:
    """Whether one of those whom the comment names asks for a pin, or may do so."""
    option, _, file = who.partition(" ")
    if option != "-r":
        return option != "-c"
    same = [one for one in source.files if posixpath.basename(one) == posixpath.basename(file)]
    asking = {entry.path for entry in source.entries if entry.name == pin.name}
    return not same or bool(asking.intersection(same))
