"""Holds answers against the API's own OpenAPI document."""

import json
import re
from collections.abc import Mapping
from typing import Any

import jsonschema_rs

SCHEMA = "/v1/schema/?format=json"


class Contract:
    """What the API promises to answer.

    Attributes:
        paths: each path as an expression, with its operations by method.
    """

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._components = nullable_as_type(document.get("components", {}))
        self.paths = [
            (re.compile(re.sub(r"\\{[^}]*\\}", "[^/]+", re.escape(path))), operations)
            for path, operations in document["paths"].items()
        ]
        # A path without parameters says more than one that it fits, too.
        self.paths.sort(key=lambda row: row[0].pattern.count("[^/]+"))
        self._validators: dict[tuple[str, str, str], Any] = {}

    def problem(self, method: str, path: str, status: int, body: bytes | None) -> str:
        """Return how an answer differs from what is promised, empty where it does not.

        Args:
            method: GET and so on.
            path: what was asked, without its query.
            status: the answer's.
            body: the answer's.
        """
        for pattern, operations in self.paths:
            if pattern.fullmatch(path) and method.lower() in operations:
                return self._differs(pattern.pattern, operations, method.lower(), status, body)
        return f"{method} {path} is not in the schema"

    def _differs(
        self,
        pattern: str,
        operations: Mapping[str, Any],
        method: str,
        status: int,
        body: bytes | None,
    ) -> str:
        responses = operations[method]["responses"]
        promised = responses.get(str(status), responses.get("default"))
        if promised is None:
            return f"{method.upper()} {pattern} promises no {status}"
        schema = promised.get("content", {}).get("application/json", {}).get("schema")
        if schema is None:
            return f"a body where none is promised ({status})" if body else ""
        key = (pattern, method, str(status))
        if key not in self._validators:
            whole = {"allOf": [nullable_as_type(schema)], "components": self._components}
            self._validators[key] = jsonschema_rs.validator_for(whole)
        try:
            answer = json.loads(body or b"")
        except ValueError:
            return f"{status} is no JSON"
        error = next(self._validators[key].iter_errors(answer), None)
        if error is None:
            return ""
        place = "/".join(map(str, error.instance_path))
        return f"{method.upper()} {pattern} {status}, {place or 'body'}: {error.message}"[:300]


def nullable_as_type(schema: Any) -> Any:
    """Return an OpenAPI 3.0 schema as JSON Schema: `nullable` allows null beside the rest."""
    if isinstance(schema, list):
        return [nullable_as_type(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {key: nullable_as_type(value) for key, value in schema.items() if key != "nullable"}
    if schema.get("nullable") is True:
        return {"anyOf": [plain, {"type": "null"}]}
    return plain
