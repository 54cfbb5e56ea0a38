"""What a field gives of itself: clone() and deconstruct(), and what is set on it since."""

from textwrap import dedent

from quality_harness.migrations.definitions import UNKNOWN, Definition

from .trees import TreeCase

FIELD = "TITLE = models.CharField(max_length=80, null=True)\n"
CHANGED = """
from django.utils.module_loading import import_string

def changed(field, **overrides):
    _, path, args, kwargs = field.deconstruct()
    LINE
    return import_string(path)(*args, **{**kwargs, **overrides})
"""
TUNED = """
def tuned(field, **overrides):
    field = field.clone()
    LINE
    return field
"""


class FieldCase(TreeCase):
    def fields(self, expression: str, before: str) -> list[object]:
        """Return what each AddField, or alternative of one, is given."""
        self.paths = []
        found = self.operations(
            f'[migrations.AddField("blog", "title", {expression})]', before=before
        )
        return [each.given["field"] for each in found if each.kind == "AddField"]

    def named(self, expression: str, before: str) -> list[object]:
        """Return the arguments of each such field."""
        found = self.fields(expression, before)
        for each in found:
            if isinstance(each, Definition):
                self.assertTrue(each.complete)
                self.assertEqual(each.name, "CharField")
        return [each.named if isinstance(each, Definition) else each for each in found]


class CloneTest(FieldCase):
    def test_the_same_field(self) -> None:
        found = self.named("TITLE.clone()", FIELD)
        self.assertEqual(found, [{"max_length": 80, "null": True}])

    def test_field_of_another_package(self) -> None:
        before = "from things import ThingField\nTHING = ThingField(null=True)"
        self.assertEqual(self.fields("THING.clone()", before), [UNKNOWN])

    def test_attributes_set_on_the_clone(self) -> None:
        for line, length in (
            ("field.max_length = 20", 20),
            ("setattr(field, 'max_length', 20)", 20),
            ("field.max_length -= 20", UNKNOWN),
            ("print(field)", 80),
            ("setattr(overrides, 'max_length', field)", 80),
        ):
            with self.subTest(line):
                found = self.named("tuned(TITLE)", FIELD + TUNED.replace("LINE", line))
                self.assertEqual(found, [{"max_length": length, "null": True}])

    def test_attributes_that_may_be_set(self) -> None:
        line = "if overrides:\n        field.null = False"
        found = self.named("tuned(TITLE)", FIELD + TUNED.replace("LINE", line))
        wanted = [{"max_length": 80, "null": True}, {"max_length": 80, "null": False}]
        self.assertEqual(found, wanted)

    def test_attributes_of_names_known_at_run_time(self) -> None:
        line = "for name in overrides:\n        setattr(field, name, overrides[name])"
        helped = "narrow(field)"
        helper = "def narrow(other):\n    other.max_length = 8\n"
        for text in (line, helped):
            before = FIELD + helper + TUNED.replace("LINE", text)
            self.assertEqual(self.named("tuned(TITLE)", before), [UNKNOWN])
        harmless = helper.replace("other.max_length = 8", "return other.max_length")
        found = self.named("tuned(TITLE)", FIELD + harmless + TUNED.replace("LINE", helped))
        self.assertEqual(found, [{"max_length": 80, "null": True}])


class DeconstructTest(FieldCase):
    def test_put_together_again(self) -> None:
        before = FIELD + CHANGED.replace("LINE", "pass")
        found = self.named("changed(TITLE, max_length=90)", before)
        self.assertEqual(found, [{"max_length": 90, "null": True}])

    def test_arguments_that_change_on_the_way(self) -> None:
        for line in (
            "kwargs['null'] = False",
            "kwargs.update(null=False)",
            "del kwargs['null']",
            "tidy(kwargs)",
        ):
            with self.subTest(line):
                before = FIELD + CHANGED.replace("LINE", line)
                found = self.fields("changed(TITLE)", before)
                self.assertFalse(any(isinstance(each, Definition) for each in found), found)

    def test_what_is_not_taken_apart_by_names(self) -> None:
        for text in ("given = field.deconstruct()\n    args, kwargs = given[2:]",
                     "(path, args), kwargs['a'] = field.deconstruct()"):  # fmt: skip
            changed = CHANGED.replace("_, path, args, kwargs = field.deconstruct()", text)
            before = FIELD + changed.replace("LINE", "pass")
            found = self.fields("changed(TITLE)", before)
            self.assertFalse(any(isinstance(each, Definition) for each in found), found)

    def test_field_with_arguments_by_place(self) -> None:
        before = dedent('TITLE = models.CharField("Title", max_length=80)\n') + CHANGED
        found = self.fields("changed(TITLE)", before.replace("LINE", "pass"))
        self.assertFalse(any(isinstance(each, Definition) for each in found), found)

    def test_arguments_of_a_list(self) -> None:
        before = "GIVEN = ['Title', 'title']\n"
        (found,) = self.fields("models.CharField(*GIVEN, max_length=9)", before)
        assert isinstance(found, Definition)
        self.assertEqual((found.positional, found.complete), (("Title", "title"), True))
        (found,) = self.fields("models.CharField(*given(), max_length=9)", "")
        assert isinstance(found, Definition)
        self.assertEqual((found.positional, found.complete), ((), False))
