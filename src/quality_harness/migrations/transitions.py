"""What each operation makes of its model."""

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from quality_harness.migrations.definitions import UNKNOWN, Definition, Named
from quality_harness.migrations.fields import Field
from quality_harness.migrations.model import Model
from quality_harness.migrations.operations import Effect, Operation

_TOGETHER = ("unique_together", "index_together")
_ORDER = Field("_order", Definition("django.db.models.IntegerField"))


class Step(NamedTuple):
    """An operation and the model before it."""

    label: str
    before: Model | None
    operation: Operation


def _create(step: Step) -> Model:
    given = step.operation.given
    if step.before is not None and step.operation.effect is Effect.DATABASE_ONLY:
        # The table of what the state has already.
        return step.before
    fields: dict[str, Field] = {}
    pairs = given["fields"]
    for pair in pairs if isinstance(pairs, tuple) else ():
        if isinstance(pair, tuple) and len(pair) == 2 and isinstance(pair[0], str):
            fields[pair[0].lower()] = Field(*pair)
    options = given["options"]
    plain = options if isinstance(options, dict) else {}
    if plain.get("order_with_respect_to") is not None:
        fields["_order"] = _ORDER
    return Model(
        step.label,
        step.operation.model,
        fields,
        plain,
        _by_name(plain.get("indexes")),
        _by_name(plain.get("constraints")),
    )


def _by_name(given: object) -> dict[str, Definition]:
    members = given if isinstance(given, tuple) else ()
    made = [each for each in members if isinstance(each, Definition)]
    return {_name_of(each, place): each for place, each in enumerate(made)}


def _name_of(definition: Definition, place: int = 0) -> str:
    name = definition.get("name")
    return name if isinstance(name, str) else f"#{place}"


def _gone(step: Step) -> None:
    return None


def _renamed(step: Step) -> Model | None:
    if step.before is None:
        return None
    return replace(step.before, name=step.operation.arguments["new_name"])


def _with_table(step: Step) -> Model | None:
    table = step.operation.arguments["table"]
    # An AlterModelTable without a table goes back to the name that Django makes.
    given: object = {"None": None, "…": UNKNOWN}.get(table, table)
    return _with_options(step.before, {"db_table": given})


def _with_options(before: Model | None, options: Mapping[str, object]) -> Model | None:
    if before is None:
        return None
    merged = {**before.options, **options}
    return before.with_options(merged)


def _options(step: Step) -> Model | None:
    given = step.operation.given["options"]
    # What the new options leave out goes back to Django's default.
    managed = given.get("managed") if isinstance(given, dict) else None
    return _with_options(step.before, {"managed": managed})


def _together(step: Step) -> Model | None:
    return _with_options(step.before, step.operation.given)


def _ordered(step: Step) -> Model | None:
    if step.before is None:
        return None
    fields = {name: each for name, each in step.before.fields.items() if name != "_order"}
    if step.operation.given["order_with_respect_to"] is not None:
        fields["_order"] = _ORDER
    return step.before.with_fields(fields)


def _field(step: Step) -> Model | None:
    if step.before is None:
        return None
    name, given = step.operation.field, step.operation.given["field"]
    if isinstance(given, Named) and step.before.field(name) is not None:
        # A function has found it in the state.
        return step.before
    made = Field(name, given)
    return step.before.with_fields({**step.before.fields, name.lower(): made})


def _without_field(step: Step) -> Model | None:
    if step.before is None:
        return None
    name = step.operation.field.lower()
    fields = {each: found for each, found in step.before.fields.items() if each != name}
    return step.before.with_fields(fields)


def _renamed_field(step: Step) -> Model | None:
    if step.before is None:
        return None
    old, new = step.operation.field.lower(), step.operation.arguments["new_name"]
    fields = dict(step.before.fields)
    if old in fields:
        fields[new.lower()] = Field(new, fields.pop(old).definition)
    options = {
        name: _renamed_in(given, old, new) if name in _TOGETHER else given
        for name, given in step.before.options.items()
    }
    return step.before.with_fields(fields).with_options(options)


def _renamed_in(given: object, old: str, new: str) -> object:
    """Return unique_together or index_together with a field's new name, as Django renames it."""
    if isinstance(given, tuple):
        return tuple(_renamed_in(each, old, new) for each in given)
    return new if isinstance(given, str) and given.lower() == old else given


def _indexed(step: Step) -> Model | None:
    made = step.operation.given["index"]
    if step.before is None or not isinstance(made, Definition):
        return step.before
    name = _name_of(made, len(step.before.indexes))
    return replace(step.before, indexes={**step.before.indexes, name: made})


def _constrained(step: Step) -> Model | None:
    made = step.operation.given["constraint"]
    if step.before is None or not isinstance(made, Definition):
        return step.before
    name = _name_of(made, len(step.before.constraints))
    with_it = replace(step.before, constraints={**step.before.constraints, name: made})
    return with_it.validated(name, step.operation.kind == "AddConstraint")


def _validated(step: Step) -> Model | None:
    if step.before is None:
        return None
    return step.before.validated(step.operation.arguments["name"], True)


def _without_constraint(step: Step) -> Model | None:
    if step.before is None:
        return None
    gone = step.operation.arguments["name"]
    constraints = {name: each for name, each in step.before.constraints.items() if name != gone}
    return replace(step.before, constraints=constraints)


def _without_index(step: Step) -> Model | None:
    if step.before is None:
        return None
    gone = step.operation.arguments["name"]
    indexes = {name: each for name, each in step.before.indexes.items() if name != gone}
    return replace(step.before, indexes=indexes)


STEPS = {
    "CreateModel": _create,
    "DeleteModel": _gone,
    "RenameModel": _renamed,
    "AlterModelTable": _with_table,
    "AlterModelOptions": _options,
    "AlterUniqueTogether": _together,
    "AlterIndexTogether": _together,
    "AlterOrderWithRespectTo": _ordered,
    "AddField": _field,
    "AlterField": _field,
    "RemoveField": _without_field,
    "RenameField": _renamed_field,
    "AddIndex": _indexed,
    "AddIndexConcurrently": _indexed,
    "RemoveIndex": _without_index,
    "RemoveIndexConcurrently": _without_index,
    "AddConstraint": _constrained,
    "AddConstraintNotValid": _constrained,
    "ValidateConstraint": _validated,
    "RemoveConstraint": _without_constraint,
}
