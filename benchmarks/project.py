"""How much processor time a whole project costs: the static migration gate beside two others.

Each checker judges every migration as a process of its own, from its start to its end, and the
processor time of that process and its children counts; the PostgreSQL server's does not, which
only the others use. Ours runs five times and the least counts, the others run once.

The project is a generated one of NetBox's size and shape (see `_generated_project`), or a
checkout with an interpreter that has its requirements and both other checkers installed:

    make bench NAME=project ARGS="--project DIR --settings shop.settings --python ENV/bin/python"

Its settings are used but for the database, which is an empty one; `--apps` limits the others to
the apps that stand in the checkout.

Exit codes: 0 every goal is met, 1 one is missed, 2 nothing was measured.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict
from rich.console import Console

from benchmarks._generated_project import write_project
from benchmarks._peers import PEERS, ROOT, peers_environment
from benchmarks.figures import Figure, conclude, print_table
from quality_harness import services
from quality_harness.gate import CouldNotRun

OURS = "quality-harness"
RUNS = 5
LINTER, SAFE = PEERS
GOALS = {LINTER: 300, SAFE: 50}
# The command and its options, the app that brings it, what it says at its end, what limits it to
# some apps. Without the option, the linter stops at the first migration whose SQL wants more of
# the database than an empty one has.
COMMANDS = {
    LINTER: (
        ("lintmigrations", "--ignore-sqlmigrate-errors"),
        "django_migration_linter",
        "*** Summary ***",
        ("--include-apps",),
    ),
    SAFE: (("check_migrations",), "django_safe_migrations", "", ()),
}
WRAPPER = """\
from {settings} import *
INSTALLED_APPS = [*INSTALLED_APPS, "{app}"]
DATABASES = {{"default": {database!r}}}
"""


@dataclass(frozen=True)
class Project:
    """What is judged.

    Attributes:
        folder: where its packages are imported from.
        settings: its settings module.
        python: an interpreter that has what it needs, and the other checkers.
        apps: the labels that the others are limited to; all where empty.
    """

    folder: Path
    settings: str
    python: Path
    apps: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ran:
    """One process that has ended.

    Attributes:
        cpu: its seconds of processor time, with its children's.
        code: its exit code.
        output: what it printed.
        errors: what it printed on standard error.
    """

    cpu: float
    code: int
    output: str
    errors: str


def main(argv: Sequence[str]) -> int:
    """Run the benchmark and return the exit code."""
    options = _options(argv)
    try:
        with tempfile.TemporaryDirectory() as name, _database() as database:
            work = Path(name).resolve()
            project = _project(options, work)
            migrations, ours = _ours(project.folder)
            peers = {peer: _peer(project, peer, database, work) for peer in PEERS}
    except CouldNotRun as problem:
        print(f"Nothing was measured: {problem}", file=sys.stderr)
        return 2
    console = Console(width=None if sys.stdout.isatty() else 160)
    rows = [(OURS, f"{ours:.2f}", "1")]
    rows += [(peer, f"{cpu:.2f}", f"{cpu / ours:.0f}") for peer, cpu in peers.items()]
    title = f"{migrations} migrations of {options.project or 'a generated project'}"
    print_table(console, title, ("checker", "CPU s", "times ours"), rows)
    return conclude(
        [
            Figure("migrations", migrations, 250, "at_least"),
            *(
                Figure(f"times_{peer}", round(cpu / ours, 1), GOALS[peer], "at_least")
                for peer, cpu in peers.items()
            ),
        ]
    )


def _options(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="project", description=__doc__.partition("\n")[0])
    parser.add_argument("--project", type=Path, metavar="DIR", help="a checkout to judge instead")
    parser.add_argument("--settings", metavar="MODULE", help="its settings")
    parser.add_argument("--python", type=Path, help="an interpreter that has all it needs")
    parser.add_argument("--apps", default="", help="the checkout's apps, with commas between")
    options = parser.parse_args(argv)
    if options.project and not (options.settings and options.python):
        parser.error("--project wants --settings and --python too")
    return options


def _project(options: argparse.Namespace, work: Path) -> Project:
    if not options.project:
        write_project(work / "project")
        return Project(work / "project", "config.settings", peers_environment())
    apps = tuple(label for label in options.apps.split(",") if label)
    # Not resolved: what makes an interpreter an environment's is the link's place.
    python = Path(os.path.abspath(options.python))
    return Project(options.project.resolve(), options.settings, python, apps)


def _ours(folder: Path) -> tuple[int, float]:
    """Return how many migrations were judged, and the least processor time of some runs."""
    command = [str(Path(sys.executable).with_name(OURS)), "migrations"]
    report = _run([*command, "--format", "json"], folder)
    runs = [_run(command, folder) for _ in range(RUNS)]
    if any(ran.code == 2 for ran in (report, *runs)):
        raise CouldNotRun(f"{OURS} could not run: {report.output.strip()[-300:]}")
    return json.loads(report.output)["checked"], min(ran.cpu for ran in runs)


def _peer(project: Project, peer: str, database: dict[str, str], work: Path) -> float:
    """Return the processor time of another checker."""
    command, app, end, limit = COMMANDS[peer]
    wrapper = WRAPPER.format(settings=project.settings, app=app, database=database)
    (work / f"settings_for_{app}.py").write_text(wrapper, encoding="utf-8")
    limits = [*limit, *project.apps] if project.apps else []
    settings = {
        "PYTHONPATH": os.pathsep.join((str(project.folder), str(work))),
        "DJANGO_SETTINGS_MODULE": f"settings_for_{app}",
    }
    arguments = [str(project.python), "-W", "ignore", "-m", "django", *command, *limits]
    ran = _run(arguments, project.folder, settings)
    if ran.code not in (0, 1) or "Traceback" in ran.errors or end not in ran.output:
        raise CouldNotRun(f"{peer} stopped: {(ran.errors or ran.output).strip()[-600:]}")
    return ran.cpu


def _run(command: Sequence[str], folder: Path, more: dict[str, str] | None = None) -> Ran:
    """Run a command to its end and count its processor time."""
    environment = {**os.environ, **(more or {})}
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=output, stderr=errors
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        texts = []
        for stream in (output, errors):
            stream.seek(0)
            texts.append(stream.read().decode(errors="replace"))
    return Ran(usage.ru_utime + usage.ru_stime, process.returncode, *texts)


@contextmanager
def _database() -> Iterator[dict[str, str]]:
    """Make an empty database for the others; give Django's settings for it."""
    url = services.database_url("test", ROOT)
    name = f"bench_project_{os.getpid()}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        try:
            parts = conninfo_to_dict(url)
            yield {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": name,
                **{
                    key.upper(): str(parts.get(key) or "")
                    for key in ("user", "password", "host", "port")
                },
            }
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")
