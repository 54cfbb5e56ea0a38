"""The states of a tree's migrations, their order, and what is asked of them."""

from quality_harness.migrations import graph
from quality_harness.migrations.comparing import names_in
from quality_harness.migrations.definitions import Definition
from quality_harness.migrations.graph import Context
from quality_harness.migrations.history.ordering import everything_in_order, unique_labels
from quality_harness.migrations.model import Model

from .trees import TreeCase

CREATE = 'migrations.CreateModel("A", [("x", models.CharField(max_length=5))])'


class StateCase(TreeCase):
    def app(self, number: int, operations: str, app: str = "blog", **more: str) -> None:
        """Write a migration that depends on the one before it, and on more where that is given."""
        if "dependencies" not in more and number > 1:
            more["dependencies"] = f'[("{app}", "m{number - 1}")]'
        self.migration(operations, path=f"{app}/migrations/m{number}.py", **more)

    def context(self) -> Context:
        reading = self.reading()
        return graph.context(reading.migrations, known_labels=reading.labels)

    def models(self) -> dict[tuple[str, str], Model]:
        return self.context().states.models

    def order(self) -> list[str]:
        reading = self.reading()
        labels = unique_labels(reading.migrations, reading.labels)
        ordered = everything_in_order(reading.migrations, labels)
        return [f"{each.app}.{each.name}" for each in ordered]


class StatesTest(StateCase):
    def test_what_operations_make_of_a_model(self) -> None:
        self.app(1, f"[{CREATE}]")
        self.app(
            2,
            '[migrations.AddField("A", "y", models.TextField()),'
            ' migrations.RenameField("a", "x", "z"), migrations.RenameModel("A", "B"),'
            ' migrations.RemoveField("b", "y"), migrations.AlterModelTable("b", "bs"),'
            ' migrations.AddIndex("b", models.Index(fields=["z"])),'
            ' migrations.AddConstraint("b", models.CheckConstraint(check=models.Q(z=1), name="c")),'
            ' migrations.RemoveIndex("b", "i"), migrations.AlterOrderWithRespectTo("b", "z")]',
        )
        model = self.models()["blog", "b"]
        self.assertEqual(["z", "_order"], list(model.fields))
        self.assertEqual(("bs", "B"), (model.table, model.name))
        self.assertEqual((["#0"], ["c"]), (list(model.indexes), list(model.constraints)))
        self.assertEqual(frozenset({"z", "_order"}), model.columns)

    def test_sets_of_fields_follow_a_renamed_one(self) -> None:
        options = {
            "unique_together": "{('a', 'b'), ('a', 'c')}",
            "index_together": "['A', 'b']",
            "db_table": "'a'",
        }
        made = ", ".join(f"'{name}': {given}" for name, given in options.items())
        self.app(
            1,
            f"[migrations.CreateModel('M', [('a', models.TextField())], {{{made}}}), "
            "migrations.RenameField('m', 'a', 'New')]",
        )

        (model,) = self.models().values()

        expected = {
            "unique_together": (("New", "b"), ("New", "c")),
            "index_together": ("New", "b"),
            "db_table": "a",
        }
        self.assertEqual(expected, model.options)

    def test_models_that_are_not_in_the_tree(self) -> None:
        self.app(
            1,
            '[migrations.RenameField("a", "x", "z"), migrations.RenameModel("A", "B"),'
            ' migrations.RemoveField("b", "y"), migrations.AlterOrderWithRespectTo("b", "z"),'
            ' migrations.AddIndex("b", INDEX), migrations.AddConstraint("b", RULE),'
            ' migrations.RemoveConstraint("b", "c"), migrations.ValidateConstraint("b", "c"),'
            ' migrations.AlterModelOptions("b", OPTIONS)]',
        )
        self.assertEqual({}, self.models())

    def test_what_is_known_only_at_run_time_changes_nothing(self) -> None:
        self.app(1, '[migrations.CreateModel("A", [("x", models.TextField()), MORE, ()], OPTIONS)]')
        self.app(
            2,
            '[migrations.AddConstraint("a", RULE), migrations.RenameField("a", "q", "r"),'
            ' migrations.AlterModelOptions("a", OPTIONS), migrations.AlterModelTable("a", TABLE)]',
        )
        model = self.models()["blog", "a"]
        self.assertEqual((["x"], {}, None), (list(model.fields), model.constraints, model.table))

    def test_fields_that_are_no_list(self) -> None:
        self.app(1, '[migrations.CreateModel("A", FIELDS, {"constraints": [RULE]})]')
        self.assertEqual({}, self.models()["blog", "a"].fields)

    def test_table_goes_back_to_its_default(self) -> None:
        self.app(1, '[migrations.CreateModel("A", [], {"db_table": "x"})]')
        self.app(2, '[migrations.AlterModelTable("a", None)]')
        self.assertEqual("blog_a", self.models()["blog", "a"].table)

    def test_database_side_leaves_the_state_alone(self) -> None:
        self.app(1, f"[migrations.SeparateDatabaseAndState([{CREATE}])]")
        self.assertEqual({}, self.models())

    def test_renamed_and_made_again(self) -> None:
        self.app(1, f"[{CREATE}]")
        self.app(2, f'[migrations.RenameModel("A", "B"), {CREATE}, migrations.DeleteModel("B")]')
        self.assertEqual([("blog", "a")], list(self.models()))

    def test_table_behind_a_target(self) -> None:
        self.app(1, f'[{CREATE}, migrations.RenameModel("A", "B")]')
        states = self.context().states
        self.assertEqual("blog_b", states.table_of("blog.a", ""))
        self.assertEqual("blog_b", states.table_of("b", "blog"))
        self.assertIsNone(states.table_of("blog.c", ""))
        self.assertIsNone(states.table_of("settings.auth_user_model", ""))


class LabelTest(StateCase):
    def test_label_that_migrations_tell(self) -> None:
        self.app(1, f"[{CREATE}]", app="web")
        self.app(2, "[]", app="web", dependencies='[("website", "m1")]')
        self.assertEqual("website_a", self.models()["website", "a"].table)

    def test_label_that_only_the_configuration_tells(self) -> None:
        self.write("web/apps.py", 'class C:\n    name = "web"\n    label = "website"\n')
        self.app(1, f"[{CREATE}]", app="web")
        self.assertEqual([("website", "a")], list(self.models()))

    def test_configuration_without_a_label(self) -> None:
        self.write("web/apps.py", 'class C:\n    name = "web"\n')
        self.app(1, f"[{CREATE}]", app="web")
        self.assertEqual([("web", "a")], list(self.models()))

    def test_two_projects_in_one_tree(self) -> None:
        for project in ("one", "two"):
            self.migration(f"[{CREATE}]", path=f"{project}/blog/migrations/m1.py")
            self.migration(
                '[migrations.RemoveField("a", "x")]',
                path=f"{project}/blog/migrations/m2.py",
                dependencies='[("blog", "m1")]',
            )
        tables = [model.table for model in self.models().values()]
        self.assertEqual(["blog_a", "blog_a"], tables)
        self.assertEqual([{}, {}], [model.fields for model in self.models().values()])


class OrderTest(StateCase):
    def test_across_apps(self) -> None:
        self.app(1, "[]", app="a", dependencies='[("b", "m1"), ("auth", "x")]')
        self.app(1, "[]", app="b")
        self.assertEqual(["b.m1", "a.m1"], self.order())

    def test_first_and_latest(self) -> None:
        self.app(1, "[]", app="a", dependencies='[("c", "__latest__"), ("b", "__first__")]')
        self.app(1, "[]", app="b")
        for number in (1, 2):
            self.app(number, "[]", app="c")
        self.assertEqual(["b.m1", "c.m1", "c.m2", "a.m1"], sorted(self.order(), key=self.key))
        self.assertGreater(self.order().index("a.m1"), self.order().index("c.m2"))

    def key(self, name: str) -> int:
        return 1 if name == "a.m1" else 0

    def test_run_before(self) -> None:
        self.app(1, "[]", app="a")
        self.app(1, "[]", app="b", run_before='[("a", "m1"), ("x", "m1")]')
        self.assertEqual(["b.m1", "a.m1"], self.order())

    def test_cycle(self) -> None:
        self.app(1, "[]", app="a", dependencies='[("b", "m1")]')
        self.app(1, "[]", app="b", dependencies='[("a", "m1")]')
        self.assertEqual(["a.m1", "b.m1"], self.order())

    def test_squashed_beside_what_it_replaces(self) -> None:
        self.app(1, "[]")
        self.app(2, "[]", dependencies="[]", replaces='[("blog", "m1")]')
        self.app(3, "[]")
        self.assertEqual(["blog.m1", "blog.m3"], self.order())

    def test_squashed_alone(self) -> None:
        self.app(2, "[]", dependencies="[]", replaces='[("blog", "m0"), ("blog", "m1")]')
        self.app(1, "[]", app="a", dependencies='[("blog", "m1")]')
        self.assertEqual(["blog.m2", "a.m1"], self.order())


class NamesTest(TreeCase):
    def test_lookups_of_a_condition(self) -> None:
        q = Definition("django.db.models.Q", (("a", 1), (2,)), {"b__gt": 1, "_connector": "OR"})
        f = Definition("django.db.models.F", ("c",))
        self.assertEqual({"a", "b__gt", "c"}, names_in(Definition("|", (q, f))))
        self.assertEqual(set(), names_in(3))
