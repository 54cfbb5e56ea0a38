"""Runs check-jsonschema several times in one process, since it starts slowly.

    python -m quality_harness.gates._schema_run CALLS

CALLS is a JSON list of command lines. What each of them prints is printed as a JSON list of texts.
"""

import json
import sys
from contextlib import redirect_stdout
from io import StringIO

from check_jsonschema import main as check

from quality_harness.gates import _compose_tags

_COMPOSE = "--builtin-schema=vendor.compose-spec"


def main(calls: str) -> None:
    """Run the command lines of the JSON list `calls`, print what they print."""
    printed = []
    for call in json.loads(calls):
        if _COMPOSE in call:
            _compose_tags.register()
        with redirect_stdout(StringIO()) as output:
            check(call, standalone_mode=False)
        printed.append(output.getvalue())
    print(json.dumps(printed))


if __name__ == "__main__":
    main(*sys.argv[1:])
