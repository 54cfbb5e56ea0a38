"""Reads bodies."""

import json
from collections.abc import Mapping
from typing import Any, BinaryIO, NoReturn

from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser


class StrictJSONParser(JSONParser):
    """JSON that nobody can crash, and that everybody reads alike.

    Nesting that exhausts the stack is a bad request. So is a name that stands twice: a proxy may
    have checked the other value.
    """

    def parse(
        self,
        stream: BinaryIO,
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        try:
            # A middleware lets nothing but UTF-8 pass.
            return json.loads(
                stream.read().decode(), parse_constant=_refuse, object_pairs_hook=_unique
            )
        except RecursionError as error:
            raise ParseError() from error
        except ValueError as error:
            raise ParseError(f"JSON parse error - {error}") from error


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number.")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("A name stands twice in an object.")
    return found
