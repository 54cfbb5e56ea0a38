"""Proves migrations of a bare tree: no settings, only folders with models and migrations."""

import json
import os
import re
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path, PurePosixPath

from quality_harness.migrations.probe.evidence import Answer, Wish

_MIGRATION = re.compile(r"\bclass\s+Migration\s*\(")
_USES_ACCOUNTS = re.compile(r"AUTH_USER_MODEL|[\"']auth\b|contrib\.auth")
_USES_TYPES = re.compile(r"contenttypes")


def probe_tree(
    root: Path, base_files: Iterable[str], head_files: Iterable[str], url: str, database: str = ""
) -> Answer:
    """Prove the migrations of the head that the base has not, in a process of their own.

    The process is forked: who proves many trees imports Django first, and does not set it up.

    Args:
        root: the folder with the files of the head.
        base_files: the paths of the base's files, POSIX, relative to `root`.
        head_files: those of the head.
        url: a PostgreSQL server.
        database: one of the probe's own databases, which is emptied; one is made where empty.
    """
    wish = replace(wish_for(root, sorted(head_files), set(base_files), url), database=database)
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        _answer(wish, writing)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as pipe:
        text = pipe.read()
    os.waitpid(child, 0)
    return Answer.from_json(json.loads(text)) if text else Answer(problem="The probe broke off")


def wish_for(root: Path, files: Iterable[str], base: set[str], url: str) -> Wish:
    """Return what is asked for about a tree: its apps are found by their files."""
    judged: list[str] = []
    apps: dict[str, None] = {}
    modules: dict[str, str] = {}
    everything = ""
    for name in files:
        path = PurePosixPath(name)
        if path.suffix != ".py":
            continue
        text = (root / name).read_text(encoding="utf-8", errors="replace")
        everything += text
        if path.name == "models.py" and len(path.parts) > 1:
            apps[".".join(path.parent.parts)] = None
        if _MIGRATION.search(text) and len(path.parts) > 2:
            app = path.parent.parent
            apps[".".join(app.parts)] = None
            if path.parent.name != "migrations":
                modules[app.name] = ".".join(path.parent.parts)
            if name not in base:
                judged.append(name)
    return Wish(str(root), url, tuple(judged), True, (*_django(everything), *apps), modules)


def _django(everything: str) -> list[str]:
    if _USES_ACCOUNTS.search(everything):
        return ["django.contrib.contenttypes", "django.contrib.auth"]
    # Something has to be installed, and this one is migrated only where it is asked for.
    return ["django.contrib.contenttypes"] if _USES_TYPES.search(everything) else []


def _answer(wish: Wish, writing: int) -> None:
    """Answer in the forked process, and end it."""
    try:
        sys.path.insert(0, wish.root)
        os.chdir(wish.root)
        from quality_harness.migrations.probe.session import answer

        with os.fdopen(writing, "w", encoding="utf-8") as pipe:
            pipe.write(json.dumps(answer(wish).to_json()))
    finally:
        os._exit(0)
