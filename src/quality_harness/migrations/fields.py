"""What a field's definition means in the database, with PostgreSQL's types."""

from collections.abc import Mapping
from functools import lru_cache

from quality_harness.migrations.definitions import UNKNOWN, Definition, Named
from quality_harness.migrations.sql.types import Type, type_in_sql

SWAPPABLE = "settings"


_TEXTS = {"CharField": None, "SlugField": 50, "EmailField": 254, "URLField": 200, "FileField": 100,
          "ImageField": 100, "FilePathField": 100, "CommaSeparatedIntegerField": None}  # fmt: skip
_INTEGERS = {
    "SmallIntegerField": 2, "PositiveSmallIntegerField": 2, "SmallAutoField": 2, "IntegerField": 4,
    "PositiveIntegerField": 4, "AutoField": 4, "BigIntegerField": 8, "PositiveBigIntegerField": 8,
    "BigAutoField": 8,
}  # fmt: skip
_OTHERS = {
    "TextField": "text", "BooleanField": "boolean", "NullBooleanField": "boolean",
    "DateField": "date", "DateTimeField": "timestamp", "TimeField": "time",
    "DurationField": "interval", "FloatField": "double", "UUIDField": "uuid",
    "BinaryField": "bytes", "JSONField": "jsonb", "GenericIPAddressField": "inet",
    "IPAddressField": "inet", "HStoreField": "hstore", "ArrayField": "array", "XMLField": "text",
    "CITextField": "text", "CICharField": "text", "CIEmailField": "text",
    "SearchVectorField": "search vector",
}  # fmt: skip
# The arguments that say how much a column takes.
SIZES = ("max_length", "max_digits", "decimal_places")
_RELATIONS = {"ForeignKey", "OneToOneField", "ManyToManyField"}
_DJANGO = ("django.db.models.", "django.contrib.postgres.", "django.contrib.gis.db.models.")
# Fields of Django without a column of their own.
_WITHOUT_COLUMN = {"ManyToManyField", "GenericForeignKey", "GenericRelation", "ForeignObject"}
# What fills itself in where an INSERT leaves it out.
_FILLED_BY_DATABASE = {"GeneratedField", "AutoField", "BigAutoField", "SmallAutoField"}


class Field:
    """One field as a state has it.

    Args:
        name: as written.
        definition: what the migration gives; no `Definition` where that is unknown.
    """

    __slots__ = ("name", "definition", "kind")

    def __init__(self, name: str, definition: object) -> None:
        self.name = name
        self.definition = definition
        self.kind = _kind(definition)

    def get(self, name: str, otherwise: object = None) -> object:
        """Return an argument of the definition; UNKNOWN where that cannot be told."""
        definition = self.definition
        if not isinstance(definition, Definition):
            return UNKNOWN
        if name in definition.named:
            return definition.named[name]
        return otherwise if definition.complete else UNKNOWN

    @property
    def is_known(self) -> bool:
        """Whether it is a field of Django's own, whose type can be told."""
        return self.kind != ""

    @property
    def null(self) -> object:
        """Whether the column takes NULL: True, False or UNKNOWN."""
        return self.kind == "NullBooleanField" or self.get("null", False)

    @property
    def has_default(self) -> bool:
        """Whether Python gives a default: None is what a row holds without one."""
        found = self._named.get("default")
        is_unset = isinstance(found, Named) and found.dotted.endswith("NOT_PROVIDED")
        return found is not None and not is_unset

    @property
    def has_db_default(self) -> bool:
        """Whether the column has a default of its own."""
        return "db_default" in self._named

    @property
    def is_filled(self) -> bool:
        """Whether an INSERT that does not name the column succeeds."""
        return self.null is not False or self.has_db_default or self.kind in _FILLED_BY_DATABASE

    @property
    def is_unique(self) -> bool:
        """Whether each value can be there only once."""
        return (
            self.get("unique") is True
            or self.get("primary_key") is True
            or self.kind == "OneToOneField"
        )

    @property
    def is_indexed(self) -> bool:
        """Whether it has an index of its own."""
        by_itself = self.kind in ("ForeignKey", "SlugField")
        return self.get("db_index", by_itself) is True or self.is_unique

    @property
    def is_many_to_many(self) -> bool:
        """Whether its values stand in a table of their own."""
        return self.kind == "ManyToManyField" or self._is_relation_without_key

    @property
    def has_column(self) -> bool:
        """Whether it has a column; a class of the project is taken to have one."""
        name = self.kind or self._last
        return name not in _WITHOUT_COLUMN and not self._is_relation_without_key

    @property
    def must_be_given(self) -> bool:
        """Whether an INSERT that does not name the column fails."""
        looks_like_column = self.is_known or self._last.endswith(("Field", "Key"))
        is_column = looks_like_column and not self._last.endswith("ManyToManyField")
        return is_column and self.has_column and not self.is_filled

    @property
    def has_database_part(self) -> bool:
        """Whether removing it takes anything from the database."""
        if self.is_many_to_many:
            return self.through is None
        return self.has_column

    @property
    def has_join_table(self) -> bool:
        """Whether it is a many-to-many relation with a table of its own."""
        return self.is_many_to_many and self.through is None

    @property
    def column(self) -> str | None:
        """The column's name in lower case; None where there is none or it cannot be told."""
        found = self.quoted_column
        return found and found.lower()

    @property
    def quoted_column(self) -> str | None:
        """The column's name; None where there is none or it cannot be told."""
        given = self.get("db_column")
        if isinstance(given, str):
            return given
        if given is not None or not self.has_column:
            return None
        if self.kind in _RELATIONS:
            return f"{self.name}_id"
        is_custom_relation = not self.is_known and "to" in self._named
        return None if is_custom_relation else self.name

    @property
    def is_named_at_run_time(self) -> bool:
        """Whether it gives its column a name that cannot be told."""
        given = self._named.get("db_column")
        return given is not None and not isinstance(given, str)

    @property
    def target(self) -> str | None:
        """The model that a relation leads to, "app.model" in lower case."""
        if self.kind not in _RELATIONS or not isinstance(self.definition, Definition):
            return None
        return _model_name(self.definition.get("to", 0))

    @property
    def through(self) -> str | None:
        """The model that a many-to-many relation is kept in, or None for a table of its own."""
        found = self.get("through")
        return None if found is None else _model_name(found) or ""

    @property
    def has_constraint(self) -> bool:
        """Whether it is a relation that the database watches."""
        return (
            self.kind in ("ForeignKey", "OneToOneField") and self.get("db_constraint") is not False
        )

    @property
    def type(self) -> Type | None:
        """The column's type; None where it cannot be told, or hangs on a relation's target."""
        if "db_type" in self._named:
            told = self.get("db_type")
            return type_in_sql(told.lower()) if isinstance(told, str) else None
        if self.kind in _INTEGERS:
            return Type("integer", _INTEGERS[self.kind])
        if self.kind in _TEXTS:
            size = self.get("max_length", _TEXTS[self.kind])
            return Type("text", size) if size is None or isinstance(size, int) else None
        if self.kind == "DecimalField":
            digits, scale = self.get("max_digits"), self.get("decimal_places")
            if isinstance(digits, int) and isinstance(scale, int):
                return Type("decimal", digits - scale, scale)
            return None if UNKNOWN in (digits, scale) else Type("decimal")
        if self.kind == "ArrayField" and isinstance(self.definition, Definition):
            inner = Field(self.name, self.definition.get("base_field", 0)).type
            return inner and Type(f"array of {inner.family}", inner.size, inner.scale)
        family = _OTHERS.get(self.kind, f"postgres {self.kind}")
        return None if self.kind in ("", "Field", "GeneratedField", *_RELATIONS) else Type(family)

    @property
    def is_positive(self) -> bool:
        """Whether the database refuses negative numbers."""
        return self.kind.startswith("Positive")

    @property
    def _named(self) -> Mapping[str, object]:
        return self.definition.named if isinstance(self.definition, Definition) else {}

    @property
    def _last(self) -> str:
        return self.definition.name if isinstance(self.definition, Definition) else ""

    @property
    def _is_relation_without_key(self) -> bool:
        """Whether a field of another package relates to a model, and is no foreign key.

        A foreign key writes its on_delete into every migration.
        """
        if self.kind != "":
            return False
        named = self._named
        return (
            isinstance(self.definition, Definition)
            and self.definition.complete
            and "to" in named
            and "on_delete" not in named
            and self._last not in _WITHOUT_COLUMN
        )


def _kind(definition: object) -> str:
    """Return the class's name where it is one of Django's."""
    return _name_in_django(definition.kind) if isinstance(definition, Definition) else ""


@lru_cache(maxsize=256)
def _name_in_django(dotted: str) -> str:
    is_field = dotted.startswith(_DJANGO) and not dotted.startswith("django.db.models.functions")
    return dotted.rpartition(".")[2] if is_field else ""


def _model_name(given: object) -> str | None:
    if isinstance(given, str):
        return given.lower()
    if isinstance(given, Named) and ".settings." in f".{given.dotted}.":
        return f"{SWAPPABLE}.{given.dotted.rpartition('.')[2]}".lower()
    return None
