"""The gate `prove`: the models of the base on the new schema, on a real PostgreSQL."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from quality_harness import services
from quality_harness.finding import Finding
from quality_harness.gate import ChangeKind, Changes, Checked, CouldNotRun, Gate, Project
from quality_harness.gates import _base_tests
from quality_harness.migrations.checking import base_of, check, used_on
from quality_harness.migrations.history.history import Base
from quality_harness.migrations.probe.command import ask, joined
from quality_harness.migrations.probe.evidence import Answer, Wish
from quality_harness.migrations.probe.rules import RULES
from quality_harness.migrations.reader.tree import Reading, read_tree

_UNIT = "migrations"
# What the static rules say of the migrations that the base has.
_EDITS = ("edited-migration", "renamed-migration", "deleted-migration")


@dataclass(frozen=True)
class _Work:
    """What a change brings.

    Attributes:
        judged: the paths of the migrations that it adds.
        edited: what those of the base that it edits said there, by their paths.
        static: what the static rules say of both, and of those that it renames or deletes.
        reading: every migration of the tree.
    """

    judged: tuple[str, ...]
    edited: Mapping[str, str]
    static: tuple[Finding, ...]
    reading: Reading

    @property
    def touched(self) -> tuple[str, ...]:
        """The paths of migrations of the base that it edits, renames or deletes."""
        found = (each.location.path for each in self.static if each.rule in _EDITS)
        return tuple(dict.fromkeys(found))


def check_project(project: Project, *, base_tests: bool = False) -> Checked:
    """Prove the migrations that the change adds, and compare those that it edits.

    Args:
        project: the project.
        base_tests: run the base's tests on the schema that they make, too.

    Raises:
        CouldNotRun: no settings, no migrations, no server, or migrations that do not run.
    """
    work, label = _work(project), project.changes.label
    judged, touched = work.judged, work.touched
    if not judged and not touched:
        note = f"no migration is new against {label}"
        return Checked((), 0, _UNIT, note, nothing_new=True, paths=frozenset())
    # Of what is only renamed or deleted nothing can be tried.
    answer = _answer(project, work) if judged or work.edited else Answer()
    findings = joined(work.static, answer.proofs, work.reading.migrations)
    note = (
        f"{len(judged)} of {len(work.reading.migrations)} migrations, {label}, "
        f"{answer.seconds / len(judged) * 1000:.0f} ms each"
        if judged
        else f"no migration is new against {label}"
    )
    if touched:
        names = ", ".join(PurePosixPath(path).stem for path in touched)
        note = f"{note}; changed though on the base, which proves nothing: {names}"
    if base_tests:
        ran = _base_tests.run(project, services.database_url("test", project.root))
        findings, note = (*findings, *ran.findings), f"{note}; {ran.note}"
    paths = frozenset((*judged, *touched))
    return Checked(findings, len(paths), _UNIT, note, paths=paths)


def _work(project: Project) -> _Work:
    changes = project.changes
    kinds = None if changes.base is None else changes.kinds
    # What is deleted in the working tree alone is listed still.
    files = [name for name in project.files if changes.kinds.get(name) is not ChangeKind.DELETED]
    reading = read_tree(project.root, files)
    if not reading.migrations and not reading.unreadable:
        raise CouldNotRun(f"No migration files found under {project.root}.")
    used, base = used_on(project.root, changes.base, reading), base_of(project.root, changes)
    static = check(reading, kinds, used, base).findings
    judged = tuple(
        migration.path
        for migration in reading.migrations
        if kinds is None or kinds.get(migration.path) is ChangeKind.ADDED
    )
    edited = {
        each.location.path: _text(base, changes, each.location.path)
        for each in static
        if base is not None and each.rule == "edited-migration"
    }
    own = (each for each in static if each.location.path in judged or each.rule in _EDITS)
    return _Work(judged, edited, tuple(own), reading)


def _text(base: Base, changes: Changes, path: str) -> str:
    return (base.read(changes.origins.get(path, path)) or b"").decode(errors="replace")


def _answer(project: Project, work: _Work) -> Answer:
    environment = project.environment()
    if not (environment | dict(os.environ)).get("DJANGO_SETTINGS_MODULE"):
        raise CouldNotRun(
            "No Django settings are named. "
            'Name the project\'s module: set settings = "..." under [tool.quality_harness]'
        )
    services.check_reachable(os.environ)

    def server() -> str:
        return services.database_url("probe", project.root)

    together = project.changes.base is not None
    wish = Wish(str(project.root), server(), work.judged, together, edited=work.edited)
    # For settings that look for it, where the server is one that was started for the probe.
    return ask(wish, environment | {"DATABASE_URL": wish.url}, server)


GATE = Gate(
    name="prove",
    summary="The models of the base work on the schema that the new migrations make.",
    reason=(
        "The static check says what a migration may do; this one does it. On a PostgreSQL database "
        "of its own it fills the tables with rows at the edges of what the old models allow, runs "
        "each new migration, creates, reads, updates and deletes through the old models, compares "
        "the rows, and reverses the migration. It says which locks were taken and which tables "
        "were rewritten, and proves or refutes each static finding. A refuted one only informs. "
        "Unproved is what the probe cannot show, or could not try on all rows, or what only "
        "informs: it weighs as without the probe. Where the gate `migrations` runs too, its "
        "findings are printed once, there, with that word."
    ),
    check=check_project,
    rules=RULES,
    reads_changes=True,
)
