"""The probe's process: it configures Django, so it runs apart.

    python -m quality_harness.migrations.probe.child WISH ANSWER

WISH is a JSON file; where it asks for nothing, databases of killed probes are dropped.
"""

import json
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import NoReturn

from quality_harness.migrations.probe.evidence import Wish


def main(wish_file: str, answer_file: str) -> None:
    """Write the answer to what the file asks for."""
    signal.signal(signal.SIGTERM, stop)
    wish = Wish(**json.loads(Path(wish_file).read_text(encoding="utf-8")))
    from quality_harness.migrations.probe.session import answer

    found = answer(wish)
    Path(answer_file).write_text(json.dumps(found.to_json()), encoding="utf-8")


def stop(number: int, frame: FrameType | None) -> NoReturn:
    """End as by Ctrl-C, so that the databases are dropped."""
    raise KeyboardInterrupt


if __name__ == "__main__":
    main(*sys.argv[1:])
