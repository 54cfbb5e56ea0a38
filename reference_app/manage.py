"""Runs Django's commands on the reference app."""

import os
import sys
from collections.abc import Sequence


def settings_module(arguments: Sequence[str]) -> str:
    """Return the settings that a command line runs with: the tests have their own."""
    return "config.settings.test" if arguments[1:2] == ["test"] else "config.settings.local"


def main() -> None:
    """Run the command line. DJANGO_SETTINGS_MODULE wins where it is set."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", settings_module(sys.argv))

    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
