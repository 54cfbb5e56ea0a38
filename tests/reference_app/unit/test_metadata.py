"""What a blog's metadata may be."""

from django.core.exceptions import ValidationError
from django.test import SimpleTestCase

from blog.models import Blog
from blog.validators import MAX_METADATA_BYTES, validate_metadata


class ValidateMetadataTests(SimpleTestCase):
    def assert_refused(self, value, code: str) -> None:
        with self.assertRaises(ValidationError) as caught:
            validate_metadata(value)
        self.assertEqual(caught.exception.code, code)

    def test_an_object_of_anything_passes(self) -> None:
        try:
            validate_metadata({"a": [1, 2.5, None, True, "text", {"b": {}}]})
        except ValidationError as error:
            self.fail(f"it is refused: {error}")

    def test_nothing_but_an_object_passes(self) -> None:
        for value in ([], "text", 1, None, True):
            self.assert_refused(value, "not_an_object")

    def test_the_size_is_counted_in_bytes(self) -> None:
        room = MAX_METADATA_BYTES - len('{"a": ""}')
        validate_metadata({"a": "x" * room})
        self.assert_refused({"a": "x" * (room + 1)}, "BLG0106")
        self.assert_refused({"a": "\u00fc" * room}, "BLG0106")

    def test_five_levels_pass_and_six_do_not(self) -> None:
        validate_metadata({"1": [{"3": [{"5": "text"}]}]})
        self.assert_refused({"1": [{"3": [{"5": []}]}]}, "BLG0107")

    def test_a_null_character_is_refused_wherever_it_stands(self) -> None:
        for value in ({"\0": 1}, {"a": "\0"}, {"a": ["\0"]}):
            self.assert_refused(value, "null_characters_not_allowed")

    def test_half_a_surrogate_pair_is_refused_wherever_it_stands(self) -> None:
        for value in ({"\ud800": 1}, {"a": {"b": "\udfff"}}):
            self.assert_refused(value, "surrogate_characters_not_allowed")

    def test_a_number_that_json_cannot_spell_is_refused(self) -> None:
        self.assert_refused({"a": [float("inf")]}, "invalid")


class CleanTests(SimpleTestCase):
    def test_an_emptied_box_is_no_metadata(self) -> None:
        blog = Blog(metadata=None)
        blog.clean()
        self.assertEqual(blog.metadata, {})

    def test_other_metadata_stays(self) -> None:
        blog = Blog(metadata={"a": 1})
        blog.clean()
        self.assertEqual(blog.metadata, {"a": 1})
