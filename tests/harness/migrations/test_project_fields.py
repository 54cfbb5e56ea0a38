"""Classes of fields that the project itself defines."""

import textwrap

from quality_harness.migrations.definitions import UNKNOWN, Definition
from quality_harness.migrations.fields import Field
from quality_harness.migrations.sql.types import Type

from .trees import TreeCase

TEXT = "django.db.models.CharField"


class ProjectFieldCase(TreeCase):
    def given(self, call: str, before: str) -> Definition:
        """Return the field of an AddField, with classes above the migration."""
        (operation,) = self.operations(
            f"[migrations.AddField('a', 'x', {call})]", before=textwrap.dedent(before)
        )
        found = operation.given["field"]
        assert isinstance(found, Definition)
        return found

    def made_by(self, body: str, call: str = "Own()", above: str = "") -> Definition:
        """Return what a CharField's subclass with this body makes."""
        lines = textwrap.indent(textwrap.dedent(body), "    ")
        return self.given(call, f"{above}\nclass Own(models.CharField):\n{lines}\n")

    def made_by_init(self, body: str, call: str = "Own()") -> Definition:
        """Return what one with this in its `__init__(self, *args, **kwargs)` makes."""
        lines = textwrap.indent(textwrap.dedent(body), "    ")
        return self.made_by(f"def __init__(self, *args, **kwargs):\n{lines}", call)


class PresetArgumentsTest(ProjectFieldCase):
    def test_ways_to_preset_an_argument(self) -> None:
        for body in (
            "kwargs['max_length'] = 9",
            "kwargs.setdefault('max_length', 9)",
            "kwargs.update(max_length=9)",
            "kwargs.update({'max_length': 9})",
            "kwargs |= {'max_length': 9}",
            "kwargs = {'max_length': 9, **kwargs}",
            "kwargs = dict(max_length=9, **kwargs)",
            "kwargs: dict = dict(max_length=9, **kwargs)",
            "length = kwargs.pop('max_length', 9)\nkwargs['max_length'] = length",
            "kwargs['max_length'] = kwargs.get('max_length') or 9",
            "if 'max_length' not in kwargs:\n    kwargs['max_length'] = 9",
            "if not kwargs.get('max_length'):\n    kwargs['max_length'] = 9",
            "if kwargs.get('max_length') is None:\n    kwargs['max_length'] = 9",
            "if 'max_length' in kwargs:\n    pass\nelse:\n    kwargs['max_length'] = 9",
            "kwargs['null'] = 1\ndel kwargs['null']\nkwargs['max_length'] = 9",
            "other = {'a': 9}\nkwargs['max_length'] = other['a']",
            "self.size = 9\nkwargs['max_length'] = self.size",
            "self.size = size = 9\nkwargs['max_length'] = size",
            "size = 4\nsize += 5\nkwargs['max_length'] = size",
            "kwargs['max_length'] = 4\nkwargs['max_length'] += 5",
            "kwargs['max_length'] = len('four') + 5",
            "kwargs['max_length'] = len('four' + 'and 5')",
        ):
            with self.subTest(body=body):
                found = self.made_by_init(f"{body}\nsuper().__init__(*args, **kwargs)")
                self.assertEqual(Definition(TEXT, (), {"max_length": 9}), found)

    def test_what_cannot_be_told_is_unknown(self) -> None:
        for body in (
            "size = 9\nsize, other = load()\nkwargs['max_length'] = size",
            "size = 9\nsize += load()\nkwargs['max_length'] = size",
            "self.size = load()\nkwargs['max_length'] = self.size",
            "kwargs['max_length'] = len(load())",
            "kwargs['max_length'] = 'a' + 1",
        ):
            with self.subTest(body=body):
                found = self.made_by_init(f"{body}\nsuper().__init__(*args, **kwargs)")
                self.assertEqual(Definition(TEXT, (), {"max_length": UNKNOWN}), found)

    def test_what_the_migration_gives_goes_before_a_default(self) -> None:
        body = "kwargs.setdefault('max_length', 9)\nsuper().__init__(*args, **kwargs)"
        found = self.made_by_init(body, "Own('Title', max_length=5)")
        self.assertEqual(Definition(TEXT, ("Title",), {"max_length": 5}), found)

    def test_parameters_of_its_own(self) -> None:
        body = """
            def __init__(self, name=None, length=7, *args, digits, null=True, **kwargs):
                super().__init__(name, *args, max_length=length, null=null, **kwargs)
            """
        found = self.made_by(body, "Own('x', digits=1, unique=True)")
        expected = Definition(TEXT, ("x",), {"max_length": 7, "null": True, "unique": True})
        self.assertEqual(expected, found)
        found = self.made_by(body, "Own('x', 8, digits=1)")
        self.assertEqual(Definition(TEXT, ("x",), {"max_length": 8, "null": True}), found)
        found = self.made_by(body, "Own(length=6, digits=1)")
        self.assertEqual(Definition(TEXT, (None,), {"max_length": 6, "null": True}), found)

    def test_init_of_the_class_by_its_name(self) -> None:
        found = self.made_by_init("models.CharField.__init__(self, *args, max_length=4, **kwargs)")
        self.assertEqual(Definition(TEXT, (), {"max_length": 4}), found)

    def test_attribute_of_the_class(self) -> None:
        body = """
            "Says what it is for."
            length = 6
            def __init__(self, **kwargs):
                super().__init__(max_length=self.length, null=self.other, **kwargs)
            """
        self.assertEqual({"max_length": 6, "null": UNKNOWN}, self.made_by(body).named)

    def test_constant_of_the_module(self) -> None:
        body = "def __init__(self):\n    super().__init__(max_length=SIZE)"
        self.assertEqual({"max_length": 3}, self.made_by(body, above="SIZE = 3\n").named)

    def test_several_classes_pass_it_on(self) -> None:
        found = self.given(
            "Own(null=True)",
            """
            class Mixin(object):
                def __init__(self, *args, **kwargs):
                    kwargs["db_index"] = True
                    super().__init__(*args, **kwargs)

            class Base(models.CharField):
                def __init__(self, *args, max_length=20, **kwargs):
                    super().__init__(*args, max_length=max_length, **kwargs)

            class Own(Mixin, Base):
                pass
            """,
        )
        named = {"max_length": 20, "null": True, "db_index": True}
        self.assertEqual(Definition(TEXT, (), named), found)

    def test_class_that_is_inherited_twice(self) -> None:
        found = self.given(
            "Own()",
            """
            class Base(models.CharField):
                def __init__(self, **kwargs):
                    super().__init__(max_length=3)

            class One(Base):
                pass

            class Other(Base):
                pass

            class Own(One, Other):
                pass
            """,
        )
        self.assertEqual(Definition(TEXT, (), {"max_length": 3}), found)

    def test_what_a_condition_decides_is_unknown(self) -> None:
        for test in ("LONG", "kwargs.get('a') == load()", "len(args) > 1", "x in y", "a is a"):
            body = f"""
                other = dict(a=1)
                if {test}:
                    kwargs["max_length"] = 9
                    alone = 1
                else:
                    kwargs["max_length"] = 7
                super().__init__(*args, **kwargs)
                """
            with self.subTest(test=test):
                self.assertEqual({"max_length": UNKNOWN}, self.made_by_init(body).named)

    def test_what_cannot_be_followed_is_unknown(self) -> None:
        for value in (
            "load(kwargs)",
            "self.length()",
            "kwargs.copy()",
            "kwargs.get()",
            "kwargs['nothing']",
            "args[0]",
            "other.get('x')",
            "{**other}",
            "{load(): 1}",
        ):
            with self.subTest(value=value):
                body = f"super().__init__(*args, max_length={value}, **kwargs)"
                self.assertEqual({"max_length": UNKNOWN}, self.made_by_init(body).named)

    def test_what_is_changed_elsewhere_does_no_harm(self) -> None:
        body = """
            other = load()
            other["x"] = 1
            del other["x"]
            other |= {}
            self.length = 4
            kwargs.update(load())
            super().__init__(max_length=4)
            """
        self.assertEqual({"max_length": 4}, self.made_by_init(body).named)

    def test_arguments_that_are_unknown_stay_so(self) -> None:
        body = """
            if "null" in kwargs:
                pass
            length = kwargs.get("max_length", 8)
            super().__init__(*args, max_length=length, **kwargs)
            """
        found = self.made_by_init(body, "Own(**load())")
        self.assertEqual(UNKNOWN, found.get("max_length"))
        self.assertFalse(found.complete)
        defaults = "def __init__(self, length=5):\n    super().__init__(*load(), **more(length))"
        found = self.made_by(defaults, "Own(*load())")
        self.assertFalse(found.complete)

    def test_init_that_calls_nothing_above_tells_nothing(self) -> None:
        calls = "super().__init__(max_length=3)"
        for body in ("pass", f"if x:\n    {calls}", f"for x in y:\n    {calls}", f"z = {calls}"):
            with self.subTest(body=body):
                self.assertTrue(self.made_by_init(body).kind.endswith(".py.Own"))


class KindOfColumnTest(ProjectFieldCase):
    def column(self, body: str) -> Field:
        """Return the field that a CharField's subclass with this body makes."""
        return Field("x", self.made_by(body, "Own(max_length=30)"))

    def test_type_by_db_type(self) -> None:
        for body in (
            "return 'VARCHAR(8)'",
            "if connection.vendor == 'postgresql':\n        return 'varchar(8)'\n    return 'text'",
            "if connection.vendor != 'postgresql':\n        return 'x'\n"
            "    else:\n        return 'varchar(8)'",
            "if 'postgres' in engine:\n        return 'varchar(8)'\n    return 'text'",
            "if not is_postgres:\n        return 'x'\n    else:\n        return 'varchar(8)'",
        ):
            with self.subTest(body=body):
                found = self.column(f"def db_type(self, connection):\n    {body}")
                self.assertEqual(Type("text", 8), found.type)

    def test_type_that_cannot_be_told(self) -> None:
        for body in (
            "def db_type(self, connection):\n    return 'x' % self.max_length",
            "def db_type(self, connection):\n    return 'int8' if self.big else 'int4'",
            "def db_type(self, connection):\n    if x:\n        return 'int'\n    return 'text'",
            "def db_type(self, connection):\n    return",
            "def db_type(self, connection):\n    pass",
            "def db_parameters(self, connection):\n    return {'type': 'text'}",
            "def get_internal_type(self):\n    return 'Field'",
        ):
            with self.subTest(body=body):
                self.assertIsNone(self.column(body).type)

    def test_internal_type(self) -> None:
        found = self.column("def get_internal_type(self):\n    return 'IntegerField'")
        self.assertEqual(Type("integer", 4), found.type)
        found = self.column("def get_internal_type(self):\n    return self.other")
        self.assertFalse(found.is_known)

    def test_relation_stays_one_whatever_its_internal_type(self) -> None:
        found = self.given(
            "Own('app.model')",
            """
            class Own(models.ForeignKey):
                def get_internal_type(self):
                    return "ForeignKey"
            """,
        )
        self.assertEqual("app.model", Field("x", found).target)

    def test_name_of_the_column_that_a_method_makes(self) -> None:
        found = self.column("def get_attname(self):\n    return 'y'")
        self.assertIsNone(found.column)

    def test_class_of_another_package_tells_nothing(self) -> None:
        for bases in ("Theirs", "models.CharField, Theirs", "models.CharField, load()", ""):
            with self.subTest(bases=bases):
                before = f"from theirs import Theirs\nclass Own({bases}):\n    pass\n"
                self.assertEqual("", Field("x", self.given("Own()", before)).kind)

    def test_circle_of_classes_ends(self) -> None:
        before = "class Own(Own):\n    pass\n"
        self.assertEqual("", Field("x", self.given("Own()", before)).kind)


class NestedTest(ProjectFieldCase):
    """What a call of a class of the project is given: its name, or what it derives from."""

    def setUp(self) -> None:
        super().setUp()
        self.write(
            "shop/titles.py", "from django.db import models\nclass Title(models.CharField): pass"
        )

    def nested(self, call: str) -> object:
        before = "from shop.titles import Title\nfrom theirs import Theirs\n"
        return self.given(call, before).positional[0]

    def test_a_field_is_what_it_derives_from(self) -> None:
        self.assertEqual(self.nested("Theirs(Title())"), Definition(TEXT))
        self.assertEqual(self.nested("models.Theirs([Title()])"), (Definition(TEXT),))

    def test_what_a_list_holds_has_no_column(self) -> None:
        title = Definition("shop.titles.Title")
        self.assertEqual(self.nested("Theirs([('title', Title())])"), (("title", title),))
        self.assertEqual(self.nested("Theirs((Title(),))"), (title,))


class RelationOfAnotherPackageTest(ProjectFieldCase):
    BEFORE = "from django.db import models as m\nfrom theirs import TagField\n"

    def field(self, call: str) -> Field:
        return Field("x", self.given(call, self.BEFORE))

    def test_without_on_delete_it_has_a_table_of_its_own(self) -> None:
        found = self.field("TagField(to='app.tag')")
        self.assertTrue(found.is_many_to_many)
        self.assertFalse(found.must_be_given)
        self.assertTrue(found.has_database_part)
        self.assertFalse(self.field("TagField(to='a.b', through='a.c')").has_database_part)

    def test_with_on_delete_it_is_a_key(self) -> None:
        found = self.field("TagField(to='app.tag', on_delete=m.CASCADE)")
        self.assertFalse(found.is_many_to_many)
        self.assertTrue(found.must_be_given)

    def test_unknown_arguments_tell_nothing(self) -> None:
        self.assertFalse(self.field("TagField(to='app.tag', **load())").is_many_to_many)
