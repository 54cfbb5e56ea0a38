"""What all scenarios share: they ask, and count what must hold of every answer."""

import random
import uuid
from typing import Any
from urllib.parse import urlsplit

import gevent
from contract import SCHEMA, Contract
from headers import wait_of
from locust.exception import StopUser

from quality_harness.load import invariants

BLOGS = "/v1/blogs/"
PASSWORD = "a long walk"
PATIENCE = 120
contracts: dict[str, Contract | None] = {}


class Asking:
    """Asks with an address of its own, as if through one proxy, and checks each answer."""

    client: Any
    host: str | None

    def ask(
        self,
        method: str,
        path: str,
        *,
        name: str = "",
        expected: tuple[int, ...] = (200,),
        headers: dict[str, str] | None = None,
        **body: Any,
    ) -> Any:
        """Return the answer; a status that nobody expects is a failure.

        Args:
            method: GET and so on.
            path: with its query.
            name: under which it is counted.
            expected: the statuses that are right.
            headers: beside those that every request has.
            body: `json=`.
        """
        sent = {"X-Forwarded-For": self.address, **(headers or {})}
        with self.client.request(
            method, path, name=name or path, headers=sent, catch_response=True, **body
        ) as answer:
            status = answer.status_code
            seen = status or f"no answer, {type(answer.error).__name__}"
            if invariants.check(
                "unexpected-status", status in expected, f"{method} {name or path}: {seen}"
            ):
                answer.success()
                self._check_contract(method, path, answer)
            else:
                answer.failure(f"{seen} is not expected")
            return answer

    @property
    def address(self) -> str:
        """The address of this visitor: nobody else's."""
        if not hasattr(self, "_address"):
            self._address = some_address()
        return self._address

    def _check_contract(self, method: str, path: str, answer: Any) -> None:
        contract = self._contract()
        if contract is not None:
            plain = urlsplit(path).path
            problem = contract.problem(method, plain, answer.status_code, answer.content)
            invariants.check("contract", not problem, problem)

    def _contract(self) -> Contract | None:
        host = self.host or ""
        if host not in contracts:
            # Others go on without it while the first one asks.
            contracts[host] = None
            answer = self.client.get(SCHEMA, name="/v1/schema/")
            contracts[host] = Contract(answer.json())
        return contracts[host]


class Account(Asking):
    """Somebody with an account of one's own."""

    headers: dict[str, str]
    email: str

    def open_account(self, name: str) -> None:
        """Open an account and log in; whoever is throttled waits as told.

        Raises:
            StopUser: it cannot be done; the answers are counted.
        """
        self.email = f"{name.lower()}-{uuid.uuid4().hex}@load.example.com"
        account = {"email": self.email, "password": PASSWORD}
        self.ask_patiently("/v1/accounts/registration/", {**account, "name": name})
        answer = self.ask_patiently("/v1/accounts/login/", {**account, "device": "load"})
        self.headers = {"Authorization": f"Token {answer.json()['token']}"}

    def ask_patiently(self, path: str, body: dict[str, Any]) -> Any:
        """Return the answer 201.

        Raises:
            StopUser: there is none.
        """
        answer = self.ask("POST", path, expected=(201, 429), json=body)
        if answer.status_code == 429:
            gevent.sleep(min(wait_of(answer.headers) or 1, PATIENCE))
            answer = self.ask("POST", path, expected=(201, 429), json=body)
        if answer.status_code != 201:
            raise StopUser
        return answer


def some_address() -> str:
    """Return an address of a network that nobody has."""
    return ".".join(["10", *(str(random.randint(1, 254)) for _ in range(3))])
