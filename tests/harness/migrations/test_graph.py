"""What a change makes itself, and the order of its migrations."""

import unittest

from quality_harness.gate import ChangeKind
from quality_harness.migrations.history.ordering import order
from quality_harness.migrations.operations import Migration

from .trees import TreeCase

FIRST = "blog/migrations/0002_first.py"
SECOND = "blog/migrations/0003_second.py"
CREATE = 'migrations.CreateModel("A", fields=[])'
NEW = ChangeKind.ADDED


class OrderTest(unittest.TestCase):
    def names(self, *migrations: Migration) -> list[str]:
        return [migration.name for migration in order(migrations)]

    def test_by_dependencies(self) -> None:
        late = Migration("blog/migrations/0001_late.py", (("blog", "0002_early"),))
        early = Migration("blog/migrations/0002_early.py", (("auth", "0012_x"),))
        self.assertEqual(["0002_early", "0001_late"], self.names(late, early))

    def test_by_name_where_dependencies_say_nothing(self) -> None:
        second, first = Migration("blog/migrations/0002.py"), Migration("blog/migrations/0001.py")
        self.assertEqual(["0001", "0002"], self.names(second, first))

    def test_another_app_with_the_same_names(self) -> None:
        first = Migration("blog/migrations/0001_a.py", (("auth", "0002_b"),))
        second = Migration("blog/migrations/0002_b.py", (("auth", "0001_a"), ("auth", "0002_b")))
        self.assertEqual(["0001_a", "0002_b"], self.names(second, first))


class OwnTest(TreeCase):
    def pair(self, first: str, second: str, path: str = SECOND) -> list[str]:
        """Return the codes for two new migrations, the second of which depends on the first."""
        self.migration(first, path=FIRST)
        self.migration(second, path=path, dependencies='[("blog", "0002_first")]')
        return self.codes({FIRST: NEW, path: NEW})

    def test_model_of_the_same_change(self) -> None:
        self.assertEqual([], self.pair(f"[{CREATE}]", '[migrations.DeleteModel("a")]'))

    def test_order_is_that_of_the_dependencies(self) -> None:
        found = self.pair(
            f"[{CREATE}]", '[migrations.DeleteModel("A")]', "blog/migrations/0001_z.py"
        )
        self.assertEqual([], found)

    def test_deleted_before_it_is_created(self) -> None:
        self.assertEqual(["MIG001"], self.pair('[migrations.DeleteModel("A")]', f"[{CREATE}]"))

    def test_deleted_twice(self) -> None:
        twice = '[migrations.DeleteModel("A"), migrations.DeleteModel("A")]'
        self.assertEqual(["MIG001"], self.pair(f"[{CREATE}]", twice))

    def test_other_app(self) -> None:
        found = self.pair(f"[{CREATE}]", '[migrations.DeleteModel("A")]', "news/migrations/0003.py")
        self.assertEqual(["MIG001"], found)

    def test_field_of_the_same_change(self) -> None:
        added = '[migrations.AddField("a", "x", models.TextField(null=True))]'
        renamed = '[migrations.RenameField("A", "x", "y"), migrations.RemoveField("A", "y")]'
        self.assertEqual([], self.pair(added, renamed))

    def test_field_of_a_renamed_model(self) -> None:
        added = '[migrations.AddField("a", "x", models.TextField(null=True))]'
        renamed = '[migrations.RenameModel("A", "B"), migrations.RemoveField("b", "x")]'
        self.assertEqual(["MIG003"], self.pair(added, renamed))

    def test_name_that_an_old_model_takes_over(self) -> None:
        moved = (
            '[migrations.RenameModel("A", "B"), migrations.RenameModel("C", "A"),'
            ' migrations.DeleteModel("A")]'
        )
        self.assertEqual(["MIG001", "MIG003"], sorted(self.pair(f"[{CREATE}]", moved)))

    def test_field_removed_twice(self) -> None:
        added = '[migrations.AddField("a", "x", models.TextField(null=True))]'
        twice = '[migrations.RemoveField("a", "x"), migrations.RemoveField("a", "x")]'
        self.assertEqual(["MIG002"], self.pair(added, twice))

    def test_field_of_a_deleted_model(self) -> None:
        field = "models.TextField(null=True)"
        added = f'[migrations.AddField("a", "x", {field}), migrations.DeleteModel("A")]'
        self.assertEqual(
            ["MIG001", "MIG002"], self.pair(added, '[migrations.RemoveField("a", "x")]')
        )

    def test_other_field_of_the_same_model(self) -> None:
        added = '[migrations.AddField("a", "x", models.TextField(null=True))]'
        self.assertEqual(["MIG002"], self.pair(added, '[migrations.RemoveField("a", "y")]'))
        self.assertEqual(["MIG004"], self.pair(added, '[migrations.RenameField("a", "y", "z")]'))

    def test_model_that_only_the_state_creates(self) -> None:
        state = f"[migrations.SeparateDatabaseAndState(state_operations=[{CREATE}])]"
        self.assertEqual(["MIG001"], self.pair(state, '[migrations.DeleteModel("A")]'))

    def test_model_that_may_not_be_created(self) -> None:
        maybe = f"[{CREATE}] if WANTED else []"
        self.assertEqual(["MIG001"], self.pair(maybe, '[migrations.DeleteModel("A")]'))

    def test_unknown_names_are_never_the_same(self) -> None:
        unknown = "[migrations.CreateModel(NAME, fields=[]), migrations.DeleteModel(NAME)]"
        self.assertEqual(["MIG001"], self.pair(unknown, "[]"))

    def test_model_of_an_old_migration(self) -> None:
        self.migration(f"[{CREATE}]", path=FIRST)
        after = '[("blog", "0002_first")]'
        self.migration('[migrations.DeleteModel("A")]', path=SECOND, dependencies=after)
        self.assertEqual(["MIG001"], self.codes({SECOND: NEW}))

    def test_model_of_a_modified_migration(self) -> None:
        self.migration(f"[{CREATE}]", path=FIRST)
        after = '[("blog", "0002_first")]'
        self.migration('[migrations.DeleteModel("A")]', path=SECOND, dependencies=after)
        self.assertEqual(["MIG001"], self.codes({FIRST: ChangeKind.MODIFIED, SECOND: NEW}))

    def test_rows_of_a_model_of_the_same_change(self) -> None:
        before = "def f(apps, editor):\n    A.objects.update(x=1)\n"
        self.migration('[migrations.CreateModel("A", [("x", models.TextField())])]', path=FIRST)
        self.migration(
            "[migrations.RunPython(f)]",
            before=before,
            path=SECOND,
            dependencies='[("blog", "0002_first")]',
        )
        self.assertEqual(["MIG023"], self.codes())
        self.assertEqual(["MIG023"], self.codes({SECOND: NEW}))
        self.assertEqual([], self.codes({FIRST: NEW, SECOND: NEW}))

    def test_constraint_on_a_column_of_the_first_migration(self) -> None:
        self.migration(f"[{CREATE}]", path="blog/migrations/0001_base.py")
        self.migration(
            '[migrations.CreateModel("B", []),'
            ' migrations.AddField("a", "x", models.TextField(null=True))]',
            path=FIRST,
            dependencies='[("blog", "0001_base")]',
        )
        self.migration(
            '[migrations.AddConstraint("a", models.UniqueConstraint(fields=["x"], name="u"))]',
            path=SECOND,
            dependencies='[("blog", "0002_first")]',
        )
        self.assertEqual([], self.codes({FIRST: NEW, SECOND: NEW}))
        self.assertEqual(["MIG018"], self.codes({SECOND: NEW}))

    def test_without_a_base_each_migration_is_a_release(self) -> None:
        self.migration(f"[{CREATE}]", path=FIRST)
        after = '[("blog", "0002_first")]'
        self.migration('[migrations.DeleteModel("A")]', path=SECOND, dependencies=after)
        self.assertEqual(["MIG001"], self.codes())


class SquashTest(TreeCase):
    DROP = '[migrations.DeleteModel("A")]'

    def test_what_is_still_there_is_judged_there(self) -> None:
        self.migration(self.DROP, path=FIRST)
        self.migration(self.DROP, path=SECOND, replaces='[("blog", "0002_first")]')
        self.assertEqual([], self.codes({SECOND: NEW}))
        self.assertEqual([FIRST], [finding.location.path for finding in self.findings()])

    def test_columns_of_the_squash_do_not_come_with_the_table(self) -> None:
        title, note = '("title", models.TextField())', '("note", models.TextField(null=True))'
        more, copy = "blog/migrations/0004_more.py", "blog/migrations/0005_copy.py"
        both = '[("blog", "0002_first"), ("blog", "0004_more")]'
        self.migration(f'[migrations.CreateModel("B", [{title}])]', path=FIRST)
        self.migration(
            '[migrations.AddField("b", "note", models.TextField(null=True))]',
            path=more,
            dependencies='[("blog", "0002_first")]',
        )
        self.migration(
            f'[migrations.CreateModel("B", [{title}, {note}])]', path=SECOND, replaces=both
        )
        self.migration(
            '[migrations.RunSQL("UPDATE blog_b SET note = title", "")]',
            path=copy,
            dependencies='[("blog", "0004_more")]',
        )
        self.assertEqual([], self.codes({copy: NEW}))

    def test_what_is_gone_is_judged_in_the_squash(self) -> None:
        self.migration(self.DROP, path=SECOND, replaces='[("blog", "0002_first")]')
        self.assertEqual(["MIG001"], self.codes({SECOND: NEW}))

    def test_migration_of_another_app_of_that_name(self) -> None:
        self.migration("[]", path=FIRST)
        self.migration(self.DROP, path=SECOND, replaces='[("news", "0002_first")]')
        self.assertEqual(["MIG001"], self.codes({SECOND: NEW}))

    def test_replacing_itself_is_no_squash(self) -> None:
        self.migration(self.DROP, path=SECOND, replaces='[("blog", "0003_second")]')
        self.assertEqual(["MIG001"], self.codes({SECOND: NEW}))

    def test_replaced_migration_may_go(self) -> None:
        self.migration("[]", path=SECOND, replaces='[("blog", "0002_first")]')
        gone = ChangeKind.DELETED
        other = "blog/migrations/0001_initial.py"
        findings = self.findings({FIRST: gone, other: gone})
        self.assertEqual(
            [(other, 0)], [(each.location.path, each.location.line) for each in findings]
        )
