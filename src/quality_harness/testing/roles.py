"""Clients that speak for the roles of a project, which are declared once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True)
class Role:
    """Somebody who sends requests.

    Attributes:
        name: as tests, declarations and messages call it; a group's role is called like the group.
        client: takes the world, gives a test client of Django or of the REST framework that sends
            this role's credentials.
        invalid: whether its credentials are no good, such as an expired token. A public route may
            refuse it or not; no other route may let it in.
    """

    name: str
    client: Callable[[Any], Any]
    invalid: bool = False


class RoleClients:
    """Gives a client for each role; mixed into test cases.

    Attributes:
        roles: the project's roles.
    """

    roles: ClassVar[Sequence[Role]] = ()

    def make_world(self) -> Any:
        """Make what the roles take their users from; overridden by the project.

        It is called once a test, for the first client.
        """
        return self

    @property
    def world(self) -> Any:
        """What `make_world` made for this test."""
        if not hasattr(self, "_world"):
            self._world = self.make_world()
        return self._world

    def client_of(self, name: str) -> Any:
        """Return a new client that sends a role's credentials.

        Raises:
            LookupError: no role has this name.
        """
        for role in self.roles:
            if role.name == name:
                return role.client(self.world)
        known = ", ".join(role.name for role in self.roles)
        raise LookupError(f"There is no role {name!r}. {type(self).__name__}.roles has: {known}.")
