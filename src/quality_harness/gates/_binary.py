"""Runs a tool that a wheel has brought as a program, with no module to run it by."""

import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Sequence
from pathlib import Path

from quality_harness.gate import CouldNotRun


def run_binary(
    name: str, arguments: Sequence[str], *, cwd: Path, extra: str
) -> subprocess.CompletedProcess[str]:
    """Run a program of this interpreter's environment and return what it printed.

    Args:
        name: the program.
        arguments: its command line.
        cwd: where it runs.
        extra: our extra that installs it, for the message where it is missing.

    Raises:
        CouldNotRun: it is not installed.
    """
    places = os.pathsep.join([sysconfig.get_path("scripts"), os.environ.get("PATH", "")])
    found = shutil.which(name, path=places)
    if found is None:
        raise CouldNotRun(
            f"{name} is not installed for {sys.executable}. "
            f"Install it: pip install 'django-quality-harness[{extra}]'"
        )
    return subprocess.run(
        [found, *arguments],
        cwd=cwd,
        env={**os.environ, "NO_COLOR": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
