"""Shows what is planned as a unified diff, asks, and writes what is agreed."""

import difflib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from quality_harness.gate import CouldNotRun
from quality_harness.init.planning import Planned, read_text

# Of a baseline nobody reads more.
_SHOWN = 40


def diff_of(planned: Planned) -> str:
    """Return the unified diff of a file; of a file of rows (JSON) the beginning."""
    before = planned.before or ""
    old = f"a/{planned.path}" if planned.before is not None else "/dev/null"
    lines = difflib.unified_diff(
        before.splitlines(keepends=True),
        planned.after.splitlines(keepends=True),
        old,
        f"b/{planned.path}",
    )
    shown = list(_ended(lines))
    if planned.path.endswith(".json") and len(shown) > _SHOWN:
        left = len(shown) - _SHOWN
        shown = [*shown[:_SHOWN], f"... and {left:,} lines more\n"]
    return "".join(shown)


def _ended(lines: Iterable[str]) -> Iterator[str]:
    """Yield the lines of a diff; git's words tell where a file ends without a line's end."""
    for line in lines:
        yield line.replace("\r\n", "\n")
        if not line.endswith("\n"):
            yield "\n\\ No newline at end of file\n"


def ask(question: str) -> bool:
    """Ask on the terminal; whatever is not yes is no."""
    try:
        return input(f"{question} [y/N] ").strip().lower() in ("y", "yes")
    except EOFError:
        return False


def write(root: Path, planned: Planned) -> None:
    """Write a file.

    Raises:
        CouldNotRun: the file has changed since it was read.
    """
    path = root / planned.path
    if read_text(root, planned.path) != planned.before:
        raise CouldNotRun(f"{path} has changed meanwhile, and was not written. Run init again.")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(planned.after.encode())


def write_agreed(
    root: Path, files: Iterable[Planned], agree: Callable[[str], bool], show: Callable[[str], None]
) -> list[str]:
    """Show each file's diff and write those that are agreed to.

    Args:
        root: the project's root.
        files: what is planned.
        agree: asks for a file by its path.
        show: prints a text.

    Returns:
        The paths that were written.
    """
    written = []
    for planned in files:
        show(diff_of(planned))
        if agree(planned.path):
            write(root, planned)
            written.append(planned.path)
    return written
