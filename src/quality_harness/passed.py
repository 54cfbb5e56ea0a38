"""Remembers the state of the project on which a gate passed; an unchanged one is not checked again.

The idea is that of `go test`, which prints "(cached)". A state that cannot be told for certain is
never remembered, and neither is anything in CI.
"""

import hashlib
import json
import os
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from importlib.metadata import Distribution, distributions
from pathlib import Path
from urllib.parse import unquote, urlsplit

from quality_harness.changes import ignored_files, repository_files
from quality_harness.gate import Checked, Gate, Project
from quality_harness.tool import WORK_FOLDER, digest, work_folder

# Servers of one's own: what they hold can change while no file does.
_SERVERS = ("DATABASE_URL", "REDIS_URL")
# What a shell or make changes from one command to the next, and what tells one terminal, window or
# login from another. Names are whole where a project could have others of that beginning.
_VOLATILE = re.compile(
    r"_|SHLVL|PWD|OLDPWD|MAKELEVEL|MAKE_TERM(OUT|ERR)|WINDOW|WINDOWID|WINDOWPATH|(GPG_)?TTY"
    r"|TERM|TERM_(PROGRAM\w*|SESSION_ID|FEATURES)|COLORTERM|LS_?COLORS|TMUX(_PANE)?|STY"
    r"|VTE_VERSION|WT_SESSION|WT_PROFILE_ID|TILIX_ID|LC_TERMINAL(_VERSION)?|TERMINATOR_\w+"
    r"|(ITERM|KITTY|WEZTERM|ALACRITTY|KONSOLE|GNOME_TERMINAL|ZELLIJ|VSCODE)_\w+"
    r"|SSH_(AUTH_SOCK|AGENT_PID|ASKPASS|CLIENT|CONNECTION|TTY)|XDG_(SESSION_\w+|VTNR|SEAT)"
    r"|SESSION_MANAGER|SECURITYSESSIONID|DBUS_SESSION_BUS_ADDRESS|INVOCATION_ID|JOURNAL_STREAM"
)


def check(gate: Gate, project: Project) -> Checked:
    """Run a gate's check, unless the gate is a remembered one and passed on the same state.

    Args:
        gate: the gate.
        project: what it is given; `fresh` makes it run in any case.
    """
    if not gate.remembered:
        return gate.check(project)
    store = work_folder(project.root) / f"{gate.name}-passed.json"
    before = _state(project)
    known = None if project.fresh else _recall(store, before, project.root)
    if known is not None:
        return known
    store.unlink(missing_ok=True)
    checked = gate.check(project)
    good = checked.checked > 0 and not checked.findings and not checked.problem
    # What was edited meanwhile may or may not have been looked at.
    if good and before and before == _state(project):
        _keep(store, before, checked)
    return checked


def project_state(root: Path) -> str | None:
    """Return a digest of all that a gate's verdict can depend on; None where that is not known.

    That is: the files that git tracks or would track, size and time of those that it ignores
    one by one (such as .env), the interpreter, what is installed, the environment but for what
    tells one terminal from another, and the day, so that a test that fails from a certain day on
    is found on that day.
    """
    if os.environ.get("CI") or any(os.environ.get(name) for name in _SERVERS):
        return None
    installed = sorted(distributions(), key=lambda one: (one.name, one.version))
    if not all(_is_known(place, root) for place in _code_places(installed)):
        return None
    outside = {
        "day": date.today().isoformat(),
        "interpreter": [sys.version, sys.executable],
        "installed": [[one.name, one.version] for one in installed],
        "environment": {name: os.environ[name] for name in sorted(_variables())},
        "ignored": [_size_and_time(root, name) for name in _ignored(root)],
    }
    files = digest(root, repository_files(root))
    return hashlib.sha256(f"{files} {json.dumps(outside)}".encode()).hexdigest()


def _state(project: Project) -> str | None:
    """Return the project's state; what a gate leaves to others depends on which of them run."""
    state = project_state(project.root)
    return state and f"{state} {' '.join(sorted(project.gates))}"


@dataclass(frozen=True)
class _Pass:
    state: str
    time: str
    checked: int
    unit: str
    note: str
    leaves: list[str]


def _recall(store: Path, state: str | None, root: Path) -> Checked | None:
    try:
        known = _Pass(**json.loads(store.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    if known.state != state or not all((root / name).exists() for name in known.leaves):
        return None
    unchanged = f"unchanged since it passed at {known.time} (--fresh runs it again)"
    note = f"{known.note}; {unchanged}" if known.note else unchanged
    return Checked((), known.checked, known.unit, note, leaves=tuple(known.leaves))


def _keep(store: Path, state: str, checked: Checked) -> None:
    time = datetime.now().strftime("%H:%M")
    passed = _Pass(state, time, checked.checked, checked.unit, checked.note, list(checked.leaves))
    store.write_text(json.dumps(vars(passed)), encoding="utf-8")


def _variables() -> Iterator[str]:
    return (name for name in os.environ if not _VOLATILE.fullmatch(name))


def _ignored(root: Path) -> Iterator[str]:
    # What the gates themselves keep hides its folder from git file by file.
    return (name for name in ignored_files(root) if not name.startswith(f"{WORK_FOLDER}/"))


def _size_and_time(root: Path, name: str) -> list[str | int]:
    with suppress(OSError):
        found = (root / name).stat()
        return [name, found.st_size, found.st_mtime_ns]
    return [name]


def _code_places(installed: Iterable[Distribution]) -> Iterator[Path]:
    """Return the folders that code is imported from, those of editable packages included."""
    yield from (Path(folder).absolute() for folder in sys.path)
    for one in installed:
        origin = json.loads(one.read_text("direct_url.json") or "{}")
        if origin.get("dir_info", {}).get("editable"):
            yield Path(unquote(urlsplit(origin["url"]).path))


def _is_known(place: Path, root: Path) -> bool:
    """Whether what stands there is among the project's files, or only changes by installing."""
    return any(place.is_relative_to(known) for known in (root, sys.prefix, sys.base_prefix))
