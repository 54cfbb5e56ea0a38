import tempfile
import unittest
from pathlib import Path

from django.test import tag

from benchmarks._probe_trees import wish_for
from quality_harness.migrations.probe.evidence import Wish
from tests.harness.migrations.probe.runs import app, codes, migration, probe, run, write

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
