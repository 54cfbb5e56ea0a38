"""Where a piece of code comes from, in words for a message."""

import functools
import inspect
import sys
from pathlib import Path
from types import FrameType
from typing import Any

# Folders with code that is not the project's.
INSTALLED = {".venv", "site-packages", "dist-packages"}


def origin_of(function: Any) -> str:
    """Return a callable's name, and its place in the project."""
    function = _plain(function)
    code = getattr(function, "__code__", None)
    name = getattr(function, "__qualname__", None) or repr(function)
    return f"{name} ({place_of(code.co_filename, code.co_firstlineno)})" if code else name


def place_of(file: str, line: int) -> str:
    """Return "file:line", relative to the working folder where the file lies in it."""
    path = Path(file)
    here = Path.cwd()
    return f"{path.relative_to(here) if path.is_relative_to(here) else path}:{line}"


def is_installed(function: Any) -> bool:
    """Whether a callable comes from an installed package or from Python itself."""
    code = getattr(_plain(function), "__code__", None)
    return code is not None and not is_own(code.co_filename)


def _plain(function: Any) -> Any:
    """Return the function below partial objects, methods and decorators."""
    while isinstance(function, functools.partial):
        function = function.func
    return inspect.unwrap(getattr(function, "__func__", function))


def calling_place() -> str:
    """Return the place of the innermost frame that runs neither our code nor an installed one."""
    frame: FrameType | None = sys._getframe(1)
    while frame and not is_own(frame.f_code.co_filename):
        frame = frame.f_back
    return place_of(frame.f_code.co_filename, frame.f_lineno) if frame else "an unknown place"


_LIBRARY = str(Path(functools.__file__).parent)
PACKAGE = str(Path(__file__).parents[1])


def is_own(file: str) -> bool:
    """Whether a file is neither ours nor an installed one nor Python's own."""
    installed = INSTALLED & set(Path(file).parts)
    return not (installed or file.startswith((_LIBRARY, PACKAGE, "<")))
