"""The operations of a migration: plain values, whatever way the file builds them."""

from collections.abc import Mapping
from dataclasses import dataclass, field as with_default
from enum import StrEnum
from functools import cached_property

from quality_harness.finding import Location
from quality_harness.migrations.functions.deeds import Deed
from quality_harness.migrations.functions.given_values import Given
from quality_harness.migrations.sql.statements import Statement

UNRESOLVED = "unresolved"
# Gives a dependency on the app of a model that the settings choose.
SWAPPABLE = "django.db.migrations.swappable_dependency"


class Direction(StrEnum):
    """Whether an operation runs when migrating forward or back."""

    FORWARD = "forward"
    REVERSE = "reverse"


class Effect(StrEnum):
    """What an operation changes: SeparateDatabaseAndState takes one side away."""

    BOTH = "both"
    STATE_ONLY = "state-only"
    DATABASE_ONLY = "database-only"


@dataclass(frozen=True)
class Operation:
    """One thing that a migration does.

    Attributes:
        kind: the name of Django's class, such as RemoveField; "custom" for a class with its
            own database_forwards; "unresolved" for what the source does not tell.
        line: where it is written, in the migration's file.
        column: the first is 1.
        model: the model's name as written, where the kind has one.
        field: the field's name as written, where the kind has one.
        arguments: the other arguments that are texts, such as new_name and table.
        given: the arguments that define something (fields, field, options, constraint), as
            `definitions` reads them; UNKNOWN for what the source does not tell.
        statements: what its SQL loses or renames.
        deeds: what its function loses or renames.
        overwrites: where its function writes to every row of a model.
        made: what its SQL creates, by name, and "rows of" a table that it fills.
        left: what its SQL, which runs when migrating back, leaves of what was made forward.
        dropped: what its SQL drops or makes anew, beside tables and columns.
        changed: what its SQL drops or makes anew forward, and the way back does not make again.
        elidable: whether a squashed migration may leave it out, as it says itself.
        asked: the models of the state that its function asks for, as "app.model".
        stuck: what its way back drops too early, and what still needs it then; else nothing.
        problem: what could not be resolved, for "unresolved".
        direction: forward or reverse.
        effect: what it changes.
        conditional: whether it may not be there, depending on what is known at run time.
        reversible: False for RunSQL and RunPython that cannot be migrated back.
        writes: whether its function or its SQL writes rows.
        fills: whether its function puts in new rows.
        stays: whether nothing is run when migrating back, as its RunSQL says.
        gives: what its function gives to fields of rows.
    """

    kind: str
    line: int
    column: int
    model: str = ""
    field: str = ""
    arguments: Mapping[str, str] = with_default(default_factory=dict)
    given: Mapping[str, object] = with_default(default_factory=dict)
    statements: tuple[Statement, ...] = ()
    deeds: tuple[Deed, ...] = ()
    overwrites: tuple[Deed, ...] = ()
    made: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    problem: str = ""
    direction: Direction = Direction.FORWARD
    effect: Effect = Effect.BOTH
    conditional: bool = False
    reversible: bool = True
    writes: bool = False
    stays: bool = False
    dropped: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    stuck: tuple[str, ...] = ()
    elidable: bool = False
    asked: tuple[str, ...] = ()
    fills: bool = False
    gives: tuple[Given, ...] = ()

    @property
    def source(self) -> str:
        """What runs its statements, for a message: "RunSQL" or the function."""
        return f"{self.arguments['function']}()" if "function" in self.arguments else self.kind

    @property
    def changes_database(self) -> bool:
        """Whether migrating forward runs it on the database."""
        return self.direction is Direction.FORWARD and self.effect is not Effect.STATE_ONLY


@dataclass(frozen=True)
class Migration:
    """One migration file.

    Attributes:
        path: POSIX path relative to the root.
        dependencies: pairs of app label and migration name.
        replaces: the migrations that this squashed one stands for, likewise.
        operations: in the order in which they run.
        run_before: the migrations that wait for this one, likewise.
        atomic: whether all of it runs in one transaction.
        deleted: True for a file that was there on the base and is gone; it has no operations.
        line: where its class is written; 0 for a deleted one.
        untold: whether some of its dependencies are known only at run time.
        by_setting: whether it depends on the app of a model that the settings choose.
    """

    path: str
    dependencies: tuple[tuple[str, str], ...] = ()
    replaces: tuple[tuple[str, str], ...] = ()
    operations: tuple[Operation, ...] = ()
    deleted: bool = False
    run_before: tuple[tuple[str, str], ...] = ()
    atomic: bool = True
    line: int = 0
    untold: bool = False
    by_setting: bool = False

    @cached_property
    def folder(self) -> str:
        """The folder that it lies in; all migrations of one app lie in the same."""
        return self.path.rpartition("/")[0]

    @cached_property
    def name(self) -> str:
        """The name as `migrate` takes it."""
        return self.path.rpartition("/")[2].removesuffix(".py")

    @cached_property
    def app(self) -> str:
        """The app's label as its folder tells it."""
        return self.folder.rpartition("/")[0].rpartition("/")[2]

    def location(self, operation: Operation) -> Location:
        """Return where one of its operations is written."""
        return Location(self.path, operation.line, operation.column)
