"""What the processes of gates share that load the project: Django's set-up, an answer as JSON.

Their working folder is the project's root.
"""

import json
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django

# Folders below the root with code that is not the project's.
INSTALLED = {".venv", "site-packages", "dist-packages"}


def write_answer(found: Callable[[], dict[str, Any]], target: str) -> None:
    """Set Django up and write an answer to a file.

    Args:
        found: returns the answer.
        target: the file.
    """
    Path(target).write_text(json.dumps(answer(found)), encoding="utf-8")


def answer(found: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Return what is found; or a problem, and whether it arose after Django's set-up."""
    is_set_up = False
    try:
        django.setup()
        is_set_up = True
        return found()
    except (Exception, SystemExit) as error:
        return {"problem": described(error, Path.cwd()), "is_set_up": is_set_up}


def described(error: BaseException, root: Path) -> str:
    """Return what an exception says, after the file and line of the project that raised it."""
    places = [(one.filename, one.lineno) for one in traceback.extract_tb(error.__traceback__)]
    text = f"{type(error).__name__}: {error}"
    if isinstance(error, SyntaxError) and error.filename:
        places, text = [*places, (error.filename, error.lineno)], error.msg
    text = " ".join(text.split()).rstrip(".")
    # A frame without a file has a name such as <frozen importlib._bootstrap>.
    files = [(Path(name), line) for name, line in places if Path(name).is_file()]
    own = [(file.resolve(), line) for file, line in files if is_own(root, file)]
    if not own:
        return text
    file, line = own[-1]
    return f"{file.relative_to(root).as_posix()}:{line}: {text}"


def is_own(root: Path, path: Path) -> bool:
    """Whether a path is below the root, and none of what was installed there."""
    path = path.resolve()
    return path.is_relative_to(root) and not INSTALLED & set(path.relative_to(root).parts)
