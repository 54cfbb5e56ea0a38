"""Whether a squashed migration leaves the same models as those that it replaces.

What they do beside the models, `squashed_acts` compares.

Compared is what both sides say for certain: an argument that only a running project knows is
taken for the same.
"""

from collections.abc import Iterable, Iterator, Sequence

from quality_harness.migrations.comparing import together
from quality_harness.migrations.definitions import UNKNOWN
from quality_harness.migrations.fields import Field
from quality_harness.migrations.history.apps import App
from quality_harness.migrations.history.ordering import order
from quality_harness.migrations.history.squashed_acts import Chain, forgotten
from quality_harness.migrations.model import Model
from quality_harness.migrations.operations import UNRESOLVED, Migration
from quality_harness.migrations.state import States


def differences(squash: Migration, app: App) -> list[str]:
    """Return in what a squashed migration's models differ from those of what it replaces.

    Args:
        squash: the squashed migration.
        app: its app, in which all that it replaces has to be there; nothing is said otherwise.

    Returns:
        Phrases such as "lacks the field badge.motto".
    """
    replaced = _replaced(squash, app)
    if not replaced or not all(map(_is_told, (squash, *replaced))):
        return []
    before = _before(squash, replaced, app)
    replaced = order(replaced)
    theirs = States((each, app.label) for each in [*before, *replaced])
    ours = States((each, app.label) for each in [*before, squash])
    start = States((each, app.label) for each in before)
    return [
        *_between(ours, theirs, (squash, *replaced)),
        *forgotten(Chain(squash, replaced, start, ours, theirs)),
    ]


def _replaced(
    squash: Migration, app: App, seen: frozenset[str] = frozenset()
) -> list[Migration] | None:
    """Return what a squashed migration replaces, squashes among it resolved; None if not here."""
    found: dict[str, Migration] = {}
    seen |= {squash.name}
    for label, name in squash.replaces:
        if label != app.label or name not in app.members:
            return None
        if name not in seen:
            inner = app.members[name]
            found |= {each.name: each for each in _replaced(inner, app, seen) or [inner]}
    return list(found.values())


def _is_told(migration: Migration) -> bool:
    """Whether the source tells all that a migration does to the models."""
    kinds = {operation.kind for operation in migration.operations}
    return not kinds & {UNRESOLVED, "custom"} and not any(
        operation.conditional for operation in migration.operations
    )


def _before(squash: Migration, replaced: list[Migration], app: App) -> list[Migration]:
    """Return what runs before a squashed migration, or before what it replaces."""
    found: dict[str, Migration] = {}
    waiting = [app.stands_for(name) for each in (squash, *replaced) for name in app.parents(each)]
    skipped = {squash.name, *(each.name for each in replaced)}
    while waiting:
        name = waiting.pop()
        if name not in skipped and name not in found and name in app.members:
            found[name] = app.members[name]
            waiting += map(app.stands_for, app.parents(app.members[name]))
    return order(found.values())


def _uses(migrations: Iterable[Migration], kind: str) -> bool:
    return any(operation.kind == kind for each in migrations for operation in each.operations)


def _between(ours: States, theirs: States, everything: Sequence[Migration]) -> Iterator[str]:
    for key, model in theirs.models.items():
        if key not in ours.models:
            yield f"lacks the model {model.name}"
    for key, model in ours.models.items():
        other = theirs.models.get(key)
        if other is None:
            yield f"makes the model {model.name}, which they do not"
            continue
        yield from _between_fields(model, ours, other, theirs)
        yield from _between_names(model, "constraint", model.constraints, other.constraints)
        if not _uses(everything, "RenameIndex"):
            yield from _between_names(model, "index", model.indexes, other.indexes)
        if model.table != other.table:
            yield f"keeps {model.name} in another table"
        # Where a field is renamed, these options are not followed.
        if not _uses(everything, "RenameField") and _sets(model) != _sets(other):
            yield f"gives {model.name} another unique_together"


def _between_fields(model: Model, ours: States, other: Model, theirs: States) -> Iterator[str]:
    for name, field in other.fields.items():
        if name not in model.fields:
            yield f"lacks the field {model.name}.{field.name}"
    for name, field in model.fields.items():
        if name not in other.fields:
            yield f"makes the field {model.name}.{field.name}, which they do not"
        elif _facts(field, ours, model.app, other.fields[name], theirs):
            yield f"makes the field {model.name}.{field.name} otherwise"


def _facts(field: Field, ours: States, app: str, other: Field, theirs: States) -> bool:
    """Whether two fields differ in something that both say."""
    if field.kind != other.kind:
        # A class of the project may be written as what it is made of.
        return field.is_known and other.is_known
    pairs = [(field.type, other.type), (field.column, other.column), (field.null, other.null)]
    pairs.append((ours.table_of(field.target, app), theirs.table_of(other.target, app)))
    return any(one != two and not {one, two} & {None, UNKNOWN} for one, two in pairs) or _keys(
        field
    ) != _keys(other)


def _keys(field: Field) -> tuple[bool, ...]:
    return field.is_unique, field.is_indexed, field.has_db_default


def _between_names(
    model: Model, kind: str, ours: Iterable[str], theirs: Iterable[str]
) -> Iterator[str]:
    """Tell the names that only one side has; what has none starts with a #."""
    mine, others = ({name for name in names if name[0] != "#"} for names in (ours, theirs))
    yield from (f"lacks the {kind} {name} of {model.name}" for name in sorted(others - mine))
    for name in sorted(mine - others):
        yield f"makes the {kind} {name} of {model.name}, which they do not"


def _sets(model: Model) -> set[frozenset[str]]:
    return {frozenset(names) for names in together(model.options.get("unique_together"))}
