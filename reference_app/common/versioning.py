"""Versions of the API: in the path, checked by each view."""

from collections.abc import Callable
from typing import Any

from rest_framework.exceptions import NotAcceptable, NotFound
from rest_framework.request import Request
from rest_framework.versioning import URLPathVersioning


class VersionConverter:
    """The part of an address that names a version: `v1`."""

    regex = "v[0-9]+"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


def allowed_versions(*versions: str) -> Callable[[Callable], Callable]:
    """Declare which versions a view that is a function answers to; stands above `@api_view`."""

    def declare(view: Callable) -> Callable:
        view.cls.allowed_versions = versions
        return view

    return declare


class NoSuchVersion(NotFound, NotAcceptable):
    """A 404. The second base tells drf-spectacular to leave the view out of this version."""


class PathVersioning(URLPathVersioning):
    """Asks the view: it answers to its own `allowed_versions` and to no other."""

    def determine_version(self, request: Request, *args: Any, **kwargs: Any) -> str:
        version: str = kwargs[self.version_param]
        view = request.parser_context["view"]
        if version not in getattr(view, "allowed_versions", ()):
            raise NoSuchVersion()
        return version
