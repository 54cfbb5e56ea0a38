"""The migrations gate."""

from quality_harness.engine import Request, discover_gates, run
from quality_harness.gate import (
    ChangeKind,
    Changes,
    Checked,
    CouldNotRun,
    NoOptions,
    Project,
    Verdict,
)
from quality_harness.gates.migrations import GATE
from quality_harness.migrations.rules import all_rules

from tests.harness.projects import ProjectCase

from .trees import TreeCase

DROP = '[migrations.DeleteModel("Blog")]'
FIRST, SECOND = "blog/migrations/0001_x.py", "blog/migrations/0002_x.py"


class GateTest(TreeCase):
    def check(self, changes: Changes) -> Checked:
        """Run the gate on the files that were written."""
        return GATE.check(Project(self.root, tuple(sorted(self.paths)), changes, NoOptions()))

    def base(self, **kinds: ChangeKind) -> Changes:
        paths = {"first": FIRST, "second": SECOND}
        return Changes("1a2b", "main, 1a2b", {paths[name]: kind for name, kind in kinds.items()})

    def test_gate_brings_every_rule(self) -> None:
        self.assertEqual("migrations", GATE.name)
        self.assertEqual([rule.RULE for rule in all_rules()], list(GATE.rules))

    def test_new_migration(self) -> None:
        self.migration(DROP, path=FIRST)
        self.migration(DROP, path=SECOND, dependencies='[("blog", "0001_x")]')
        checked = self.check(self.base(second=ChangeKind.ADDED))
        self.assertEqual([SECOND], [each.location.path for each in checked.findings if each.counts])
        self.assertEqual(
            (1, "migrations", False), (checked.checked, checked.unit, checked.nothing_new)
        )
        self.assertEqual("1 of 2 migrations, main, 1a2b", checked.note)

    def test_without_history_everything_is_checked(self) -> None:
        self.migration(DROP, path=FIRST)
        self.migration(DROP, path=SECOND, dependencies='[("blog", "0001_x")]')
        self.assertEqual(
            2, sum(each.counts for each in self.check(Changes(None, "no history")).findings)
        )

    def test_nothing_new(self) -> None:
        self.migration(DROP, path=FIRST)
        checked = self.check(self.base())
        self.assertEqual(((), 0, True), (checked.findings, checked.checked, checked.nothing_new))
        self.assertEqual("no migration is new against main, 1a2b", checked.note)

    def test_no_migrations_at_all(self) -> None:
        self.write("blog/models.py", "")
        with self.assertRaisesRegex(CouldNotRun, 'No migration files .* remove "migrations" from'):
            self.check(self.base())

    def test_unparseable(self) -> None:
        self.write(FIRST, "class Migration(migrations.Migration):\n    operations = [\n")
        with self.assertRaisesRegex(CouldNotRun, r"blog/migrations/0001_x\.py:2: "):
            self.check(self.base())

    def test_migration_that_is_committed_without_its_source(self) -> None:
        self.migration("[]", path=FIRST)
        self.paths += [f"{FIRST}c", "blog/migrations/__pycache__/0002_x.cpython-311.pyc", "a.pyc"]
        self.check(self.base())
        self.paths.append(f"{SECOND}c")
        with self.assertRaisesRegex(CouldNotRun, rf"{SECOND}c is a migration .* Commit {SECOND}, "):
            self.check(self.base())

    def test_deleted_migration_that_is_listed_still(self) -> None:
        self.migration("[]", path=FIRST)
        self.paths.append(SECOND)
        checked = self.check(self.base(second=ChangeKind.DELETED))
        self.assertEqual(["MIG012"], [finding.code for finding in checked.findings])

    def test_only_migration_is_deleted(self) -> None:
        self.assertEqual(1, len(self.check(self.base(first=ChangeKind.DELETED)).findings))


class SettledTest(ProjectCase):
    """What a change rewrites in form alone, and the comments in it."""

    def test_comment_in_a_migration_that_is_only_reformatted_is_not_stale(self) -> None:
        accepted = "# quality-harness: ignore[MIG001]: unread since 1.4"
        text = (
            "from django.db import migrations\n\n\nclass Migration(migrations.Migration):\n"
            f'    operations = [migrations.DeleteModel("Blog")]  {accepted}\n'
        )
        self.commit({FIRST: text, "pyproject.toml": "[tool.quality_harness]\n"})
        self.write({FIRST: text.replace('"', "'")})
        request = Request(self.root, ("migrations",), "HEAD")

        report = run(request, discover_gates())

        self.assertEqual((Verdict.PASS, ()), (report.verdict, report.findings))
        self.assertEqual(1, report.results[0].checked)

    def test_comment_in_a_new_migration_is(self) -> None:
        self.commit({"pyproject.toml": "[tool.quality_harness]\n"})
        text = (
            "from django.db import migrations\n\n\nclass Migration(migrations.Migration):\n"
            "    operations = []  # quality-harness: ignore[MIG001]: unread since 1.4\n"
        )
        self.write({FIRST: text})

        report = run(Request(self.root, ("migrations",), "HEAD"), discover_gates())

        self.assertEqual(["SUP003"], [each.code for each in report.findings])
