"""Finds models of other apps that a migration needs, and that need not be there when it runs."""

from collections.abc import Iterator, Mapping

from quality_harness.migrations.definitions import Definition
from quality_harness.migrations.history.apps import App
from quality_harness.migrations.history.history import History, Name
from quality_harness.migrations.history.reaching import SETTING, UNTOLD
from quality_harness.migrations.operations import Migration, Operation

_RELATIONS = ("ForeignKey", "OneToOneField", "ManyToManyField")
# What these apps of Django's depend on themselves.
_BEHIND = {
    "admin": {"auth", "contenttypes"},
    "auth": {"contenttypes"},
    "flatpages": {"sites"},
    "redirects": {"sites"},
    "contenttypes": set(),
    "sessions": set(),
    "sites": set(),
}  # fmt: skip


def undeclared(migration: Migration, history: History) -> Iterator[tuple[Name, str]]:
    """Give the app and the model that a migration needs and does not wait for.

    Args:
        migration: which one.
        history: the graph.

    Yields:
        app label and model, and the migration that makes it; "__first__" where that is of
        an app beyond this tree, or not known.
    """
    own = history.app(migration)
    found: dict[Name, None] = {}
    for operation in migration.operations:
        for name in operation.asked:
            label, _, model = name.partition(".")
            found[label, model] = None
        # Without a base it is a merged project: there a relation that leads nowhere stops
        # `migrate`, as everybody knows at once.
        if history.base is not None:
            _add_relations(operation, found)
    for label, model in found:
        if label == own.label:
            continue
        apps = history.labelled(label)
        if not apps:
            if label in _BEHIND and not _comes_from_outside(label, migration, history):
                yield (label, model), "__first__"
            continue
        # Of several projects in one tree it cannot be told which one is meant.
        if len(apps) > 1 or apps[0].partial or not history.is_sure(apps[0]):
            continue
        makers = history.reach.makers(apps[0], model)
        wanted = makers or list(apps[0].members.values())
        if not history.reach.reaches(migration, wanted) and not _is_users(
            apps[0], migration, history
        ):
            yield (label, model), makers[0].name if makers else "__first__"


def _add_relations(operation: Operation, found: dict[Name, None]) -> None:
    if operation.kind in ("AddField", "AlterField"):
        _add(operation.given.get("field"), found)
    elif operation.kind == "CreateModel":
        fields = operation.given.get("fields")
        for pair in fields if isinstance(fields, tuple) else ():
            _add(pair[-1] if isinstance(pair, tuple) and pair else None, found)


def _add(field: object, found: dict[Name, None]) -> None:
    if isinstance(field, Definition) and field.kind.endswith(_RELATIONS):
        target = field.get("to", 0)
        if isinstance(target, str) and "." in target:
            label, _, model = target.partition(".")
            found[label, model.lower()] = None


def _comes_from_outside(label: str, migration: Migration, history: History) -> bool:
    outside = history.reach.outside(migration)
    behind = {each for one in outside for each in _BEHIND.get(one, ())}
    # What another package depends on is not known here.
    return label in outside | behind or not outside <= _BEHIND.keys()


def _is_users(app: App, migration: Migration, history: History) -> bool:
    """Whether an app may have the user's model, for which the migration waits by a setting.

    Nothing is said either where dependencies are known only at run time.
    """
    outside = history.reach.outside(migration)
    if UNTOLD in outside:
        return True
    return SETTING in outside and any(map(_has_password, app.members.values()))


def _has_password(migration: Migration) -> bool:
    return any("password" in _names(each.given) for each in migration.operations)


def _names(given: Mapping[str, object]) -> set[object]:
    fields = given.get("fields")
    pairs = fields if isinstance(fields, tuple) else ()
    return {pair[0] for pair in pairs if isinstance(pair, tuple) and pair}
