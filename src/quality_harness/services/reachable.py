"""Checks DATABASE_URL and REDIS_URL before anything relies on them."""

import socket
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from quality_harness.gate import CouldNotRun

PATIENCE = 3.0
QUOTING = "percent-encode the special characters of its user name and password"


@dataclass(frozen=True)
class Kind:
    """What the address of one kind of server looks like."""

    variable: str
    schemes: tuple[str, ...]
    socket_schemes: tuple[str, ...]
    port: int
    example: str


KINDS = (
    Kind(
        "DATABASE_URL",
        ("postgresql", "postgres", "postgis"),
        (),
        5432,
        "postgresql://user:password@host:5432/name",
    ),
    Kind(
        "REDIS_URL",
        ("redis", "rediss", "valkey", "valkeys"),
        ("unix",),
        6379,
        "redis://:password@host:6379/0",
    ),
)


@dataclass(frozen=True)
class Target:
    """Where to connect to: a host and a port, or the path of a unix socket."""

    host: str
    port: int

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
        CouldNotRun: a variable is malformed, or nothing answers within three seconds.
    """
    for kind in KINDS:
        url = environ.get(kind.variable)
        if url:
            _connect(kind, _target(kind, url))


def _target(kind: Kind, url: str) -> Target:
    """Return where `url` leads. Messages never quote it: it holds a password."""
    parts = _split(kind, url)
    if parts.scheme in kind.socket_schemes:
        host = unquote(parts.path)
    elif parts.scheme in kind.schemes:
        query = parse_qs(parts.query)
        host = query.get("host", [unquote(parts.hostname or "")])[0]
    else:
        raise _malformed(kind, "its scheme is unknown")
    if not host:
        raise _malformed(kind, "it names no host")
    target = Target(host, _port(kind, parts))
    if kind.variable == "DATABASE_URL" and target.path:
        return Target(f"{target.path}/.s.PGSQL.{target.port}", target.port)
    return target


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
    try:
        if target.path:
            with socket.socket(socket.AF_UNIX) as client:
                client.settimeout(PATIENCE)
                client.connect(target.path)
        else:
            socket.create_connection((target.host, target.port), PATIENCE).close()
    except OSError as error:
        raise CouldNotRun(
            f"{kind.variable} names a server at {target} that cannot be connected to: "
            f"{error.strerror or error}. Start it, or unset {kind.variable} to have one started."
        ) from error
