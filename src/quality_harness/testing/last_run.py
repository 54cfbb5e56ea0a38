"""What failed in the last run, whichever runner it was, and how long each test of a run took."""

import json
import os
import time
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from quality_harness.testing.ids import place_id
from quality_harness.testing.options import asked_clock
from quality_harness.testing.watching import Problem, Running, Watch
from quality_harness.tool import WORK_FOLDER, work_folder

FAILED = f"{WORK_FOLDER}/failed-tests.json"
# What failed at an instant of `--clock` is no failure of now.
FAILED_AT_INSTANT = f"{WORK_FOLDER}/failed-tests-at-instant.json"
# The file to which the processes of a run add a line a test.
TIMES = "QUALITY_HARNESS_TIMES"


def read_failed(root: Path) -> frozenset[str]:
    """Return the ids of what failed; nothing where no run has left anything."""
    try:
        found = json.loads((root / _failed()).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return frozenset()
    return frozenset(map(str, found))


def write_failed(root: Path, ran: Collection[str], failed: Iterable[str]) -> None:
    """Note what failed; what did not run keeps its outcome of before."""
    ids = sorted((read_failed(root) - set(ran)) | set(failed))
    if not ids:
        (root / _failed()).unlink(missing_ok=True)
        return
    work_folder(root)
    temporary = root / f"{_failed()}.{os.getpid()}"
    temporary.write_text(json.dumps(ids, indent=0), encoding="utf-8")
    temporary.replace(root / _failed())


def _failed() -> str:
    return FAILED_AT_INSTANT if asked_clock(None) else FAILED


class Times(Watch):
    """Writes how long each test takes, set-up and tear-down included."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._start = 0.0

    def begin(self, test: Running) -> None:
        """Look at the clock."""
        self._start = time.perf_counter()

    def end(self, test: Running) -> Iterable[Problem]:
        """Write the difference."""
        line = json.dumps([time.perf_counter() - self._start, place_id(test.place)])
        handle = os.open(self.file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        try:
            os.write(handle, f"{line}\n".encode())
        finally:
            os.close(handle)
        return ()


def times_watch() -> list[Watch]:
    """Return the watch that this process was asked for, or none."""
    named = os.environ.get(TIMES)
    return [Times(Path(named))] if named else []


@contextmanager
def timed(wanted: bool) -> Iterator[Path | None]:
    """Ask all processes that are started within for times; give the file that they write."""
    if not wanted:
        yield None
        return
    with TemporaryDirectory() as folder:
        file = Path(folder, "times")
        os.environ[TIMES] = str(file)
        try:
            yield file
        finally:
            with suppress(KeyError):
                del os.environ[TIMES]


def slowest(file: Path, count: int) -> list[str]:
    """Return lines that name the slowest tests, the slowest first."""
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    found = sorted(map(json.loads, lines), reverse=True)[:count]
    return [f"{seconds:8.3f} s  {name}" for seconds, name in found]
