import functools
import json
import tempfile
import unittest

from quality_harness.testing.origin import calling_place, is_installed, origin_of, place_of


def function() -> None:
    """Do nothing."""


class OriginTests(unittest.TestCase):
    def test_a_function_however_it_is_wrapped(self) -> None:
        @functools.wraps(function)
        def wrapped() -> None:
            function()

        for one in (function, functools.partial(functools.partial(function)), wrapped):
            self.assertEqual(origin_of(one), "function (tests/harness/testing/test_origin.py:9)")

    def test_a_method(self) -> None:
        self.assertRegex(origin_of(self.test_a_method), r"OriginTests.test_a_method \(\S+:\d+\)")

    def test_what_has_no_code_is_called_by_its_name_or_by_itself(self) -> None:
        self.assertEqual(origin_of(len), "len")
        self.assertEqual(origin_of(3), "3")

    def test_a_place_outside_is_absolute(self) -> None:
        self.assertEqual(place_of("/usr/lib/shop.py", 3), "/usr/lib/shop.py:3")

    def test_what_is_installed(self) -> None:
        self.assertIs(is_installed(json.dumps), True)
        self.assertIs(is_installed(function), False)
        self.assertIs(is_installed(len), False)

    def test_who_calls(self) -> None:
        self.assertRegex(calling_place(), r"^tests/harness/testing/test_origin.py:\d+$")
        with tempfile.TemporaryDirectory():
            self.assertRegex(
                json.loads("1", parse_int=lambda text: calling_place()), "test_origin.py:"
            )
