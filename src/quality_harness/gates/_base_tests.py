"""Runs the tests of the base, with the code of the base, on the schema of the head."""

import io
import json
import os
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from quality_harness import services
from quality_harness.config import TABLE, read_options, read_table
from quality_harness.finding import Finding, Location
from quality_harness.gate import Changes, CouldNotRun, Project
from quality_harness.gates import tests
from quality_harness.migrations.probe.rules import BASE_TEST_FAILS
from quality_harness.testing.outcome import Failure, Outcome
from quality_harness.tool import last_line, require, run_module

_LENDING = "quality_harness.migrations.probe.lending"
_SETTINGS, _BACKEND = "quality_harness_prepared_settings", "quality_harness_prepared_backend"
_OWN, _DATABASE = "QUALITY_HARNESS_OWN_SETTINGS", "QUALITY_HARNESS_PREPARED"
_ENGINE = "QUALITY_HARNESS_OWN_ENGINE"
_FILES = {
    # The settings of the project, whose default database is the one that is lent.
    f"{_SETTINGS}.py": f"""\
import importlib, json, os

_own = importlib.import_module(os.environ["{_OWN}"])
globals().update({{name: getattr(_own, name) for name in dir(_own) if name.isupper()}})
_given = globals().get("DATABASES", {{}})
_lent = json.loads(os.environ["{_DATABASE}"])
_engine = _given.get("default", {{}}).get("ENGINE", "")
os.environ["{_ENGINE}"] = _engine if "postg" in _engine else _lent["ENGINE"]
DATABASES = {{alias: {{**one, "TEST": {{"MIRROR": "default"}}}} for alias, one in _given.items()}}
DATABASES["default"] = {{**_lent, "ENGINE": "{_BACKEND}"}}
""",
    # A table that only the head has may refer to one that the base's tests empty.
    f"{_BACKEND}/base.py": f"""\
import importlib, os

_own = importlib.import_module(os.environ["{_ENGINE}"] + ".base").DatabaseWrapper


class _Operations(_own.ops_class):
    def sql_flush(self, style, tables, *, reset_sequences=False, allow_cascade=False):
        return super().sql_flush(
            style, tables, reset_sequences=reset_sequences, allow_cascade=True
        )


class DatabaseWrapper(_own):
    ops_class = _Operations
""",
}


@dataclass(frozen=True)
class Ran:
    """What the tests of the base say about the head's schema.

    Attributes:
        findings: those that fail on the head's schema and pass on the base's.
        note: how many ran, and which fail on both.
    """

    findings: tuple[Finding, ...]
    note: str


def run(project: Project, url: str) -> Ran:
    """Run the base's tests on the head's schema, and again on their own where some fail.

    Args:
        project: with a base.
        url: the PostgreSQL server.

    Raises:
        CouldNotRun: a schema cannot be made, or the tests do not run.
    """
    if project.changes.base is None:
        raise CouldNotRun("The base's tests need a base. Name one: --base REV")
    with _export(project.root, project.changes.base) as folder, _settings() as own:
        base = _project_of(folder, project)
        place = _Place(url, own, _servers(project, base, url))
        found = _outcome(project, base, place)
        red = _outcome(base, base, place).failures if found.failures else ()
    known = {(each.path, each.name) for each in red}
    new = [each for each in found.failures if (each.path, each.name) not in known]
    old = [each.name for each in found.failures if (each.path, each.name) in known]
    note = f"{found.tests} tests of the base ran on the new schema"
    if old:
        note = f"{note}, {len(old)} of them fail on the old one too: {', '.join(old)}"
    return Ran(tuple(map(_finding, new)), note)


def _finding(failure: Failure) -> Finding:
    message = f"{failure.name} of the base fails on the new schema: {failure.message}"
    location = Location(failure.path, failure.line)
    return BASE_TEST_FAILS.finding(location, message, BASE_TEST_FAILS.instead)


@contextmanager
def _export(root: Path, commit: str) -> Iterator[Path]:
    """Give a folder with the files of a commit, as they stand below `root`."""
    done = subprocess.run(
        ["git", "archive", "--format=tar", commit], cwd=root, capture_output=True, check=False
    )
    if done.returncode:
        raise CouldNotRun(f"The base cannot be checked out: {last_line(done.stderr.decode())}")
    with tempfile.TemporaryDirectory(prefix="quality-harness-base-") as name:
        folder = Path(name).resolve()
        with tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
            archive.extractall(folder, filter="tar")
        yield folder


@contextmanager
def _settings() -> Iterator[str]:
    """Give a folder with the settings that lead to a lent database."""
    with tempfile.TemporaryDirectory(prefix="quality-harness-settings-") as name:
        Path(name, _BACKEND).mkdir()
        for file, text in _FILES.items():
            Path(name, file).write_text(text, encoding="utf-8")
        yield name


def _servers(head: Project, base: Project, url: str) -> dict[str, str]:
    """Return where the servers are, so that the base's settings start none of their own."""
    if not base.options.services:
        return {"DATABASE_URL": url}
    return {"DATABASE_URL": url, "REDIS_URL": services.redis_url("test", head.root)}


def _project_of(folder: Path, head: Project) -> Project:
    """Return the base as a project, with the configuration that it has itself."""
    table = read_table(folder)
    options = read_options(table.get("tests", {}), tests.Options, f"{TABLE}.tests")
    return Project(
        folder,
        (),
        Changes.all_new((), ""),
        replace(options, coverage=False),
        python_path=tuple(table.get("python_path", head.python_path)),
        settings=table.get("settings", head.settings),
    )


@dataclass(frozen=True)
class _Place:
    """Where tests run.

    Attributes:
        url: the PostgreSQL server.
        folder: one with the settings that lead to a lent database.
        servers: variables that name the servers for settings that look for them.
    """

    url: str
    folder: str
    servers: Mapping[str, str]

    def environment(self, project: Project, database: Mapping[str, Any]) -> dict[str, str]:
        """Return the variables with which a process has `database` as its default one."""
        found = {**os.environ, **project.environment()}
        return {
            **self.servers,
            "PYTHONPATH": os.pathsep.join([found["PYTHONPATH"], self.folder]),
            "DJANGO_SETTINGS_MODULE": _SETTINGS,
            _OWN: found.get("DJANGO_SETTINGS_MODULE", ""),
            _DATABASE: json.dumps(database),
        }


def _outcome(schema: Project, base: Project, place: _Place) -> Outcome:
    """Make the schema of a project, and run the base's tests on it."""
    with _lent(place.url) as database:
        _migrate(schema, place.environment(schema, database))
        if schema is not base:
            # What the base calls done is done: its own migrations shall not run.
            _migrate(base, place.environment(base, database), "--fake")
        # The name is nobody's: tests leave it for that of the database that is there.
        test = {**database, "NAME": "none", "TEST": {"NAME": database["NAME"]}}
        options = replace(base.options, arguments=_arguments(base.options))
        outcome = tests.run(base, options, place.environment(base, test))
    for module, problem in outcome.unimportable:
        raise CouldNotRun(f"The base's tests cannot be imported: {module}: {problem}.")
    if not outcome.tests:
        raise CouldNotRun("The base has no tests that could run on the new schema.")
    return outcome


def _arguments(options: tests.Options) -> tuple[str, ...]:
    """Return the runner's arguments: one process, on the database that is there."""
    if options.runner == "django":
        return (*options.arguments, "--keepdb", "--parallel=1")
    one = ("-n0",) if find_spec("xdist") else ()
    return (*options.arguments, "--reuse-db", "--migrations", f"--ds={_SETTINGS}", *one)


def _migrate(project: Project, environment: Mapping[str, str], *arguments: str) -> None:
    command = ["migrate", "--no-input", "--skip-checks", "--verbosity=0", *arguments]
    done = run_module("django", command, cwd=project.root, extra="test", environment=environment)
    if done.returncode:
        reason = last_line(done.stderr) or "no reason given"
        raise CouldNotRun(f"The schema for the base's tests cannot be made: {reason}.")


@contextmanager
def _lent(url: str) -> Iterator[dict[str, Any]]:
    """Give the settings of a database that is there until the end of the block."""
    require("django", "test")
    with subprocess.Popen(
        [sys.executable, "-P", "-m", _LENDING, url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as lender:
        assert lender.stdin and lender.stdout and lender.stderr
        line = lender.stdout.readline()
        if not line:
            raise CouldNotRun(f"No database can be made: {last_line(lender.stderr.read())}.")
        try:
            yield json.loads(line)
        finally:
            lender.stdin.close()
            said = lender.stdout.read().strip()
            lender.wait()
    if said != "kept":
        raise CouldNotRun(
            "The base's tests made a database of their own, so they say nothing about the new "
            "schema. Leave --create-db out of the runner's arguments."
        )
