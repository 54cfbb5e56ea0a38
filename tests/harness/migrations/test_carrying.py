"""Operations that other classes, lists and modules carry, and what of them runs."""

from .trees import TreeCase

STATE_ONLY = """
    class StateOnly:
        def database_forwards(self, app_label, schema_editor, from_state, to_state):
            pass
"""
ON_APP = """
    class OnApp(migrations.operations.base.Operation):
        def __init__(self, label, operation):
            self.label = label
            self.operation = operation

        def database_forwards(self, app_label, schema_editor, from_state, to_state):
            self.operation.database_forwards(self.label, schema_editor, from_state, to_state)
"""


class ClassesTest(TreeCase):
    def run_on_the_database(self, expression: str, before: str) -> list[str]:
        self.paths = []
        found = self.operations(f"[{expression}]", before=before)
        return [each.kind for each in found if each.changes_database]

    def test_bases_count_in_their_order(self) -> None:
        for bases, kinds in (
            ("migrations.RemoveField, StateOnly", ["RemoveField"]),
            ("StateOnly, migrations.RemoveField", ["custom"]),
        ):
            before = f"{STATE_ONLY}\n    class Forget({bases}):\n        pass"
            with self.subTest(bases):
                self.assertEqual(kinds, self.run_on_the_database('Forget("a", "b")', before))

    def test_models_that_are_never_allowed(self) -> None:
        method = "class Forget(migrations.RemoveField):\n    {}"
        for text, kinds in (
            ("def allow_migrate_model(self, alias, model):\n        return False", []),
            ("def allow_migrate_model(self, alias, model):\n        return X", ["RemoveField"]),
            ("def allow_migrate_model(self, alias, model):\n        pass", ["RemoveField"]),
            ("allow_migrate_model = lambda *args: False", ["RemoveField"]),
        ):
            with self.subTest(text):
                found = self.run_on_the_database('Forget("a", "b")', method.format(text))
                self.assertEqual(kinds, found)

    def test_operation_that_another_one_carries_out(self) -> None:
        drop = 'OnApp("x", migrations.RemoveField("a", "b"))'
        self.assertEqual(["RemoveField", "custom"], self.run_on_the_database(drop, ON_APP))
        self.assertEqual(
            ["custom", "unresolved"], self.run_on_the_database('OnApp("x", Y)', ON_APP)
        )


class ListsTest(TreeCase):
    def kinds_of(self, expression: str, before: str = "") -> list[str]:
        self.paths = []
        return self.kinds(expression, before=before)

    def test_sum_of_lists(self) -> None:
        self.assertEqual(
            ["DeleteModel"] * 2,
            self.kinds_of("sum(([migrations.DeleteModel(n)] for n in ('a', 'b')), [])"),
        )
        self.assertEqual(["unresolved"], self.kinds_of("sum(X, [])"))
        self.assertEqual(["unresolved"], self.kinds_of("sum([1, 2])"))

    def test_starmap(self) -> None:
        before = "from itertools import starmap"
        self.assertEqual(
            ["RemoveField"] * 2,
            self.kinds_of(
                "list(starmap(migrations.RemoveField, [('a', 'b'), ('c', 'd')]))", before
            ),
        )
        for given in ("X", "['ab']"):
            with self.subTest(given):
                found = self.kinds_of(f"starmap(migrations.RemoveField, {given})", before)
                self.assertEqual(["unresolved"], found)

    def test_decorator_that_makes_an_operation(self) -> None:
        before = """
            def operation(*, back):
                return lambda code: migrations.RunPython(code, back)

            @operation(back=migrations.RunPython.noop)
            def change(apps, schema_editor):
                schema_editor.delete_model(X)
        """
        self.assertEqual(["RunPython", "RunPython"], self.kinds_of("[change]", before))
        self.assertEqual(["unresolved"], self.kinds_of("[change]", "def change(): pass"))
        self.assertEqual(["unresolved"], self.kinds_of("[lambda: 1]"))


class ModulesTest(TreeCase):
    def told(self, module: str) -> list[str]:
        self.write(
            "blog/migrations/0001_x.py", "def gone(apps, x):\n    x.execute('DELETE FROM a')\n"
        )
        self.paths = []
        before = f"from importlib import import_module\nearlier = import_module({module})"
        found = self.operations("[migrations.RunPython(earlier.gone)]", before=before)
        return [deed.does for each in found for deed in each.deeds]

    def test_code_of_an_earlier_migration(self) -> None:
        self.assertEqual(["deletes rows of table a"], self.told('"blog.migrations.0001_x"'))
        for module in ("X", '"blog.absent"', '".x", "blog.migrations"'):
            with self.subTest(module):
                self.assertEqual([], self.told(module))


class AttributesTest(TreeCase):
    def sql(self, *lines: str) -> list[str]:
        self.paths = []
        before = "\n".join(["step = migrations.RunSQL('SELECT 1', elidable=True)", *lines])
        found = self.operations("[step]", before=before)
        return [str(statement) for each in found for statement in each.statements]

    def test_statement_that_is_set_afterwards(self) -> None:
        self.assertEqual(["drops table a"], self.sql("step.sql = 'DROP TABLE a'"))
        self.assertEqual(["drops table a"], self.sql("setattr(step, 'sql', 'DROP TABLE a')"))
        self.assertEqual([], self.sql("step.hints = {}"))
        self.assertEqual([], self.sql("step.seen.append(1)"))

    def test_attribute_of_something_else(self) -> None:
        before = "def step():\n    pass\nstep.sql = ''"
        self.assertEqual(["unresolved"], self.kinds("[step]", before=before))
