"""Writes what a release says of itself: its section of CHANGELOG.md.

    python .github/scripts/release_notes.py TAG FILE

Run it by `make release-notes VERSION=v1.2.3`. Exits 1 where the tag is not the version of
pyproject.toml, or CHANGELOG.md has no text for it.
"""

import re
import sys
import tomllib
from pathlib import Path


def main(tag: str, target: str) -> str:
    """Write the notes; return what is wrong, or nothing."""
    project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]
    version = project["version"]
    if tag != f"v{version}":
        return f"The tag is {tag!r}, and pyproject.toml has version {version}: make them the same."
    text = section(Path("CHANGELOG.md").read_text(encoding="utf-8"), version)
    if not text:
        return (
            f"CHANGELOG.md says nothing of {version}: "
            f"write its section, under a line that begins with '## {version}'."
        )
    Path(target).parent.mkdir(parents=True, exist_ok=True)
    Path(target).write_text(f"{text}\n", encoding="utf-8")
    return ""


def section(changelog: str, version: str) -> str:
    """Return what stands under the heading of a version, without the heading."""
    heading = rf"^## \[?{re.escape(version)}\]?(?![\w.]).*$"
    parts = re.split(heading, changelog, maxsplit=1, flags=re.MULTILINE)
    return (
        re.split(r"^## ", parts[1], maxsplit=1, flags=re.MULTILINE)[0].strip() if parts[1:] else ""
    )


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]) or 0)
