"""What SQL and functions of replaced migrations do, and their squashed migration does not.

Told is what lasts in a new database: what SQL makes beside the models, rows that are put in, and
rows that are changed in tables that were there before. Filling a column of a table that the squash
itself makes does nothing there, and neither does what is marked as elidable.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from quality_harness.migrations.functions.deeds import DELETES_ROWS
from quality_harness.migrations.operations import Effect, Migration, Operation
from quality_harness.migrations.sql.statements import WRITES, Act
from quality_harness.migrations.state import States

_RUN = ("RunSQL", "RunPython")
_REMOVE = ("RemoveIndex", "RemoveIndexConcurrently", "RemoveConstraint")
# What the models' states tell, where a migration says both.
_OF_MODELS = ("table", "column", "index", "constraint")
_THINGS = (*_OF_MODELS, "view", "function", "procedure", "aggregate", "trigger", "type", "domain",
           "sequence", "schema", "extension", "policy", "rule", "collation")  # fmt: skip
# What leaves nothing behind in a new database.
_PASSING = {Act.UPDATE, Act.DELETE, Act.TRUNCATE, Act.DROP, Act.LOCK, Act.LOCK_TIMEOUT, Act.UNKNOWN,
            Act.CONCURRENTLY, Act.VALIDATE, Act.HOLD, Act.CALL}  # fmt: skip
_ALTERS = {Act.ALTER, Act.REFUSE, Act.NO_IDENTITY, Act.DROP_CONSTRAINT, Act.PARTITION,
           Act.DEFAULT_PARTITION}  # fmt: skip


@dataclass(frozen=True)
class Chain:
    """A squashed migration beside what it replaces.

    Attributes:
        squash: the squashed migration.
        replaced: what it replaces, in the order in which they run.
        before: the models before both.
        ours: the models after the squashed migration.
        theirs: the models after those that it replaces.
    """

    squash: Migration
    replaced: Sequence[Migration]
    before: States
    ours: States
    theirs: States

    @cached_property
    def own(self) -> list[Operation]:
        """What the squashed migration does to the database."""
        return [each for each in self.squash.operations if each.changes_database]

    @cached_property
    def acts(self) -> list[tuple[Migration, Operation]]:
        """The SQL and the functions of what it replaces, with their migrations."""
        return [
            (each, operation)
            for each in self.replaced
            for operation in each.operations
            if operation.kind in _RUN and operation.changes_database and not operation.elidable
        ]

    @cached_property
    def gone(self) -> set[str]:
        """The tables of models that what it replaces drops or renames."""
        models = [model for each in self.theirs.changes.values() for model in each if model]
        return {each.table_key for each in models} - {
            each.table_key for each in self.theirs.models.values()
        }


def forgotten(chain: Chain) -> Iterator[str]:
    """Give what a squashed migration leaves out, as phrases such as "lacks the index title"."""
    yield from _extensions(chain)
    if chain.acts:
        yield from _things(chain)
        yield from _rows(chain)
        yield from _functions(chain)
        yield from _alterations(chain)


def _extensions(chain: Chain) -> Iterator[str]:
    own = {each.kind for each in chain.own}
    by_name = "CreateExtension" in own or any(_made(each, "extension") for each in chain.own)
    for migration in chain.replaced:
        for operation in migration.operations:
            kind = operation.kind
            if kind.endswith("Extension") and kind not in own and not by_name:
                yield f"lacks {kind}() of {migration.name}"


def _made(operation: Operation, *kinds: str) -> list[str]:
    """Return what SQL makes of some kinds."""
    return [name for name in operation.made if " " in name and name.partition(" ")[0] in kinds]


def _things(chain: Chain) -> Iterator[str]:
    """Tell of views, indexes, triggers and the like that SQL makes."""
    there = {name for each in chain.own for name in each.made} | set(_named(chain.ours))
    acts = {id(operation) for _, operation in chain.acts}
    wanted: dict[str, Migration] = {}
    dropped: set[str] = set()
    for migration in reversed(chain.replaced):
        kinds = _THINGS[len(_OF_MODELS) :] if _is_of_both(migration) else _THINGS
        for operation in reversed(migration.operations):
            if operation.kind in _REMOVE:
                name = operation.arguments.get("name", "")
                dropped |= {f"index {name}", f"constraint {name}"}
            elif id(operation) in acts:
                lost = chain.gone | {name.removeprefix("table ") for name in dropped}
                if not lost.intersection(each.table for each in operation.statements):
                    for name in set(_made(operation, *kinds)) - dropped:
                        wanted.setdefault(name, migration)
                dropped.update(operation.dropped)
    for name, migration in sorted(wanted.items()):
        if name not in there and not _is_of_a_model(name, chain.theirs):
            yield f"lacks the {name}, which {migration.name} makes by SQL"


def _is_of_both(migration: Migration) -> bool:
    """Whether some of what SQL does is told to the models by a state operation."""
    return any(each.effect is Effect.STATE_ONLY for each in migration.operations)


def _named(states: States) -> Iterator[str]:
    for model in states.models.values():
        for name in (*model.indexes, *model.constraints):
            yield f"index {name}"
            yield f"constraint {name}"


def _is_of_a_model(name: str, states: States) -> bool:
    kind, _, rest = name.partition(" ")
    if kind == "table":
        return any(states.find(rest))
    table, _, column = rest.rpartition(".")
    return kind == "column" and any(column in model.columns for model in states.find(table))


def _rows(chain: Chain) -> Iterator[str]:
    """Tell of tables in which SQL writes rows that a new database has, or may have."""
    if any(each.writes and each.kind != "RunSQL" for each in chain.own):
        # A function may write the same rows.
        return
    there = {model.table_key for model in chain.before.models.values()}
    told = {one.table for each in chain.own for one in each.statements if one.act in WRITES}
    for migration, operation in chain.acts:
        for statement in operation.statements if operation.kind == "RunSQL" else ():
            table = statement.table
            lasts = statement.act is Act.WRITE or (statement.act in WRITES and table in there)
            if lasts and table not in chain.gone | told:
                told.add(table)
                yield f"does not write the rows of {table}, as {migration.name} does"


def _functions(chain: Chain) -> Iterator[str]:
    functions = [each for each in chain.own if "function" in each.arguments]
    own = {each.source for each in functions}
    asked = {model for each in functions if each.fills for model in each.asked}
    theirs = {each.source for _, each in chain.acts}
    # One function under a name of its own may do what several did, and so may one that fills
    # what another one filled.
    for migration, operation in chain.acts if own <= theirs else ():
        is_left_out = "function" in operation.arguments and operation.source not in own
        is_done = asked and asked.issuperset(operation.asked)
        if is_left_out and not is_done and _lasts(operation, chain.before):
            own.add(operation.source)
            yield f"does not run {operation.source} of {migration.name}"


def _lasts(operation: Operation, before: States) -> bool:
    """Whether what a function does can be seen in a new database."""
    if any(each.act not in _PASSING for each in operation.statements):
        return True
    deletes = [each for each in operation.deeds if each.does == DELETES_ROWS]
    touched = (each.model for each in (*operation.overwrites, *deletes))
    return operation.fills or any(model in before.models for model in touched)


def _alterations(chain: Chain) -> Iterator[str]:
    """Tell of ALTER TABLE that changes what no state tells, such as a default."""
    told = {statement.table for each in chain.own for statement in each.statements}
    for migration, operation in chain.acts:
        if operation.kind == "RunSQL" and not _is_of_both(migration):
            for table in _altered(operation) - told:
                if any(chain.theirs.find(table)):
                    told.add(table)
                    yield f"does not alter table {table}, as {migration.name} does"


def _altered(operation: Operation) -> set[str]:
    """Return the tables that SQL alters in a way that is told of nothing else."""
    if any(name.startswith("constraint ") for name in operation.dropped):
        return set()
    others = {each.table for each in operation.statements if each.act not in _ALTERS}
    return {each.table for each in operation.statements if each.act is Act.ALTER} - others
