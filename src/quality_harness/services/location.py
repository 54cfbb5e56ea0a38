"""Where a home's PostgreSQL keeps its data and its socket, and whether it answers there."""

import os
import socket
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from quality_harness.services.home import Home, lines, write_file

PORT = 5432
PATIENCE = 3.0


@dataclass(frozen=True)
class Location:
    """The places of one PostgreSQL server.

    Attributes:
        data: its data directory.
        socket: the folder of its unix socket; nobody else can enter it.
        base: what is ours of the folders above: the profile's home, or a folder outside of
            the project where the server cannot live inside.
    """

    data: Path
    socket: Path
    base: Path

    @property
    def url(self) -> str:
        """The address for clients; the port is in it because they would else read PGPORT."""
        return f"postgresql://postgres@:{PORT}/postgres?host={quote(str(self.socket), safe='')}"

    @property
    def socket_file(self) -> Path:
        """The unix socket, named as PostgreSQL names it."""
        return self.socket / f".s.PGSQL.{PORT}"

    @property
    def socket_lock(self) -> Path:
        """The file beside the socket that names its server's process."""
        return self.socket / f".s.PGSQL.{PORT}.lock"

    @property
    def pid_file(self) -> Path:
        """The file that PostgreSQL writes while it runs."""
        return self.data / "postmaster.pid"

    def answers(self) -> bool:
        """Whether this data directory's server is ready behind this socket."""
        state, holder = lines(self.pid_file), lines(self.socket_lock)
        ready = len(state) > 7 and state[7].strip() == "ready"
        return ready and state[:1] == holder[:1] and connects(self.socket_file)


def clock_file(folder: Path) -> Path:
    """Return the file in which a server of that folder finds by how much its clock is off."""
    return folder / "clock"


def connects(path: Path) -> bool:
    """Whether something listens on the unix socket `path`."""
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(PATIENCE)
        try:
            client.connect(str(path))
        except OSError:
            return False
        return True


def read_location(home: Home) -> Location | None:
    """Return where this home's PostgreSQL was started last, None where it never was.

    A record that came here with a copied or moved project does not count, and neither does a
    folder outside of the project that someone else has made meanwhile.
    """
    record = lines(_record(home))
    if len(record) != 4 or record[0] != str(home.directory):
        return None
    location = Location(*(Path(line) for line in record[1:]))
    return location if _ours(location, home) else None


def write_location(home: Home, location: Location) -> None:
    """Record where this home's PostgreSQL is, for those who come later."""
    record = (home.directory, location.data, location.socket, location.base)
    write_file(_record(home), "".join(f"{path}\n" for path in record), home.owner)


def forget_location(home: Home) -> None:
    """Remove the record."""
    _record(home).unlink(missing_ok=True)


def _record(home: Home) -> Path:
    return home.directory / "postgres.location"


def _ours(location: Location, home: Home) -> bool:
    try:
        return os.lstat(location.base).st_uid == home.owner.uid
    except FileNotFoundError:
        return False
