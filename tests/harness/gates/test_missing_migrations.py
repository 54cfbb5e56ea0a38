import os
from subprocess import CompletedProcess
from unittest import mock

from django.test import tag

from quality_harness.gate import CouldNotRun
from quality_harness.gates import missing_migrations
from quality_harness.gates.missing_migrations import GATE
from tests.harness.projects import ProjectCase, places

SETTINGS = "SECRET_KEY = 'x'\nINSTALLED_APPS = ['shop']\n"
MODELS = """
    from django.db import models


    class Order(models.Model):
        total = models.IntegerField()
    """
INITIAL = """
    from django.db import migrations, models


    class Migration(migrations.Migration):
        initial = True
        operations = [
            migrations.CreateModel(
                "Order",
                [
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True,
                            primary_key=True,
                            serialize=False,
                            verbose_name="ID",
                        ),
                    ),
                    ("total", models.IntegerField()),
                ],
            )
        ]
    """
LATER = """
    from django.db import migrations


    class Migration(migrations.Migration):
        dependencies = [("shop", "0001_initial")]
    """


@tag("slow")
class MissingMigrationsGateTests(ProjectCase):
    def setUp(self) -> None:
        super().setUp()
        self.write(
            {
                "settings.py": SETTINGS + "DEFAULT_AUTO_FIELD = 'django.db.models.BigAutoField'\n",
                "src/shop/__init__.py": "",
                "src/shop/models.py": MODELS,
                "src/shop/migrations/__init__.py": "",
                "src/shop/migrations/0001_initial.py": INITIAL,
            }
        )

    def pending(self):
        return self.check(GATE, python_path=("src", "."), settings="settings")

    def test_models_that_have_their_migrations_are_left_alone(self):
        checked = self.pending()

        self.assertEqual(checked.findings, ())
        self.assertEqual((checked.checked, checked.unit), (1, "models"))

    def test_a_model_and_a_field_without_migration_are_found_where_they_stand(self):
        self.write(
            {
                "src/shop/models.py": MODELS
                + "    paid = models.BooleanField(default=False)\n\n\n"
                + "    class Item(models.Model):\n        pass\n"
            }
        )

        checked = self.pending()

        self.assertEqual(
            places(checked),
            [("MMG001", "src/shop/models.py", 9), ("MMG001", "src/shop/models.py", 4)],
        )
        self.assertIn("Create model Item", checked.findings[0].message)
        self.assertIn("Add field paid to order", checked.findings[1].message)
        self.assertEqual(checked.findings[0].hint, "python manage.py makemigrations shop")

    def test_a_model_that_is_gone_is_found_in_its_app(self):
        self.write({"src/shop/models.py": ""})

        checked = self.pending()

        self.assertEqual(places(checked), [("MMG001", "src/shop/models.py", 0)])
        self.assertIn("Delete model Order", checked.findings[0].message)

    def test_two_last_migrations_are_a_conflict(self):
        self.write(
            {
                "src/shop/migrations/0002_one.py": LATER,
                "src/shop/migrations/0002_two.py": LATER,
            }
        )

        checked = self.pending()

        self.assertEqual([one.code for one in checked.findings], ["MMG002"])
        self.assertIn("0002_one, 0002_two", checked.findings[0].message)

    def test_fields_that_makemigrations_would_ask_about_are_found(self):
        nullable = INITIAL.replace("models.IntegerField()", "models.IntegerField(null=True)")
        added = (
            "    buyer = models.TextField()\n        paid = models.DateField(auto_now_add=True)\n"
        )
        self.write(
            {"src/shop/migrations/0001_initial.py": nullable, "src/shop/models.py": MODELS + added}
        )

        messages = " ".join(one.message for one in self.pending().findings)

        self.assertIn("Add field buyer to order", messages)
        self.assertIn("Add field paid to order", messages)
        self.assertIn("Alter field total on order", messages)

    def test_apps_of_the_project_without_a_migrations_package_are_found(self):
        self.write(
            {
                "settings.py": "SECRET_KEY = 'x'\nINSTALLED_APPS = ['shop', 'cart', 'stock']\n"
                "DEFAULT_AUTO_FIELD = 'django.db.models.BigAutoField'\n",
                "src/cart/__init__.py": "",
                "src/cart/models.py": MODELS.replace("Order", "Cart"),
                "src/stock/__init__.py": "",
                "src/stock/models.py": MODELS.replace("Order", "Stock"),
                "src/stock/migrations/0001_initial.py": INITIAL.replace("Order", "Stock"),
            }
        )

        checked = self.pending()

        self.assertEqual(
            places(checked),
            [("MMG001", "src/cart/models.py", 4), ("MMG001", "src/stock/models.py", 4)],
        )
        cart, stock = checked.findings
        self.assertIn("cart has models, such as Cart, and no migrations package", cart.message)
        self.assertEqual(cart.hint, "python manage.py makemigrations cart")
        self.assertIn("src/stock/migrations has no __init__.py", stock.message)
        self.assertEqual(stock.hint, "add an empty src/stock/migrations/__init__.py")

    def test_migrations_that_the_settings_switch_off_are_found(self):
        self.write(
            {
                "settings.py": "SECRET_KEY = 'x'\nINSTALLED_APPS = ['shop', 'cart']\n"
                "MIGRATION_MODULES = {'shop': None, 'cart': None}\n"
                "DEFAULT_AUTO_FIELD = 'django.db.models.BigAutoField'\n",
                "src/shop/models.py": MODELS + "    paid = models.BooleanField(default=False)\n",
                "src/cart/__init__.py": "",
                "src/cart/models.py": MODELS.replace("Order", "Cart"),
                "src/cart/migrations/__init__.py": "",
            }
        )

        checked = self.pending()

        self.assertEqual(places(checked), [("MMG003", "src/shop/models.py", 4)])
        self.assertEqual(
            checked.findings[0].message,
            "shop: MIGRATION_MODULES has nobody read src/shop/migrations, so nothing of it is "
            "compared",
        )

    def test_settings_that_cannot_be_loaded_are_could_not_run(self):
        self.write({"settings.py": "import nowhere\n"})

        said = "'settings' cannot be loaded: settings.py:1: .*No module named 'nowhere'"
        with self.assertRaisesRegex(CouldNotRun, said):
            self.pending()

    def test_models_that_are_not_valid_python_are_named_with_their_line(self):
        self.write({"src/shop/models.py": "\n\ndef (\n"})

        said = "cannot be loaded: src/shop/models.py:1: invalid syntax"
        with self.assertRaisesRegex(CouldNotRun, said):
            self.pending()

    def test_a_migration_that_breaks_is_not_blamed_on_the_settings(self):
        self.write({"src/shop/migrations/0002_later.py": "1 / 0\n"})

        said = "cannot be compared.*: src/shop/migrations/0002_later.py:1: ZeroDivisionError"
        with self.assertRaisesRegex(CouldNotRun, said):
            self.pending()


class CouldNotRunTests(ProjectCase):
    def test_without_settings_it_says_what_to_set(self):
        said = r'set settings = "\.\.\." under \[tool.quality_harness\]'
        with self.assertRaisesRegex(CouldNotRun, said):
            self.check(GATE)

    def test_settings_of_the_environment_are_named(self):
        problem = '{"problem": "no key", "is_set_up": false}'

        def run(module, arguments, **options):
            (target,) = arguments
            missing_migrations.Path(target).write_text(problem)

        with (
            mock.patch.dict(os.environ, DJANGO_SETTINGS_MODULE="shop.settings"),
            mock.patch.object(missing_migrations, "run_module", run),
            self.assertRaisesRegex(CouldNotRun, "'shop.settings' cannot be loaded: no key"),
        ):
            self.check(GATE)

    def test_a_process_that_dies_is_named_with_its_exit_code(self):
        for stderr, reason in (("Traceback\nkilled\n", "killed"), ("", "no reason given")):
            done = CompletedProcess([], -9, "", stderr)
            with (
                self.subTest(stderr=stderr),
                mock.patch.object(missing_migrations, "run_module", return_value=done),
                self.assertRaisesRegex(CouldNotRun, f"exit code -9: {reason}"),
            ):
                self.check(GATE, settings="settings")
