"""What a suite of 300 tests and 200 migrations costs, beside pytest-django and Django's runner.

CPU seconds are those of Python and of PostgreSQL together: what the runner's processes used, and
what the server and its processes used meanwhile. Runs take turns, and the least of each kind
counts, since other work on the machine only adds. `ARGS=5` takes five rounds instead of three.

Ours is measured on its second run, as a developer has it all day; the first one, which builds the
template, is shown beside it. The floor is the same bodies with no set-up at all: pytest finds a
database that is migrated and named in the settings, nobody looks at migrations, and after a
TransactionTestCase a hand-written DELETE empties just the tables that these tests fill.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
from rich.console import Console

from benchmarks._suite_project import API, MODEL, TRANSACTIONS, UNIT, write_project
from benchmarks.figures import Figure, conclude, print_table
from quality_harness import services
from quality_harness.gate import CouldNotRun
from quality_harness.migrations.probe.databases import settings_of

ROOT = Path(__file__).resolve().parents[1]
TESTS = UNIT + MODEL + API + TRANSACTIONS
ROUNDS = 3
NAME = f"suite_{os.getpid()}"

PYTEST = ("-m", "pytest", "-q", "-p", "pytest_django.plugin", "-p", "no:cacheprovider")
XDIST = ("-p", "xdist.plugin", "-n", "2")
OURS = ("-p", "quality_harness.testing.plugin")
DJANGO = ("manage.py", "test", "--noinput", "checks")
# The floor's set-up: none.
FLOOR = """
import pytest
from django.db import connection
from django.test import TransactionTestCase

@pytest.fixture(scope="session")
def django_db_setup():
    pass

def empty(case):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM shop_model0; DELETE FROM auth_user")

TransactionTestCase._fixture_teardown = empty
"""
# Fills two tables, then empties the database in Django's way and in ours, many times each.
EMPTYING = """
import json, pathlib, statistics, time
import django
django.setup()
from django.test import TransactionTestCase
from django.test.utils import setup_databases, teardown_databases
from quality_harness.testing.templates import prepare
from shop.factories import PartFactory, UserFactory

flush = TransactionTestCase._fixture_teardown
prepare(root=pathlib.Path.cwd(), seed="", aliases=["default"], verbosity=0)
made = setup_databases(0, False, aliases=["default"])
taken = {"flush": [], "restore": []}
for _ in range(15):
    for name, empty in (("restore", TransactionTestCase._fixture_teardown), ("flush", flush)):
        PartFactory.create_batch(3)
        UserFactory()
        case = TransactionTestCase("__init__")
        started = time.perf_counter()
        empty(case)
        taken[name].append(time.perf_counter() - started)
        # Django's flush makes content types anew: they are ours to put back, outside of the clock.
        if name == "flush":
            TransactionTestCase._fixture_teardown(case)
teardown_databases(made, 0)
print(json.dumps({name: statistics.median(times) * 1000 for name, times in taken.items()}))
"""


@dataclass(frozen=True)
class Run:
    """What one run of the suite took."""

    python: float
    server: float
    wall: float

    @property
    def cpu(self) -> float:
        """Python and PostgreSQL together."""
        return self.python + self.server


@dataclass(frozen=True)
class Kind:
    """One way to run the suite."""

    name: str
    project: str
    arguments: tuple[str, ...]


KINDS = (
    Kind("pytest-django", "plain", PYTEST),
    Kind("pytest, ours", "ours", PYTEST + OURS),
    Kind("pytest, the floor", "floor", PYTEST),
    Kind("manage.py test", "plain", DJANGO),
    Kind("manage.py test, ours", "ours", DJANGO),
    Kind("pytest-django -n 2", "plain", PYTEST + XDIST),
    Kind("pytest -n 2, ours", "ours", PYTEST + OURS + XDIST),
    Kind("manage.py test --parallel 2", "plain", (*DJANGO, "--parallel", "2")),
    Kind("manage.py test --parallel 2, ours", "ours", (*DJANGO, "--parallel", "2")),
)


def main(argv: Sequence[str]) -> int:
    """Run the benchmark; see `figures.conclude` for the exit code."""
    console = Console(file=sys.stderr)
    url = services.database_url("test", ROOT)
    with tempfile.TemporaryDirectory(prefix="suite-") as folder:
        projects = _projects(Path(folder), url)
        server = Postgres(url)
        server.make_ready(projects["floor"])
        try:
            first = _run(KINDS[1], projects, server)
            runs = _least(projects, server, int(argv[0]) if argv else ROUNDS, console)
            emptying = json.loads(_python(projects["ours"], ["-c", EMPTYING]).splitlines()[-1])
        finally:
            server.drop()
    rows = [(f"{KINDS[1].name}, first run", *_cells(first))]
    rows += [(kind.name, *_cells(runs[kind.name])) for kind in KINDS]
    columns = ["suite", "CPU s", "Python", "PostgreSQL", "wall s"]
    print_table(console, f"{TESTS} tests, 200 migrations", columns, rows)
    print_table(
        console,
        "emptying after a TransactionTestCase",
        ["way", "ms"],
        [(name, f"{ms:.2f}") for name, ms in emptying.items()],
    )
    return conclude(_figures(runs, emptying))


def _figures(runs: dict[str, Run], emptying: dict[str, float]) -> list[Figure]:
    ours, django = runs["pytest, ours"], runs["manage.py test, ours"]
    ratios = [
        ("less_cpu_than_pytest_django", runs["pytest-django"].cpu / ours.cpu, 1.6),
        ("less_cpu_than_manage_py_test", runs["manage.py test"].cpu / django.cpu, 1.3),
        (
            "less_wall_with_two_workers",
            runs["pytest-django -n 2"].wall / runs["pytest -n 2, ours"].wall,
            1.8,
        ),
        ("faster_emptying_than_flush", emptying["flush"] / emptying["restore"], 30.0),
    ]
    floor = ours.cpu / runs["pytest, the floor"].cpu
    return [
        *(Figure(name, round(value, 2), goal, "at_least") for name, value, goal in ratios),
        Figure("cpu_above_the_floor", round(floor, 3), 1.25, "at_most"),
    ]


def _cells(run: Run) -> list[str]:
    return [f"{value:.2f}" for value in (run.cpu, run.python, run.server, run.wall)]


def _projects(folder: Path, url: str) -> dict[str, Path]:
    found = {}
    for name in ("plain", "ours", "floor"):
        found[name] = folder / name
        database = settings_of(url, f"{NAME}_{name}")
        kept = ("ENGINE", "NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS")
        ours = name == "ours"
        entry: dict[str, Any] = {key: database[key] for key in kept}
        write_project(found[name], entry, ours=ours, django=ours)
    (found["floor"] / "conftest.py").write_text(FLOOR, encoding="utf-8")
    return found


def _least(
    projects: dict[str, Path], server: "Postgres", rounds: int, console: Console
) -> dict[str, Run]:
    """Return the least that each kind of run took, in rounds of all kinds."""
    runs: dict[str, list[Run]] = {kind.name: [] for kind in KINDS}
    for number in range(rounds):
        with console.status(f"round {number + 1} of {rounds}"):
            for kind in KINDS:
                runs[kind.name].append(_run(kind, projects, server))
    return {
        name: Run(
            min(run.python for run in all_runs),
            min(run.server for run in all_runs),
            min(run.wall for run in all_runs),
        )
        for name, all_runs in runs.items()
    }


def _run(kind: Kind, projects: dict[str, Path], server: "Postgres") -> Run:
    """Run the suite once.

    Raises:
        CouldNotRun: a test fails, or not all of them ran.
    """
    before, started = server.cpu(), time.perf_counter()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    output = _python(projects[kind.project], kind.arguments)
    wall = time.perf_counter() - started
    now = resource.getrusage(resource.RUSAGE_CHILDREN)
    if f"{TESTS} passed" not in output and f"Ran {TESTS} tests" not in output:
        raise CouldNotRun(f"{kind.name} did not run {TESTS} tests: {output[-600:]}")
    python = now.ru_utime - used.ru_utime + now.ru_stime - used.ru_stime
    return Run(python, server.cpu() - before, wall)


def _python(folder: Path, arguments: Sequence[str]) -> str:
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={
            **{name: text for name, text in os.environ.items() if not name.startswith("PYTEST")},
            "DJANGO_SETTINGS_MODULE": "shop_settings",
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise CouldNotRun(f"{' '.join(arguments)}: {(done.stdout + done.stderr)[-2000:]}")
    return done.stdout + done.stderr


class Postgres:
    """The server: what it has used, and the floor's database."""

    def __init__(self, url: str) -> None:
        from django.db.backends.postgresql.base import Database

        settings = settings_of(url, "postgres")
        names = {"user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
        given = {key: settings[name] for key, name in names.items() if settings[name]}
        self._connection = Database.connect(dbname="postgres", **given, **settings["OPTIONS"])
        self._connection.autocommit = True
        with self._connection.cursor() as cursor:
            cursor.execute("SHOW data_directory")
            file = Path(cursor.fetchone()[0], "postmaster.pid")
        self._process = psutil.Process(int(file.read_text(encoding="utf-8").split()[0]))
        self._before = self._templates()

    def cpu(self) -> float:
        """Return what the server used up to now, with its processes that have ended."""
        # A backend is counted by the server once it has ended, a moment after its client.
        time.sleep(0.2)
        own = self._process.cpu_times()
        total = own.user + own.system + own.children_user + own.children_system
        for child in self._process.children():
            times = child.cpu_times()
            total += times.user + times.system
        return total

    def make_ready(self, project: Path) -> None:
        """Make and migrate the database that the floor finds."""
        self._run(f'CREATE DATABASE "{NAME}_floor"')
        _python(project, ["-m", "django", "migrate", "--verbosity", "0"])

    def drop(self) -> None:
        """Drop what was made."""
        made = self._templates() - self._before
        for name in (f"{NAME}_floor", *made):
            self._run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        self._connection.close()

    def _templates(self) -> set[str]:
        with self._connection.cursor() as cursor:
            cursor.execute("SELECT datname FROM pg_database WHERE datname ~ '^quality_harness_tem'")
            return {name for (name,) in cursor.fetchall()}

    def _run(self, sql: str) -> None:
        with self._connection.cursor() as cursor:
            cursor.execute(sql)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
