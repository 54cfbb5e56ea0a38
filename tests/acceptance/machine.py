"""What stands in for the host's machine: a Python with tools, a few commands, servers, a shell.

A toolkit is a virtual environment made of links to what `make setup` has installed, so that one
without a tool, or with one that does nothing, takes a tenth of a second and no network.
"""

import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import Distribution, distribution
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from quality_harness.services import environment as service_environment

ROOT = Path(__file__).resolve().parents[2]
INSTALLED = Path(sysconfig.get_path("purelib"))
SCRIPTS = Path(sysconfig.get_path("scripts"))
SYSTEM = "/usr/local/bin:/usr/bin:/bin"
# The addresses that the templates give to their service containers, and what answers there.
SERVICE_ADDRESSES = {
    "postgresql://postgres:postgres@127.0.0.1:5432/postgres": "DATABASE_URL",
    "postgresql://postgres:postgres@postgres:5432/postgres": "DATABASE_URL",
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
        database: its database's name on the shared server.
    """

    folder: Path
    database: str = "postgres"
    _toolkits: dict[Tools, Path] = field(default_factory=dict)

    def variables(self, tools: Tools, home: Path) -> dict[str, str]:
        """Return the environment that a job begins with."""
        return {
            "PATH": f"{self._toolkit(tools)}:{self._system(tools)}",
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
        real = dict(service_environment(ROOT))
        parts = urlsplit(real["DATABASE_URL"])
        real["DATABASE_URL"] = urlunsplit(parts._replace(path=f"/{self.database}"))
        return real

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


def run(
    command: Sequence[str], folder: Path, variables: Mapping[str, str], minutes: float = 5
) -> Done:
    """Run a command and return its exit code and what it printed; GNU `timeout`'s 124 after long."""
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
    absent = [distribution(name) for name in tools.missing if name != "git"]
    idle = [distribution(name) for name in tools.idle if name != "git"]
    gone = {name for one in absent for name in [*_modules(one), _metadata(one)]}
    stubbed = {name for one in idle for name in _modules(one)}
    _link(INSTALLED, packages, gone | stubbed)
    for name in stubbed:
        (packages / f"{name.removesuffix('.py')}.py").write_text(NOTHING, encoding="utf-8")
    _programs(programs, {name for one in absent for name in _scripts(one)})
    silent = {name for one in idle for name in _scripts(one)}
    for name in silent | ({"git"} & set(tools.idle)):
        _program(programs / name, "#!/bin/sh\nexit 0\n")
    _program(programs / "apt-get", APT_GET)
    return programs


def _link(source: Path, target: Path, without: Collection[str]) -> None:
    for entry in source.iterdir():
        if entry.name not in without and entry.name != "__pycache__":
            (target / entry.name).symlink_to(entry)


def _programs(target: Path, without: Collection[str]) -> None:
    """Give programs the new environment's Python: scripts name theirs in the first line."""
    for source in SCRIPTS.iterdir():
        place = target / source.name
        if source.name in without or place.is_symlink():
            continue
        with open(source, "rb") as file:
            first = file.readline()
        if first.startswith(b"#!") and b"python" in first:
            body = source.read_text(encoding="utf-8").partition("\n")[2]
            _program(place, f"#!{target / 'python'}\n{body}")
        else:
            place.symlink_to(source.resolve())


def _program(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)


def _modules(of: Distribution) -> set[str]:
    """Return the entries of site-packages that a distribution brings, without its metadata."""
    entries = {file.parts[0] for file in of.files or () if file.parts[0] not in ("..", "__pycache__")}
    found = {name for name in entries if not name.endswith((".dist-info", ".pth", ".data"))}
    if not found and not _scripts(of):
        raise Refused(f"{of.metadata['Name']} brings neither a module nor a program")
    return found


def _metadata(of: Distribution) -> str:
    return next(file.parts[0] for file in of.files or () if file.parts[0].endswith(".dist-info"))


def _scripts(of: Distribution) -> set[str]:
    return {file.name for file in of.files or () if file.parts[0] == ".."}


def copy_tree(source: Path, target: Path) -> Path:
    """Copy a folder, and return the copy."""
    shutil.copytree(source, target, symlinks=True)
    return target
