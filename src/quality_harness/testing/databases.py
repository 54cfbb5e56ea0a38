"""Fills fresh test databases; the pytest plugin and the Django runner both come here."""

import functools
import importlib
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any, NoReturn
from unittest import mock

from django.db import DEFAULT_DB_ALIAS, connections
from django.test import TransactionTestCase

from quality_harness.gate import CouldNotRun
from quality_harness.testing.settings import TABLE


def database_names() -> dict[str, str]:
    """Return the name of the database that stands behind each alias now."""
    return {alias: str(connections[alias].settings_dict["NAME"]) for alias in connections}


def seed_databases(seed: str, before: Mapping[str, str]) -> None:
    """Call the project's seed on the test databases that were just made.

    A run that made no test database for the default alias gets no seed: there, the alias
    still leads to the real database. Once seeded, every flush is followed by a new seed.

    Args:
        seed: "module:function", as configured.
        before: `database_names()` before the test databases were made.

    Raises:
        CouldNotRun: the seed cannot be imported, raises, or opens a database that is no
            test database.
    """
    if fill(seed, before):
        seed_after_flush(seed)


def fill(seed: str, before: Mapping[str, str]) -> bool:
    """Call the seed once, as `seed_databases` does, and return whether there was a database for it.

    Raises:
        CouldNotRun: as `seed_databases`.
    """
    made = {alias for alias, name in database_names().items() if name != before[alias]}
    if DEFAULT_DB_ALIAS not in made:
        return False
    function = import_seed(seed)
    with only(made, f"{TABLE}.seed"):
        _call(seed, function)
    return True


def import_seed(seed: str) -> Callable[[], object]:
    """Return the function that "module:function" names.

    Raises:
        CouldNotRun: there is no such module or function.
    """
    module_name, _, name = seed.partition(":")
    if not module_name or not name:
        raise CouldNotRun(f'{TABLE}.seed = "{seed}" is not of the form "module:function"')
    try:
        function = getattr(importlib.import_module(module_name), name)
    except Exception as error:
        raise CouldNotRun(
            f'{TABLE}.seed = "{seed}" cannot be imported: {type(error).__name__}: {error}'
        ) from error
    if not callable(function):
        raise CouldNotRun(f'{TABLE}.seed = "{seed}" is no function but {function!r}')
    return function  # type: ignore[no-any-return]


def seed_after_flush(seed: str) -> None:
    """Make every TransactionTestCase seed again after its flush; a second call does nothing.

    A TestCase rolls back and never comes here, so it pays nothing.
    """
    flush = TransactionTestCase._fixture_teardown
    if hasattr(flush, "seeds"):
        return

    @functools.wraps(flush)
    def flush_and_seed(case: Any) -> None:
        flush(case)
        if DEFAULT_DB_ALIAS in case._databases_names(include_mirrors=False):
            _call(seed, import_seed(seed))

    flush_and_seed.seeds = seed  # type: ignore[attr-defined]
    TransactionTestCase._fixture_teardown = flush_and_seed


def _call(seed: str, function: Callable[[], object]) -> None:
    try:
        function()
    except CouldNotRun:
        raise
    except Exception as error:
        frame = traceback.extract_tb(error.__traceback__)[-1]
        raise CouldNotRun(
            f'{TABLE}.seed = "{seed}" raised {type(error).__name__}: {error} '
            f"({frame.filename}:{frame.lineno})"
        ) from error


@contextmanager
def only(made: set[str], who: str) -> Iterator[None]:
    """Refuse cursors to every database but those in `made`: they hold real data.

    Args:
        made: the aliases of test databases.
        who: whose code runs meanwhile, for the message.
    """
    with ExitStack() as stack:
        for alias in connections:
            if alias not in made:
                refuse = functools.partial(_refuse, who, alias)
                stack.enter_context(mock.patch.object(connections[alias], "cursor", refuse))
        yield


def _refuse(who: str, alias: str, *_arguments: object, **_options: object) -> NoReturn:
    raise CouldNotRun(
        f"{who} opens the database {alias!r}, for which this run made no test "
        "database; let it use only aliases that every database test declares"
    )
