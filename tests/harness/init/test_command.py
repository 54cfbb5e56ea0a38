import io
import json
import tomllib
import unittest
from dataclasses import replace
from unittest import mock

from django.test import tag

from quality_harness.gate import Report, Result, Verdict
from quality_harness.init import command, planning, summary
from quality_harness.init.choosing import Choice
from tests.harness.test_cli import CommandCase, Terminal

MODELS = "from django.db import models\n\n\nclass Item( models.Model ):\n    import os\n"
MIGRATION = """
    from django.db import migrations, models


    class Migration(migrations.Migration):
        initial = True
        dependencies = []
        operations = [
            migrations.CreateModel("Item", [("id", models.BigAutoField(primary_key=True))]),
        ]
"""
MANAGE = 'import os\n\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")\n'
SETTINGS = """
    raise SystemExit("the project was imported")
    PASSWORD = "correct-horse-battery"  # of no real server
"""
LEGACY = {
    "manage.py": MANAGE,
    "shop/__init__.py": "",
    "shop/settings.py": SETTINGS,
    "shop/models.py": MODELS,
    "shop/migrations/__init__.py": "",
    "shop/migrations/0001_initial.py": MIGRATION,
    "README.md": "[gone](docs/gone.md)\n",
    "requirements.txt": "django==5.2.9\n",
    ".github/workflows/tests.yml": "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n"
    "    steps:\n      - uses: actions/checkout@v4\n",
    ".gitignore": "__pycache__/\n",
}


class LegacyCase(CommandCase):
    def setUp(self) -> None:
        super().setUp()
        self.commit(LEGACY)
        self.commit({"shop/views.py": 'TOKEN_PASSWORD = "swordfish-of-the-day"\n'})

    def gates(self) -> list[str]:
        table = tomllib.loads((self.root / "pyproject.toml").read_text())
        return table["tool"]["quality_harness"]["gates"]


@tag("slow")
class LegacyTests(LegacyCase):
    def test_the_first_run_is_green_and_the_next_fault_is_not(self):
        code, out, err = self.run_command("init", "--yes")

        self.assertEqual((code, err), (0, ""))
        self.assertIn("The first `quality-harness gate` will say: pass.", out)
        self.assertIn("off   imports ", out)
        self.assertIn("2 possible secrets are accepted unseen", out)
        self.assertIn(": shop/settings.py:2, shop/views.py:1\n", out)
        for gate in ("dependencies", "docs-links", "format", "lint", "migrations", "secrets"):
            self.assertIn(gate, self.gates())
        self.assertEqual(self.run_command("gate")[0], 0)
        self.commit()
        self.assertEqual(self.run_command("gate")[0], 0)

        self.write({"shop/admin.py": "import os\n"})
        code, out, _ = self.run_command("gate", "lint")

        self.assertEqual(code, 1)
        self.assertIn("shop/admin.py:1:1 F401", out)

    def test_what_is_old_is_accepted_with_a_reason(self):
        self.run_command("init", "--yes")

        rows = json.loads((self.root / "quality-baseline.json").read_text())["rows"]
        accepted = json.loads((self.root / "accepted-secrets.json").read_text())["accepted"]
        found = {(row["gate"], row["path"], row["code"]) for row in rows}
        self.assertLessEqual(
            {
                ("docs-links", "README.md", "LNK001"),
                ("format", "shop/models.py", "FMT001"),
                ("lint", "shop/models.py", "E201"),
                ("dependencies", "requirements.txt", "DEP002"),
            },
            found,
        )
        self.assertEqual({row["path"] for row in accepted}, {"shop/settings.py", "shop/views.py"})
        self.assertTrue(all(row["reason"].startswith("there before") for row in accepted))

    def test_a_dry_run_writes_nothing(self):
        before = sorted(self.root.rglob("[!.]*"))

        code, out, _ = self.run_command("init", "--dry-run")

        self.assertEqual(code, 0)
        self.assertIn("+++ b/pyproject.toml", out)
        self.assertIn("Would write: pyproject.toml, ", out)
        self.assertEqual(sorted(self.root.rglob("[!.]*")), before)
        self.assertEqual(self.git("status", "--porcelain"), "")
        self.assertFalse((self.root / ".quality_harness").exists())

    def test_running_it_again_writes_nothing_where_nothing_has_changed(self):
        self.run_command("init", "--yes")
        self.commit()
        self.commit({"shop/more.py": "x = 1\n"})

        code, out, _ = self.run_command("init", "--yes")

        self.assertEqual(code, 0)
        self.assertIn("Nothing to write", out)
        self.assertEqual(self.git("status", "--porcelain"), "")

    def test_running_it_again_shrinks_the_baseline_and_never_lets_it_grow(self):
        self.run_command("init", "--yes")
        self.commit()
        self.commit({"README.md": "mended\n"})
        self.write({"docs.md": "[gone](a.md)\n", "shop/migrations/0001_initial.py": MIGRATION})

        out = self.run_command("init", "--yes")[1]

        text = (self.root / "quality-baseline.json").read_text()
        self.assertNotIn("README.md", text)
        self.assertNotIn("docs.md", text)
        self.assertIn("will say: fail", out)
        self.assertIn("docs-links: docs.md links to a.md, and there is no a.md", out)

    def test_a_gate_that_comes_later_is_not_let_in_with_old_findings(self):
        (self.root / "README.md").unlink()
        self.run_command("init", "--yes")
        self.commit()
        self.write({"docs.md": "[gone](a.md)\n"})

        out = self.run_command("init", "--yes")[1]

        self.assertRegex(out, "off   docs-links +it finds 1, and the baseline only shrinks")
        self.assertNotIn("docs-links", self.gates())

    def test_a_table_by_hand_is_left_alone_and_its_gates_hold(self):
        self.write({"pyproject.toml": '[tool.quality_harness]\ngates = ["format"]\n'})

        code, out, _ = self.run_command("init", "--yes")

        self.assertEqual(code, 0)
        self.assertEqual(self.gates(), ["format"])
        self.assertRegex(out, "off   lint +your table does not name it in gates")
        self.assertIn("pyproject.toml is left alone: [tool.quality_harness] there is yours", out)
        rows = json.loads((self.root / "quality-baseline.json").read_text())["rows"]
        self.assertEqual({row["gate"] for row in rows}, {"format"})

    def test_the_default_branch_of_a_table_by_hand_is_taken(self):
        self.git("branch", "--move", "develop")
        self.git("branch", "other")
        table = '[tool.quality_harness]\ndefault_branch = "develop"\ngates = ["format"]\n'
        self.write({"pyproject.toml": table})

        self.assertEqual(self.run_command("init", "--dry-run")[0], 0)

    def test_a_table_by_hand_without_gates_is_told_which(self):
        self.write({"pyproject.toml": '[tool.quality_harness]\ndefault_branch = "main"\n'})

        code, _, err = self.run_command("init", "--yes")

        self.assertEqual(code, 2)
        self.assertIn('is yours and names no gates. Add: gates = ["dependencies", ', err)

    def test_reasons_by_hand_stay_as_long_as_nothing_is_committed(self):
        self.run_command("init", "--yes")
        path = self.root / "quality-baseline.json"
        rows = json.loads(path.read_text())
        rows["rows"][0]["reason"] = "looked at: harmless"
        path.write_text(json.dumps(rows))

        self.run_command("init", "--yes")

        again = json.loads(path.read_text())["rows"]
        self.assertEqual(again[0]["reason"], "looked at: harmless")
        self.assertEqual(len(again), len(rows["rows"]))


@tag("slow")
class FirstCommitTests(CommandCase):
    def test_a_project_without_a_commit_gets_its_gates(self):
        self.write({"a.py": 'x = {"a": 1}\n'})

        code, out, err = self.run_command("init", "--yes")

        self.assertEqual((code, err), (0, ""))
        self.assertIn("will say: pass", out)
        self.assertEqual(self.run_command("gate")[0], 0)

    def test_what_could_not_run_is_left_out_with_its_reason(self):
        self.commit({"a.py": "x = 1\n", "b.py": "def\n"})

        out = self.run_command("init", "--yes")[1]

        self.assertRegex(out, "off   format +could not run: black cannot parse")
        self.assertRegex(out, "on    secrets")

    def test_messages_that_are_not_conventional_yet_are_told(self):
        self.write({"a.py": "x = 1\n"})
        self.git("add", "--all")
        for number in range(20):
            self.git("commit", "--quiet", "--allow-empty", f"--message=fix: {number}")
        self.git("commit", "--quiet", "--allow-empty", "--message=oops")

        out = self.run_command("init", "--yes")[1]

        self.assertRegex(out, "off   commit-messages +not yet: commit .* 'oops' has no type")


TESTED = {
    "manage.py": MANAGE,
    "shop/__init__.py": "",
    "shop/settings.py": """
        INSTALLED_APPS = ["shop"]
        DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
        DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
        USE_TZ = True
    """,
    "shop/models.py": """
        from django.db import models


        class Item(models.Model):
            name = models.TextField()
    """,
    "shop/migrations/__init__.py": "",
    "shop/migrations/0001_initial.py": MIGRATION,
    "shop/prices.py": """
        def doubled(price):
            if price < 0:
                return 0
            return 2 * price
    """,
    "shop/tests.py": """
        from django.test import SimpleTestCase

        from shop.prices import doubled


        class PriceTests(SimpleTestCase):
            def test_doubles(self):
                self.assertEqual(doubled(2), 4)

            def test_fails_since_ever(self):
                self.assertEqual(doubled(2), 5)
    """,
    ".gitignore": "__pycache__/\n",
}


@tag("slow")
class TestedTests(LegacyCase):
    """A project whose tests run, one of them red, and whose model has no migration yet."""

    def setUp(self) -> None:
        super(LegacyCase, self).setUp()
        self.commit(TESTED)
        self.commit()

    def test_gates_that_load_the_project_are_green_on_the_first_day(self):
        code, out, err = self.run_command("init", "--yes", "--tests")

        self.assertEqual((code, err), (0, ""))
        self.assertIn("The first `quality-harness gate` will say: pass.", out)
        for gate in ("coverage-ratchet", "missing-migrations", "test-collection", "tests"):
            self.assertIn(gate, self.gates())
        rows = json.loads((self.root / "quality-baseline.json").read_text())["rows"]
        self.assertLessEqual({"TST001", "MMG001"}, {row["code"] for row in rows})
        percent = json.loads((self.root / "coverage-ratchet.json").read_text())["percent"]
        self.assertTrue(50 < percent < 100, percent)
        self.assertEqual(self.run_command("gate")[0], 0)

        # A run without the option leaves them on, and finds nothing to write.
        self.assertIn("Nothing to write", self.run_command("init", "--yes")[1])

    def test_tests_that_cannot_run_take_the_ratchet_along(self):
        self.write({"shop/tests.py": "import gone\n"})

        out = self.run_command("init", "--yes", "--tests")[1]

        self.assertRegex(
            out, "off   tests +could not run: The tests cannot be imported: shop.tests"
        )
        self.assertRegex(out, "off   coverage-ratchet +it reads what tests leaves")
        self.assertRegex(out, "on    missing-migrations")


class SummaryTests(unittest.TestCase):
    def test_what_could_not_run_is_told_with_its_reason(self):
        first = Report((Result("lint", Verdict.COULD_NOT_RUN, 0.1, note="flake8 is gone"),))

        text = summary.about_first_run(first, ())

        self.assertEqual(
            text, "The first `quality-harness gate` will say: could-not-run.\nlint: flake8 is gone"
        )

    def test_secrets_that_nobody_has_looked_at_are_told_with_their_places(self):
        first = Report((Result("secrets", Verdict.PASS, 0.1, 3, "lines"),))
        for places, said in (
            (("a.py:1",), "1 possible secret is accepted unseen: look at it, and "),
            (("a.py:1", "b.py:2"), "2 possible secrets are accepted unseen: look at them, and "),
        ):
            with self.subTest(places):
                text = summary.about_first_run(first, places)

                self.assertIn(said, text)
                self.assertTrue(text.endswith(f": {', '.join(places)}"), text)
        many = summary.about_first_run(first, tuple(f"a.py:{line}" for line in range(1, 14)))
        self.assertTrue(many.endswith(", a.py:10, and 3 more in accepted-secrets.json"), many)
        gates = summary.about_gates((Choice("secrets"),), first, ("a.py:1",))
        self.assertTrue(gates.endswith("3 lines, accepts 1 unseen"), gates)


class AskingTests(LegacyCase):
    """What happens around the trial, which stands still here."""

    def setUp(self) -> None:
        super().setUp()
        planned = (
            planning.Planned("a.yml", None, "a\n"),
            planning.Planned("b.yml", None, "b\n"),
            planning.Planned("c.yml", "c\n", "c\n", "add a line"),
        )
        first = mock.Mock(verdict="pass", findings=(), results=())
        self.proposal = command.Proposal(
            command.look(self.root),
            planning.Plan(planned, ("A note.",)),
            mock.Mock(choices=(), first=first, unseen=()),
        )
        patched = mock.patch.object(command, "propose", return_value=self.proposal)
        patched.start()
        self.addCleanup(patched.stop)

    def answer(self, *answers: str) -> str:
        with (
            mock.patch("sys.stdin", Terminal()),
            mock.patch("builtins.input", side_effect=answers),
        ):
            return self.run_command("init")[1]

    def test_each_file_is_asked_for(self):
        out = self.answer("y", "n")

        self.assertIn("Written: a.yml\nNot written: b.yml\n", out)
        self.assertIn("c.yml is left alone: add a line\nA note.", out)
        self.assertTrue((self.root / "a.yml").exists())
        self.assertFalse((self.root / "b.yml").exists())

    def test_nothing_agreed_is_nothing_written(self):
        self.assertIn("Written: nothing\nNot written: a.yml, b.yml\n", self.answer("n", ""))

    def test_where_nothing_remains_to_do_nothing_is_added(self):
        proposal = replace(self.proposal, plan=planning.Plan(()))

        with mock.patch.object(command, "propose", return_value=proposal):
            out = self.answer()

        self.assertTrue(out.endswith("Nothing to write: all is as init would write it.\n"), out)

    def test_without_its_extra_it_says_what_to_install(self):
        with mock.patch("importlib.util.find_spec", return_value=None):
            code, _, err = self.run_command("init", "--yes")

        self.assertEqual(code, 2)
        self.assertIn("pip install 'django-quality-harness[init]'", err)

    def test_without_a_terminal_nobody_is_asked(self):
        with mock.patch("sys.stdin", io.StringIO()):
            code, out, err = self.run_command("init")

        self.assertEqual((code, out), (2, ""))
        self.assertIn("There is no terminal to ask on. Say --yes", err)
        self.assertFalse((self.root / "a.yml").exists())
