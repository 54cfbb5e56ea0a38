"""Runs inside the project: writes what Django's deployment checks say, as JSON.

    python -m quality_harness.gates._deploy_checks FILE

It needs no database. The project's root is the working folder.
"""

import os
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from django.conf import ENVIRONMENT_VARIABLE, settings
from django.core.checks import CheckMessage, run_checks
from django.core.checks.registry import registry

from quality_harness.gates._in_project import write_answer

_SETTINGS = {"SILENCED_SYSTEM_CHECKS", "ALLOWED_HOSTS"}


def checked() -> dict[str, Any]:
    """Return what the gate asks about.

    Returns:
        checks: how many there are; file: that of the settings; messages: what is not silenced;
        silenced: the rest; any_host: whether ALLOWED_HOSTS lets every host in; files: those of all
        modules that have a setting of these two, that of the settings first.
    """
    messages = run_checks(include_deployment_checks=True)
    module = sys.modules[os.environ[ENVIRONMENT_VARIABLE]]
    return {
        "checks": len(registry.get_checks(include_deployment_checks=True)),
        "file": vars(module).get("__file__"),
        "messages": [_as_row(one) for one in messages if not one.is_silenced()],
        "silenced": [_as_row(one) for one in messages if one.is_silenced()],
        "any_host": "*" in settings.ALLOWED_HOSTS,
        "files": _files(module),
    }


def _files(module: ModuleType) -> list[str]:
    modules = [module, *sys.modules.values()]
    spaces = [getattr(one, "__dict__", {}) for one in modules]
    settings_of = [space for space in spaces if _SETTINGS & space.keys() and space.get("__file__")]
    return list(dict.fromkeys(str(Path(space["__file__"]).resolve()) for space in settings_of))


def _as_row(message: CheckMessage) -> dict[str, Any]:
    about = "" if message.obj is None else str(message.obj)
    return {
        "id": message.id or "",
        "level": message.level,
        "text": message.msg,
        "hint": message.hint or "",
        "about": about,
    }


def main(target: str) -> None:
    """Write what the checks say to the file `target`."""
    write_answer(checked, target)


if __name__ == "__main__":
    main(sys.argv[1])
