"""Opens the connection beside other work.

Importing a project takes as long as making a database, and neither needs the other.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any


@contextmanager
def opened_meanwhile(
    wrapper: Any, prepare: Callable[[], object], begin: Callable[[Any], object]
) -> Iterator[None]:
    """Have a connection opened in a thread; who needs it waits for it.

    Args:
        wrapper: Django's, not connected.
        prepare: makes the database.
        begin: does what is to be done first, with a cursor.
    """
    own, parameters = wrapper.get_new_connection, wrapper.get_connection_params()

    def connect() -> Any:
        prepare()
        connection = own(parameters)
        connection.autocommit = True
        with connection.cursor() as cursor:
            begin(cursor)
        return connection

    def take(_: Any) -> Any:
        # The next one is opened as ever.
        del wrapper.get_new_connection
        return opening.result()

    # Its end waits for the thread, so that what is made is known to whoever drops it.
    with ThreadPoolExecutor(1) as pool:
        opening: Future[Any] = pool.submit(connect)
        wrapper.get_new_connection = take
        try:
            yield
        finally:
            is_left = vars(wrapper).pop("get_new_connection", None)
            if is_left and not opening.exception():
                opening.result().close()
