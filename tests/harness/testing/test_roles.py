"""A client for each role."""

from typing import Any

from django.test import Client, SimpleTestCase

from quality_harness.testing.roles import Role, RoleClients

ROLES = (
    Role("anonymous", lambda world: Client()),
    Role("staff", lambda world: Client(headers={"authorization": world["staff"]})),
)


class RoleClientsTests(RoleClients, SimpleTestCase):
    roles = ROLES
    made = 0

    def make_world(self) -> Any:
        self.made += 1
        return {"staff": "Token 1"}

    def test_a_client_sends_the_credentials_of_its_role(self) -> None:
        self.assertEqual(self.client_of("staff").defaults["HTTP_AUTHORIZATION"], "Token 1")
        self.assertNotIn("HTTP_AUTHORIZATION", self.client_of("anonymous").defaults)

    def test_each_client_is_a_new_one_of_the_same_world(self) -> None:
        first, second = self.client_of("staff"), self.client_of("staff")
        self.assertIsNot(first, second)
        self.assertEqual(self.made, 1)

    def test_a_role_that_there_is_not_is_an_error(self) -> None:
        message = "no role 'stuff'. RoleClientsTests.roles has: anonymous, staff."
        with self.assertRaisesMessage(LookupError, message):
            self.client_of("stuff")


class WithoutWorldTests(RoleClients, SimpleTestCase):
    roles = (Role("own", lambda case: case.client),)

    def test_the_world_is_the_test_itself(self) -> None:
        self.assertIs(self.client_of("own"), self.client)
