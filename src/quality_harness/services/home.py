"""Where the services of a project live: `<project>/.services/<profile>/`."""

import os
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from quality_harness.gate import CouldNotRun

PROFILES = ("test", "run", "clock", "probe")
MARKERS = ("pyproject.toml", ".git")


@dataclass(frozen=True)
class Account:
    """A user of this machine, by number."""

    uid: int
    gid: int


@dataclass(frozen=True)
class Home:
    """The services of one project in one profile.

    Attributes:
        root: the project's root, absolute and without symbolic links.
        profile: "test" (fast, nothing survives a crash), "run" (durable), "clock" ("test"
            with a PostgreSQL whose clock can be moved), or "probe" ("test" with the data of
            PostgreSQL in memory, where the machine has room).
    """

    root: Path
    profile: str

    @property
    def services(self) -> Path:
        """The folder of all profiles."""
        return self.root / ".services"

    @property
    def directory(self) -> Path:
        """The folder of this profile."""
        return self.services / self.profile

    @property
    def owner(self) -> Account:
        """Whose services they are: the owner of `.services`."""
        information = self.services.stat()
        return Account(information.st_uid, information.st_gid)

    def make(self) -> None:
        """Make the folders that are missing, ignored by git in any project."""
        if not self.services.exists():
            make_directory(self.services, Account(os.geteuid(), os.getegid()), 0o755)
        ignore = self.services / ".gitignore"
        if not ignore.exists():
            write_file(ignore, "*\n", self.owner)
        make_directory(self.directory, self.owner, 0o755)


def find_home(root: Path | None, profile: str) -> Home:
    """Return the home of `profile` in the project at `root`.

    Args:
        root: the project's root; None stands for the nearest folder, from the current one
            upwards, that has a pyproject.toml or a .git.
        profile: "test", "run", "clock" or "probe".

    Raises:
        CouldNotRun: no such profile, or no project here.
    """
    if profile not in PROFILES:
        raise CouldNotRun(
            f"There is no profile {profile!r}. The profiles are {', '.join(PROFILES)}."
        )
    return Home((root or find_root(Path.cwd())).resolve(), profile)


def find_root(start: Path) -> Path:
    """Return the nearest folder, from `start` upwards, that is a project's root."""
    for folder in (start, *start.parents):
        if any((folder / marker).exists() for marker in MARKERS):
            return folder
    raise CouldNotRun(
        f"{start} is in no project: neither it nor a folder above has a pyproject.toml or a .git. "
        "Change into the project, or set DATABASE_URL and REDIS_URL."
    )


def make_directory(path: Path, owner: Account, mode: int) -> None:
    """Make `path` with exactly `mode` whatever the umask; leave one that exists as it is.

    A descriptor is used so that nobody can put a link in the folder's place meanwhile.
    """
    with suppress(FileExistsError):
        path.mkdir()
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            os.fchmod(descriptor, mode)
            give(descriptor, owner)
        finally:
            os.close(descriptor)


def write_file(path: Path, text: str, owner: Account) -> None:
    """Write a file that only `owner` can read, whole or not at all.

    Several processes may write the same one at once: each has an unfinished file of its own.
    """
    descriptor, unfinished = tempfile.mkstemp(dir=path.parent, prefix=f"{path.name}.unfinished.")
    try:
        give(descriptor, owner)
        os.write(descriptor, text.encode())
    finally:
        os.close(descriptor)
    os.replace(unfinished, path)


def give(descriptor: int, owner: Account) -> None:
    """Make `owner` the owner of an open file that was just made."""
    os.fchown(descriptor, *new_owner(os.geteuid(), owner))


def new_owner(euid: int, owner: Account) -> tuple[int, int]:
    """Return what to give to chown: only root can and need give files away; -1 keeps."""
    return (owner.uid, owner.gid) if euid == 0 else (-1, -1)


def lines(path: Path) -> list[str]:
    """Return the lines of a file, none where there is no such file."""
    try:
        return path.read_text().splitlines()
    except (FileNotFoundError, NotADirectoryError):
        return []
