"""The library that shows a server another time: libfaketime, as its wheel brings it."""

import importlib.util
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from quality_harness.gate import CouldNotRun
from quality_harness.services.location import clock_file
from quality_harness.services.processes import clean_environment

_LIBRARY = Path("vendor", "libfaketime", "src", "libfaketime.so.1")
_KEEPS = "so PostgreSQL keeps its own clock"
# Long enough that no delay is taken for it.
_TRIAL = 1_000_000


def preload(folder: Path) -> Mapping[str, str]:
    """Return the variables with which a server shows another time.

    Args:
        folder: the server's own; the library is copied there, where its account can read it.

    Raises:
        CouldNotRun: there is no library, or it does not work here.
    """
    library = folder / _LIBRARY.name
    shutil.copy(_installed(), library)
    library.chmod(0o755)
    if not _works(library):
        raise CouldNotRun(f"libfaketime does not work as {library}, {_KEEPS}.")
    clock_file(folder).write_text("+0\n", encoding="ascii")
    return {
        "LD_PRELOAD": str(library),
        "FAKETIME_TIMESTAMP_FILE": str(clock_file(folder)),
        # The file is read anew each time that the server asks for the time.
        "FAKETIME_NO_CACHE": "1",
        # Timers run as ever.
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }


def _installed() -> Path:
    found = importlib.util.find_spec("libfaketime")
    folders = found.submodule_search_locations if found else None
    if not folders:
        raise CouldNotRun(f"libfaketime is not installed, {_KEEPS}: pip install libfaketime")
    return Path(folders[0], _LIBRARY)


def _works(library: Path) -> bool:
    """Whether a program that is started with the library sees another time."""
    variables = {"LD_PRELOAD": str(library), "FAKETIME": f"+{_TRIAL}s"}
    tried = subprocess.run(
        [sys.executable, "-S", "-c", "import time; print(time.time())"],
        env={**clean_environment(), **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    began = time.time()
    return tried.returncode == 0 and float(tried.stdout) > began + _TRIAL / 2
