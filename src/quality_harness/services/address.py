"""The address of a home's Valkey, and whether the server answers there."""

import socket
from dataclasses import dataclass, field
from pathlib import Path

from quality_harness.services.home import Home, lines, write_file

HOST = "127.0.0.1"
PATIENCE = 3.0


@dataclass(frozen=True)
class Address:
    """Where a Valkey server listens. Any local user reaches the port, hence the password."""

    port: int
    password: str = field(repr=False)

    @property
    def url(self) -> str:
        """The address for clients."""
        return f"redis://:{self.password}@{HOST}:{self.port}/0"

    def answers(self) -> bool:
        """Whether the server with this password is ready at this port."""
        wanted = b"+OK\r\n+PONG\r\n"
        answer = b""
        try:
            with socket.create_connection((HOST, self.port), PATIENCE) as client:
                client.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
                while len(answer) < len(wanted) and wanted.startswith(answer):
                    part = client.recv(64)
                    if not part:
                        break
                    answer += part
        except OSError:
            return False
        return answer == wanted


def read_address(home: Home) -> Address | None:
    """Return where this home's Valkey was started last, None where it never was.

    A record that came here with a copied or moved project does not count.
    """
    record = lines(_record(home))
    if len(record) != 3 or record[0] != str(home.directory) or not record[1].isdecimal():
        return None
    return Address(int(record[1]), record[2])


def write_address(home: Home, address: Address) -> None:
    """Record the address for those who come later; only its owner can read it."""
    record = (home.directory, address.port, address.password)
    write_file(_record(home), "".join(f"{line}\n" for line in record), home.owner)


def _record(home: Home) -> Path:
    return home.directory / "valkey" / "address"
