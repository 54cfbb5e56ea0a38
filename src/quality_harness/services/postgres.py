"""Starts and stops the PostgreSQL server of a home. All of it is called under the lock."""

import os
import shlex
import shutil
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path

from quality_harness.gate import CouldNotRun
from quality_harness.services import faketime, placement, processes, wheels
from quality_harness.services.home import Account, Home, lines
from quality_harness.services.location import (
    PORT,
    Location,
    connects,
    forget_location,
    read_location,
    write_location,
)

PROGRAM = "postgres"

COMMON = {"listen_addresses": "", "port": str(PORT), "timezone": "UTC", "log_timezone": "UTC"}
# A crash may lose everything; the planner's settings stay as in production.
_FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "300",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "checkpoint_timeout": "30min",
    "autovacuum_naptime": "10min",
    "autovacuum_max_workers": "1",
    # Tests provoke errors on purpose.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
}
# What the log of changes takes in memory.
_SMALL = {"max_wal_size": "128MB", "min_wal_size": "32MB"}
SETTINGS: Mapping[str, Mapping[str, str]] = {
    "test": _FAST,
    "run": {},
    "clock": _FAST,
    "probe": {**_FAST, **_SMALL},
}


def start(home: Home) -> Location:
    """Make sure that the home's PostgreSQL runs; return where it is.

    Raises:
        CouldNotRun: it cannot run; the message says why.
    """
    owner = home.owner
    server = placement.server_account(os.geteuid(), owner)
    location = _location(home, owner, server)
    abandoned = placement.is_abandoned(home, location)
    if abandoned:
        processes.end(processes.belonging(PROGRAM, location.data), signal.SIGINT)
    if abandoned or not location.answers():
        placement.make_folders(home, location, owner, server)
        _start(home, location, server)
    write_location(home, location)
    return location


def stop(home: Home) -> list[int]:
    """End the home's PostgreSQL; return the process ids of the servers that were ended.

    Test data outside of the project is removed too, because nobody would find it there;
    the data of the run profile stays, and so does everything inside `.services`.
    """
    owner = home.owner if home.services.exists() else Account(os.geteuid(), os.getegid())
    location = _location(home, owner, placement.server_account(os.geteuid(), owner))
    running = processes.belonging(PROGRAM, location.data)
    servers = processes.end(running, signal.SIGINT)
    if location.base != home.directory and placement.is_own_folder(location.base, owner):
        _tidy(home, location)
    return servers


def _location(home: Home, owner: Account, server: Account) -> Location:
    """Return where the server was last, so that its data are found again; else where to go."""
    return read_location(home) or placement.place(home, os.geteuid(), owner, server)


def _start(home: Home, location: Location, server: Account) -> None:
    running = processes.belonging(PROGRAM, location.data)
    pid = _recorded_pid(location)
    if pid not in [process.pid for process in running]:
        # Helpers of a killed server, or a server whose folder has been removed.
        processes.end(running, signal.SIGINT)
        _clear(location)
        programs = wheels.reachable_programs(os.geteuid(), server, location.base / "wheel")
        if not location.data.exists():
            _initialise(location, programs, server)
        _check_version(location.data)
        pid = _launch(home, location, programs, server)
    if not processes.comes_up(location.answers, pid):
        raise CouldNotRun(
            f"PostgreSQL does not start. The end of its log, {_log(location)}:\n"
            f"{processes.tail(_log(location))}"
        )


def _recorded_pid(location: Location) -> int:
    """Return the process id that the data directory names, 0 where it names none."""
    state = lines(location.pid_file)
    return int(state[0]) if state and state[0].isdigit() else 0


def _clear(location: Location) -> None:
    """Remove what a killed server left behind."""
    if connects(location.socket_file):
        holder = "".join(lines(location.socket_lock)[:1]) or "of unknown id"
        raise CouldNotRun(
            f"Process {holder} listens on {location.socket_file} and is not PostgreSQL of "
            f"{location.data}. End it, then try again."
        )
    for path in (location.pid_file, location.socket_file, location.socket_lock):
        path.unlink(missing_ok=True)


def _initialise(location: Location, programs: Path, server: Account) -> None:
    """Make the data directory; only a whole one ever gets its final name."""
    unfinished = location.data.with_name("data.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    made = subprocess.run(
        [
            *(programs / "initdb", "--pgdata", unfinished, "--username", "postgres"),
            *("--auth", "trust", "--encoding", "UTF8", "--locale", "C"),
            # Letters beyond ASCII have an upper and a lower case, the same on every machine.
            *("--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"),
            *("--no-sync", "--no-instructions"),
        ],
        cwd=location.data.parent,
        env=processes.clean_environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        **processes.run_as(server, os.geteuid()),
    )
    if made.returncode:
        report = "\n".join(f"  {line}" for line in made.stderr.splitlines()[-6:])
        raise CouldNotRun(f"PostgreSQL cannot make its data in {location.data}:\n{report}")
    unfinished.rename(location.data)


def _check_version(data: Path) -> None:
    version = "".join(lines(data / "PG_VERSION")[:1])
    if version != wheels.POSTGRES_VERSION:
        raise CouldNotRun(
            f"The data in {data} was made by PostgreSQL {version or 'of unknown version'}, and "
            f"PostgreSQL {wheels.POSTGRES_VERSION} is installed. To start with empty data: "
            f"quality-harness services stop && rm -rf {shlex.quote(str(data))}"
        )


def _launch(home: Home, location: Location, programs: Path, server: Account) -> int:
    settings = {**COMMON, "unix_socket_directories": str(location.socket)}
    settings.update(SETTINGS[home.profile])
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    return processes.launch(
        [*_other_time(home, location), programs / PROGRAM, "-D", location.data, *options],
        _log(location),
        server,
        location.data.parent,
    )


def _other_time(home: Home, location: Location) -> list[str]:
    """Return what goes before the server's command to show it another time, if it is to see one."""
    if home.profile != "clock":
        return []
    variables = faketime.preload(location.data.parent)
    return ["/usr/bin/env", *(f"{name}={value}" for name, value in variables.items())]


def _log(location: Location) -> Path:
    return location.data.parent / "server.log"


def _tidy(home: Home, location: Location) -> None:
    """Remove what stands outside of the project and will not be missed."""
    if home.profile == "run" and location.base in location.data.parents:
        shutil.rmtree(location.base / "wheel", ignore_errors=True)
        return
    shutil.rmtree(location.base)
    forget_location(home)
