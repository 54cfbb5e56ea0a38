"""Long texts that PostgreSQL makes itself: sending and parsing them takes longer than storing."""

from typing import Any

from django.db.models import CharField, Expression, TextField

FILL = "漢"
# Below it, the text itself is as quick.
_SHORT = 1_000
# A project's own field may do something with a text, which it could not do with an expression.
_PLAIN = (CharField, TextField)


class LongText(Expression):  # type: ignore[misc]
    """A text that ends with many of `FILL`."""

    def __init__(self, start: str, count: int) -> None:
        super().__init__(output_field=TextField())
        self.start = start
        self.count = count

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """Return the SQL that makes it."""
        return "(%s || repeat(%s, %s))", [self.start, FILL, self.count]


def sent(field: Any, text: Any) -> Any:
    """Return what to send for a text: an expression where that is shorter.

    Args:
        field: of a historical model.
        text: its value, or one of another type, which is returned.
    """
    if type(field) not in _PLAIN or not isinstance(text, str) or len(text) <= _SHORT:
        return text
    start = text.rstrip(FILL)
    count = len(text) - len(start)
    return LongText(start, count) if count > _SHORT else text
