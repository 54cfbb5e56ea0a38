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
from detect_secrets.plugins.keyword import DENYLIST
from detect_secrets.settings import default_settings, get_plugins

from quality_harness.gates._secret_values import is_no_secret

# By a line's look alone every digest and every long word would be one; an address is none.
_LEFT_OUT = ("Base64HighEntropyString", "HexHighEntropyString", "IPPublicDetector")
# What detect-secrets calls a password that it knows by the name in front of it.
BY_NAME = "Secret Keyword"
# A comment that accepts a secret without a reason.
_PRAGMA = "detect_secrets.filters.allowlist.is_line_allowlisted"


def found(lines: list[str]) -> Iterator[tuple[int, list[tuple[str, str]]]]:
    """Yield the index of each line with secrets, and their kinds and digests."""
    with default_settings() as settings:
        settings.disable_plugins(*_LEFT_OUT)
        settings.disable_filters(_PRAGMA)
        plugins = get_plugins()
        # The one that looks for names takes longer than all the others.
        others = [one for one in plugins if one.secret_type != BY_NAME]
        names = re.compile("|".join(DENYLIST), re.IGNORECASE)
        for index, line in enumerate(lines):
            # What no plugin sees, which is nearly all, goes without the filters, which are slow.
            asked = plugins if names.search(line) else others
            if not any(plugin.analyze_line("", line) for plugin in asked):
                continue
            secrets = sorted(
                {
                    (one.type, one.secret_hash)
                    for one in scan_line(line)
                    if one.type != BY_NAME or not is_no_secret(line, one.secret_value or "")
                }
            )
            if secrets:
                yield index, secrets


def main(source: str, target: str) -> None:
    """Read the lines from the file `source`, write what was found to the file `target`."""
    lines = json.loads(Path(source).read_text(encoding="utf-8"))
    Path(target).write_text(json.dumps(list(found(lines))), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
