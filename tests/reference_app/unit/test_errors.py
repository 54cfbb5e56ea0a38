"""The tables of error codes and their page in the documentation."""

import re
from pathlib import Path

from django.test import SimpleTestCase

from accounts.errors import AccountError
from author.errors import AuthorError
from blog.errors import BlogError
from common.errors import CommonError, ErrorCode, api_error, describe, field_error

PAGE = Path(__file__).parents[3] / "docs" / "reference-app-errors.md"
PREFIXES = {AccountError: "ACC", AuthorError: "AUT", BlogError: "BLG", CommonError: "CMN"}


def every_error() -> list[ErrorCode]:
    return [error for table in PREFIXES for error in table]


class ErrorTableTests(SimpleTestCase):
    def test_every_table_of_the_project_is_known_here(self) -> None:
        self.assertEqual(set(ErrorCode.__subclasses__()), set(PREFIXES))

    def test_every_code_is_the_apps_prefix_and_four_digits(self) -> None:
        for table, prefix in PREFIXES.items():
            for error in table:
                self.assertRegex(error.code, rf"^{prefix}[0-9]{{4}}$")

    def test_no_code_stands_twice(self) -> None:
        codes = [error.code for error in every_error()]
        self.assertEqual(len(codes), len(set(codes)))

    def test_no_name_is_an_alias_of_another(self) -> None:
        for table in PREFIXES:
            self.assertEqual(len(table.__members__), len(list(table)))

    def test_every_message_is_a_sentence(self) -> None:
        for error in every_error():
            self.assertTrue(error.message.endswith("."), error)

    def test_the_page_lists_every_code_with_status_and_message(self) -> None:
        rows = re.findall(r"^\| ([A-Z]{3}\d{4}) \| (\d{3}) \| (.+) \|$", PAGE.read_text(), re.M)
        expected = [(error.code, str(error.status), error.message) for error in every_error()]
        self.assertEqual(sorted(rows), sorted(expected))


class ErrorHelperTests(SimpleTestCase):
    def test_an_error_carries_its_status_code_and_message(self) -> None:
        error = api_error(BlogError.INCOMPLETE)
        self.assertEqual(error.status_code, 409)
        self.assertEqual(error.detail, BlogError.INCOMPLETE.message)
        self.assertEqual(error.detail.code, "BLG0004")

    def test_a_field_error_has_the_tables_message_where_none_is_given(self) -> None:
        detail = field_error(BlogError.COVER_TYPE).detail[0]
        self.assertEqual((str(detail), detail.code), (BlogError.COVER_TYPE.message, "BLG0103"))

    def test_a_field_error_takes_a_message_of_its_own(self) -> None:
        self.assertEqual(str(field_error(BlogError.COVER_TYPE, "No GIF.").detail[0]), "No GIF.")

    def test_the_format_is_one_object_with_code_message_and_request(self) -> None:
        self.assertEqual(
            describe(CommonError.NOT_FOUND, "abc", message="Gone."),
            {"error": {"code": "CMN0006", "message": "Gone.", "request_id": "abc"}},
        )
