"""Runs detect-secrets over lines of text, in a process of its own, since it starts slowly.

    python -m quality_harness.gates._secret_lines SOURCE TARGET

SOURCE holds a JSON list of lines; TARGET gets, for each line with a secret, its index and a list
of the secret's kind and SHA-1, never the secret itself.
"""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from detect_secrets.core.scan import scan_line
from detect_secrets.settings import default_settings, get_plugins

# By a line's look alone every digest and every long word would be one; an address is none.
_LEFT_OUT = ("Base64HighEntropyString", "HexHighEntropyString", "IPPublicDetector")
# A comment that accepts a secret without a reason.
_PRAGMA = "detect_secrets.filters.allowlist.is_line_allowlisted"


def found(lines: list[str]) -> Iterator[tuple[int, list[tuple[str, str]]]]:
    """Yield the index of each line with secrets, and their kinds and digests."""
    with default_settings() as settings:
        settings.disable_plugins(*_LEFT_OUT)
        settings.disable_filters(_PRAGMA)
        plugins = get_plugins()
        for index, line in enumerate(lines):
            # What no plugin sees, which is nearly all, goes without the filters, which are slow.
            if not any(plugin.analyze_line("", line) for plugin in plugins):
                continue
            secrets = sorted({(one.type, one.secret_hash) for one in scan_line(line)})
            if _names_itself(line):
                secrets = [one for one in secrets if one[0] != _BY_NAME]
            if secrets:
                yield index, secrets


# What detect-secrets calls a password that it knows by the name in front of it.
_BY_NAME = "Secret Keyword"
_CONSTANT = re.compile(
    r"""\s*([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)\s*=\s*["']([a-z0-9]+(?:[_-][a-z0-9]+)+)["']"""
)


def _names_itself(line: str) -> bool:
    """Whether a line is a constant whose value is its name: PASSWORD_TOO_SHORT of error codes."""
    match = _CONSTANT.match(line)
    return match is not None and match[2].replace("-", "_") in match[1].lower()


def main(source: str, target: str) -> None:
    """Read the lines from the file `source`, write what was found to the file `target`."""
    lines = json.loads(Path(source).read_text(encoding="utf-8"))
    Path(target).write_text(json.dumps(list(found(lines))), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
