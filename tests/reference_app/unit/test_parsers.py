"""How bodies are read."""

import io

from django.test import SimpleTestCase
from rest_framework.exceptions import ParseError

from common.parsers import StrictJSONParser


class StrictJSONParserTests(SimpleTestCase):
    def parse(self, text: bytes):
        return StrictJSONParser().parse(io.BytesIO(text))

    def test_json_is_read(self) -> None:
        self.assertEqual(self.parse('{"a": ["ä"]}'.encode()), {"a": ["ä"]})

    def test_nesting_that_exhausts_the_stack_is_refused(self) -> None:
        with self.assertRaises(ParseError):
            self.parse(b"[" * 200_000)

    def test_numbers_that_are_none_are_refused(self) -> None:
        with self.assertRaises(ParseError):
            self.parse(b'{"a": NaN}')

    def test_bytes_that_are_no_text_are_refused(self) -> None:
        with self.assertRaises(ParseError):
            self.parse(b'{"a": "\xff"}')

    def test_a_name_that_stands_twice_is_refused(self) -> None:
        for text in (b'{"a": 1, "a": 1}', b'[{"b": {"a": 1, "\\u0061": 2}}]'):
            with self.assertRaisesMessage(ParseError, "stands twice"):
                self.parse(text)
