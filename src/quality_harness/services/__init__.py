"""PostgreSQL and Valkey from wheels, for a machine that has none.

Servers are started on demand, shared by all processes of a project, and run on after the
process that started them; `quality-harness services stop` ends them. Where DATABASE_URL or
REDIS_URL is set, that server is used and none is started.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from quality_harness.gate import CouldNotRun
from quality_harness.services.address import read_address
from quality_harness.services.reachable import check_reachable
from quality_harness.services.home import PROFILES, Home, find_home
from quality_harness.services.location import clock_file, read_location
from quality_harness.tool import CLOCK_FILE

__all__ = [
    "PROFILES",
    "Service",
    "check_reachable",
    "database_url",
    "environment",
    "redis_url",
    "start",
    "status",
    "stop",
]

# The modules that start servers are imported where they are needed: most calls find a
# running server, and test processes make such a call each time they begin.


@dataclass(frozen=True)
class Service:
    """One server of a project.

    Attributes:
        name: "PostgreSQL" or "Valkey".
        profile: one of PROFILES.
        place: where it answers, without a password; or what was ended.
    """

    name: str
    profile: str
    place: str


def database_url(profile: str = "test", root: Path | None = None) -> str:
    """Return DATABASE_URL, or the address of the project's own PostgreSQL, started if needed.

    Another database's name may be put in place of `/postgres`.

    Args:
        profile: "test" (fast, not durable), "run" (durable), "clock" ("test", with a
            PostgreSQL whose clock can be moved) or "probe" ("test", with the data of PostgreSQL
            in memory where there is room).
        root: the project's root; found from the current folder where None.

    Raises:
        CouldNotRun: there is no server and none can be started.
    """
    return os.environ.get("DATABASE_URL") or _postgres(find_home(root, profile))


def redis_url(profile: str = "test", root: Path | None = None) -> str:
    """Return REDIS_URL, or the address of the project's own Valkey, started if needed.

    Args:
        profile: "test", "clock" and "probe" keep nothing; "run" keeps all on disk.
        root: the project's root; found from the current folder where None.

    Raises:
        CouldNotRun: there is no server and none can be started.
    """
    return os.environ.get("REDIS_URL") or _valkey(find_home(root, profile))


def environment(root: Path | None = None, profile: str = "test") -> dict[str, str]:
    """Return DATABASE_URL and REDIS_URL as a program that needs both servers wants them.

    The profile "clock" adds the file by which the clock of its PostgreSQL is moved, unless
    DATABASE_URL names a server of its own.
    """
    variables = {
        "DATABASE_URL": database_url(profile, root),
        "REDIS_URL": redis_url(profile, root),
    }
    location = read_location(find_home(root, profile))
    if profile == "clock" and location and not os.environ.get("DATABASE_URL"):
        variables[CLOCK_FILE] = str(clock_file(location.data.parent))
    return variables


def start(root: Path | None = None, profile: str = "test") -> None:
    """Start the project's own PostgreSQL and Valkey where they do not run."""
    home = find_home(root, profile)
    _postgres(home)
    _valkey(home)


def stop(root: Path | None = None) -> list[Service]:
    """End all servers of the project, in all profiles, and say which ones ran.

    Only processes whose working directory is a data directory of this project are ended.
    Test data that had to live outside of the project is removed; other data stays.
    """
    from quality_harness.services import postgres, valkey

    ended: list[Service] = []
    for profile in PROFILES:
        home = find_home(root, profile)
        with _readable(home), _lock(home) if home.services.exists() else nullcontext():
            for name, pids in (("PostgreSQL", postgres.stop(home)), ("Valkey", valkey.stop(home))):
                ended += [Service(name, profile, f"process {pid}") for pid in pids]
    return ended


def status(root: Path | None = None) -> list[Service]:
    """Return the project's servers that run."""
    running: list[Service] = []
    for profile in PROFILES:
        home = find_home(root, profile)
        with _readable(home):
            location, address = read_location(home), read_address(home)
            if location and location.answers():
                running.append(Service("PostgreSQL", profile, str(location.socket_file)))
            if address and address.answers():
                running.append(Service("Valkey", profile, f"127.0.0.1:{address.port}"))
    return running


def _postgres(home: Home) -> str:
    with _readable(home):
        location = read_location(home)
        if location and location.answers():
            return location.url
        from quality_harness.services import postgres

        home.make()
        with _lock(home):
            return postgres.start(home).url


def _valkey(home: Home) -> str:
    with _readable(home):
        address = read_address(home)
        if address and address.answers():
            return address.url
        from quality_harness.services import valkey

        home.make()
        with _lock(home):
            return valkey.start(home).url


@contextmanager
def _lock(home: Home) -> Iterator[None]:
    from quality_harness.services.lock import locked

    with locked(home.services / "lock", home.owner):
        yield


@contextmanager
def _readable(home: Home) -> Iterator[None]:
    """Say in a sentence what the file system refuses."""
    try:
        yield
    except OSError as error:
        where = f": {error.filename}" if error.filename else ""
        raise CouldNotRun(
            f"The services under {home.directory} cannot be used: {error.strerror}{where}. "
            "Mend that, or set DATABASE_URL and REDIS_URL to servers of your own."
        ) from error
