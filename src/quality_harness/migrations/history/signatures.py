"""The parameters that Django's operations and fields take by place, and what they are without."""

from collections.abc import Mapping

_FIELD = ("verbose_name", "name", "primary_key", "max_length", "unique", "blank", "null",
          "db_index", "rel", "default", "editable", "serialize")  # fmt: skip
_NAMED = ("verbose_name", "name")
_MODEL = ("model_name",)
_OPERATIONS: dict[str, tuple[str, ...]] = {
    "AddConstraint": (*_MODEL, "constraint"),
    "AddConstraintNotValid": (*_MODEL, "constraint"),
    "AddField": (*_MODEL, "name", "field", "preserve_default"),
    "AddIndex": (*_MODEL, "index"),
    "AddIndexConcurrently": (*_MODEL, "index"),
    "AlterConstraint": (*_MODEL, "name", "constraint"),
    "AlterField": (*_MODEL, "name", "field", "preserve_default"),
    "AlterIndexTogether": ("name", "index_together"),
    "AlterModelManagers": ("name", "managers"),
    "AlterModelOptions": ("name", "options"),
    "AlterModelTable": ("name", "table"),
    "AlterModelTableComment": ("name", "table_comment"),
    "AlterOrderWithRespectTo": ("name", "order_with_respect_to"),
    "AlterUniqueTogether": ("name", "unique_together"),
    "CreateExtension": ("name",),
    "CreateModel": ("name", "fields", "options", "bases", "managers"),
    "DeleteModel": ("name",),
    "RemoveConstraint": (*_MODEL, "name"),
    "RemoveField": (*_MODEL, "name"),
    "RemoveIndex": (*_MODEL, "name"),
    "RemoveIndexConcurrently": (*_MODEL, "name"),
    "RenameField": (*_MODEL, "old_name", "new_name"),
    "RenameIndex": (*_MODEL, "new_name", "old_name", "old_fields"),
    "RenameModel": ("old_name", "new_name"),
    "RunPython": ("code", "reverse_code", "atomic", "hints", "elidable"),
    "RunSQL": ("sql", "reverse_sql", "state_operations", "hints", "elidable"),
    "SeparateDatabaseAndState": ("database_operations", "state_operations"),
    "ValidateConstraint": (*_MODEL, "name"),
}
_TO = ("to", "on_delete")
_FIELDS: dict[str, tuple[str, ...]] = {
    "ArrayField": ("base_field", "size"),
    "DateField": (*_NAMED, "auto_now", "auto_now_add"),
    "DateTimeField": (*_NAMED, "auto_now", "auto_now_add"),
    "DecimalField": (*_NAMED, "max_digits", "decimal_places"),
    "FileField": (*_NAMED, "upload_to", "storage"),
    "FilePathField": (*_NAMED, "path", "match", "recursive", "allow_files", "allow_folders"),
    "ForeignKey": (*_TO, "related_name", "related_query_name"),
    "GeneratedField": ("expression", "output_field", "db_persist"),
    "GenericIPAddressField": (*_NAMED, "protocol", "unpack_ipv4"),
    "ImageField": (*_NAMED, "width_field", "height_field"),
    "JSONField": (*_NAMED, "encoder", "decoder"),
    "ManyToManyField": ("to", "related_name", "related_query_name"),
    "OneToOneField": (*_TO, "to_field"),
    "TimeField": (*_NAMED, "auto_now", "auto_now_add"),
    "URLField": _NAMED,
    "UUIDField": ("verbose_name",),
}
# Of an argument that says what goes without saying.
_DEFAULTS: Mapping[str, bool] = {
    "blank": False,
    "elidable": False,
    "null": False,
    "preserve_default": True,
    "primary_key": False,
    "unique": False,
}


def parameters(name: str) -> tuple[str, ...]:
    """Return what a class of Django takes by place, in that order; nothing where it is unknown."""
    found = _OPERATIONS.get(name) or _FIELDS.get(name)
    return found or (_FIELD if name.endswith("Field") else ())


def is_default(argument: str, value: object) -> bool:
    """Return whether an operation or a field is the same without an argument of this value."""
    return argument in _DEFAULTS and value is _DEFAULTS[argument]
