"""Calls and imports are written in one way, and what is another call stays another one."""

import unittest

from quality_harness.migrations.history.content import content

IMPORTS = "from django.db import migrations, models\n"


def said(operation: str, imports: str = IMPORTS, more: str = "") -> object:
    text = (
        f"{imports}class Migration(migrations.Migration):\n    operations = [{operation}]\n{more}"
    )
    return content(text.encode())


FIELD = "migrations.AddField('post', 'slug', models.CharField(max_length=9, null=True))"


class SameTest(unittest.TestCase):
    def test_arguments_by_place_and_by_name(self) -> None:
        for operation in (
            "migrations.AddField(model_name='post', name='slug', "
            "field=models.CharField(null=True, max_length=9))",
            "migrations.AddField('post', field=models.CharField('Slug', max_length=9, null=True), "
            "name='slug')",
            "migrations.AddField('post', 'slug', "
            "models.CharField(max_length=9, null=True, blank=False), preserve_default=True)",
        ):
            with self.subTest(operation=operation):
                self.assertEqual(said(FIELD), said(operation))

    def test_other_classes_of_the_project(self) -> None:
        imports = f"{IMPORTS}from blog.operations import Fill\n"
        self.assertEqual(said("Fill(a=1, b=2)", imports), said("Fill(b=2, a=1)", imports))

    def test_imports(self) -> None:
        for imports, operation in (
            ("from django.db import migrations\nfrom django.db import models\n", FIELD),
            ("import django.db.models as models\nfrom django.db import migrations\n", FIELD),
            (
                "from django.db import migrations\nfrom django.db.models.fields import CharField\n",
                FIELD.replace("models.Char", "Char"),
            ),
            (
                "import django.db.models\nfrom django.db import migrations\n",
                FIELD.replace("models.Char", "django.db.models.fields.Char"),
            ),
        ):
            with self.subTest(imports=imports):
                self.assertEqual(said(FIELD), said(operation, imports))

    def test_order_of_the_attributes(self) -> None:
        text = f"{IMPORTS}class Migration(migrations.Migration):\n"
        atomic, operations = "    atomic = False\n", "    operations = ({},)\n".format(FIELD)
        self.assertEqual(
            content((text + atomic + operations).encode()), said(FIELD, more="    atomic = False\n")
        )

    def test_model_of_the_state(self) -> None:
        more = "def f(apps, editor):\n    return apps.get_model({})\n"
        self.assertEqual(
            said("", more=more.format("'blog', 'Post'")),
            said("", more=more.format("model_name='Post', app_label='blog'")),
        )


class OtherTest(unittest.TestCase):
    def test_other_arguments(self) -> None:
        for operation in (
            FIELD.replace("9", "10"),
            FIELD.replace("null", "blank"),
            FIELD.replace("'post', 'slug'", "'slug', 'post'"),
            FIELD.replace("models.Char", "models.Text"),
            FIELD.replace("null=True", "null=True, unique=True"),
            FIELD.replace("null=True", "null=True, **more"),
            FIELD.replace("'post', 'slug'", "*names"),
            FIELD.replace("models.", "fields."),
        ):
            with self.subTest(operation=operation):
                self.assertNotEqual(said(FIELD), said(operation))

    def test_order_that_may_tell(self) -> None:
        for one, other in (
            ("build(a=1, b=2)", "build(b=2, a=1)"),
            ("rows.annotate(a=1, b=2)", "rows.annotate(b=2, a=1)"),
            ("Fill(1, **a)", "Fill(**a, b=1)"),
        ):
            with self.subTest(one=one):
                imports = f"{IMPORTS}from blog.operations import build, Fill\n"
                self.assertNotEqual(said(one, imports), said(other, imports))

    def test_name_that_is_bound_again(self) -> None:
        for more in ("models = 1\n", "try:\n    from blog import models\nexcept OSError: pass\n"):
            with self.subTest(more=more):
                self.assertNotEqual(said(FIELD), said(FIELD, more=more))

    def test_other_import(self) -> None:
        imports = "from django.db import migrations\nfrom blog import models\n"
        self.assertNotEqual(said(FIELD), said(FIELD, imports))

    def test_attribute_that_is_used_again_keeps_its_place(self) -> None:
        more = "    atomic = bool(operations)\n"
        text = (
            f"{IMPORTS}class Migration(migrations.Migration):\n{more}    operations = [{FIELD}]\n"
        )
        self.assertNotEqual(content(text.encode()), said(FIELD, more=more))
