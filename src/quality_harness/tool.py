"""Runs an outside tool of this interpreter's environment."""

import fcntl
import hashlib
import importlib.util
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from quality_harness.gate import CouldNotRun

# What gates keep between runs stands in this folder of the project.
WORK_FOLDER = ".quality_harness"
# Where the gate `tests` leaves its coverage data for the gate `coverage`, relative to the root.
COVERAGE_DATA = f"{WORK_FOLDER}/coverage"
# The digest of the Python files that the coverage data is about.
COVERAGE_STATE = f"{WORK_FOLDER}/coverage-state"

# Where the gate `tests` leaves what the watches of `strict` have found, a line of JSON a test.
WATCHED = f"{WORK_FOLDER}/watched.jsonl"
# The digest of the Python files that it is about.
WATCHED_STATE = f"{WORK_FOLDER}/watched-state"


# Where it leaves what came of each test, for the gate `clocks`.
OUTCOME = f"{WORK_FOLDER}/outcome.json"
# Names the file in which PostgreSQL of the services' profile "clock" finds how its clock is off.
CLOCK_FILE = "QUALITY_HARNESS_CLOCK_FILE"

# A tool makes things that live as long as it does, and ends after a second or two. Looking for
# what could be collected would take more than a quarter of that.
_PATIENTLY = "import atexit, gc; gc.set_threshold(100_000); atexit.register(gc.freeze); "
_AS_MODULE = (
    "import runpy, sys; del sys.argv[0]; "
    "runpy.run_module(sys.argv[0], run_name='__main__', alter_sys=True)"
)


def work_folder(root: Path) -> Path:
    """Return the project's work folder, made and hidden from git where it is new.

    Gates run side by side, and several of them may find it missing at once.
    """
    folder = root / WORK_FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    ignored = folder / ".gitignore"
    if not ignored.exists():
        ignored.write_text("*\n", encoding="utf-8")
    return folder


@contextmanager
def alone(root: Path, name: str) -> Iterator[None]:
    """Keep a second run of a gate in the same checkout away: the two share a test database.

    Raises:
        CouldNotRun: another one is going on.
    """
    with open(work_folder(root) / f"{name}.lock", "w", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CouldNotRun(
                "Another run of this gate is going on in this checkout, on the same test database. "
                "Wait for its end, then try again."
            ) from None
        yield


def digest(root: Path, names: Iterable[str]) -> str:
    """Return a digest of the names and contents of some files."""
    total = hashlib.sha256()
    for name in names:
        content = (root / name).read_bytes()
        total.update(b"%d %d " % (len(os.fsencode(name)), len(content)))
        total.update(os.fsencode(name) + content)
    return total.hexdigest()


def require(package: str, extra: str) -> None:
    """Raise CouldNotRun where `package`, which our `extra` installs, is not installed."""
    if importlib.util.find_spec(package) is None:
        raise CouldNotRun(
            f"{package} is not installed for {sys.executable}. "
            f"Install it: pip install 'django-quality-harness[{extra}]'"
        )


def run_module(
    module: str,
    arguments: Sequence[str],
    *,
    cwd: Path,
    extra: str,
    environment: Mapping[str, str] | None = None,
    entry: str = "",
    tests: bool = False,
) -> subprocess.CompletedProcess[str]:
    """Run `python -m module` with this interpreter and return what it printed.

    Args:
        module: the tool's module, such as "black".
        arguments: its command line.
        cwd: where it runs.
        extra: our extra that installs the tool, for the message where it is missing.
        environment: variables set beside the inherited ones.
        entry: a function of the module to call, where it cannot be run with `-m`.
        tests: whether the project's tests run in it, which may care when garbage is collected.

    Raises:
        CouldNotRun: the tool is not installed.
    """
    require(module.partition(".")[0], extra)
    call = f"import sys; from {module} import {entry} as run; sys.exit(run())"
    if tests:
        start = ["-m", module]
    else:
        start = ["-c", _PATIENTLY + (call if entry else _AS_MODULE), *([] if entry else [module])]
    return subprocess.run(
        # -P: a folder of the project that is called like the tool must not stand in its place.
        [sys.executable, "-P", *start, *arguments],
        cwd=cwd,
        # No colour and no line breaks inside a message: the output is read by a program.
        env={**os.environ, "NO_COLOR": "1", "COLUMNS": "400", **(environment or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )


def last_line(text: str) -> str:
    """Return the last line of `text` that says something, or an empty string."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else ""
