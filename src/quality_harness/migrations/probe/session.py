"""One run of the probe inside of the process that has Django set up."""

import gc
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, closing
from pathlib import Path
from typing import Any

import django
from django.apps import apps
from django.conf import settings
from django.contrib.admin.apps import AdminConfig, SimpleAdminConfig
from django.db import DEFAULT_DB_ALIAS, Error, connection, connections, router
from django.db.backends.postgresql.base import Database
from django.db.migrations.state import ProjectState
from django.db.models import Field

from quality_harness.migrations.probe import cloning, running
from quality_harness.migrations.probe.databases import POSTGRES, Server, empty, serving, settings_of
from quality_harness.migrations.probe.editing import compare
from quality_harness.migrations.probe.evidence import Answer, Evidence, Proof, Wish
from quality_harness.migrations.probe.history import Broken, History, Step, load
from quality_harness.migrations.probe.opening import opened_meanwhile
from quality_harness.migrations.probe.proving import Prover
from quality_harness.migrations.probe.rules import UNPROVED
from quality_harness.migrations.probe.saving import first_line

# Rendered models are many objects that live as long as the process, which is seconds; looking
# through them again and again took a seventh of its time.
_OBJECTS_BEFORE_A_COLLECTION = 1_000_000


def answer(wish: Wish) -> Answer:
    """Do what is asked for; a problem is part of the answer."""
    started = time.perf_counter()
    gc.set_threshold(_OBJECTS_BEFORE_A_COLLECTION)
    Field.clone = cloning.clone
    try:
        engine = _load_settings(wish)
    except Exception as error:
        return Answer(problem=f"The project's settings cannot be loaded: {first_line(error)}")
    try:
        with serving(wish.url) if not wish.database else closing(Server(wish.url)) as server:
            name = wish.database or server.name()
            _redirect(wish.url, name, engine)
            with _opening(wish, server, name):
                try:
                    django.setup()
                except Exception as error:
                    return Answer(problem=f"The project cannot be imported: {first_line(error)}")
                connection.ensure_connection()
            try:
                proofs = tuple(prove_all(wish, server, name))
            finally:
                connection.close()
    except Broken as error:
        return Answer(problem=f"Nothing was proved: {error}")
    except (Error, Database.Error) as error:
        return Answer(problem=f"PostgreSQL did not answer to the end: {first_line(error)}")
    return Answer(proofs, "", time.perf_counter() - started)


def _opening(wish: Wish, server: Server, name: str) -> AbstractContextManager[None]:
    """Make the database and connect to it while the project is imported."""
    wrapper = connections[DEFAULT_DB_ALIAS]
    if wish.database:
        return opened_meanwhile(wrapper, lambda: None, empty)
    return opened_meanwhile(wrapper, lambda: server.make(name), lambda cursor: None)


def prove_all(wish: Wish, server: Server, name: str) -> Iterator[Proof]:
    """Give the proof of each migration that is asked for.

    Args:
        wish: what is asked for.
        server: on which the database is.
        name: an empty database, to which the default alias leads.

    Raises:
        Broken: the migrations have no order, or one of them does not run on empty tables.
    """
    history = load(Path(wish.root), wish.judged)
    for path in history.missing:
        says = "no installed app reads it, or a squashed migration stands in its place"
        yield Proof(path, (Evidence(UNPROVED.code, says),), complete=False)
    done: list[Step] = []
    prover = Prover(server, name, lambda: _rebuild(history, done))
    state = _first_state(history)
    for chain in _chains(_needed(history.steps, wish), together=wish.together):
        for step in chain:
            if step.path in wish.edited:
                yield edit_of(step, state, wish, alone=len(chain) == 1)
        if not any(step.judged for step in chain):
            state = _advance(chain[0], state)
            done += chain
            continue
        proved = prover.prove(state, chain)
        yield from proved.proofs
        if not wish.together:
            state = _repeated(chain[0], proved.runs[0])
            done += chain


def edit_of(step: Step, state: Any, wish: Wish, *, alone: bool) -> Proof:
    """Return what became of a migration of the base by its edit.

    Args:
        step: the migration.
        state: before its chain.
        wish: what is asked for.
        alone: nothing else is in its chain; where it follows new migrations, it cannot be tried
            on the base.
    """
    if alone:
        return compare(step, state, wish.edited[step.path])
    says = "it is edited so that it runs after new migrations, and cannot be tried on the base"
    return Proof(step.path, (Evidence(UNPROVED.code, says),), complete=False)


def _needed(steps: Sequence[Step], wish: Wish) -> Sequence[Step]:
    """Return the steps up to the last one that something is asked about."""
    asked = (n for n, step in enumerate(steps, 1) if step.judged or step.path in wish.edited)
    return steps[: max(asked, default=0)]


def _chains(steps: Sequence[Step], *, together: bool) -> Iterator[Sequence[Step]]:
    first = next((n for n, step in enumerate(steps) if step.judged), len(steps))
    alone = steps[:first] if together else steps
    yield from ([step] for step in alone)
    if together and first < len(steps):
        yield steps[first:]


def _first_state(history: History) -> Any:
    unmigrated = history.loader.unmigrated_apps
    with connection.schema_editor() as editor:
        for label in sorted(unmigrated):
            config = apps.get_app_config(label)
            for model in router.get_migratable_models(config, DEFAULT_DB_ALIAS):
                if model._meta.can_migrate(connection):
                    editor.create_model(model)
    state = ProjectState(real_apps=unmigrated)
    # Rendered once; each migration then renders what it changes.
    _ = state.apps
    return state


def _rebuild(history: History, done: Sequence[Step]) -> None:
    """Make the database anew, and run on it what has been done."""
    with connection.cursor() as cursor:
        empty(cursor)
    state = _first_state(history)
    for step in done:
        state = _advance(step, state)


def _advance(step: Step, state: Any) -> Any:
    try:
        return running.apply(step.migration, state)
    except Exception as error:
        raise Broken(f"{step.name} cannot be applied: {first_line(error)}") from error


def _repeated(step: Step, run: running.Run) -> Any:
    """Run a migration again, now that the rows which it was proved on are gone."""
    try:
        return run.again()
    except Exception as error:
        raise Broken(
            f"{step.name} cannot be applied to empty tables: {first_line(error)}"
        ) from error


def _load_settings(wish: Wish) -> str:
    """Load the settings, or make some; return the engine of the default database."""
    if wish.installed:
        settings.configure(
            INSTALLED_APPS=list(wish.installed),
            MIGRATION_MODULES=dict(wish.modules),
            DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
            SECRET_KEY="probe",
            USE_TZ=True,
            LOGGING_CONFIG=None,
        )
    engine = str(settings.DATABASES.get(DEFAULT_DB_ALIAS, {}).get("ENGINE", ""))
    return engine if "postg" in engine else POSTGRES


def _redirect(url: str, name: str, engine: str) -> None:
    """Have the default alias lead to the probe's own database, and every other one to none."""
    none = {"ENGINE": "django.db.backends.dummy"}
    names = {alias: dict(none) for alias in settings.DATABASES}
    settings.DATABASES = names | {DEFAULT_DB_ALIAS: settings_of(url, name, engine)}
    settings.DATABASE_ROUTERS = []
    # A project's own subclass of it, too, must not import every admin.py, which takes long.
    AdminConfig.ready = SimpleAdminConfig.ready
    vars(connections).pop("settings", None)
