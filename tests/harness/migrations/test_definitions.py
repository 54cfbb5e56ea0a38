"""Fields, constraints and options as plain values."""

from quality_harness.migrations.definitions import UNKNOWN, Definition, Named
from quality_harness.migrations.fields import Field
from quality_harness.migrations.sql.types import Type

from .trees import TreeCase

IMPORTS = "import uuid\nfrom django.db.models import functions\nfrom django.conf import settings\n"


class ReadTest(TreeCase):
    def given(self, field: str, before: str = "") -> object:
        """Return the field of an AddField."""
        (operation,) = self.operations(
            f"[migrations.AddField(model_name='a', name='x', field={field})]",
            before=IMPORTS + before,
        )
        return operation.given["field"]

    def argument(self, value: str, before: str = "") -> object:
        """Return what a field is given as its default."""
        found = self.given(f"models.TextField(default={value})", before)
        assert isinstance(found, Definition)
        return found.named["default"]

    def test_class_and_arguments(self) -> None:
        found = self.given("models.CharField('Title', max_length=9, help_text='x', null=True)")
        expected = Definition(
            "django.db.models.CharField", ("Title",), {"max_length": 9, "null": True}
        )
        self.assertEqual(expected, found)

    def test_plain_values(self) -> None:
        self.assertEqual(-1.5, self.argument("-1.5"))
        self.assertEqual(("a", 1), self.argument("['a', 1]"))
        self.assertEqual({"a": 1}, self.argument("{'a': 1, 'help_text': 2, 3: 4}"))
        self.assertEqual(Named("uuid.uuid4"), self.argument("uuid.uuid4"))
        self.assertEqual(Named("lambda"), self.argument("lambda: 1"))
        self.assertEqual(Named("f"), self.argument("f", "def f():\n    pass\n"))
        self.assertEqual(Named("F"), self.argument("F", "class F:\n    pass\n"))

    def test_what_is_known_only_at_run_time(self) -> None:
        before = "x = load()\nDATA = {**x}\n"
        for value in (
            "x",
            "not x",
            "f'{x}'",
            "load(1)",
            "[*x]",
            "load()(1)",
            "DATA",
            "{x: 1}",
            "load",
            "-x",
        ):
            with self.subTest(value=value):
                self.assertIn(self.argument(value, before), (UNKNOWN, (UNKNOWN,)))

    def test_constants_are_followed(self) -> None:
        self.assertEqual(7, self.argument("SIZE", "SIZE = 7\n"))
        self.assertEqual({"a": 1}, self.argument("DATA", "DATA = {'a': 1}\n"))
        self.assertEqual((1, 2), self.argument("[*PART, 2]", "PART = [1]\n"))
        self.assertEqual("ab", self.argument("'a' + 'b'"))

    def test_conditions(self) -> None:
        q = Definition("django.db.models.Q", (), {"a": 1})
        self.assertEqual(
            Definition("|", (q, Definition("~", (q,)))),
            self.argument("models.Q(a=1) | ~models.Q(a=1)"),
        )
        joined = self.argument("BOTH", "BOTH = models.Q(a=1) & models.Q(a=1)\n")
        self.assertEqual(Definition("&", (q, q)), joined)

    def test_more_arguments(self) -> None:
        known = self.given("models.TextField(**MORE)", "MORE = {'null': True}\n")
        self.assertEqual(Definition("django.db.models.TextField", (), {"null": True}), known)
        unknown = self.given("models.TextField(*MORE, **MORE)", "MORE = load()\n")
        assert isinstance(unknown, Definition)
        self.assertIs(UNKNOWN, unknown.get("null"))

    def test_field_of_a_class_of_the_tree(self) -> None:
        found = self.given("Own(null=True)", "class Own(models.TextField):\n    pass\n")
        expected = Definition("django.db.models.TextField", (), {"null": True})
        self.assertEqual(expected, found)

    def test_field_of_a_function_of_the_tree(self) -> None:
        found = self.given("make(5)", "def make(n):\n    return models.CharField(max_length=n)\n")
        self.assertEqual(Definition("django.db.models.CharField", (), {"max_length": 5}), found)

    def test_field_whose_class_is_chosen_at_run_time(self) -> None:
        found = self.given("KeyField(null=True)", "KeyField = getattr(models, settings.KEY)\n")
        self.assertEqual(Definition("", (), {"null": True}), found)

    def test_either_field(self) -> None:
        before = "F = models.TextField() if settings.X else models.IntegerField()\n"
        found = self.operations("[migrations.AddField('a', 'x', F)]", before=IMPORTS + before)
        kinds = [each.given["field"].name for each in found]  # type: ignore[attr-defined]
        self.assertEqual(["TextField", "IntegerField"], kinds)

    def test_either_field_in_place(self) -> None:
        found = self.operations(
            "[migrations.AddField('a', 'x', field=A if X else B)]",
            before="A, B = models.TextField(), models.IntegerField()\n",
        )
        self.assertEqual(2, len(found))

    def test_too_many_alternatives(self) -> None:
        names = " if A else ".join(f"'m{number}'" for number in range(70))
        (found,) = self.operations(f"[migrations.AddField({names}, 'x', models.TextField())]")
        self.assertEqual(("…", "…"), (found.model, found.field))
        self.assertEqual({"field": UNKNOWN, "preserve_default": UNKNOWN}, found.given)

    def test_missing_arguments(self) -> None:
        (found,) = self.operations("[migrations.AddField('a', 'x', **MORE)]")
        self.assertIs(UNKNOWN, found.given["field"])

    def test_operation_of_a_subclass(self) -> None:
        before = (
            "class Add(migrations.AddField):\n"
            "    def __init__(self, name):\n"
            "        super().__init__('a', name, models.TextField())\n"
        )
        (found,) = self.operations("[Add('x')]", before=before)
        self.assertEqual(Definition("django.db.models.TextField"), found.given["field"])


class FieldTest(TreeCase):
    def field(self, kind: str, *positional: object, **named: object) -> Field:
        return Field("x", Definition(f"django.db.models.{kind}", positional, named))

    def test_types(self) -> None:
        inner = Definition("django.db.models.CharField", (), {"max_length": 5})
        array = Definition("django.contrib.postgres.fields.ArrayField", (inner,))
        for field, expected in (
            (self.field("CharField", max_length=5), Type("text", 5)),
            (self.field("CharField", max_length=UNKNOWN), None),
            (self.field("DecimalField", max_digits=5, decimal_places=2), Type("decimal", 3, 2)),
            (self.field("DecimalField", max_digits=UNKNOWN), None),
            (self.field("DecimalField"), Type("decimal")),
            (self.field("GeneratedField"), None),
            (Field("x", array), Type("array of text", 5)),
            (Field("x", UNKNOWN), None),
        ):
            with self.subTest(field=field.definition):
                self.assertEqual(expected, field.type)

    def test_expression_is_no_field(self) -> None:
        self.assertFalse(self.field("functions.Lower").is_known)
        self.assertEqual("", self.field("functions.Lower").kind)

    def test_column(self) -> None:
        self.assertEqual("y", self.field("TextField", db_column="Y").column)
        self.assertIsNone(self.field("TextField", db_column=UNKNOWN).column)
        self.assertEqual("x_id", self.field("ForeignKey", "a.B").column)
        self.assertIsNone(Field("x", Definition("a.Key", (), {"to": "a.B"})).column)

    def test_target(self) -> None:
        self.assertEqual("a.b", self.field("ForeignKey", to="a.B").target)
        user = self.field("ForeignKey", Named("django.conf.settings.AUTH_USER_MODEL"))
        self.assertEqual("settings.auth_user_model", user.target)
        self.assertIsNone(self.field("ForeignKey", 3).target)

    def test_through_that_is_not_known(self) -> None:
        self.assertEqual("", self.field("ManyToManyField", "a.B", through=UNKNOWN).through)

    def test_default_that_is_not_given(self) -> None:
        unset = Named("django.db.models.NOT_PROVIDED")
        self.assertFalse(self.field("TextField", default=unset).has_default)
