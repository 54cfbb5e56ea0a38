import subprocess
import tempfile
import unittest
from pathlib import Path

import psycopg
from django.test import tag

from benchmarks._probe_trees import wish_for
from quality_harness import services
from quality_harness.migrations.probe.databases import serving
from quality_harness.migrations.probe.evidence import Wish
from quality_harness.migrations.probe.history import source_constants
from quality_harness.migrations.probe.values import Constants
from tests.harness.migrations.probe.runs import (
    REPOSITORY,
    app,
    codes,
    command,
    environment,
    migration,
    probe,
    run,
    wait_for,
    write,
)

WAITS = """
import pathlib, time


def stop(apps, schema_editor):
    root = pathlib.Path(__file__).parents[2]
    (root / "name").write_text(schema_editor.connection.settings_dict["NAME"])
    (root / "waits").touch()
    time.sleep(60)
"""
BARE = """
from django.db import models


class Bare(models.Model):
    n = models.TextField()


class View(models.Model):
    class Meta:
        managed = False
"""
DIES = "migrations.RunSQL('SELECT pg_terminate_backend(pg_backend_pid())', 'SELECT 1')"
REMOVAL = "[migrations.RemoveField('item', 'note')]"


class WishTests(unittest.TestCase):
    def wish(self, files: dict[str, str], base: set[str] = frozenset()) -> Wish:
        with tempfile.TemporaryDirectory() as folder:
            write(Path(folder), files)
            return wish_for(Path(folder), sorted(files), set(base), "postgresql://")

    def test_apps_are_found_by_their_migrations_and_models(self):
        wish = self.wish(app("shop", "[]") | {"crm/models.py": "", "README.md": "x"})

        self.assertEqual(wish.installed, ("crm", "shop"))

    def test_what_the_base_has_is_not_judged(self):
        wish = self.wish(app("shop", "[]"), {"shop/migrations/0001_initial.py"})

        self.assertEqual(wish.judged, ("shop/migrations/0002_change.py",))

    def test_a_folder_of_another_name_is_told_to_django(self):
        wish = self.wish({"shop/changes/0001_initial.py": migration("[]")})

        self.assertEqual(wish.modules, {"shop": "shop.changes"})

    def test_djangos_own_apps_are_installed_where_they_are_named(self):
        accounts = self.wish({"shop/models.py": "AUTH_USER_MODEL = 'auth.User'"})
        types = self.wish({"shop/models.py": "import django.contrib.contenttypes"})

        self.assertEqual(
            accounts.installed, ("django.contrib.contenttypes", "django.contrib.auth", "shop")
        )
        self.assertEqual(types.installed, ("django.contrib.contenttypes", "shop"))


@tag("slow")
class SessionTests(unittest.TestCase):
    def test_new_migrations_reach_the_database_together(self):
        files = app("shop", "[migrations.AddField('item', 'x', models.TextField(null=True))]")
        files["shop/migrations/0003_again.py"] = migration(
            "[migrations.RemoveField('item', 'x')]", dependencies="[('shop', '0002_change')]"
        )

        answer = probe(files, base={"shop/migrations/0001_initial.py"})

        self.assertEqual(answer.problem, "")
        self.assertEqual([codes(proof) for proof in answer.proofs], [[], []])

    def test_a_fault_is_told_once(self):
        files = app("shop", REMOVAL)
        files["shop/migrations/0003_again.py"] = migration(
            "[migrations.AddField('item', 'x', models.TextField(null=True))]",
            dependencies="[('shop', '0002_change')]",
        )

        answer = probe(files, base={"shop/migrations/0001_initial.py"})

        self.assertEqual([bool(proof.evidence) for proof in answer.proofs], [True, False])

    def test_a_chain_that_commits_goes_on_after_each_reversal(self):
        files = app("shop", "[migrations.RunSQL('SELECT 1', 'SELECT 1')]", atomic=False)
        files["shop/migrations/0003_again.py"] = migration(
            REMOVAL, dependencies="[('shop', '0002_change')]"
        )

        answer = probe(files, base={"shop/migrations/0001_initial.py"})

        self.assertEqual(codes(answer.proofs[0]), [])
        self.assertEqual(codes(answer.proofs[1]), ["PRB001", "PRB002"])

    def test_a_squash_of_what_is_there_is_not_run(self):
        files = app("shop", REMOVAL)
        files["shop/migrations/0001_squashed_0002.py"] = migration(
            "[migrations.CreateModel('Item', ITEM[:2])]\n"
            "    replaces = [('shop', '0001_initial'), ('shop', '0002_change')]"
        )

        answer = probe(files, base={name for name in files if "squashed" not in name})

        (proof,) = answer.proofs
        self.assertEqual((codes(proof), proof.complete), (["PRB008"], False))

    def test_a_circle_is_a_problem(self):
        files = app("shop", "[]", dependencies_of="0002_change")

        self.assertIn("the migrations have no order", probe(files).problem)

    def test_a_base_that_does_not_run_is_a_problem(self):
        files = app("shop", "[]", models="migrations.RunSQL('SELECT 1/0'),")

        self.assertIn("shop.0001_initial cannot be applied: division by zero", probe(files).problem)

    def test_an_app_that_cannot_be_imported_is_a_problem(self):
        files = app("shop", "[]") | {"shop/models.py": "import nothing_of_this_name"}

        self.assertIn("The project cannot be imported", probe(files).problem)

    def test_settings_that_cannot_be_loaded_are_a_problem(self):
        with tempfile.TemporaryDirectory() as folder:
            answer = run(Wish(folder, "postgresql:///x"))

        self.assertIn("The project's settings cannot be loaded", answer.problem)

    def test_a_server_that_is_not_there_is_a_problem(self):
        answer = probe(app("shop", "[]"), url="postgresql://postgres@127.0.0.1:1/postgres")

        self.assertIn("PostgreSQL did not answer to the end", answer.problem)

    def test_apps_without_migrations_have_tables(self):
        change = "[migrations.RunSQL('INSERT INTO bare_bare (n) VALUES (1)', 'SELECT 1')]"
        files = app("shop", change) | {"bare/__init__.py": "", "bare/models.py": BARE}

        answer = probe(files)

        self.assertEqual((answer.problem, codes(answer.proofs[0])), ("", []))

    def test_each_loss_of_a_chain_is_told(self):
        files = app("shop", REMOVAL)
        files["shop/migrations/0003_again.py"] = migration(
            "[migrations.RemoveField('item', 'size')]", dependencies="[('shop', '0002_change')]"
        )

        answer = probe(files, base={"shop/migrations/0001_initial.py"})

        lost = [[e.field for e in p.evidence if e.code == "PRB001"] for p in answer.proofs]
        self.assertEqual(lost, [["note"], ["size"]])

    def test_a_migration_that_does_not_even_run_on_empty_tables_is_a_problem(self):
        answer = probe(app("shop", "[migrations.RunSQL('SELECT 1/0', '')]"))

        self.assertIn("shop.0002_change cannot be applied: division by zero", answer.problem)

    def test_a_migration_that_runs_on_rows_alone_is_a_problem(self):
        function = """
def first(apps, schema_editor):
    apps.get_model("shop", "Item").objects.order_by("id")[0]
"""
        files = app("shop", "[migrations.RunPython(first, first)]", before=function)

        answer = probe(files, together=False)

        wanted = "shop.0002_change cannot be applied to empty tables: list index out of range"
        self.assertIn(wanted, answer.problem)

    def test_a_connection_that_is_lost_is_a_problem(self):
        back = "migrations.RunSQL('SELECT 1', 'SELECT pg_terminate_backend(pg_backend_pid())')"
        lost = {"new": app("shop", f"[{DIES}]"), "back": app("shop", f"[{back}]")}

        for name, files in lost.items():
            with self.subTest(name):
                self.assertIn("PostgreSQL did not answer to the end", probe(files).problem)

    def test_a_connection_that_the_base_loses_is_a_problem(self):
        answer = probe(app("shop", "[]", models=f"{DIES},"))

        self.assertIn("shop.0001_initial cannot be applied: terminating conn", answer.problem)

    def test_a_lock_of_the_migration_before_is_not_told(self):
        files = app("shop", "[migrations.AddField('item', 'x', models.TextField(null=True))]")
        files["shop/migrations/0003_again.py"] = migration(
            "[migrations.RunSQL('UPDATE shop_item SET size = size', 'SELECT 1')]",
            dependencies="[('shop', '0002_change')]",
        )

        answer = probe(files, base={"shop/migrations/0001_initial.py"})

        self.assertEqual([codes(proof) for proof in answer.proofs], [[], []])

    def test_the_admin_is_not_imported(self):
        change = "[migrations.AddField('item', 'x', models.TextField(null=True))]"
        files = app("shop", change) | {"shop/admin.py": "import nothing_of_this_name"}
        contrib = [f"django.contrib.{name}" for name in ("contenttypes", "auth", "admin")]

        answer = probe(files, installed=(*contrib, "shop"))

        self.assertEqual((answer.problem, codes(answer.proofs[0])), ("", []))

    def test_the_admin_that_a_project_configures_is_not_imported(self):
        change = "[migrations.AddField('item', 'x', models.TextField(null=True))]"
        config = (
            "from django.contrib.admin.apps import AdminConfig\n\n\nclass Own(AdminConfig): ..."
        )
        files = app("shop", change) | {
            "shop/admin.py": "import nothing_of_this_name",
            "own.py": f"{config}\n",
        }
        contrib = [f"django.contrib.{name}" for name in ("contenttypes", "auth")]

        answer = probe(files, installed=(*contrib, "own.Own", "shop"))

        self.assertEqual((answer.problem, codes(answer.proofs[0])), ("", []))

    def test_a_database_of_its_own_is_emptied_and_used_again(self):
        files = app("shop", "[migrations.AddField('item', 'x', models.TextField(null=True))]")
        with serving(services.database_url("test", REPOSITORY)) as server:
            name = server.make()

            answers = [probe(files, database=name) for _ in range(2)]

        self.assertEqual([each.problem for each in answers], ["", ""])
        self.assertEqual([codes(each.proofs[0]) for each in answers], [[], []])

    def test_what_is_not_new_and_follows_what_is_runs_with_it(self):
        files = app("shop", REMOVAL)
        files["shop/migrations/0003_again.py"] = migration(
            "[migrations.AddField('item', 'x', models.TextField(null=True))]",
            dependencies="[('shop', '0002_change')]",
        )

        answer = probe(files)

        self.assertEqual(
            [proof.path for proof in answer.proofs], ["shop/migrations/0002_change.py"]
        )

    def test_a_source_that_is_gone_names_no_constants(self):
        self.assertEqual(source_constants(Path("/nowhere/0001_initial.py")), Constants())

    def test_terminated_it_drops_its_database(self):
        files = app("shop", "[migrations.RunPython(stop)]", before=WAITS)
        url = services.database_url("test", REPOSITORY)
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder).resolve()
            write(root, files)
            wish = wish_for(root, sorted(files), {"shop/migrations/0001_initial.py"}, url)
            child = subprocess.Popen(
                command(wish, root), cwd=REPOSITORY, env=environment(wish), stderr=subprocess.PIPE
            )
            wait_for(root / "waits")
            name = (root / "name").read_text()

            child.terminate()

            _, said = child.communicate(timeout=30)
        with psycopg.connect(url) as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,))
            self.assertIsNone(found.fetchone())
        self.assertIn(b"KeyboardInterrupt", said)
