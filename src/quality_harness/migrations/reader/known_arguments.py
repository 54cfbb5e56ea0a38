"""Which arguments of Django's operations say what."""

# Which arguments name the model and the field, and which others are texts: name and place.
TEXTS = {
    "CreateModel": {"model": ("name", 0)},
    "DeleteModel": {"model": ("name", 0)},
    "RenameModel": {"model": ("old_name", 0), "new_name": ("new_name", 1)},
    "AlterModelTable": {"model": ("name", 0), "table": ("table", 1)},
    "AddField": {"model": ("model_name", 0), "field": ("name", 1)},
    "RemoveField": {"model": ("model_name", 0), "field": ("name", 1)},
    "AlterField": {"model": ("model_name", 0), "field": ("name", 1)},
    "RenameField": {
        "model": ("model_name", 0),
        "field": ("old_name", 1),
        "new_name": ("new_name", 2),
    },
    "AddIndex": {"model": ("model_name", 0)},
    "AddIndexConcurrently": {"model": ("model_name", 0)},
    "RemoveIndex": {"model": ("model_name", 0), "name": ("name", 1)},
    "RemoveIndexConcurrently": {"model": ("model_name", 0), "name": ("name", 1)},
    "AddConstraint": {"model": ("model_name", 0)},
    "AddConstraintNotValid": {"model": ("model_name", 0)},
    "RemoveConstraint": {"model": ("model_name", 0), "name": ("name", 1)},
    "ValidateConstraint": {"model": ("model_name", 0), "name": ("name", 1)},
    "AlterUniqueTogether": {"model": ("name", 0)},
    "AlterIndexTogether": {"model": ("name", 0)},
    "AlterModelOptions": {"model": ("name", 0)},
    "AlterOrderWithRespectTo": {"model": ("name", 0)},
}
# Which arguments define something: name and place.
DEFINITIONS: dict[str, dict[str, int]] = {
    "CreateModel": {"fields": 1, "options": 2, "bases": 3},
    "AddField": {"field": 2, "preserve_default": 3},
    "AlterField": {"field": 2, "preserve_default": 3},
    "AddIndex": {"index": 1},
    "AddIndexConcurrently": {"index": 1},
    "AddConstraint": {"constraint": 1},
    "AddConstraintNotValid": {"constraint": 1},
    "AlterUniqueTogether": {"unique_together": 1},
    "AlterIndexTogether": {"index_together": 1},
    "AlterModelOptions": {"options": 1},
    "AlterOrderWithRespectTo": {"order_with_respect_to": 1},
}
