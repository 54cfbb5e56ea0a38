"""Declarations that mean nothing are refused where they stand."""

from django.test import Client, SimpleTestCase

from quality_harness.testing.endpoints import Allowed, Endpoints, Ignored, Public, Role
from quality_harness.testing.endpoints.garbage import bodies, shortened
from tests.harness.testing.endpoint_projects import ROLES, nothing


class DeclarationsTests(SimpleTestCase):
    def test_a_method_is_one_of_the_five(self) -> None:
        with self.assertRaisesRegex(ValueError, r"Allowed\('it', 'get'\): the method is not one"):
            Allowed("it", "get", ())

    def test_what_is_public_has_a_reason(self) -> None:
        with self.assertRaisesRegex(ValueError, r"Public\('it', 'GET'\) has no reason"):
            Public("it", "GET", " ")

    def test_what_is_ignored_has_a_reason(self) -> None:
        with self.assertRaisesRegex(ValueError, r"Ignored\('/a/'\) has no reason"):
            Ignored("/a/", "")

    def test_a_role_that_is_not_there_cannot_be_allowed(self) -> None:
        for name in ("nobody", "expired"):
            declared = (Allowed("it", "GET", (name,)),)
            with self.assertRaisesRegex(ValueError, f"allows '{name}', which is no role with"):
                Endpoints(world=nothing, roles=ROLES, declared=declared)

    def test_somebody_has_to_ask(self) -> None:
        with self.assertRaisesRegex(ValueError, "no role with valid credentials"):
            Endpoints(world=nothing, roles=ROLES[1:2], declared=())

    def test_roles_have_names_of_their_own(self) -> None:
        roles = (*ROLES, Role("user", lambda world: Client()))
        with self.assertRaisesRegex(ValueError, "two roles of the same name"):
            Endpoints(world=nothing, roles=roles, declared=())


class GarbageTests(SimpleTestCase):
    def test_a_long_body_is_shortened_in_messages(self) -> None:
        self.assertEqual(shortened(b"x" * 10_000), "'xxxxxxxxxxxxxxxxxxx... of 10000 bytes")

    def test_the_other_fields_stay_as_they_are(self) -> None:
        contents = [content for content, _, _ in bodies({"a": 1, "b": 2})]
        self.assertIn(b'{"a": null, "b": 2}', contents)
        self.assertIn(b'{"a": 1, "b": null}', contents)

    def test_a_body_that_is_no_object_has_no_fields_to_spoil(self) -> None:
        self.assertEqual(len(list(bodies([1]))), len(list(bodies(None))))
