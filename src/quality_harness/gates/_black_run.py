"""Runs black over the files of which no verdict is kept; see `_kept_run`.

    python -m quality_harness.gates._black_run REQUEST ANSWER

REQUEST names the paths that no gate looks at, and those that are committed although .gitignore
names them: black goes by .gitignore alone, and would not read them. What black says of the files
that it reads is printed, and its exit code is this one's.

Which files those are is black's own business, as with flake8: so it is asked, with the settings
that `black --check .` has here.
"""

import json
import re
import sys
from functools import partial
from pathlib import Path
from typing import Any

import black
import click
from black.const import DEFAULT_EXCLUDES
from black.files import find_project_root
from black.report import Report

from quality_harness.gate import is_below
from quality_harness.kept_verdicts import KeptVerdicts, versions

# How get_sources names the settings that it goes by.
_CHOOSING = ("src", "include", "exclude", "extend_exclude", "force_exclude", "stdin_filename")


def main(source: str, target: str) -> None:
    """Answer the request in the file `source` and exit as black does."""
    check = partial(_check, json.loads(Path(source).read_text(encoding="utf-8")), target)
    # The same command line and the same errors as black's, up to what it reads.
    click.Command("black", params=black.main.params, callback=check).main(["--check", "."])


def _check(asked: dict[str, Any], target: str, /, **settings: Any) -> None:
    context = click.get_current_context()
    state = json.dumps([versions("black"), {name: repr(value) for name, value in settings.items()}])
    excluded = asked["excluded"]
    found = _names(settings, asked["forced"])
    names = [name for name in found if not any(is_below(name, one) for one in excluded)]
    kept = KeptVerdicts.of(Path.cwd(), "black", state, names, fresh=asked["fresh"])
    Path(target).write_text(json.dumps(vars(kept)), encoding="utf-8")
    if not kept.unread:
        return
    # The folder stays, so that black finds the same root and settings; nothing below it is
    # left but the files that are named.
    context.params["src"] = (".", *(str(Path.cwd() / name) for name in kept.unread))
    context.params["extend_exclude"] = re.compile(".")
    # What is kept here is known by its content; black's own memory goes by time and size.
    context.params["no_cache"] = True
    black.main.invoke(context)


def _names(settings: dict[str, Any], forced: list[str]) -> list[str]:
    """Return the files that black would read here, were the forced ones not ignored."""
    found = _sources(settings)
    # With an `exclude` of its own black asks no .gitignore.
    if forced and settings["exclude"] is None:
        everything = _sources(settings | {"exclude": re.compile(DEFAULT_EXCLUDES)})
        found |= everything.intersection(forced)
    return sorted(found)


def _sources(settings: dict[str, Any]) -> set[str]:
    root, _ = find_project_root(settings["src"])
    choosing = {name: settings[name] for name in _CHOOSING}
    found = black.get_sources(root=root, quiet=True, verbose=False, report=Report(), **choosing)
    return {path.relative_to(Path.cwd()).as_posix() for path in found}


if __name__ == "__main__":
    main(*sys.argv[1:])
