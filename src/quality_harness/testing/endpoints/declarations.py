"""The values in which a project says who may send what to which of its routes."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

from quality_harness.testing.roles import Role

# What is sent to every route. HEAD goes wherever GET goes, OPTIONS only describes.
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")

# A value, or a function of the world that gives it.
Given = Any


@dataclass(frozen=True)
class Declared:
    """A request that succeeds, for who may send it.

    Attributes:
        route: the route's name as `reverse` takes it ("blog:detail"), or its path as urls.py
            writes it, with a slash in front ("/blogs/<uuid:uuid>/").
        method: in upper case, such as "GET".
        path: what stands in the path: names and values, or a function of the world.
        query: what stands behind the question mark, likewise.
        body: what is sent, likewise; a dictionary or list, as JSON unless `form` is set.
        form: send the body as a form, with its files.
        headers: more headers of the request, likewise.
        rows: takes the world and a number, and makes that many more rows of the list that a GET
            answers with.
        fixed: why that list has no rows that could be made.
    """

    route: str
    method: str
    path: Given = field(default=None, kw_only=True)
    query: Given = field(default=None, kw_only=True)
    body: Given = field(default=None, kw_only=True)
    form: bool = field(default=False, kw_only=True)
    headers: Given = field(default=None, kw_only=True)
    rows: Callable[[Any, int], object] | None = field(default=None, kw_only=True)
    fixed: str = field(default="", kw_only=True)

    def __post_init__(self) -> None:
        if self.method not in METHODS:
            raise ValueError(f"{self}: the method is not one of {', '.join(METHODS)}")

    def __str__(self) -> str:
        return f"{type(self).__name__}({self.route!r}, {self.method!r})"


@dataclass(frozen=True)
class Public(Declared):
    """Everybody may send this.

    Attributes:
        reason: why nothing has to be kept from anybody.
    """

    reason: str

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.reason.strip():
            raise ValueError(f"{self} has no reason")


@dataclass(frozen=True)
class Allowed(Declared):
    """Only these roles may send this; the others get a 401, 403 or 404.

    Attributes:
        roles: their names; none where nobody may.
    """

    roles: tuple[str, ...]


@dataclass(frozen=True)
class Ignored:
    """Routes that are not sent anything.

    Attributes:
        prefix: how their paths begin, with a slash in front, such as "/admin/".
        reason: who tests them instead, or why nobody needs to.
    """

    prefix: str
    reason: str

    def __post_init__(self) -> None:
        if not self.reason.strip():
            raise ValueError(f"Ignored({self.prefix!r}) has no reason")


@dataclass(frozen=True)
class Endpoints:
    """All that a project declares.

    Attributes:
        world: a context manager, entered once in each process that sends requests, inside a
            transaction; it gives the objects that the functions of roles and declarations are
            handed. What it changes beside the database, such as settings, it takes back.
        roles: who sends requests.
        declared: what they may send.
        ignored: routes that are left out.
        path: values for every path that has these names, such as {"version": "v1"}.
    """

    world: Callable[[], AbstractContextManager[Any]]
    roles: tuple[Role, ...]
    declared: tuple[Declared, ...]
    ignored: tuple[Ignored, ...] = ()
    path: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        valid = [role.name for role in self.roles if not role.invalid]
        if not valid:
            raise ValueError("Endpoints has no role with valid credentials, or with none at all")
        if len({role.name for role in self.roles}) < len(self.roles):
            raise ValueError("Endpoints has two roles of the same name")
        for each in self.declared:
            for name in each.roles if isinstance(each, Allowed) else ():
                if name not in valid:
                    raise ValueError(
                        f"{each} allows {name!r}, which is no role with valid credentials: "
                        f"{', '.join(valid)}"
                    )

    def allowed(self, declared: Declared) -> tuple[Role, ...]:
        """Return the roles that may send this, in their order."""
        valid = [role for role in self.roles if not role.invalid]
        if isinstance(declared, Allowed):
            return tuple(role for role in valid if role.name in declared.roles)
        return tuple(valid)

    def refused(self, declared: Declared) -> tuple[Role, ...]:
        """Return the roles that must be refused, in their order."""
        if not isinstance(declared, Allowed):
            return ()
        return tuple(role for role in self.roles if role.name not in declared.roles)


def given(value: Given, world: Any) -> Any:
    """Return a declared value; one that is a function is called with the world."""
    return value(world) if callable(value) else value
