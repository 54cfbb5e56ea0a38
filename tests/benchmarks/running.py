"""Migrates each sample on PostgreSQL, each in a process of its own, and prints what failed.

Called as `python -m tests.benchmarks.running URL [NAME ...]`. A database is made beside that of the
address and dropped in the end. One line of JSON a sample: its name and the errors of each stage.
"""

import importlib
import json
import os
import sys
import tempfile
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from functools import partial
from io import StringIO
from pathlib import Path

import django
import django.core.management.commands.migrate
import django.db.backends.postgresql.base  # noqa: F401  (imported before the forks)
import psycopg
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from psycopg.conninfo import conninfo_to_dict

from benchmarks.sample_reader import Sample, read_samples
from benchmarks.sample_repository import write_files

EMPTY = """
    DO $$ DECLARE name text; BEGIN
        FOR name IN SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_|^information_schema$'
        LOOP EXECUTE format('DROP SCHEMA %I CASCADE', name); END LOOP;
        FOR name IN SELECT pubname FROM pg_publication
        LOOP EXECUTE format('DROP PUBLICATION %I', name); END LOOP;
    END $$;
    CREATE SCHEMA public;
"""


def main(url: str, names: list[str]) -> None:
    """Run the named samples, or all, and print the results."""
    chosen = [sample for sample in read_samples() if not names or sample.name in names]
    with own_database(url) as database:
        for sample in chosen:
            with tempfile.TemporaryDirectory() as folder:
                result = forked(partial(run, sample, Path(folder), database))
            print(json.dumps({"name": sample.name, **result}), flush=True)


@contextmanager
def own_database(url: str) -> Iterator[dict[str, object]]:
    """Make a database for this process; give Django's settings for it."""
    name = f"samples_{os.getpid()}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        try:
            parts = conninfo_to_dict(url)
            yield {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": name,
                **{key.upper(): parts.get(key, "") for key in ("user", "password", "host", "port")},
            }
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def forked(work: Callable[[], dict[str, str]]) -> dict[str, str]:
    """Return what `work` returns in a child process, which Django's registry dies with."""
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        try:
            # What a migration prints is no line of ours.
            with os.fdopen(writer, "w") as pipe, redirect_stdout(StringIO()):
                pipe.write(json.dumps(answer_of(work)))
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        answer = pipe.read()
    os.waitpid(child, 0)
    return json.loads(answer or '{"crash": "the process died"}')


def answer_of(work: Callable[[], dict[str, str]]) -> dict[str, str]:
    """Return what `work` returns, or how it crashed."""
    try:
        return work()
    except Exception:
        return {"crash": traceback.format_exc()}


def run(sample: Sample, folder: Path, database: dict[str, object]) -> dict[str, str]:
    """Migrate to the base, from there to the head, then to the head on an empty database.

    Returns:
        By stage ("base", "models", "head", "empty") the error, where there was one.
    """
    # Files of the same size are written within one second.
    sys.dont_write_bytecode = True
    sys.path.insert(0, str(folder))
    warnings.simplefilter("ignore")
    write_files(sample.base, folder)
    settings.configure(
        INSTALLED_APPS=sample.installed_apps,
        MIGRATION_MODULES=sample.migration_modules,
        DATABASES={"default": database},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
    )
    django.setup()
    errors: dict[str, str] = {}
    empty()
    attempt(errors, "base", migrate)
    attempt(errors, "models", compare_models)
    write_files(sample.head, folder)
    for path in sample.deleted:
        (folder / path).unlink()
    forget_modules(sample)
    attempt(errors, "head", migrate)
    empty()
    forget_modules(sample)
    attempt(errors, "empty", migrate)
    return errors


def attempt(errors: dict[str, str], stage: str, work: Callable[[], None]) -> None:
    """Do the work and record its error under the stage's name."""
    try:
        work()
    except Exception as error:
        errors[stage] = f"{type(error).__name__}: {error}"


def empty() -> None:
    """Remove all tables, whatever schema they are in."""
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute(EMPTY)


def migrate() -> None:
    """Run `migrate` as a deployment does."""
    call_command("migrate", interactive=False, verbosity=0)


def compare_models() -> None:
    """Raise where the base's models.py and migrations differ."""
    state = MigrationLoader(connection).project_state()
    changes = MigrationAutodetector(state, ProjectState.from_apps(apps))._detect_changes()
    if changes:
        found = [operation for each in changes.values() for m in each for operation in m.operations]
        raise AssertionError(f"models.py differs: {found}")


def forget_modules(sample: Sample) -> None:
    """Let the next import read the files again; models stay, as Django registered them."""
    for name in list(sys.modules):
        app, _, rest = name.partition(".")
        if app in sample.migration_modules and rest and rest != "models":
            del sys.modules[name]
            if "." not in rest:
                vars(sys.modules[app]).pop(rest, None)
    importlib.invalidate_caches()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
