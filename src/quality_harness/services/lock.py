"""One start or stop at a time for a project, whichever process asks."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from quality_harness.gate import CouldNotRun
from quality_harness.services.home import Account, give

PATIENCE = 60.0
PAUSE = 0.02


@contextmanager
def locked(path: Path, owner: Account, patience: float = PATIENCE) -> Iterator[None]:
    """Hold the lock file `path`; the kernel frees it when its holder dies.

    Args:
        path: the lock file, made where it is missing.
        owner: who must be able to lock it later, too, when root makes it.
        patience: seconds to wait for another holder.

    Raises:
        CouldNotRun: another process kept the lock longer than `patience`.
    """
    deadline = time.monotonic() + patience
    descriptor = _acquire(path, owner)
    while descriptor is None:
        if time.monotonic() > deadline:
            raise CouldNotRun(
                f"Process {_holder(path)} has been starting or stopping the services for more than "
                f"{patience:.0f} seconds (lock: {path}). Wait for it or end it, then try again."
            )
        time.sleep(PAUSE)
        descriptor = _acquire(path, owner)
    try:
        yield
    finally:
        os.close(descriptor)


def _acquire(path: Path, owner: Account) -> int | None:
    """Return the descriptor that holds the lock, or None while another process holds it."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        # The file may have been removed, and made again by another process, since it was opened.
        current = path.stat().st_ino == os.fstat(descriptor).st_ino
    except (BlockingIOError, FileNotFoundError):
        current = False
    if not current:
        os.close(descriptor)
        return None
    give(descriptor, owner)
    os.ftruncate(descriptor, 0)
    os.write(descriptor, str(os.getpid()).encode())
    return descriptor


def _holder(path: Path) -> str:
    """Return the holder's process id as text."""
    return path.read_text().strip() or "of unknown id"
