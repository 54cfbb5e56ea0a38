"""Other checkers, each kind in an environment of its own that stays for the next run."""

import subprocess
import venv
from collections.abc import Sequence
from pathlib import Path

from quality_harness.gate import CouldNotRun
from quality_harness.tool import work_folder

ROOT = Path(__file__).resolve().parents[1]
PEERS = {"django-migration-linter": "6.0.0", "django-safe-migrations": "0.7.1"}
NEEDED = ("django>=5.2,<5.3", "psycopg[binary]>=3.2")


def peers_environment() -> Path:
    """Return the interpreter of the other migration checkers' environment.

    Raises:
        CouldNotRun: they cannot be installed.
    """
    pinned = (f"{name}=={version}" for name, version in PEERS.items())
    return environment_with("peers", [*NEEDED, *pinned])


def environment_with(name: str, wanted: Sequence[str]) -> Path:
    """Return the interpreter of an environment, made where it is new.

    Args:
        name: of its folder under .quality_harness/.
        wanted: what is installed there, as pip reads it.

    Raises:
        CouldNotRun: it cannot be installed.
    """
    folder = work_folder(ROOT) / name
    python = folder / "bin" / "python"
    marker = folder / "ready"
    if marker.exists() and marker.read_text(encoding="utf-8") == "\n".join(wanted):
        return python
    venv.create(folder, with_pip=True, clear=True)
    done = subprocess.run(
        [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *wanted],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise CouldNotRun(f"{name} cannot be installed: {done.stderr.strip()[-300:]}")
    marker.write_text("\n".join(wanted), encoding="utf-8")
    return python
