"""Where the source of settings names something, and whether a comment there says why."""

import ast
import io
import re
import tokenize
from collections.abc import Iterable, Iterator
from pathlib import Path

from quality_harness.finding import Location

# Comments that speak to tools.
_TO_TOOLS = re.compile(r"#[\s!:]*(noqa|nosec|type:|fmt:|isort:|pylint:|pragma|quality-harness:|$)")


def places(
    root: Path, files: Iterable[str], setting: str, value: str
) -> Iterator[tuple[Location, bool]]:
    """Give each statement about a setting that holds a text, and whether a comment stands there.

    The comment stands in the lines of the statement or in the one above.

    Args:
        root: the project's folder.
        files: Python files, relative to it.
        setting: the setting's name.
        value: the text.
    """
    for name in files:
        source = (root / name).read_bytes()
        tokens = tokenize.tokenize(io.BytesIO(source).readline)
        comments = {
            token.start[0]
            for token in tokens
            if token.type == tokenize.COMMENT and not _TO_TOOLS.match(token.string)
        }
        for statement in ast.walk(ast.parse(source)):
            if isinstance(statement, ast.stmt) and _is_about(statement, setting, value):
                lines = range(statement.lineno - 1, (statement.end_lineno or 0) + 1)
                yield Location(name, statement.lineno), not comments.isdisjoint(lines)


def _is_about(statement: ast.stmt, setting: str, value: str) -> bool:
    """Whether a statement that holds no other one names both."""
    nodes = list(ast.walk(statement))
    if any(isinstance(one, ast.stmt) for one in nodes[1:]):
        return False
    names = {one.id for one in nodes if isinstance(one, ast.Name)}
    texts = {one.value for one in nodes if isinstance(one, ast.Constant)}
    return setting in names and value in texts
