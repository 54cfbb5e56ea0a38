"""Takes back what requests do to the databases."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, Self

from django.db import connections, transaction


@contextmanager
def undone() -> Iterator[None]:
    """Roll back what happens inside, in every database."""
    with ExitStack() as stack:
        for alias in connections:
            atomic = transaction.atomic(using=alias)
            # As in a TestCase: a block of the view that has to be the outermost one is let in.
            atomic._from_testcase = True
            stack.enter_context(atomic)
        yield
        for alias in connections:
            transaction.set_rollback(True, using=alias)


def go_back(*, touched: bool) -> None:
    """Take back what happened since the beginning of the innermost `undone`, and stay in it.

    That `undone` has to be inside another one, whose savepoint it is. One that is kept costs a
    statement a request, where a new one for each costs three.

    Args:
        touched: whether a database was asked anything.
    """
    for connection in connections.all():
        # A view that only marks the transaction as failed has asked nothing.
        if touched or connection.needs_rollback:
            transaction.set_rollback(False, using=connection.alias)
            transaction.savepoint_rollback(connection.savepoint_ids[-1], using=connection.alias)


class QueryCounter:
    """Counts queries, and does not keep their text: composing that takes longer than many queries.

    Attributes:
        count: how many there were.
    """

    def __init__(self) -> None:
        self.count = 0

    @contextmanager
    def installed(self) -> Iterator[Self]:
        """Count those to every database."""
        with ExitStack() as stack:
            for connection in connections.all():
                stack.enter_context(connection.execute_wrapper(self))
            yield self

    def __call__(self, execute: Callable[..., Any], *arguments: Any) -> Any:
        """Let the query pass."""
        self.count += 1
        return execute(*arguments)
