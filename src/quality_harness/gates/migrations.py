"""The migrations gate: what a change's migrations would lose or break, from their source alone."""

from pathlib import PurePosixPath

from quality_harness.gate import ChangeKind, Checked, CouldNotRun, Gate, Project
from quality_harness.migrations.checking import base_of, check, used_on
from quality_harness.migrations.reader.kept import Kept
from quality_harness.migrations.reader.tree import read_tree
from quality_harness.migrations.rules import all_rules

_UNIT = "migrations"


def check_project(project: Project) -> Checked:
    """Check the migrations that the change brings.

    Raises:
        CouldNotRun: there is no migration file at all, or one cannot be read.
    """
    _refuse_compiled(project)
    changes = project.changes
    kinds = None if changes.base is None else changes.kinds
    files = [path for path in project.files if not _is_gone(project, path)]
    kept = None if project.fresh else Kept.of(project.root)
    reading = read_tree(project.root, files, kept)
    judgement = check(
        reading, kinds, used_on(project.root, changes.base, reading), base_of(project.root, changes)
    )
    if not reading.migrations and not judgement.judged:
        raise CouldNotRun(
            f"No migration files found under {project.root}. If this project has none, "
            'remove "migrations" from gates in [tool.quality_harness].'
        )
    if not judgement.judged:
        note = f"no migration is new against {changes.label}"
        return Checked((), 0, _UNIT, note, nothing_new=True, paths=frozenset())
    note = f"{len(judgement.judged)} of {len(reading.migrations)} migrations, {changes.label}"
    judged = frozenset(migration.path for migration in judgement.judged)
    # Not every rule looked at a settled one, so no comment in it can be called stale.
    paths, problem = judged - judgement.settled, judgement.problem
    return Checked(judgement.findings, len(judged), _UNIT, note, paths=paths, problem=problem)


def _refuse_compiled(project: Project) -> None:
    """Raise CouldNotRun where a migration is committed without its source: Django runs it."""
    for name in project.files:
        path = PurePosixPath(name)
        source = path.with_suffix(".py").as_posix()
        if (
            path.suffix == ".pyc"
            and path.parent.name == "migrations"
            and source not in project.files
        ):
            raise CouldNotRun(
                f"{name} is a migration that Django runs and nobody can read: its source is not "
                f"there. Commit {source}, and remove it: git rm {name}"
            )


def _is_gone(project: Project, path: str) -> bool:
    return project.changes.kinds.get(path) is ChangeKind.DELETED


GATE = Gate(
    name="migrations",
    summary="New migrations lose no data and leave the running code a schema that it can use.",
    reason=(
        "During a deploy the old code runs on the new schema. A migration that drops, renames or "
        "empties something breaks it, and what is lost does not come back with a rollback. The "
        "gate reads the migrations that a change brings without importing the project, also "
        "their SQL and the functions that they run, and says what it cannot tell."
    ),
    check=check_project,
    rules=tuple(module.RULE for module in all_rules()),
    reads_changes=True,
)
