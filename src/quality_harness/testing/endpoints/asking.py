"""Makes the declared requests, and sends them as somebody."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from quality_harness.testing.endpoints.declarations import Declared, Endpoints, given
from quality_harness.testing.roles import Role
from quality_harness.testing.endpoints.routes import Route
from quality_harness.testing.endpoints.sending import Answer, Request, Sender, encoded
from quality_harness.testing.endpoints.surroundings import cheap
from quality_harness.testing.endpoints.undoing import QueryCounter, go_back, undone

Answers = list[tuple[str, Answer]]
# Who sends the declared request, and what differs from what is declared.
Asked = tuple[Role, Mapping[str, Any]]


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
        queries: counts those to the databases.
        paths: those that were looked up already, by their routes and values.
    """

    endpoints: Endpoints
    world: Any
    clients: dict[str, Any]
    sender: Sender
    queries: QueryCounter
    paths: dict[tuple[str, str], str] = field(default_factory=dict)

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
            path=self._path(case.route, arguments),
            query=given(declared.query, world) or {},
            headers=given(declared.headers, world) or {},
        )
        return replace(request, **changes)

    def ask(self, role: Role, case: Case, **changes: Any) -> Answer:
        """Send the declared request, with changes, and leave nothing behind."""
        [answer] = self.ask_all([(role, changes)], case)
        return answer

    def ask_each(self, roles: Iterable[Role], case: Case, **changes: Any) -> Answers:
        """Send it as each role."""
        asked = [(role, changes) for role in roles]
        names = [role.name for role, _ in asked]
        return list(zip(names, self.ask_all(asked, case), strict=True))

    def ask_all(self, asked: Iterable[Asked], case: Case) -> list[Answer]:
        """Send it as often as asked; each request finds what the first one found."""
        answers = []
        with undone():
            for role, changes in asked:
                before = self.queries.count
                request = self.request(case, **changes)
                answers.append(self.sender.send(self.clients[role.name], request, self.queries))
                # Where the database was not asked, there is nothing to undo.
                go_back(touched=self.queries.count > before)
        return answers

    def _path(self, route: Route, arguments: Mapping[str, Any]) -> str:
        # To see which route a path leads to takes as long as a small query.
        key = (route.path, repr(sorted((name, str(value)) for name, value in arguments.items())))
        if key not in self.paths:
            self.paths[key] = route.filled(arguments)
        return self.paths[key]

    def strongest(self) -> list[Role]:
        """Return the roles with valid credentials, who may send the most first."""
        declared = self.endpoints.declared
        rights = Counter(role.name for each in declared for role in self.endpoints.allowed(each))
        valid = [role for role in self.endpoints.roles if not role.invalid]
        return sorted(valid, key=lambda role: -rights[role.name])


@contextmanager
def entered(endpoints: Endpoints) -> Iterator[Asker]:
    """Make the world and the clients, and take them back at the end."""
    with cheap(), undone(), endpoints.world() as world, QueryCounter().installed() as queries:
        clients = {role.name: role.client(world) for role in endpoints.roles}
        yield Asker(endpoints, world, clients, Sender(), queries)
