"""Makes the declared requests, and sends them as somebody."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from quality_harness.testing.endpoints.declarations import Declared, Endpoints, Role, given
from quality_harness.testing.endpoints.routes import Route
from quality_harness.testing.endpoints.sending import Answer, Request, Sender, encoded, undone

Answers = list[tuple[str, Answer]]


@dataclass(frozen=True)
class Case:
    """A declaration and the route that it is about."""

    declared: Declared
    route: Route


@dataclass(frozen=True)
class Asker:
    """Sends what is declared, as somebody.

    Attributes:
        endpoints: what is declared.
        world: the objects that the declarations are about.
        clients: of each role, by its name.
        sender: counts the requests.
    """

    endpoints: Endpoints
    world: Any
    clients: dict[str, Any]
    sender: Sender

    def request(self, case: Case, **changes: Any) -> Request:
        """Return the declared request, with changes.

        Raises:
            CannotFill: the declared values make no path of the route.
        """
        declared, world = case.declared, self.world
        if "content" not in changes:
            content, kind = encoded(given(declared.body, world), form=declared.form)
            changes = {"content": content, "kind": kind, **changes}
        arguments = {**self.endpoints.path, **(given(declared.path, world) or {})}
        request = Request(
            method=declared.method,
            path=case.route.filled(arguments),
            query=given(declared.query, world) or {},
            headers=given(declared.headers, world) or {},
        )
        return replace(request, **changes)

    def ask(self, role: Role, case: Case, **changes: Any) -> Answer:
        """Send the declared request, with changes, and leave nothing behind."""
        with undone():
            request = self.request(case, **changes)
            return self.sender.send(self.clients[role.name], request)

    def ask_each(self, roles: Iterable[Role], case: Case, **changes: Any) -> Answers:
        """Send it as each role."""
        return [(role.name, self.ask(role, case, **changes)) for role in roles]

    def strongest(self) -> list[Role]:
        """Return the roles with valid credentials, who may send the most first."""
        declared = self.endpoints.declared
        rights = Counter(role.name for each in declared for role in self.endpoints.allowed(each))
        valid = [role for role in self.endpoints.roles if not role.invalid]
        return sorted(valid, key=lambda role: -rights[role.name])


@contextmanager
def entered(endpoints: Endpoints) -> Iterator[Asker]:
    """Make the world and the clients, and take them back at the end."""
    with undone(), endpoints.world() as world:
        clients = {role.name: role.client(world) for role in endpoints.roles}
        yield Asker(endpoints, world, clients, Sender())
