from quality_harness.gate import ChangeKind
from quality_harness.migrations.checking import check

from .trees import TreeCase

ITEM = "migrations.CreateModel('Item', [('id', models.BigAutoField(primary_key=True)), {more}])"
FOLDER = "shop/migrations/"


class SquashingTest(TreeCase):
    """What a squashed migration does, beside what those do that it replaces."""

    def setUp(self) -> None:
        super().setUp()
        self.add("0001_first", [ITEM.format(more="('a', models.TextField(null=True))")])

    def add(self, name: str, operations: list[str], **more: str) -> None:
        text = f"[{', '.join(operations)}]"
        self.migration(text, path=f"{FOLDER}{name}.py", **more)

    def said(self, replaced: str, squashed: str, replaces: tuple[str, ...] = ("0002_x",)) -> str:
        """Return what is said of a squash of 0002_x; an empty text where nothing is."""
        if f"{FOLDER}0002_x.py" not in self.paths:
            self.add("0002_x", [replaced], dependencies="[('shop', '0001_first')]")
        names = ", ".join(f"('shop', '{name}')" for name in replaces)
        dependencies = "[('shop', '0001_first')]"
        self.add("0002_s", [squashed], replaces=f"[{names}]", dependencies=dependencies)
        found = check(self.reading(), {f"{FOLDER}0002_s.py": ChangeKind.ADDED}).findings
        return "; ".join(each.message for each in found if each.code == "MIG054")

    def forget(self) -> None:
        """Have the next squash replace another migration."""
        del self.paths[1:]

    def added(self, field: str, name: str = "b") -> str:
        return f"migrations.AddField('item', '{name}', models.{field})"

    def fields(self, ours: str, theirs: str) -> str:
        return self.said(self.added(theirs), self.added(ours))

    def test_the_same(self) -> None:
        added = self.added("IntegerField(default=1)")
        self.assertEqual("", self.said(added, added))

    def test_model_left_out(self) -> None:
        made = ITEM.replace("Item", "Other").format(more="")
        self.assertEqual(
            "The squashed migration shop.0002_s does something else than what it replaces: it "
            "lacks the model Other.",
            self.said(made, ""),
        )

    def test_model_of_its_own(self) -> None:
        made = ITEM.replace("Item", "Other").format(more="")
        self.assertIn("makes the model Other, which they do not.", self.said("", made))

    def test_field_left_out_and_field_of_its_own(self) -> None:
        said = self.said(
            self.added("TextField(null=True)", "b"), self.added("TextField(null=True)", "c")
        )
        self.assertIn("it lacks the field Item.b, and 1 more.", said)

    def test_field_that_differs(self) -> None:
        for ours, theirs in (
            ("IntegerField()", "BigIntegerField()"),
            ("CharField(max_length=9)", "CharField(max_length=10)"),
            ("IntegerField(null=True)", "IntegerField()"),
            ("IntegerField(db_column='x')", "IntegerField()"),
            ("IntegerField(unique=True)", "IntegerField()"),
            ("IntegerField(db_index=True)", "IntegerField()"),
            ("IntegerField(db_default=1)", "IntegerField()"),
            ("ForeignKey('shop.item', models.CASCADE)", "IntegerField(db_column='b_id')"),
        ):
            with self.subTest(ours=ours):
                self.forget()
                self.assertIn("makes the field Item.b otherwise", self.fields(ours, theirs))

    def test_what_only_people_or_python_read_may_differ(self) -> None:
        ours = "CharField('The b', max_length=9, default='x', help_text='y')"
        self.assertEqual("", self.fields(ours, "CharField(max_length=9)"))

    def test_class_of_the_project_is_taken_for_what_it_is_made_of(self) -> None:
        own = "migrations.AddField('item', 'b', Own(max_length=9))"
        self.assertEqual("", self.said(own, self.added("CharField(max_length=9)")))

    def test_argument_that_only_a_running_project_knows(self) -> None:
        unknown = self.added("CharField(max_length=9, null=settings.B)")
        self.assertEqual("", self.said(unknown, self.added("CharField(max_length=9)")))

    def test_constraint_and_index(self) -> None:
        check = "models.CheckConstraint(condition=models.Q(a='x'), name='a_x')"
        index = "models.Index(fields=['a'], name='a_i')"
        for left_out, said in (
            (f"migrations.AddConstraint('item', {check})", "lacks the constraint a_x of Item"),
            (f"migrations.AddIndex('item', {index})", "lacks the index a_i of Item"),
        ):
            with self.subTest(said=said):
                self.forget()
                self.assertIn(said, self.said(left_out, ""))
                self.forget()
                self.assertIn(said.replace("lacks", "makes"), self.said("", left_out))

    def test_index_that_is_made_and_removed(self) -> None:
        index = "models.Index(fields=['a'], name='a_i')"
        made = f"migrations.AddIndex('item', {index}), migrations.RemoveIndex('item', 'a_i')"
        self.assertEqual("", self.said(made, ""))

    def test_index_that_is_renamed_is_not_followed(self) -> None:
        index = "migrations.AddIndex('item', models.Index(fields=['a'], name='{0}'))"
        renamed = "migrations.RenameIndex('item', 'new', old_name='old')"
        self.assertEqual("", self.said(f"{index.format('old')}, {renamed}", index.format("new")))

    def test_index_of_a_model_that_is_not_here(self) -> None:
        self.assertEqual("", self.said("migrations.RemoveIndex('other', 'a_i')", ""))

    def test_unique_together(self) -> None:
        unique = "migrations.AlterUniqueTogether('item', {('id', 'a')})"
        self.assertIn("gives Item another unique_together", self.said(unique, ""))

    def test_unique_together_is_not_followed_where_a_field_is_renamed(self) -> None:
        unique = "migrations.AlterUniqueTogether('item', {{('id', '{0}')}})"
        renamed = "migrations.RenameField('item', 'a', 'c')"
        self.assertEqual(
            "", self.said(f"{unique.format('a')}, {renamed}", f"{renamed}, {unique.format('c')}")
        )

    def test_table(self) -> None:
        moved = "migrations.AlterModelTable('item', 'things')"
        self.assertIn("keeps Item in another table", self.said(moved, ""))

    def test_relation_to_a_model_that_is_renamed(self) -> None:
        renamed = "migrations.RenameModel('item', 'thing')"
        related = "migrations.AddField('{0}', 'b', models.ForeignKey('shop.{0}', models.CASCADE))"
        self.assertEqual(
            "",
            self.said(
                f"{related.format('item')}, {renamed}", f"{renamed}, {related.format('thing')}"
            ),
        )

    def test_what_the_source_does_not_tell_is_not_compared(self) -> None:
        added = self.added("TextField(null=True)")
        for untold in ("make_it()", f"*([{added}] if X else [])"):
            with self.subTest(untold=untold):
                self.forget()
                self.assertEqual("", self.said(untold, ""))

    def test_squash_of_a_squash(self) -> None:
        added = self.added("TextField(null=True)")
        self.add("0002_x", [added], dependencies="[('shop', '0001_first')]")
        inner = {"replaces": "[('shop', '0002_x')]", "dependencies": "[('shop', '0001_first')]"}
        self.add("0002_inner", [added], **inner)
        self.assertEqual("", self.said("", added, ("0002_inner",)))

    def test_squash_that_names_itself(self) -> None:
        added = self.added("TextField(null=True)")
        self.assertEqual("", self.said(added, added, ("0002_x", "0002_s")))

    def test_squashes_that_replace_each_other(self) -> None:
        first = {"replaces": "[('shop', '0002_s')]", "dependencies": "[('shop', '0001_first')]"}
        self.add("0002_x", [], **first)
        self.assertEqual("", self.said("", "", ("0002_x",)))

    def test_squash_over_several_apps_is_not_compared(self) -> None:
        self.add("0002_x", [], dependencies="[('shop', '0001_first')]")
        self.add("0002_s", [self.added("TextField(null=True)")],
                 replaces="[('shop', '0002_x'), ('other', '0001')]")  # fmt: skip
        found = check(self.reading(), {f"{FOLDER}0002_s.py": ChangeKind.ADDED}).findings
        self.assertEqual([], [each.message for each in found if "does something" in each.message])

    def test_migration_that_follows_another_squash(self) -> None:
        added, other = self.added("TextField(null=True)"), self.added("TextField(null=True)", "c")
        self.add("0001_s", [ITEM.format(more="('a', models.TextField(null=True))")],
                 replaces="[('shop', '0001_first')]")  # fmt: skip
        self.add("0002_x", [added, other], dependencies="[('shop', '0001_s')]")
        self.assertIn("lacks the field Item.c", self.said("", added))
