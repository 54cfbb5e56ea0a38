"""Makes test databases by copying a template, which is built once for many runs.

`prepare` is called by the pytest plugin and by the Django runner before Django sets the databases
up: it builds the templates where they are missing, and gives each PostgreSQL connection a
`creation` that copies them. All else, mirrors, names and teardown, stays Django's.
"""

import functools
import hashlib
import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connections
from django.db.migrations import Migration
from django.test.utils import get_unique_databases_and_mirrors, setup_databases

from quality_harness.gate import CouldNotRun
from quality_harness.testing import emptying
from quality_harness.testing.databases import database_names, fill, only
from quality_harness.testing.options import CLOCK
from quality_harness.testing.server import TEMPLATE, Server, TemplateIsGone, copy_name, lock_key
from quality_harness.testing.template_key import template_key

_ATTEMPTS = 3


class Template:
    """The template of one database, the server on which it lies, and the copy of this run."""

    def __init__(self, connection: Any, server: Server, number: int) -> None:
        self.connection = connection
        self.creation = connection.creation
        self.server = server
        self.number = number
        self.name = ""
        # Empty while the template is built: then Django is to migrate.
        self.copy = ""


class CopyingCreation:
    """What `connection.creation` does otherwise; mixed into the backend's own class."""

    template: Template
    connection: Any

    def create_test_db(self: Any, verbosity: int = 1, **options: Any) -> str:
        """Take the copy that was made, or migrate the template."""
        name: str = self.template.copy
        if not name:
            name = super().create_test_db(verbosity=verbosity, **options)  # type: ignore[misc]
            return name
        if verbosity >= 1:
            shown = self._get_database_display_str(verbosity, name)
            self.log(f"Using a copy of the template as test database for alias {shown}...")
        self.connection.close()
        settings.DATABASES[self.connection.alias]["NAME"] = name
        self.connection.settings_dict["NAME"] = name
        return name

    def serialize_db_to_string(self: Any) -> str:
        """Return nothing to load: what is restored after a test is there before the next one."""
        return "[]"

    def _get_test_db_name(self: Any) -> str:
        name: str = self.template.name
        if self.template.copy:
            name = super()._get_test_db_name()  # type: ignore[misc]
        return name

    def _create_test_db(self: Any, *_arguments: Any, **_options: Any) -> str:
        self.template.server.make(self.template.name, self.sql_table_creation_suffix())
        return str(self.template.name)

    def _clone_test_db(self: Any, suffix: str, *_arguments: Any, **_options: Any) -> None:
        self.connection.close()
        self.connection.close_pool()
        name = self.get_test_db_clone_settings(suffix)["NAME"]
        self.template.server.copy(self.connection.settings_dict["NAME"], name)

    def _destroy_test_db(self: Any, test_database_name: str, verbosity: int) -> None:
        self.connection.close()
        self.connection.close_pool()
        self.template.server.drop(test_database_name)


def prepare(
    *, root: Path, seed: str, aliases: Sequence[str] | None, anew: bool = False, verbosity: int = 1
) -> bool:
    """Copy the templates, and let Django's next `setup_databases` take the copies.

    Args:
        root: the project's folder.
        seed: "module:function", or empty.
        aliases: those that Django is going to be asked for; all where None.
        anew: build the templates although they are there.
        verbosity: as Django has it.

    Returns:
        whether the copies hold what the seed writes; where other databases than PostgreSQL's take
        part, the seed is still to be called.

    Raises:
        CouldNotRun: the templates cannot be built, or not be copied.
    """
    chosen = _chosen(aliases)
    ours = [connection for connection in chosen if connection.vendor == "postgresql"]
    if not ours:
        return False
    whole = len(ours) == len(chosen)
    templates = _templates(ours)
    try:
        project = Project(root, seed if whole else "", templates, verbosity)
        project.copy(anew=anew)
    except BaseException:
        for template in templates:
            template.server.close()
            template.connection.creation = template.creation
        raise
    emptying.restore_after_tests()
    return whole


def template_prefix(root: Path, names: Sequence[str]) -> str:
    """Return how the names of a project's templates for the instant of this run begin.

    Args:
        root: the project's folder.
        names: those of its databases, as the settings have them.
    """
    place = repr((os.path.realpath(root), list(names), os.environ.get(CLOCK, "")))
    return f"{TEMPLATE}{hashlib.sha256(place.encode()).hexdigest()[:8]}_"


class Project:
    """What is built together: the templates of one project for one set of databases."""

    def __init__(self, root: Path, seed: str, templates: list[Template], verbosity: int) -> None:
        self.seed = seed
        self.templates = templates
        self.verbosity = verbosity
        self.servers = list(dict.fromkeys(template.server for template in templates))
        names = [template.connection.settings_dict["NAME"] for template in templates]
        prefix = template_prefix(root, names)
        key = template_key(
            [template.connection for template in templates],
            seed=seed,
            root=root,
            versions=[server.version for server in self.servers],
        )
        for template in templates:
            template.name = f"{prefix}{key}_{template.number}"
        self.prefix = prefix
        self.lock = lock_key(templates[0].name)

    def copy(self, *, anew: bool = False) -> None:
        """Copy the templates, built before where they are not whole.

        Args:
            anew: build them in any case.

        Raises:
            CouldNotRun: they cannot be built, or not be copied.
        """
        for server in self.servers:
            server.drop_leftovers()
        if anew:
            self._build(anew=True)
        for _ in range(_ATTEMPTS):
            # Nobody drops or builds them between the look and the copy, but for people by hand.
            with self._locked(shared=True), suppress(TemplateIsGone):
                if self._are_whole():
                    return self._copy()
            self._build()
        raise CouldNotRun("The template databases are dropped as soon as they are built. By whom?")

    def _copy(self) -> None:
        names = {}
        for template in self.templates:
            server = template.server
            names[template] = copy_name(_own_name(template), server.key, template.number)
            server.use(template.name)
            server.copy(template.name, names[template])
        for template, name in names.items():
            template.copy = name

    def _are_whole(self) -> bool:
        return all(template.server.is_whole(template.name) for template in self.templates)

    @contextmanager
    def _locked(self, *, shared: bool) -> Iterator[None]:
        with ExitStack() as stack:
            for server in self.servers:
                stack.enter_context(server.locked(self.lock, shared=shared))
            yield

    def _build(self, *, anew: bool = False) -> None:
        with self._locked(shared=False):
            # Another process may have built them while this one waited.
            if not anew and self._are_whole():
                return
            self._drop()
            try:
                self._fill()
                for template in self.templates:
                    template.server.finish(template.name)
            except BaseException:
                self._drop()
                raise
        for server in self.servers:
            server.drop_old_templates(self.prefix)

    def _drop(self) -> None:
        for template in self.templates:
            template.server.drop(template.name)

    def _fill(self) -> None:
        """Let Django make and migrate the templates, seed them, and note what they hold."""
        before = database_names()
        aliases = [template.connection.alias for template in self.templates]
        try:
            with only(set(aliases), "A migration"), _in_this_order(self.templates):
                _migrate(aliases, self.verbosity)
            if self.seed:
                fill(self.seed, before)
            for template in self.templates:
                emptying.take_snapshot(template.connection)
        finally:
            # Nobody may be connected to a template that is copied, or dropped.
            for alias, name in before.items():
                if connections[alias].settings_dict["NAME"] != name:
                    connections[alias].close()
                    connections[alias].settings_dict["NAME"] = name
                    settings.DATABASES[alias]["NAME"] = name
            for template in self.templates:
                template.connection.close_pool()


@contextmanager
def _in_this_order(templates: list[Template]) -> Iterator[None]:
    """Let each database depend on the one before it alone: others do not take part."""
    before: list[str] = []
    tests = [template.connection.settings_dict["TEST"] for template in templates]
    with ExitStack() as stack:
        for template, test in zip(templates, tests, strict=True):
            stack.callback(template.connection.settings_dict.__setitem__, "TEST", test)
            template.connection.settings_dict["TEST"] = {**test, "DEPENDENCIES": before[-1:]}
            before.append(template.connection.alias)
        yield


def _migrate(aliases: list[str], verbosity: int) -> None:
    try:
        setup_databases(verbosity, False, aliases=aliases, serialized_aliases=())
    except CouldNotRun:
        raise
    except (Exception, SystemExit) as error:
        raise CouldNotRun(
            f"The template of the test database cannot be built: {_culprit(error)}"
            f"{type(error).__name__}: {error}"
        ) from error


def _culprit(error: BaseException) -> str:
    """Name the migration that raised."""
    trace, found = error.__traceback__, ""
    while trace is not None:
        migration = trace.tb_frame.f_locals.get("self")
        if isinstance(migration, Migration):
            found = f"migration {migration.app_label}.{migration.name}: "
        trace = trace.tb_next
    return found


def _own_name(template: Template) -> str:
    """Return the name that Django gives to the test database."""
    return str(template.creation._get_test_db_name())


def _chosen(aliases: Sequence[str] | None) -> list[Any]:
    """Return the connection that each database is made over."""
    databases, _ = get_unique_databases_and_mirrors(aliases)
    return [connections[alias] for _, (alias, *_) in databases.values()]


def _templates(found: Sequence[Any]) -> list[Template]:
    servers: dict[tuple[str, ...], Server] = {}
    templates = []
    for number, connection in enumerate(found):
        if isinstance(connection.creation, CopyingCreation):
            # Set up once more in this process: what was copied before is over.
            connection.creation.template.server.close()
            connection.creation = connection.creation.template.creation
        place = tuple(str(connection.settings_dict[key]) for key in ("HOST", "PORT", "USER"))
        server = servers.setdefault(place, Server(connection))
        template = Template(connection, server, number)
        base: Any = type(template.creation)
        connection.creation = _creation(base)(connection)
        connection.creation.template = template
        templates.append(template)
    return templates


@functools.cache
def _creation(base: type) -> Any:
    return type("CopyingCreation", (CopyingCreation, base), {})
