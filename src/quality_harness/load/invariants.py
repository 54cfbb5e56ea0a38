"""What scenarios call to count what must hold: it goes into the recording of this process.

A budget names an invariant, and one that was never looked at makes the run could-not-run.
"""

from quality_harness.load.recording import Recording


class _Here:
    """The recording of this process; a run begins a new one."""

    recording = Recording()


def recording() -> Recording:
    """Return what this process has counted since its last report."""
    return _Here.recording


def begin() -> Recording:
    """Start counting anew and return what was counted up to now."""
    counted, _Here.recording = _Here.recording, Recording()
    return counted


def check(name: str, holds: bool, example: str = "") -> bool:
    """Count that an invariant was looked at.

    Args:
        name: the invariant's, as in the budgets: "stale-reads".
        holds: whether it holds this time.
        example: what was seen where it does not; the first five are kept.

    Returns:
        `holds`.
    """
    _Here.recording.check(name, holds, example)
    return holds


def admitted(name: str, *, limit: int, window: float, sent: float, answered: float) -> None:
    """Count a request that a throttle has let through.

    The invariant of that name is broken by as many as were let through above `limit` in any
    `window` seconds, whichever process sent them.
    """
    _Here.recording.admit(name, limit=limit, window=window, sent=sent, answered=answered)
