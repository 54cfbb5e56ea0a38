"""Starts and stops the Valkey server of a home. All of it is called under the lock."""

import secrets
import signal
import socket
from pathlib import Path

from quality_harness.gate import CouldNotRun
from quality_harness.services import processes, wheels
from quality_harness.services.address import HOST, Address, read_address, write_address
from quality_harness.services.home import Home, make_directory, write_file

PROGRAM = "valkey-server"
ATTEMPTS = 5
TAKEN = "Address already in use"

SETTINGS = {
    "test": 'save ""\nappendonly no\n',
    "run": 'save ""\nappendonly yes\n',
    "clock": 'save ""\nappendonly no\n',
    "probe": 'save ""\nappendonly no\n',
}


def start(home: Home) -> Address:
    """Make sure that the home's Valkey runs; return its address.

    Raises:
        CouldNotRun: it cannot run; the message says why.
    """
    last = read_address(home)
    if last and last.answers():
        return last
    folder = home.directory / "valkey"
    make_directory(folder, home.owner, 0o700)
    # A server that nobody can address any more: its `.services` or its starter is gone.
    processes.end(processes.belonging(PROGRAM, folder), signal.SIGTERM)
    port = free_port(last.port if last else 0)
    for _ in range(ATTEMPTS):
        address = Address(port, secrets.token_hex(16))
        if _start(home, folder, address):
            write_address(home, address)
            return address
        port = free_port()
    raise CouldNotRun(
        f"Valkey found every port taken, {ATTEMPTS} times in a row. "
        "Try again, or set REDIS_URL to a server of your own."
    )


def stop(home: Home) -> list[int]:
    """End the home's Valkey; return the process ids of the servers that were ended."""
    running = processes.belonging(PROGRAM, home.directory / "valkey")
    return processes.end(running, signal.SIGTERM)


def free_port(wanted: int = 0) -> int:
    """Return a port of the loopback interface that is free now, `wanted` where it is."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, wanted))
        except OSError:
            probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _start(home: Home, folder: Path, address: Address) -> bool:
    """Start a server at `address`; return False where the port is taken."""
    settings = folder / "valkey.conf"
    log = folder / "server.log"
    owner = home.owner
    write_file(
        settings,
        f"bind {HOST}\nport {address.port}\nrequirepass {address.password}\n"
        # The title would hide the command line from people who look for the process.
        f"dir ./\nset-proc-title no\n{SETTINGS[home.profile]}",
        owner,
    )
    pid = processes.launch([wheels.valkey_program(), settings], log, owner, folder)
    if processes.comes_up(address.answers, pid):
        return True
    report = processes.tail(log)
    if TAKEN in report:
        return False
    raise CouldNotRun(f"Valkey does not start. The end of its log, {log}:\n{report}")
