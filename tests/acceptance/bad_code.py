"""Bad pull requests, first half: code, models, migrations, tests, coverage and routes."""

from tests.acceptance.case import COULD_NOT_RUN, GITHUB, GITLAB, Table
from tests.acceptance.scenario import Branch

TABLE = Table()
MIGRATION = """\
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0002_forget_note")]

    operations = [
        {operation},
    ]
"""
LEGACY = '    legacy = models.CharField(max_length=20, default="", db_default="", blank=True)\n'
TRIGGER = '''\
from django.db import migrations

FORWARD = """
CREATE FUNCTION shop_copy() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.legacy <> '' THEN
        NEW.heading := NEW.legacy;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER shop_copy BEFORE INSERT OR UPDATE ON shop_order
    FOR EACH ROW EXECUTE FUNCTION shop_copy();
"""
BACK = "DROP TRIGGER shop_copy ON shop_order; DROP FUNCTION shop_copy();"


class Migration(migrations.Migration):
    """Writes to a column that is not there, in a field that only old code fills."""

    dependencies = [("shop", "0002_forget_note")]

    operations = [migrations.RunSQL(FORWARD, BACK)]
'''


def migrate(branch: Branch, name: str, operation: str) -> None:
    """Write a migration of one operation."""
    text = MIGRATION.format(operation=operation)
    if "models." not in operation:
        text = text.replace("import migrations, models", "import migrations")
    branch.write({f"shop/migrations/{name}.py": text})


def add_test(branch: Branch, body: str, name: str = "test_more.py") -> None:
    """Write a test module with one test."""
    start = "import os\n" if "os." in body else ""
    head = f"{start}import unittest\n\n\nclass MoreTests(unittest.TestCase):\n"
    branch.write({f"tests/{name}": f"{head}    def test_more(self):\n        {body}\n"})


@TABLE.bad("format")
def unformatted_file(branch: Branch) -> None:
    branch.replace("manage.py", '"config.settings"', "'config.settings'")


@TABLE.bad("format", how=COULD_NOT_RUN, hosts=GITHUB)
def formatter_made_silent(branch: Branch) -> None:
    branch.replace("pyproject.toml", "[tool.black]\n", "[tool.black]\nquiet = true\n")


@TABLE.bad("lint")
def unused_import(branch: Branch) -> None:
    branch.replace("shop/orders.py", "from shop.models", "import colorsys\n\nfrom shop.models")


@TABLE.bad("lint", how=COULD_NOT_RUN, hosts=GITLAB)
def linter_told_to_read_nothing(branch: Branch) -> None:
    branch.replace("pyproject.toml", "[tool.flake8]\n", '[tool.flake8]\nexclude = ["*"]\n')


@TABLE.bad("imports")
def import_against_the_layers(branch: Branch) -> None:
    branch.replace(
        "shop/totals.py",
        '"""Sums of money, in cents."""\n',
        '"""Sums of money, in cents."""\n\nfrom shop import models  # noqa: F401\n',
    )


@TABLE.bad("imports", how=COULD_NOT_RUN, hosts=GITHUB)
def contracts_taken_out(branch: Branch) -> None:
    text = branch.read("pyproject.toml")
    branch.write({"pyproject.toml": text.partition("[[tool.importlinter.contracts]]")[0]})


@TABLE.bad("missing-migrations")
def model_without_migration(branch: Branch) -> None:
    branch.append(
        "shop/models.py",
        '\n\nclass Refund(models.Model):\n    """Money that went back."""\n\n'
        "    cents = models.IntegerField(default=0)\n",
    )


@TABLE.bad("migrations")
def check_that_old_code_may_break(branch: Branch) -> None:
    """No row can break this one, as `prove` finds out; that is not to be read in the source."""
    migrate(
        branch,
        "0003_known",
        "migrations.RunSQL(\n"
        '            "ALTER TABLE shop_order ADD CONSTRAINT known CHECK (cents IS NOT NULL)",\n'
        '            "ALTER TABLE shop_order DROP CONSTRAINT known",\n'
        "        )",
    )


@TABLE.bad("migrations", "prove")
def dropped_column_outside_the_settings_package(branch: Branch) -> None:
    branch.replace("shop/models.py", LEGACY, "")
    migrate(branch, "0003_no_legacy", 'migrations.RemoveField("order", "legacy")')


@TABLE.bad("migrations", "prove", hosts=GITLAB)
def merged_migration_edited(branch: Branch) -> None:
    branch.replace(
        "shop/migrations/0001_initial.py", "max_length=20, unique", "max_length=40, unique"
    )
    branch.replace("shop/models.py", "max_length=20, unique", "max_length=40, unique")


@TABLE.bad("prove")
def trigger_that_fails_for_old_code(branch: Branch) -> None:
    branch.write({"shop/migrations/0003_copy.py": TRIGGER})


@TABLE.bad("test-collection")
def misnamed_test_file(branch: Branch) -> None:
    add_test(branch, "self.assertEqual(1 + 1, 2)", "tests_more.py")


@TABLE.bad("tests")
def failing_test(branch: Branch) -> None:
    add_test(branch, "self.assertEqual(1 + 1, 3)")


@TABLE.bad("test-honesty")
def assertion_that_cannot_fail(branch: Branch) -> None:
    add_test(branch, 'self.assertTrue("no")')


@TABLE.bad("test-honesty", hosts=GITHUB)
def a_test_that_asserts_nothing(branch: Branch) -> None:
    add_test(branch, "sum([1, 1])")


@TABLE.bad("isolation", hosts=GITHUB)
def slow_password_hasher(branch: Branch) -> None:
    """No watch sees this one, so that without the gate nothing does."""
    users = '"django.contrib.auth", "django.contrib.contenttypes"'
    branch.replace("config/settings.py", '["shop"]', f'[{users}, "shop"]')
    hashers = 'PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]\n'
    branch.replace("config/settings.py", hashers, "")


@TABLE.bad("isolation")
def leaking_test(branch: Branch) -> None:
    add_test(branch, 'os.environ["MODE"] = self.id()\n        self.assertIn("MODE", os.environ)')


@TABLE.bad("isolation", how=COULD_NOT_RUN, hosts=GITLAB)
def watch_switched_off(branch: Branch) -> None:
    branch.replace("pyproject.toml", '["assertions", "leaks"]', '["assertions"]')


@TABLE.bad("coverage")
def source_file_left_out_of_the_report(branch: Branch) -> None:
    branch.replace("pyproject.toml", "omit = [", 'omit = ["shop/views.py", ')


@TABLE.bad("coverage", how=COULD_NOT_RUN, hosts=GITHUB)
def threshold_of_nothing(branch: Branch) -> None:
    branch.replace("pyproject.toml", "threshold = 70", "threshold = 0")


@TABLE.bad("coverage-ratchet", hosts=GITLAB)
def deleted_tests(branch: Branch) -> None:
    branch.delete("tests/test_totals.py")


@TABLE.bad("coverage-ratchet")
def ratchet_let_down(branch: Branch) -> None:
    branch.write({"coverage-ratchet.json": '{"percent": 50.0}\n'})


@TABLE.bad("changed-coverage")
def untested_branch(branch: Branch) -> None:
    branch.replace(
        "shop/totals.py",
        "    if percent >= 100:\n        return 0\n",
        "    if percent >= 100:\n        return 0\n    if percent < 0:\n        return cents\n",
    )


@TABLE.bad("changed-coverage")
def changed_file_absent_from_the_report(branch: Branch) -> None:
    branch.write({"tools/report.py": 'print("report")\n'})


@TABLE.bad("endpoints")
def undeclared_route(branch: Branch) -> None:
    branch.replace(
        "shop/urls.py",
        '[path("orders/", order_list, name="orders")]',
        '[\n    path("orders/", order_list, name="orders"),\n    path("all/", order_list),\n]',
    )


@TABLE.bad("endpoints", hosts=GITHUB)
def page_without_an_end(branch: Branch) -> None:
    branch.replace("shop/views.py", "limit=50", "limit=5000")


@TABLE.bad("suppressions", hosts=GITLAB)
def accepted_without_a_reason(branch: Branch) -> None:
    branch.replace(
        "shop/orders.py",
        "def receipt(order):\n",
        "# quality-harness: ignore[MIG002]\ndef receipt(order):\n",
    )


@TABLE.case(stops=True, hosts=GITHUB)
def misspelled_gate(branch: Branch) -> None:
    branch.replace("pyproject.toml", '    "secrets",\n', '    "secret",\n')
