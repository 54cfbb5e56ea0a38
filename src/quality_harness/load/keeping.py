"""Writes files whole or not at all: what was there stays where the disk is full."""

import os
import tempfile
from pathlib import Path

from quality_harness.gate import CouldNotRun


def keep(path: Path, text: str) -> None:
    """Write a file.

    Raises:
        CouldNotRun: it cannot be written; the file that was there is as it was.
    """
    temporary = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except OSError as error:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
        raise CouldNotRun(f"{path} cannot be written: {error.strerror}.") from error
