"""The box for JSON."""

from django.contrib.staticfiles import finders
from django.forms import Form, JSONField
from django.test import SimpleTestCase

from common.widgets import JsonEditor


class MetadataForm(Form):
    metadata = JSONField(widget=JsonEditor, required=False)


class JsonEditorTests(SimpleTestCase):
    def text(self, form: Form) -> str:
        field = form["metadata"]
        return field.field.widget.format_value(field.value())

    def test_json_is_spread_over_lines_and_spelled_as_it_is(self) -> None:
        form = MetadataForm(initial={"metadata": {"who": "Zoë", "at": [1]}})
        self.assertEqual(self.text(form), '{\n  "who": "Zoë",\n  "at": [\n    1\n  ]\n}')

    def test_what_was_typed_wrong_stays_as_it_was_typed(self) -> None:
        form = MetadataForm(data={"metadata": '{"a": 1,}'})
        self.assertFalse(form.is_valid())
        self.assertEqual(self.text(form), '{"a": 1,}')

    def test_an_empty_box_stays_empty(self) -> None:
        self.assertIsNone(JsonEditor().format_value(""))
        self.assertIsNone(JsonEditor().format_value(None))

    def test_what_was_only_spread_over_lines_is_no_change(self) -> None:
        data = {"a": 1, "b": [2]}
        text = self.text(MetadataForm(initial={"metadata": data}))
        form = MetadataForm(initial={"metadata": data}, data={"metadata": text})
        self.assertFalse(form.has_changed())

    def test_its_script_is_a_static_file_and_nothing_stands_in_the_page(self) -> None:
        form = MetadataForm()
        self.assertIn("data-json", str(form["metadata"]))
        self.assertNotIn("<script", str(form["metadata"]))
        self.assertIn("common/json_editor.js", str(form.media))
        self.assertTrue(finders.find("common/json_editor.js"))
        self.assertIn("defer", str(form.media))
