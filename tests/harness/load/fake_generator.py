"""Stands in for Locust: `FAKE_GENERATOR` says what becomes of the run."""

import json
import os
import signal
import sys
import time
from typing import Any

from tests.harness.load import samples


def emit(**event: Any) -> None:
    """Write a line into the command's pipe."""
    os.write(int(os.environ["QUALITY_HARNESS_LOAD_PIPE"]), (json.dumps(event) + "\n").encode())


def main() -> None:
    """Do what is asked for."""
    what = os.environ["FAKE_GENERATOR"]
    if what == "broken":
        sys.exit("SyntaxError: in the locustfile")
    now = time.time()
    emit(event="start", host="http://h", time=now)
    recording = samples.full_recording() if what == "red" else samples.recording()
    report = {"blocks": {"0": recording.to_json()}, "ended": what != "lost"}
    emit(event="report", process="local", **report)
    if what == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    if what in ("stubborn", "endless"):
        if what == "stubborn":
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
        emit(event="worker", process="local")
        time.sleep(60)
    emit(event="stop", time=now + (1 if what == "short" else 10))
    emit(event="quit", code=0)
    if what == "heir":
        # A child that keeps the pipe open, as a forked worker does that hangs.
        os.fork() or time.sleep(60)


if __name__ == "__main__":
    main()
