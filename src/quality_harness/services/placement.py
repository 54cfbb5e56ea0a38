"""Decides who runs PostgreSQL and where it lives.

PostgreSQL refuses to run as root, so root has it run by the owner of `.services`, or by
`nobody` where that is root itself. Where that user cannot pass through the folders above the
project, data and socket live in a folder of their own outside of it. The socket alone does
where the path inside would be longer than a socket's path may be. The data of the profile "probe"
live in memory where there is room: a probe makes and drops hundreds of files, which takes a
disk's file system a fifth of its time.
"""

import hashlib
import os
import pwd
import shutil
import stat
import tempfile
from collections.abc import Callable
from pathlib import Path

from quality_harness.gate import CouldNotRun
from quality_harness.services.home import Account, Home, make_directory
from quality_harness.services.location import PORT, Location, read_location
from quality_harness.services.wheels import can_enter

MEMORY = Path("/dev/shm")
# Bytes that must be free there: Docker gives 64 MB.
ROOM = 1 << 30
# Linux takes 107 bytes, macOS 103.
LONGEST_SOCKET_PATH = 103


def find_nobody() -> Account:
    """Return the account `nobody` of this machine."""
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError as error:
        raise CouldNotRun(
            "PostgreSQL refuses to run as root, and this machine has no user `nobody` to run it. "
            "Run as an ordinary user, or set DATABASE_URL to a server of your own."
        ) from error
    return Account(entry.pw_uid, entry.pw_gid)


def server_account(
    euid: int, owner: Account, nobody: Callable[[], Account] = find_nobody
) -> Account:
    """Return who runs PostgreSQL.

    Args:
        euid: who asks.
        owner: whose `.services` it is.
        nobody: gives the account that stands in for root.
    """
    if euid != 0:
        return Account(euid, owner.gid if owner.uid == euid else os.getegid())
    return owner if owner.uid != 0 else nobody()


def temporary_folders() -> tuple[Path, ...]:
    """Return where a folder outside of the project may be made, the best first."""
    return Path("/var/tmp"), Path(tempfile.gettempdir())


def has_room(folder: Path, room: int) -> bool:
    """Whether `folder` is there, has so many bytes free, and programs in it may be run."""
    if not folder.is_dir():
        return False
    system = os.statvfs(folder)
    is_executable = not system.f_flag & os.ST_NOEXEC
    return is_executable and system.f_bavail * system.f_frsize >= room


def outside_folder(home: Home, owner: Account, server: Account) -> Path:
    """Return the folder of this home outside of the project; the same one each time."""
    for folder in temporary_folders():
        if _is_usable(folder, server):
            return folder / _name(home, owner)
    tried = " and ".join(map(str, temporary_folders()))
    raise CouldNotRun(
        f"PostgreSQL cannot live under {home.root}, and {tried} cannot be used in its place. "
        "Set TMPDIR to a folder that every user can enter, or set DATABASE_URL."
    )


def _is_usable(folder: Path, server: Account) -> bool:
    return folder.is_dir() and os.access(folder, os.W_OK) and can_enter(folder, server)


def _name(home: Home, owner: Account) -> str:
    digest = hashlib.sha256(os.fsencode(home.directory)).hexdigest()[:16]
    return f"quality-harness-{owner.uid}-{digest}"


def place(home: Home, euid: int, owner: Account, server: Account) -> Location:
    """Return where PostgreSQL of this home lives.

    Args:
        home: its home; the folder exists.
        euid: who asks.
        owner: whose `.services` it is.
        server: who runs it.
    """
    inside = home.directory / "postgres"
    if home.profile == "probe" and has_room(MEMORY, ROOM) and _is_usable(MEMORY, server):
        return _all_in(MEMORY / _name(home, owner))
    if server.uid != euid and not can_enter(home.directory, server):
        return _all_in(outside_folder(home, owner, server))
    longest = inside / f"socket/.s.PGSQL.{PORT}"
    if len(os.fsencode(longest)) > LONGEST_SOCKET_PATH:
        outside = outside_folder(home, owner, server)
        return Location(inside / "data", outside / "postgres/socket", outside)
    return Location(inside / "data", inside / "socket", home.directory)


def _all_in(folder: Path) -> Location:
    return Location(folder / "postgres/data", folder / "postgres/socket", folder)


def is_abandoned(home: Home, location: Location) -> bool:
    """Whether what is outside of the project is that of a `.services` that was removed since.

    Who removes `.services` wants to be rid of the data.
    """
    return location.base != home.directory and read_location(home) is None


def make_folders(home: Home, location: Location, owner: Account, server: Account) -> None:
    """Make the folders that a server needs, but for the data directory itself."""
    if location.base != home.directory:
        if is_abandoned(home, location) and is_own_folder(location.base, owner):
            shutil.rmtree(location.base)
        make_directory(location.base, owner, 0o711)
        if not is_own_folder(location.base, owner):
            raise CouldNotRun(
                f"{location.base} belongs to another user or is a link, so it is not used. "
                "Have it removed, or set DATABASE_URL to a server of your own."
            )
    for folder in (location.data.parent, location.socket.parent, location.socket):
        make_directory(folder, server, 0o700)


def is_own_folder(path: Path, owner: Account) -> bool:
    """Whether `path` is a folder of `owner` and no link."""
    try:
        information = os.lstat(path)
    except FileNotFoundError:
        return False
    return stat.S_ISDIR(information.st_mode) and information.st_uid == owner.uid
