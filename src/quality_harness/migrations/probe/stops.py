"""Tells a migration that stops on purpose from one that breaks."""

import ast
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import django
from django.db import Error

_DJANGO = Path(django.__file__).parent
_LIBRARIES = frozenset(
    Path(sysconfig.get_path(name)) for name in ("stdlib", "platstdlib", "purelib", "platlib")
)
# What RAISE and ASSERT give in PL/pgSQL.
_RAISED = ("P0001", "P0004")


def is_on_purpose(error: BaseException, statement: str) -> bool:
    """Whether the migration's own code raises the error, and nothing that it calls.

    Args:
        error: by which the migration ended.
        statement: the one that ran last.
    """
    if isinstance(error, Error):
        cause = error.__cause__
        code = getattr(cause, "sqlstate", None) or getattr(cause, "pgcode", None)
        # A trigger raises as well: only what stands in the block itself is the migration's word.
        return code in _RAISED and statement.lstrip()[:2].lower() == "do"
    *_, (frame, line) = _frames(error)
    file = Path(frame.f_code.co_filename)
    return _is_called_by_django(error) and not _is_library(file) and _raises(file, line)


def _frames(error: BaseException) -> Iterator[tuple[FrameType, int]]:
    """Give the frames of a raised error and their lines, the innermost last."""
    trace = error.__traceback__
    while trace:
        yield trace.tb_frame, trace.tb_lineno
        trace = trace.tb_next


def _is_called_by_django(error: BaseException) -> bool:
    """Whether no query, signal or field of Django's stands between."""
    files = [Path(frame.f_code.co_filename) for frame, _ in _frames(error)]
    last = [file for file in files if file.is_relative_to(_DJANGO)][-1:]
    return all(file.is_relative_to(_DJANGO / "db" / "migrations") for file in last)


def _is_library(file: Path) -> bool:
    return any(file.is_relative_to(folder) for folder in _LIBRARIES)


def _raises(file: Path, line: int) -> bool:
    """Whether a statement that raises stands on the line."""
    try:
        tree = ast.parse(file.read_bytes())
    except (OSError, SyntaxError, ValueError):
        return False
    return any(
        isinstance(node, ast.Raise | ast.Assert)
        and node.lineno <= line <= (node.end_lineno or line)
        for node in ast.walk(tree)
    )
