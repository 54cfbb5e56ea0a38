"""The file that says what the gates need, each tool at the version that has judged the project."""

import re
from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError, distribution, entry_points, version

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
    extras = sorted({EXTRAS[name] for name in gates if name in EXTRAS})
    named = f"[{','.join(extras)}]" if extras else ""
    pins = {f"{_PACKAGE}{named}=={version(_PACKAGE)}", *_pins(extras)}
    return "# What the gates need: another version of a linter finds other things.\n" + "".join(
        f"{pin}\n" for pin in sorted(pins)
    )


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
