"""Runs inside the project: writes what a process has after django.setup(), as JSON.

    python -m quality_harness.gates._fresh_process FILE

It needs no database. The project's root is the working folder.
"""

import sys
import time
import weakref
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings

from quality_harness.gates._in_project import write_answer
from quality_harness.testing.leaks.receivers import all_signals


def found() -> dict[str, Any]:
    """Return what the gate `isolation` asks about.

    Returns:
        settings: the file of the settings module; imported: the files of all modules; connected:
        the names of all functions that receive a signal; hasher: the algorithm with which
        passwords are hashed and the seconds that one takes, None without users; eager: whether
        Celery runs tasks at once, and propagates: whether it then raises what they raise.
    """
    modules = [module for module in list(sys.modules.values()) if hasattr(module, "__dict__")]
    files = [vars(module).get("__file__") for module in modules]
    return {
        "settings": vars(sys.modules[settings.SETTINGS_MODULE]).get("__file__"),
        "imported": [str(Path(file).resolve()) for file in files if file],
        "connected": sorted(_connected()),
        "hasher": _hasher() if apps.is_installed("django.contrib.auth") else None,
        **_celery(),
    }


def _connected() -> set[str]:
    names = set()
    for signal in all_signals():
        for receiver in signal.receivers:
            function = receiver[1]
            if isinstance(function, weakref.ReferenceType):
                function = function()
            names.add(getattr(function, "__name__", ""))
    return names - {""}


def _hasher() -> list[Any]:
    from django.contrib.auth.hashers import get_hasher

    hasher = get_hasher("default")
    start = time.process_time()
    hasher.encode("a password", hasher.salt())
    return [hasher.algorithm, time.process_time() - start]


def _celery() -> dict[str, bool]:
    """Return how the project's Celery app runs tasks; it is there only where it was imported."""
    state: Any = sys.modules.get("celery._state")
    conf = state.get_current_app().conf if state else None
    return {
        "eager": bool(conf and conf.task_always_eager),
        "propagates": bool(conf and conf.task_eager_propagates),
    }


def main(target: str) -> None:
    """Write what was found to the file `target`."""
    write_answer(found, target)


if __name__ == "__main__":
    main(sys.argv[1])
