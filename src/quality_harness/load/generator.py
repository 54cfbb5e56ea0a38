"""The process that makes requests: Locust with our listeners.

`python -m quality_harness.load.generator` takes Locust's own arguments. Importing Locust patches
the standard library, so nothing else imports this module.
"""

import json
import os
import sys
from typing import Any

import locust.main
from locust import events

from quality_harness.load.conducting import Conductor, Plan

# Where the command leaves the plan, and the number of the pipe that it reads.
PLAN = "QUALITY_HARNESS_LOAD_PLAN"
PIPE = "QUALITY_HARNESS_LOAD_PIPE"


def main() -> None:
    """Run Locust."""
    plan = Plan.decode(os.environ[PLAN]) if PLAN in os.environ else Plan(("",), 0, 0, 0)
    Conductor(plan, emit).listen(events)
    locust.main.main()  # type: ignore[no-untyped-call]


def emit(event: dict[str, Any]) -> None:
    """Write a line of JSON to the command's pipe; without a reader there is no run."""
    line = memoryview((json.dumps(event) + "\n").encode())
    while line:
        try:
            line = line[os.write(int(os.environ[PIPE]), line) :]
        except BrokenPipeError:
            print("The command that started this run is gone.", file=sys.stderr)
            os._exit(1)


if __name__ == "__main__":
    main()
