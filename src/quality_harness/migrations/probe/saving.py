"""Saves rows as the old code does, and tells what PostgreSQL says to it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import DEFAULT_DB_ALIAS, IntegrityError
from django.db.models import signals

# They have PostgreSQL check what it would check at the end of the transaction.
CHECKS = ("SET CONSTRAINTS ALL IMMEDIATE", "SET CONSTRAINTS ALL DEFERRED")
_SIGNALS = (
    signals.pre_init,
    signals.post_init,
    signals.pre_save,
    signals.post_save,
    signals.pre_delete,
    signals.post_delete,
    signals.m2m_changed,
)


def save_all(model: Any, objects: Sequence[Any]) -> None:
    """Insert the objects as the old code does.

    Raises:
        Error: PostgreSQL refuses them, or swallows some.
    """
    if model._meta.parents:
        with silent():
            for each in objects:
                each.save(using=DEFAULT_DB_ALIAS, force_insert=True)
    else:
        try:
            model._base_manager.using(DEFAULT_DB_ALIAS).bulk_create(objects)
        except AssertionError as error:
            # Django counts the keys that come back.
            raise IntegrityError("rows that were inserted are not there") from error


@contextmanager
def silent() -> Iterator[None]:
    """Have no receiver of the project called: it may write files or send mail."""
    kept = [each.receivers for each in _SIGNALS]
    _connect([[] for _ in _SIGNALS])
    try:
        yield
    finally:
        _connect(kept)


def _connect(receivers: Sequence[list[Any]]) -> None:
    for each, own in zip(_SIGNALS, receivers, strict=True):
        each.receivers = own
        # Who receives what of a model is noted there, and so is that nobody does.
        each.sender_receivers_cache.clear()


def check_constraints(cursor: Any) -> None:
    """Have PostgreSQL check what it would check at the end of the transaction."""
    cursor.execute("; ".join(CHECKS))


def first_line(error: BaseException) -> str:
    """Return what an exception says, in a line: PostgreSQL's own words where they are there."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return f"{lines[0] if lines else 'no reason given'} ({type(error).__name__})"
