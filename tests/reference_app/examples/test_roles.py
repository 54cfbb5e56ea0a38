from rest_framework.test import APITestCase

from quality_harness.testing.roles import RoleClients
from tests.reference_app.factories import BlogFactory
from tests.reference_app.helpers import OwnCacheTests, address
from tests.reference_app.roles import ROLES, World


class DraftTests(OwnCacheTests, RoleClients, APITestCase):
    roles = ROLES

    def make_world(self) -> World:
        return World()

    def test_a_draft_is_its_author_s(self) -> None:
        blog = BlogFactory(author=self.world.users["owner"].author)
        expected = {"anonymous": 404, "expired token": 401, "other user": 404, "owner": 200}
        for name, status in expected.items():
            with self.subTest(name):
                response = self.client_of(name).get(address("blog:detail", uuid=blog.uuid))
                self.assertEqual(response.status_code, status)
