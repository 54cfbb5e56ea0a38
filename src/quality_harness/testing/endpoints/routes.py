"""The routes of a project, from its URL resolver."""

import ast
import functools
import inspect
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.urls import Resolver404, URLResolver, get_resolver, resolve
from django.utils.http import escape_leading_slashes
from django.utils.regex_helper import normalize

from quality_harness.testing.endpoints.declarations import METHODS


class CannotFill(Exception):
    """What is declared does not make a path of the route; the text says why."""


@dataclass(frozen=True)
class Route:
    """An address, and the view behind it.

    Attributes:
        name: as `reverse` takes it; empty where the route has none.
        path: as urls.py writes it, with a slash in front.
        view: what the route calls.
        regex: what the path matches, without its beginning slash.
        converters: of the arguments in the path, by their names.
    """

    name: str
    path: str
    view: Any
    regex: str
    converters: Mapping[str, Any]

    @property
    def handler(self) -> Any:
        """The class of the view, or its function."""
        for name in ("cls", "view_class"):
            if hasattr(self.view, name):
                return getattr(self.view, name)
        return inspect.unwrap(getattr(self.view, "func", self.view))

    def methods(self) -> tuple[str, ...]:
        """Return the methods that the view has a function for; of a plain function nothing."""
        # A view set says in `actions` which of its methods this route has.
        actions: dict[str, str] = getattr(self.view, "actions", None) or {}
        names = getattr(self.handler, "http_method_names", ())
        return tuple(
            method
            for method in METHODS
            if method.lower() in names and (method.lower() in actions or self._has(method))
        )

    def _has(self, method: str) -> bool:
        return hasattr(self.handler, method.lower())

    def filled(self, arguments: Mapping[str, Any]) -> str:
        """Return the path with these values in it; those that it does not have are left out.

        Raises:
            CannotFill: a value is missing or does not fit, or another route takes the path.
        """
        wanted: set[str] = set()
        for template, names in _templates(self.regex):
            wanted |= set(names)
            if set(names) <= set(arguments):
                values = {name: self._text(name, arguments[name]) for name in names}
                return self._checked(escape_leading_slashes("/" + template % values))
        missing = ", ".join(sorted(wanted - set(arguments)))
        raise CannotFill(f"{self.path} needs a value for {missing}")

    def _text(self, name: str, value: Any) -> str:
        converter = self.converters.get(name)
        return str(converter.to_url(value)) if converter else str(value)

    def _checked(self, path: str) -> str:
        try:
            found = resolve(path)
        except Resolver404:
            raise CannotFill(f"{path} does not fit {self.path}") from None
        if found.func is not self.view or "/" + found.route != self.path:
            raise CannotFill(f"{path} is answered by /{found.route}, which stands before it")
        return path


@functools.cache
def _templates(regex: str) -> list[tuple[str, list[str]]]:
    return list(normalize(regex))


def all_routes() -> list[Route]:
    """Return every route of the project, in their order."""
    return list(_routes(get_resolver().url_patterns))


def _routes(
    patterns: Sequence[Any],
    spaces: str = "",
    path: str = "/",
    regex: str = "",
    converters: Mapping[str, Any] | None = None,
) -> Iterator[Route]:
    for each in patterns:
        pattern = each.pattern
        inner_regex = regex + pattern.regex.pattern.removeprefix("^")
        inner = {**(converters or {}), **pattern.converters}
        # As Django joins them in `ResolverMatch.route`.
        text = str(pattern) if path == "/" else str(pattern).removeprefix("^")
        if isinstance(each, URLResolver):
            space = f"{spaces}{each.namespace}:" if each.namespace else spaces
            yield from _routes(each.url_patterns, space, path + text, inner_regex, inner)
        else:
            name = f"{spaces}{each.name}" if each.name else ""
            yield Route(name, path + text, each.callback, inner_regex, inner)


def place_of(route: Route) -> tuple[str, int]:
    """Return the file and line of the view; the line is 0 where it is not in the file."""
    handler = route.handler
    if not hasattr(handler, "__module__") or not hasattr(handler, "__name__"):
        handler = type(handler)
    file = getattr(sys.modules.get(handler.__module__), "__file__", None) or ""
    return file, _lines(file).get(handler.__name__, 0)


@functools.cache
def _lines(file: str) -> dict[str, int]:
    """Return the lines of a module's classes and functions."""
    # A view that `api_view` makes of a function is known to `inspect` by no line.
    tree = ast.parse(Path(file).read_bytes()) if file.endswith(".py") else ast.Module([], [])
    kinds = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    return {node.name: node.lineno for node in tree.body if isinstance(node, kinds)}


def pattern_of(route: Route) -> str:
    """Return the path as people write it: converters left out."""
    return re.sub(r"<\w+:(\w+)>", r"<\1>", route.path)
