"""What a function of a migration does to the database."""

from dataclasses import dataclass

from quality_harness.migrations.functions.editor import Edit
from quality_harness.migrations.functions.given_values import Given
from quality_harness.migrations.sql.statements import Statement

DELETES_ROWS = "deletes rows"
WRITES_ROWS = "writes rows"
PUTS_IN_ROWS = "puts in rows"
CARRIES_OUT = "runs an operation that is known only at run time"
MAKES_TABLE = "makes a table"
MAKES_COLUMN = "makes a column"
ASKS = "asks for a model"


@dataclass(frozen=True)
class Deed:
    """One call in a function that loses data, renames, or cannot be told.

    Attributes:
        path: the file that the call stands in.
        line: its line.
        column: its column; the first is 1.
        text: the call as it is written.
        does: what that does, as the end of a sentence: "deletes rows".
        resolved: False where the SQL that it runs is known only at run time.
        fields: for an update of rows that are there, the fields that it writes.
        copied: those of them that it fills from other fields.
        model: app label and name of the model, in lower case, where that is known.
        relation: the relation whose links it removes.
        picked: whether a condition picks the rows.
        statement: what SQL that it runs does beside losing and renaming.
        edit: what it does as an operation, where a schema editor does it.
        gives: what it gives the fields of rows, be they empty or not.
        table: the table that it renames, in lower case, where that is written out.
    """

    path: str
    line: int
    column: int
    text: str
    does: str
    resolved: bool = True
    fields: tuple[str, ...] = ()
    copied: tuple[str, ...] = ()
    model: tuple[str, str] = ("", "")
    relation: str = ""
    picked: bool = False
    statement: Statement | None = None
    edit: Edit | None = None
    gives: tuple[Given, ...] = ()
    table: str = ""
