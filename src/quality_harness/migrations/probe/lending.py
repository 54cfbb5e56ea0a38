"""Lends a database to another process: it is there until the borrower lets go, or dies.

    python -m quality_harness.migrations.probe.lending URL

Prints Django's settings for an empty database as a line of JSON, waits for the end of its input,
prints "kept" where it is still the same database, and drops it.
"""

import json
import signal
import sys

from quality_harness.migrations.probe.child import stop
from quality_harness.migrations.probe.databases import serving, settings_of


def main(url: str) -> None:
    """Lend a database on the server of `url`."""
    signal.signal(signal.SIGTERM, stop)
    with serving(url) as server:
        name = server.make()
        number = server.number(name)
        print(json.dumps(settings_of(url, name)), flush=True)
        sys.stdin.read()
        print("kept" if server.number(name) == number else "replaced", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
