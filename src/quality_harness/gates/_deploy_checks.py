"""Runs inside the project: writes what Django's deployment checks say, as JSON.

    python -m quality_harness.gates._deploy_checks FILE

It needs no database. The project's root is the working folder.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

import django
from django.conf import ENVIRONMENT_VARIABLE
from django.core.checks import CheckMessage, run_checks
from django.core.checks.registry import registry

from quality_harness.gates._pending_migrations import described


def checked() -> dict[str, Any]:
    """Return how many checks there are, the settings' file, and what is not silenced."""
    messages = run_checks(include_deployment_checks=True)
    return {
        "checks": len(registry.get_checks(include_deployment_checks=True)),
        "file": vars(sys.modules[os.environ[ENVIRONMENT_VARIABLE]]).get("__file__"),
        "messages": [_as_row(one) for one in messages if not one.is_silenced()],
    }


def _as_row(message: CheckMessage) -> dict[str, Any]:
    about = "" if message.obj is None else str(message.obj)
    return {
        "id": message.id or "",
        "level": message.level,
        "text": message.msg,
        "hint": message.hint or "",
        "about": about,
    }


def answer() -> dict[str, Any]:
    """Return what the checks say, or a problem."""
    try:
        django.setup()
        return checked()
    except (Exception, SystemExit) as error:
        return {"problem": described(error, Path.cwd())}


def main(target: str) -> None:
    """Write the answer to the file `target`."""
    Path(target).write_text(json.dumps(answer()), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
