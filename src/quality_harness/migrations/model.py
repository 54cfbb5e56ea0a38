"""A model as it is between two operations."""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field as with_default, replace
from functools import cached_property

from quality_harness.migrations.definitions import Definition
from quality_harness.migrations.fields import Field

Key = tuple[str, str]


@dataclass(frozen=True)
class Model:
    """A model between two operations.

    Attributes:
        app: its app's label.
        name: as written.
        fields: by their names in lower case; those of parents in other tables are not here.
        options: of its Meta, as far as they matter to the database.
        indexes: by name; unnamed ones by their place.
        constraints: likewise.
        unvalidated: the names of those that are NOT VALID.
    """

    app: str
    name: str
    fields: Mapping[str, Field] = with_default(default_factory=dict)
    options: Mapping[str, object] = with_default(default_factory=dict)
    indexes: Mapping[str, Definition] = with_default(default_factory=dict)
    constraints: Mapping[str, Definition] = with_default(default_factory=dict)
    unvalidated: frozenset[str] = frozenset()

    @property
    def key(self) -> Key:
        """What tells it from every other model."""
        return self.app, self.name.lower()

    @cached_property
    def table(self) -> str | None:
        """Its table's name; None where that is known only at run time."""
        given = self.options.get("db_table")
        if given:
            return given if isinstance(given, str) else None
        return f"{self.app.partition('@')[0]}_{self.name.lower()}"

    @cached_property
    def table_key(self) -> str:
        """The table's name in lower case; empty where it is known only at run time."""
        return (self.table or "").lower()

    @property
    def has_table(self) -> bool:
        """Whether Django looks after a table of its own."""
        return self.options.get("managed") is not False and self.options.get("proxy") is not True

    @property
    def columns(self) -> Set[str]:
        """The names of its columns."""
        return self._by_column.keys()

    @cached_property
    def _by_column(self) -> Mapping[str, Field]:
        found: dict[str, Field] = {}
        for each in self.fields.values():
            column = each.column
            if column:
                found.setdefault(column, each)
        return found

    def with_fields(self, fields: Mapping[str, Field]) -> "Model":
        """Return the model with other fields; it shares all else."""
        rest = self.indexes, self.constraints, self.unvalidated
        return Model(self.app, self.name, fields, self.options, *rest)

    def with_options(self, options: Mapping[str, object]) -> "Model":
        """Return the model with other options; it shares all else."""
        rest = self.indexes, self.constraints, self.unvalidated
        return Model(self.app, self.name, self.fields, options, *rest)

    def validated(self, constraint: str, is_valid: bool) -> "Model":
        """Return the model with a constraint that holds for old rows too, or does not."""
        unvalidated = self.unvalidated - {constraint}
        if not is_valid:
            unvalidated |= {constraint}
        return self if unvalidated == self.unvalidated else replace(self, unvalidated=unvalidated)

    def field(self, name: str) -> Field | None:
        """Return a field by its name."""
        return self.fields.get(name.lower())

    def field_of(self, column: str) -> Field | None:
        """Return the field that a column belongs to."""
        return self._by_column.get(column.lower())
