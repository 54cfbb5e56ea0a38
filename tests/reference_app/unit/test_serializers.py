"""What the serializers of every app share."""

from django.test import SimpleTestCase
from rest_framework import serializers

from common.serializers import EmptySerializer, StrictSerializer, TextField


class Sample(StrictSerializer):
    name = TextField(required=False)
    number = serializers.IntegerField(read_only=True)


class StrictSerializerTests(SimpleTestCase):
    def codes(self, data) -> dict[str, list[str]]:
        serializer = Sample(data=data)
        serializer.is_valid()
        return {name: [part.code for part in parts] for name, parts in serializer.errors.items()}

    def test_known_fields_pass(self) -> None:
        self.assertEqual(self.codes({"name": "Ann"}), {})

    def test_every_unknown_field_is_named(self) -> None:
        self.assertEqual(self.codes({"b": 1, "a": 2}), {"a": ["CMN0106"], "b": ["CMN0106"]})

    def test_a_field_that_is_only_read_is_refused(self) -> None:
        self.assertEqual(self.codes({"number": 1}), {"number": ["CMN0106"]})

    def test_a_text_is_no_object(self) -> None:
        self.assertEqual(self.codes("name"), {"non_field_errors": ["not_an_object"]})

    def test_null_is_no_object(self) -> None:
        self.assertEqual(self.codes(None), {"non_field_errors": ["null"]})


class EmptySerializerTests(SimpleTestCase):
    def test_nothing_passes(self) -> None:
        self.assertTrue(EmptySerializer(data={}).is_valid())

    def test_anything_is_refused(self) -> None:
        self.assertFalse(EmptySerializer(data={"a": 1}).is_valid())


class TextFieldTests(SimpleTestCase):
    def test_text_is_trimmed(self) -> None:
        self.assertEqual(TextField().run_validation(" a "), "a")

    def test_neither_numbers_nor_truth_are_text(self) -> None:
        for value in (1, 1.5, True, [], {}):
            with (
                self.subTest(value=value),
                self.assertRaises(serializers.ValidationError) as caught,
            ):
                TextField().run_validation(value)
            self.assertEqual(caught.exception.detail[0].code, "not_a_string")
