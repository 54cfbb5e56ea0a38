"""The gate `prove`: the models of the base on the new schema, on a real PostgreSQL."""

import os

from quality_harness import services
from quality_harness.gate import ChangeKind, Checked, CouldNotRun, Gate, Project
from quality_harness.migrations.checking import base_of, check, used_on
from quality_harness.migrations.probe.command import ask, joined
from quality_harness.migrations.probe.evidence import Wish
from quality_harness.migrations.probe.rules import RULES
from quality_harness.migrations.reading import read_tree

_UNIT = "migrations"


def check_project(project: Project) -> Checked:
    """Prove the migrations that the change adds.

    Raises:
        CouldNotRun: no settings, no migrations, no server, or migrations that do not run.
    """
    changes = project.changes
    together = changes.base is not None
    kinds = changes.kinds if together else None
    reading = read_tree(project.root, project.files)
    if not reading.migrations and not reading.unreadable:
        raise CouldNotRun(f"No migration files found under {project.root}.")
    used, base = used_on(project.root, changes.base, reading), base_of(project.root, changes)
    static = check(reading, kinds, used, base).findings
    judged = tuple(
        migration.path
        for migration in reading.migrations
        if kinds is None or kinds.get(migration.path) is ChangeKind.ADDED
    )
    if not judged:
        note = f"no migration is new against {changes.label}"
        return Checked((), 0, _UNIT, note, nothing_new=True, paths=frozenset())
    environment = project.environment()
    if not (environment | dict(os.environ)).get("DJANGO_SETTINGS_MODULE"):
        raise CouldNotRun(
            "No Django settings are named. "
            'Name the project\'s module: set settings = "..." under [tool.quality_harness]'
        )
    services.check_reachable(os.environ)

    def server() -> str:
        return services.database_url("test", project.root)

    answer = ask(Wish(str(project.root), server(), judged, together), environment, server)
    own = [each for each in static if each.location.path in judged]
    findings = joined(own, answer.proofs, reading.migrations)
    note = (
        f"{len(judged)} of {len(reading.migrations)} migrations, {changes.label}, "
        f"{answer.seconds / len(judged) * 1000:.0f} ms each"
    )
    return Checked(findings, len(judged), _UNIT, note, paths=frozenset(judged))


GATE = Gate(
    name="prove",
    summary="The models of the base work on the schema that the new migrations make.",
    reason=(
        "The static check says what a migration may do; this one does it. On a PostgreSQL database "
        "of its own it fills the tables with rows at the edges of what the old models allow, runs "
        "each new migration, creates, reads, updates and deletes through the old models, compares "
        "the rows, and reverses the migration. It says which locks were taken and which tables "
        "were rewritten, and proves or refutes each static finding."
    ),
    check=check_project,
    rules=RULES,
    reads_changes=True,
)
