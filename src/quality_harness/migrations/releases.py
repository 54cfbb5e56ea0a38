"""What SQL of earlier releases has done, as each migration finds it."""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Sequence
from functools import cached_property
from operator import itemgetter

from quality_harness.migrations.operations import Direction, Migration
from quality_harness.migrations.sql.statements import Act, Statement

_OF_TRIGGERS = {Act.TRIGGER, Act.FUNCTION, Act.DROP_TRIGGER, Act.DROP_FUNCTION}


def function_of(statement: Statement) -> str:
    """Return the name of the function that a statement makes."""
    return statement.target.partition(" ")[2]


def by_name(done: Iterable[Statement]) -> dict[str, list[Statement]]:
    """Return the functions that statements make, by their names."""
    found: dict[str, list[Statement]] = {}
    for each in done:
        if each.act is Act.FUNCTION:
            found.setdefault(function_of(each), []).append(each)
    return found


class Done:
    """What SQL did.

    Attributes:
        statements: in their order.
    """

    def __init__(self, statements: list[Statement]) -> None:
        self.statements = statements

    @cached_property
    def triggers(self) -> list[Statement]:
        """The triggers that were made."""
        return [each for each in self.statements if each.act is Act.TRIGGER]

    @cached_property
    def functions(self) -> dict[str, list[Statement]]:
        """The functions that were made, by their names."""
        return by_name(self.statements)


class Releases:
    """The migrations of a tree in their order, one release each, but for those of the change.

    Args:
        ordered: every migration, in the order in which they run.
        together: the paths of those that are new and released at once.
    """

    def __init__(self, ordered: Sequence[Migration], together: Collection[str]) -> None:
        self._ordered = ordered
        self._together = together

    def has_made(self, name: str, migration: Migration) -> bool:
        """Whether SQL of an earlier release has made something, such as "view shop_sales"."""
        first = self._first_made.get(name)
        return first is not None and first < self._places[migration.path]

    def done_before(self, migration: Migration) -> "Done":
        """Return what SQL of earlier releases did."""
        end = -1 if migration.path in self._together else self._places.get(migration.path, 0)
        if end not in self._known:
            found = self._done if end < 0 else _until(self._done, end)
            self._known[end] = Done([each for _, is_new, each in found if end >= 0 or not is_new])
        return self._known[end]

    def functions_before(self, migration: Migration) -> dict[str, list[Statement]]:
        """Return the functions that SQL of earlier migrations made, be they of the same change."""
        end = self._places.get(migration.path, 0)
        return by_name(each for _, _, each in _until(self._functions, end))

    def triggers_before(self, migration: Migration) -> list[Statement]:
        """Return what SQL of earlier migrations did to triggers and functions, in its order."""
        end = self._places.get(migration.path, 0)
        return [each for _, _, each in _until(self._of_triggers, end)]

    @cached_property
    def _of_triggers(self) -> list[tuple[int, bool, Statement]]:
        return [each for each in self._done if each[2].act in _OF_TRIGGERS]

    @cached_property
    def _functions(self) -> list[tuple[int, bool, Statement]]:
        return [each for each in self._done if each[2].act is Act.FUNCTION]

    @cached_property
    def _known(self) -> dict[int, "Done"]:
        return {}

    @cached_property
    def _places(self) -> dict[str, int]:
        return {each.path: place for place, each in enumerate(self._ordered)}

    @cached_property
    def _done(self) -> list[tuple[int, bool, Statement]]:
        """Each statement with its migration's place, and whether that is one of the change."""
        return [
            (place, each.path in self._together, statement)
            for place, each in enumerate(self._ordered)
            for operation in each.operations
            if operation.statements and operation.changes_database
            for statement in operation.statements
        ]

    @cached_property
    def _first_made(self) -> dict[str, int]:
        """The place in the order of the release that first makes something by SQL, by its name."""
        found: dict[str, int] = {}
        for place, each in enumerate(self._ordered):
            for operation in each.operations if each.path not in self._together else ():
                if operation.made and operation.direction is Direction.FORWARD:
                    for name in operation.made:
                        found.setdefault(name, place)
        return found


def _until(done: list[tuple[int, bool, Statement]], end: int) -> list[tuple[int, bool, Statement]]:
    return done[: bisect_left(done, end, key=itemgetter(0))]
