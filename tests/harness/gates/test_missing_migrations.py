from django.test import tag

from quality_harness.gate import CouldNotRun
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

    def test_settings_that_cannot_be_loaded_are_could_not_run(self):
        self.write({"settings.py": "import nowhere\n"})

        with self.assertRaisesRegex(CouldNotRun, "No module named 'nowhere'"):
            self.pending()
