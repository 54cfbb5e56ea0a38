"""The ids of requests."""

from uuid import UUID

from django.test import SimpleTestCase

from common import request_ids


class RequestIdTests(SimpleTestCase):
    def test_the_callers_id_is_kept(self) -> None:
        self.assertEqual(request_ids.begin("abc-12345"), "abc-12345")
        self.assertEqual(request_ids.current_request_id(), "abc-12345")

    def test_without_one_it_is_new(self) -> None:
        first, second = request_ids.begin(None), request_ids.begin(None)
        self.assertNotEqual(UUID(first), UUID(second))

    def test_an_id_that_could_forge_a_line_of_the_log_is_replaced(self) -> None:
        offered = "abc-12345\nERROR forged"
        self.assertNotEqual(request_ids.begin(offered), offered)

    def test_an_id_that_is_too_long_is_replaced(self) -> None:
        self.assertNotEqual(request_ids.begin("x" * 65), "x" * 65)
