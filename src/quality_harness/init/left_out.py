"""Finds the tests that the project has pytest leave out, as the options that do so."""

import argparse
import shlex
from typing import Any

from quality_harness.init.reading_config import Configuration


def find_left_out(configuration: Configuration) -> tuple[str, ...]:
    """Return those options of pytest's `addopts` that leave tests out.

    The gate `tests` wants them among its own arguments, where everybody sees them.

    Args:
        configuration: what the project's configuration files say.
    """
    asked = configuration.pytest()
    given: Any = asked[1].get("addopts", "") if asked else ""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    for option in ("-m", "-k", "--deselect"):
        parser.add_argument(option, action="append", default=[])
    try:
        words = shlex.split(given) if isinstance(given, str) else list(map(str, given))
        found, _ = parser.parse_known_args(words)
    except (ValueError, argparse.ArgumentError):
        return ()  # pytest itself will say so.
    # Of several -m and -k the last one counts.
    chosen = [("-m", found.m[-1:]), ("-k", found.k[-1:]), ("--deselect", found.deselect)]
    return tuple(
        word for name, values in chosen for value in values for word in (name, value.strip())
    )
