"""The file that says what the gates need, each tool at the version that has judged the project."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import PackageNotFoundError, distribution, entry_points, version
from typing import Any

from quality_harness.init.choosing import EXTRAS

FILE = "quality-requirements.txt"
_PACKAGE = "django-quality-harness"
# A requirement of an extra, as the metadata of a package have it.
_OF_EXTRA = re.compile(r"""([\w.-]+)[^;]*;.*\bextra == ['"]([\w-]+)['"]""")


def requirements_of(gates: Iterable[str]) -> str:
    """Return a requirements file for some gates.

    Args:
        gates: their names.
    """
    extras = _extras(gates)
    pins = {_own_line(extras), *_pins(extras)}
    return "# What the gates need: another version of a linter finds other things.\n" + "".join(
        f"{pin}\n" for pin in sorted(pins)
    )


def about_source(gates: Iterable[str]) -> str:
    """Return what to change in the file where CI could not install what it names; else nothing.

    Args:
        gates: as in `requirements_of`.
    """
    url = str(_source().get("url", ""))
    if not url.startswith(_OF_THIS_MACHINE):
        return ""
    extras = _extras(gates)
    return (
        f"{_PACKAGE} is installed from {url}, and CI cannot install it from there: in {FILE}, "
        f"change the line {_own_line(extras)} to where CI can, such as: "
        f"{_named(extras)} @ git+https://HOST/OWNER/{_PACKAGE}@COMMIT"
    )


def _extras(gates: Iterable[str]) -> list[str]:
    return sorted({EXTRAS[name] for name in gates if name in EXTRAS})


def _named(extras: list[str]) -> str:
    return f"{_PACKAGE}[{','.join(extras)}]" if extras else _PACKAGE


def _own_line(extras: list[str]) -> str:
    """Return the package's own requirement: the place that it was fetched from, or its version."""
    source = _source()
    url = str(source.get("url", ""))
    if not url or url.startswith(_OF_THIS_MACHINE):
        return f"{_named(extras)}=={version(_PACKAGE)}"
    if control := source.get("vcs_info"):
        url = f"{control['vcs']}+{url}@{control['commit_id']}"
    folder = source.get("subdirectory")
    return f"{_named(extras)} @ {url}" + (f"#subdirectory={folder}" if folder else "")


_OF_THIS_MACHINE = "file:"


def _source() -> Mapping[str, Any]:
    """Return what the installer wrote of where the package comes from; nothing for an index."""
    # https://packaging.python.org/en/latest/specifications/direct-url/
    told: Mapping[str, Any] = json.loads(
        distribution(_PACKAGE).read_text("direct_url.json") or "{}"
    )
    return told


def _pins(extras: list[str]) -> Iterator[str]:
    # The project's own Django and test tools are its own business.
    wanted = set(extras) - {"test"}
    names = [match[1] for match in _requirements() if match[2] in wanted]
    if "lint" in wanted:
        plugins = entry_points(group="flake8.extension")
        names += [one.dist.name for one in plugins if one.dist is not None]
    for name in names:
        try:
            yield f"{distribution(name).name.lower()}=={version(name)}"
        except PackageNotFoundError:
            # The gate says so itself, and is left out.
            continue


def _requirements() -> Iterator[re.Match[str]]:
    for text in distribution(_PACKAGE).requires or ():
        match = _OF_EXTRA.match(text)
        if match:
            yield match
