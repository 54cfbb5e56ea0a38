"""Checks DATABASE_URL and REDIS_URL before anything relies on them."""

import socket
import struct
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from quality_harness.gate import CouldNotRun

PATIENCE = 3.0
# Where libpq looks for the socket of a server without a name: Debian's folder, and its own default.
SOCKET_FOLDERS = ("/var/run/postgresql", "/tmp")
QUOTING = "percent-encode the special characters of its user name and password"


@dataclass(frozen=True)
class Kind:
    """What the address of one kind of server looks like, and how such a server answers.

    Attributes:
        variable: the one that holds the address.
        product: what is to answer there.
        schemes: the address's.
        socket_schemes: those of them that name the path of a unix socket.
        encrypted_schemes: those of them whose server wants TLS first; it is not greeted.
        port: the default.
        example: an address.
        greeting: what needs no password.
        answers: the first byte of each answer to it.
    """

    variable: str
    product: str
    schemes: tuple[str, ...]
    socket_schemes: tuple[str, ...]
    encrypted_schemes: tuple[str, ...]
    port: int
    example: str
    greeting: bytes
    answers: bytes


KINDS = (
    Kind(
        "DATABASE_URL",
        "PostgreSQL",
        # Those that django-environ knows.
        ("postgresql", "postgres", "psql", "pgsql", "postgis"),
        (),
        (),
        5432,
        "postgresql://user:password@host:5432/name",
        # SSLRequest; the answers are S (yes), N (no) and E (an error).
        struct.pack("!ii", 8, 80877103),
        b"SNE",
    ),
    Kind(
        "REDIS_URL",
        "Redis or Valkey",
        ("redis", "rediss", "valkey", "valkeys", "unix"),
        ("unix",),
        ("rediss", "valkeys"),
        6379,
        "redis://:password@host:6379/0",
        # The answers are +PONG, and an error such as -NOAUTH.
        b"PING\r\n",
        b"+-",
    ),
)


@dataclass(frozen=True)
class Target:
    """Where to connect to: a host and a port, or the path of a unix socket."""

    host: str
    port: int
    is_encrypted: bool = False

    @property
    def path(self) -> str | None:
        """The unix socket's path, None for a host."""
        return self.host if self.host.startswith("/") else None

    def __str__(self) -> str:
        return self.path or f"{self.host}:{self.port}"


def check_reachable(environ: Mapping[str, str]) -> None:
    """Check that the servers named in the environment can be connected to.

    A variable that is not set is none of this function's business.

    Args:
        environ: such as os.environ.

    Raises:
        CouldNotRun: a variable is malformed, or no such server answers within three seconds.
    """
    for kind in KINDS:
        url = environ.get(kind.variable)
        if url:
            _connect(kind, _target(kind, url, environ))


def _target(kind: Kind, url: str, environ: Mapping[str, str]) -> Target:
    """Return where `url` leads. Messages never quote it: it holds a password."""
    parts = _split(kind, url)
    if parts.scheme not in kind.schemes:
        raise _malformed(kind, "its scheme is unknown")
    if parts.scheme in kind.socket_schemes:
        host = unquote(parts.path)
    else:
        query = parse_qs(parts.query)
        host = query.get("host", [unquote(parts.hostname or "")])[0]
    port = _port(kind, parts)
    if kind.variable == "DATABASE_URL":
        return _postgres_target(host or environ.get("PGHOST", ""), port)
    if not host:
        raise _malformed(kind, "it names no host")
    return Target(host, port, parts.scheme in kind.encrypted_schemes)


def _postgres_target(host: str, port: int) -> Target:
    """Return where libpq connects to; that is a socket in a default folder without a host."""
    folders = SOCKET_FOLDERS if not host else (host,) if host.startswith("/") else ()
    paths = [f"{folder}/.s.PGSQL.{port}" for folder in folders]
    present = [path for path in paths if Path(path).exists()]
    return Target([*present, *paths, host][0], port)


def _split(kind: Kind, url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
    except ValueError:
        raise _malformed(kind, "its host is not well-formed") from None
    if "@" in parts.path + parts.query + parts.fragment:
        raise _malformed(kind, QUOTING)
    return parts


def _port(kind: Kind, parts: SplitResult) -> int:
    try:
        port = parts.port
    except ValueError:
        raise _malformed(kind, f"its port is not a number up to 65535; or {QUOTING}") from None
    return kind.port if port is None else port


def _malformed(kind: Kind, what: str) -> CouldNotRun:
    return CouldNotRun(f"{kind.variable} is malformed: {what}. It looks like {kind.example}.")


def _connect(kind: Kind, target: Target) -> None:
    deadline = time.monotonic() + PATIENCE
    try:
        client = _open(target)
    except OSError as error:
        raise CouldNotRun(
            f"{kind.variable} names a server at {target} that cannot be connected to: "
            f"{error.strerror or error}. Start it, or unset {kind.variable} to have one started."
        ) from error
    with client:
        if not target.is_encrypted and not _is_kind(kind, client, deadline):
            raise CouldNotRun(
                f"{kind.variable} names {target}, but something else answers there, "
                f"not {kind.product}. Name the right server, or unset {kind.variable} to have "
                "one started."
            )


def _open(target: Target) -> socket.socket:
    if not target.path:
        return socket.create_connection((target.host, target.port), PATIENCE)
    client = socket.socket(socket.AF_UNIX)
    try:
        client.settimeout(PATIENCE)
        client.connect(target.path)
    except OSError:
        client.close()
        raise
    return client


def _is_kind(kind: Kind, client: socket.socket, deadline: float) -> bool:
    """Whether the server answers a greeting as its kind does, before the deadline."""
    try:
        client.settimeout(max(deadline - time.monotonic(), 0.001))
        client.sendall(kind.greeting)
        answer = client.recv(1)
    except OSError:
        return False
    return answer != b"" and answer in kind.answers
