"""What stands in for the host's machine: a Python with tools, a few commands, servers, a shell.

A toolkit is a virtual environment made of links to what `make setup` has installed, so that one
without a tool, or with one that does nothing, takes a tenth of a second and no network.
"""

import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import Distribution, distribution
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from psycopg.sql import SQL, Identifier
from quality_harness import services
from quality_harness.services.placement import MEMORY, has_room

ROOT = Path(__file__).resolve().parents[2]
INSTALLED = Path(sysconfig.get_path("purelib"))
SCRIPTS = Path(sysconfig.get_path("scripts"))
# Bytes that must be free there.
ROOM = 2 << 30
SYSTEM = "/usr/local/bin:/usr/bin:/bin"
# The addresses that the templates give to their service containers, and what answers there.
SERVICE_ADDRESSES = {
    "postgresql://postgres@127.0.0.1:5432/postgres": "DATABASE_URL",
    "postgresql://postgres@postgres:5432/postgres": "DATABASE_URL",
    "redis://127.0.0.1:6379/0": "REDIS_URL",
    "redis://valkey:6379/0": "REDIS_URL",
}
# GitLab's image has no git and asks Debian for it; here it is there.
APT_GET = """\
#!/bin/sh
case "$*" in
    "update -qq" | "install --yes -qq --no-install-recommends git") ;;
    *) echo "apt-get $*: not known to the acceptance runner" >&2; exit 100 ;;
esac
"""
NOTHING = "raise SystemExit(0)\n"
# What the planted project asks for, and what the machine of either host has beside it: pip-audit
# for the case that looks versions up.
ASKED = ("django", "psycopg[binary]", "redis", "django-quality-harness[static,test]")
SILENT = "#!/bin/sh\nexit 0\n"
METADATA = (".dist-info", ".pth", ".data")
OF_THE_HOST = ("pip", "lefthook", "pip-audit")


class Refused(Exception):
    """The runner does not understand what it is given, and so has judged nothing."""


@dataclass(frozen=True)
class Tools:
    """Which tools a machine has.

    Attributes:
        missing: distributions that are not installed, or "git".
        idle: distributions, or "git", in whose place something ends with 0 and says nothing.
    """

    missing: tuple[str, ...] = ()
    idle: tuple[str, ...] = ()


@dataclass
class Done:
    """A command that has ended."""

    code: int
    output: str


@dataclass
class Machine:
    """One runner: a folder, tools, and a database of its own.

    Attributes:
        folder: where everything is made.
        database: the address of its own database on the shared server.
        programs: a folder of programs that come before all others.
        servers: the addresses of the servers; empty stands for this repository's own.
    """

    folder: Path
    database: str = ""
    programs: Path | None = None
    servers: Mapping[str, str] = field(default_factory=dict)
    _toolkits: dict[Tools, Path] = field(default_factory=dict)

    def variables(self, tools: Tools, home: Path) -> dict[str, str]:
        """Return the environment that a job begins with."""
        first = f"{self.programs}:" if self.programs else ""
        return {
            "PATH": f"{first}{self._toolkit(tools)}:{self._system(tools)}",
            "HOME": str(home),
            "LANG": "C.UTF-8",
            "CI": "true",
            # What is locked is installed already; nothing may be asked of an index.
            "PIP_NO_INDEX": "1",
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        }

    def with_services(self, variables: Mapping[str, str]) -> dict[str, str]:
        """Put the real servers' addresses in place of those that the template names."""
        real = self._services()
        return {
            name: real[SERVICE_ADDRESSES[text]] if text in SERVICE_ADDRESSES else text
            for name, text in variables.items()
        }

    def _services(self) -> Mapping[str, str]:
        real = self.servers or services.environment(ROOT)
        return {**real, "DATABASE_URL": self.database or real["DATABASE_URL"]}

    def _toolkit(self, tools: Tools) -> Path:
        if tools not in self._toolkits:
            made = self.folder / f"toolkit{len(self._toolkits)}"
            self._toolkits[tools] = _make_toolkit(made, tools)
        return self._toolkits[tools]

    def _system(self, tools: Tools) -> str:
        """Return the system's PATH; where git is missing, one of links to all the rest."""
        if "git" not in tools.missing:
            return SYSTEM
        folder = self.folder / "without-git"
        if not folder.exists():
            folder.mkdir()
            for place in SYSTEM.split(":"):
                for program in Path(place).iterdir() if Path(place).is_dir() else ():
                    link = folder / program.name
                    if not program.name.startswith("git") and not link.is_symlink():
                        link.symlink_to(program)
        return str(folder)


@contextmanager
def working_folder() -> Iterator[Path]:
    """Give a folder, in memory where there is room: each case makes and drops thousands of files.

    The servers that are started for it live in it, and end with it.
    """
    # Docker gives 64 MB there, and programs that may not be run.
    place = MEMORY if has_room(MEMORY, ROOM) else None
    with tempfile.TemporaryDirectory(prefix="acceptance-", dir=place) as name:
        folder = Path(name).resolve()
        # Where root runs this, another user runs PostgreSQL.
        folder.chmod(0o711)
        try:
            yield folder
        finally:
            services.stop(folder)


@contextmanager
def database(name: str, url: str) -> Iterator[str]:
    """Make a database of that name on a server, give its address, and drop it at the end."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
    try:
        yield urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
    finally:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))


def run(
    command: Sequence[str], folder: Path, variables: Mapping[str, str], minutes: float = 5
) -> Done:
    """Run a command and return its exit code and what it printed; 124 where it takes too long."""
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=variables,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        output, _ = process.communicate(timeout=minutes * 60)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, 9)
        output, _ = process.communicate()
        return Done(124, output.decode("utf-8", "replace"))
    return Done(process.returncode, output.decode("utf-8", "replace"))


def _make_toolkit(root: Path, tools: Tools) -> Path:
    """Make a virtual environment of links and return its folder of programs."""
    known = closure([*ASKED, *OF_THE_HOST])
    gone = {canonicalize_name(name) for name in tools.missing}
    idle = {canonicalize_name(name) for name in tools.idle}
    if unknown := (gone | idle) - known - {"git"}:
        raise Refused(f"no toolkit has {', '.join(unknown)}")
    packages = root / "lib" / INSTALLED.parent.name / "site-packages"
    programs = root / "bin"
    packages.mkdir(parents=True)
    programs.mkdir()
    home = Path(sys.base_prefix, "bin")
    (root / "pyvenv.cfg").write_text(
        f"home = {home}\ninclude-system-site-packages = false\n", encoding="utf-8"
    )
    for name in ("python", "python3"):
        (programs / name).symlink_to(Path(sys.executable).resolve())
    for name in sorted(known - gone):
        _install(distribution(name), packages, programs, idle=name in idle)
    if "git" in idle:
        write_program(programs / "git", SILENT)
    write_program(programs / "apt-get", APT_GET)
    return programs


@cache
def _closure(asked: tuple[str, ...]) -> frozenset[str]:
    waiting = [Requirement(text) for text in asked]
    seen: set[tuple[str, str]] = set()
    while waiting:
        one = waiting.pop()
        name = canonicalize_name(one.name)
        for extra in ["", *sorted(one.extras)]:
            if (name, extra) in seen:
                continue
            seen.add((name, extra))
            needed = map(Requirement, distribution(one.name).requires or ())
            waiting += [
                need for need in needed if not need.marker or need.marker.evaluate({"extra": extra})
            ]
    return frozenset(name for name, _ in seen)


def closure(asked: Sequence[str]) -> frozenset[str]:
    """Return the names of all distributions that some requirements need here."""
    return _closure(tuple(asked))


def _install(one: Distribution, packages: Path, programs: Path, *, idle: bool) -> None:
    """Link what a distribution brings; in place of an idle one, something that ends with 0."""
    files = one.files or ()
    for name in {file.parts[0] for file in files} - {"..", "__pycache__"}:
        target = packages / name
        if idle and not name.endswith(METADATA):
            target.with_name(f"{name.removesuffix('.py')}.py").write_text(NOTHING, encoding="utf-8")
        elif not target.is_symlink():
            target.symlink_to(INSTALLED / name)
    for file in files:
        if file.parts[0] == "..":
            _script(SCRIPTS / file.name, programs, idle=idle)


def _script(source: Path, programs: Path, *, idle: bool) -> None:
    """Give a program the new environment's Python: a script names its own in the first line."""
    target = programs / source.name
    if idle:
        write_program(target, SILENT)
        return
    with open(source, "rb") as file:
        first = file.readline()
    if first.startswith(b"#!") and b"python" in first:
        body = source.read_text(encoding="utf-8").partition("\n")[2]
        write_program(target, f"#!{programs / 'python'}\n{body}")
    else:
        target.symlink_to(source.resolve())


def write_program(path: Path, text: str) -> None:
    """Write an executable script."""
    path.unlink(missing_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)


def copy_tree(source: Path, target: Path) -> Path:
    """Copy a folder, and return the copy."""
    shutil.copytree(source, target, symlinks=True)
    return target
