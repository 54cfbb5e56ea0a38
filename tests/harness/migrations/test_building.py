"""Operations, their effect and direction, and what of them cannot be told."""

from unittest import mock

from quality_harness.migrations.functions import bodies as functions
from quality_harness.migrations.operations import Direction, Effect, Operation

from .trees import TreeCase


class NamesTest(TreeCase):
    def one(self, expression: str) -> Operation:
        (operation,) = self.operations(f"[{expression}]")
        return operation

    def test_names_and_arguments(self) -> None:
        operation = self.one('migrations.RenameField("Blog", new_name="b", old_name="a")')
        self.assertEqual(
            ("RenameField", "Blog", "a"), (operation.kind, operation.model, operation.field)
        )
        self.assertEqual({"new_name": "b"}, operation.arguments)

    def test_place(self) -> None:
        operation = self.one('migrations.DeleteModel("A")')
        self.assertEqual((4, 19), (operation.line, operation.column))

    def test_missing_names(self) -> None:
        self.assertEqual("…", self.one("migrations.DeleteModel(**X)").model)

    def test_operation_without_names(self) -> None:
        operation = self.one("migrations.AlterModelManagers('a', [])")
        self.assertEqual(("AlterModelManagers", ""), (operation.kind, operation.model))

    def test_function_of_django_is_no_operation(self) -> None:
        (operation,) = self.operations("[make()]", before="from django.utils.x import make")
        self.assertEqual("make is defined outside this tree", operation.problem)
        self.assertEqual(["unresolved"], self.kinds('[migrations.swappable_dependency("x")]'))


class SeparateTest(TreeCase):
    def effects(self, expression: str) -> list[Effect]:
        found = self.operations(f"[migrations.SeparateDatabaseAndState({expression})]")
        return [each.effect for each in found]

    def test_both_sides(self) -> None:
        drop = '[migrations.DeleteModel("A")]'
        self.assertEqual([Effect.DATABASE_ONLY, Effect.STATE_ONLY], self.effects(f"{drop}, {drop}"))

    def test_nested_in_the_database_side(self) -> None:
        inner = 'migrations.SeparateDatabaseAndState([migrations.DeleteModel("A")], [X()])'
        self.assertEqual([Effect.DATABASE_ONLY], self.effects(f"[{inner}]"))

    def test_unknown_arguments(self) -> None:
        (operation,) = self.operations("[migrations.SeparateDatabaseAndState(**X)]")
        self.assertEqual("its arguments are known only at run time", operation.problem)
        self.assertTrue(operation.changes_database)


class RunSqlTest(TreeCase):
    def test_reverse(self) -> None:
        found = self.operations('[migrations.RunSQL("SELECT 1", "DROP TABLE a")]')
        self.assertEqual([Direction.FORWARD, Direction.REVERSE], [each.direction for each in found])
        self.assertEqual([0, 1], [len(each.statements) for each in found])
        self.assertFalse(found[1].changes_database)

    def test_nothing(self) -> None:
        self.assertEqual(["RunSQL"], self.kinds("[migrations.RunSQL(None)]"))

    def test_missing_text(self) -> None:
        self.assertEqual(["RunSQL", "unresolved"], self.kinds("[migrations.RunSQL(**X)]"))

    def test_unknown_verb(self) -> None:
        found = self.operations("[migrations.RunSQL(f'{A} TABLE x; {B} TABLE x')]")
        self.assertIn("its SQL runs what is known only at run time in … TABLE x", found[1].problem)
        self.assertEqual(2, len(found))

    def test_state_operations_are_read_once(self) -> None:
        state = "state_operations=[migrations.DeleteModel('A')]"
        sql = f"migrations.RunSQL('SELECT 1', {state})"
        self.assertEqual(Effect.STATE_ONLY, self.operations(f"[{sql}]")[1].effect)
        inside = f"[migrations.SeparateDatabaseAndState([{sql}])]"
        self.assertEqual(["RunSQL"], self.kinds(inside))

    def test_mixed_list(self) -> None:
        found = self.operations("[migrations.RunSQL(['SELECT 1', ('DROP TABLE a', [1]), X])]")
        self.assertEqual(["drops table a"], [str(each) for each in found[0].statements])
        self.assertEqual("the SQL of sql is known only at run time", found[1].problem)


class RunPythonTest(TreeCase):
    def problems(self, arguments: str, before: str = "") -> list[str]:
        found = self.operations(f"[migrations.RunPython({arguments})]", before=before)
        return [each.problem for each in found if each.problem]

    def test_unknown_function(self) -> None:
        self.assertEqual(["the code of RunPython is known only at run time"], self.problems("**X"))
        self.assertIn("the code of RunPython is `X`", self.problems("X")[0])
        self.assertEqual([], self.problems("lambda apps, editor: None, None"))

    def test_class_or_list_is_no_function(self) -> None:
        self.assertIn("the code of RunPython is a list", self.problems("[]")[0])
        self.assertIn("class A", self.problems("A", "class A:\n    pass")[0])

    def test_unknown_function_backwards(self) -> None:
        found = self.operations("[migrations.RunPython(migrations.RunPython.noop, X)]")
        self.assertEqual(Direction.REVERSE, found[1].direction)

    def test_place_of_unknown_sql(self) -> None:
        before = "def f(apps, editor):\n    editor.execute(X)\n"
        _, unknown = self.operations("[migrations.RunPython(f)]", before=before)
        self.assertEqual((3, 5), (unknown.line, unknown.column))

    def test_place_of_unknown_sql_in_another_file(self) -> None:
        self.write("tools.py", "\n" * 50 + "def f(apps, editor):\n    editor.execute(X)\n")
        _, unknown = self.operations("[migrations.RunPython(f)]", before="from tools import f")
        self.assertEqual(4, unknown.line)


class OverriddenTest(TreeCase):
    def test_methods_of_the_migration(self) -> None:
        self.write(
            "m.py",
            """
            from django.db import migrations
            class Migration(migrations.Migration):
                apply = None
                def __init__(self, *args):
                    pass
            """,
        )
        (operation,) = self.read().operations
        self.assertEqual("Migration overrides __init__()", operation.problem)
        self.assertEqual((5, 5), (operation.line, operation.column))


class InheritedTest(TreeCase):
    """What a class above the migration, in another file, does to it."""

    def problems(self, method: str, keyword: str = "", decorator: str = "") -> list[str]:
        own = f"{decorator}class Own(migrations.Migration{keyword}):\n    {method}\n"
        self.write("base.py", f"from django.db import migrations\n{own}")
        self.write("m.py", "from base import Own\nclass Migration(Own):\n    operations = []\n")
        (found,) = (each for each in self.reading().migrations if each.path == "m.py")
        return [each.problem for each in found.operations]

    def test_one_that_changes_the_operations(self) -> None:
        method = "def __init__(self, *args):\n        self.operations = [*self.operations, X]"
        problem = "Own overrides __init__()"
        self.assertEqual([problem], self.problems(method))

    def test_one_that_acts_by_itself(self) -> None:
        method = "def apply(self, state, editor, collect_sql=False):\n        editor.execute(X)"
        problem = "Own overrides apply()"
        self.assertEqual([problem], self.problems(method))

    def test_one_that_acts_in_another_method(self) -> None:
        method = (
            "def __new__(cls, *args):\n"
            "        cls.more()\n"
            "    @classmethod\n"
            "    def more(cls):\n"
            "        cls.operations = [X]"
        )
        self.assertEqual(["Own overrides __new__()"], self.problems(method))

    def test_one_that_hands_itself_on(self) -> None:
        for call in ("more(self)", "setattr(self, 'x', X)", "more(migration=self)"):
            with self.subTest(call):
                method = f"def unapply(self, state, editor):\n        {call}"
                self.assertEqual(["Own overrides unapply()"], self.problems(method))

    def test_a_metaclass(self) -> None:
        self.assertEqual(["Own has a metaclass"], self.problems("pass", ", metaclass=X"))
        text = "from django.db import migrations\n"
        text += "class Migration(migrations.Migration, metaclass=X):\n    operations = []\n"
        self.write("own.py", text)
        (own,) = (each for each in self.reading().migrations if each.path == "own.py")
        self.assertEqual(["Migration has a metaclass"], [each.problem for each in own.operations])

    def test_a_decorated_one(self) -> None:
        self.assertEqual(["Own is decorated"], self.problems("pass", decorator="@X\n"))

    def test_one_that_measures(self) -> None:
        method = (
            "def apply(self, state, editor, collect_sql=False):\n"
            "        log.info(self.name)\n"
            "        return super().apply(state, editor, collect_sql)"
        )
        self.assertEqual([], self.problems(method))

    def test_what_is_no_method(self) -> None:
        self.assertEqual([], self.problems("apply = X.operations"))


class ClassesTest(TreeCase):
    """What an operation's class does tells, not its name."""

    def found(self, before: str, expression: str = "[Own()]") -> list[tuple[str, str]]:
        operations = self.operations(expression, before=before)
        return [(each.kind, each.effect.value) for each in operations]

    def test_override_that_calls_super(self) -> None:
        before = """
            class Own(migrations.DeleteModel):
                def database_forwards(self, *args):
                    super().database_forwards(*args)
        """
        self.assertEqual([("DeleteModel", "both"), ("custom", "both")], self.found(before))

    def test_override_that_hands_on_what_super_does(self) -> None:
        before = """
            class Own(migrations.DeleteModel):
                def database_forwards(self, *args):
                    forwards = super().database_forwards
                    self.again(forwards, *args)
                def again(self, function, *args):
                    function(*args)
        """
        self.assertEqual([("DeleteModel", "both"), ("custom", "both")], self.found(before))
        other = before.replace("super().database_forwards", "super().describe")
        self.assertEqual([("DeleteModel", "state-only"), ("custom", "both")], self.found(other))

    def test_override_that_does_not(self) -> None:
        before = """
            class Own(migrations.DeleteModel):
                def database_forwards(self, *args):
                    pass
        """
        self.assertEqual([("DeleteModel", "state-only"), ("custom", "both")], self.found(before))
        inside = "[migrations.SeparateDatabaseAndState([Own()])]"
        self.assertEqual([("custom", "database-only")], self.found(before, inside))

    def test_inherited_override(self) -> None:
        before = """
            class Quiet:
                def database_forwards(self, *args):
                    pass
            class Middle(Quiet, migrations.DeleteModel):
                pass
            class Own(Middle):
                database_backwards = None
        """
        self.assertEqual([("DeleteModel", "state-only"), ("custom", "both")], self.found(before))

    def test_wrapper_of_another_operation(self) -> None:
        before = """
            from django.db.migrations.operations.base import Operation
            class Own(Operation):
                def database_forwards(self, *args):
                    self.inner.database_forwards(*args)
        """
        found = self.operations("[Own()]", before=before)
        self.assertEqual("unresolved", found[-1].kind)
        self.assertIn("runs an operation that is known only at run time", found[-1].problem)

    def test_class_without_a_known_base(self) -> None:
        self.assertEqual([("unresolved", "both")], self.found("class Own(Other):\n    pass\n"))

    def test_own_init(self) -> None:
        before = """
            class Own(migrations.DeleteModel):
                def __init__(self, app, name):
                    self.app = app
                    super().__init__(name=name)
        """
        self.assertEqual("A", self.operations('[Own("x", "A")]', before=before)[0].model)

    def test_way_back_of_the_class(self) -> None:
        back = "def database_backwards(self, *args):\n        {}\n"
        drop = back.format("self.drop()")
        for body, is_reversible in (
            (f"reversible = True\n    {drop}", True),
            (f"reversible = True\n    {back.format('pass')}", True),
            (drop, False),
            ("reversible = True\n", False),
            (f"reversible = False\n    {drop}", False),
            (f"reversible = X\n    {drop}", False),
            (f"reversible = True\n    {back.format('raise X')}", False),
            (
                f"reversible = True\n    {back.format('super().database_backwards(*args)')}",
                False,
            ),
            (f"@property\n    def reversible(self):\n        return X\n    {drop}", False),
        ):
            for kind, argument in (("RunSQL", "'SELECT 1'"), ("RunPython", "lambda *x: 1")):
                with self.subTest(body=body, kind=kind):
                    before = f"class Own(migrations.{kind}):\n    {body}"
                    (found,) = self.operations(f"[Own({argument})]", before=before)
                    self.assertEqual(is_reversible, found.reversible)

    def test_way_back_of_the_class_beside_a_text_that_does_nothing(self) -> None:
        back = "    def database_backwards(self, *args):\n        self.drop()\n"
        before = f"class Own(migrations.RunSQL):\n    reversible = True\n{back}"
        operations = self.operations("[Own('SELECT 1', '')]", before=before)
        self.assertFalse(operations[0].stays)
        operations = self.operations("[migrations.RunSQL('SELECT 1', '')]")
        self.assertTrue(operations[0].stays)

    def test_own_init_that_hands_on_a_list(self) -> None:
        before = """
            class Own(migrations.SeparateDatabaseAndState):
                def __init__(self, *made):
                    super().__init__(database_operations=made, state_operations=made)
        """
        both = [("DeleteModel", "database-only"), ("DeleteModel", "state-only")]
        expression = "[Own(migrations.DeleteModel('A'))]"
        self.assertEqual(both, self.found(before, expression))
        other = before.replace("super().__init__(d", "change(made)\n{}super().__init__(d")
        found = self.found(other.format(" " * 20), expression)
        self.assertIn(("unresolved", "database-only"), found)

    def test_own_init_that_calls_no_super(self) -> None:
        before = "class Own(migrations.RunSQL):\n    def __init__(self):\n        self.sql = 1\n"
        self.assertEqual([("RunSQL", "both"), ("unresolved", "both")], self.found(before))


class DeedsTest(TreeCase):
    def deeds(self, body: str, before: str = "") -> list[str]:
        text = f"{before}def f(apps, editor):\n"
        text += "".join(f"    {line}\n" for line in body.splitlines())
        found = self.operations("[migrations.RunPython(f)]", before=text)
        return [deed.does for each in found for deed in each.deeds]

    def test_delete_of_rows(self) -> None:
        self.assertEqual(["deletes rows"], self.deeds("A.objects.all().delete()"))
        self.assertEqual(["deletes rows"], self.deeds("a.delete(using='x', keep_parents=True)"))
        self.assertEqual(["deletes rows"], self.deeds("A.objects.all()._raw_delete('x')"))

    def test_other_deletes(self) -> None:
        self.assertEqual([], self.deeds("cache.delete('x')\na.file.delete(save=False)\ndelete()"))

    def test_schema_editor(self) -> None:
        self.assertEqual(
            ["drops a table", "drops a column", "renames a table"],
            self.deeds(
                "editor.delete_model(A)\neditor.remove_field(A, b)\neditor.alter_db_table(A, 1, 2)"
            ),
        )

    def test_sql(self) -> None:
        self.assertEqual(["empties table a"], self.deeds("c.executemany('TRUNCATE a', [])"))
        self.assertEqual([], self.deeds("c.execute()\nc.execute('SELECT %s', [1])"))

    def test_sql_of_a_loop(self) -> None:
        body = "for sql in ('DROP TABLE a', 'DROP TABLE b'):\n    c.execute(sql)"
        self.assertEqual(["drops table a", "drops table b"], self.deeds(body))

    def test_sql_that_is_handed_on(self) -> None:
        before = "def run(cursor, sql):\n    cursor.execute(sql)\n"
        self.assertEqual(["drops table a"], self.deeds("run(c, 'DROP TABLE a')", before))

    def test_the_same_call_is_told_once(self) -> None:
        before = "def clear():\n    a.delete()\n"
        self.assertEqual(["deletes rows"], self.deeds("clear()\nclear()", before))

    def test_functions_that_call_each_other(self) -> None:
        before = "def g():\n    h()\n    a.delete()\ndef h():\n    g()\n"
        self.assertEqual(["deletes rows"], self.deeds("g()", before))

    def test_a_way_that_a_circle_has_cut_is_gone_again(self) -> None:
        # From inside of first(), second() may not enter it again; from third() it may.
        before = (
            "def first(sql):\n    second('SELECT 1')\n    c.execute(sql)\n"
            "def second(sql):\n    first('DROP TABLE a')\n"
            "def third():\n    second('SELECT 1')\n"
        )
        body = "first('SELECT 1')\nthird()"
        self.assertEqual(["drops table a"], self.deeds(body, before))

    def test_rows_of_each_model_are_told(self) -> None:
        before = "def clear(rows):\n    rows.delete()\n"
        body = (
            "clear(apps.get_model('blog', 'A').objects.all())\n"
            "clear(apps.get_model('blog', 'B').objects.all())"
        )
        self.deeds(body, before)
        (operation,) = self.read().operations
        models = [deed.model for deed in operation.deeds]
        self.assertEqual([("blog", "a"), ("blog", "b")], models)

    def test_rows_just_made_are_told_from_others(self) -> None:
        before = "def drop(row):\n    row.delete()\n"
        body = "A = apps.get_model('blog', 'A')\ndrop(A.objects.create())\ndrop(A(pk=1))"
        self.assertEqual(["deletes rows"], self.deeds(body, before))

    def test_lists_are_told_apart(self) -> None:
        before = "def run(c, texts):\n    for sql in texts:\n        c.execute(sql)\n"
        body = "run(c, ['DROP TABLE a'])\nrun(c, ['DROP TABLE b'])"
        self.assertEqual(["drops table a", "drops table b"], self.deeds(body, before))

    def test_a_circle_with_two_ways_at_each_step_is_gone_once(self) -> None:
        steps = [f"def f{n}(a):\n    f{n + 1}(a.x)\n    f{n + 1}(a.y)\n" for n in range(10)]
        before = "".join([*steps, "def f10(a):\n    f0(a)\n    b.delete()\n"])
        with mock.patch.object(functions, "_body", wraps=functions._body) as read:
            self.assertEqual(["deletes rows"], self.deeds("f0(a)", before))
        self.assertLess(read.call_count, 20)

    def test_static_method_and_lambda(self) -> None:
        before = "class C:\n    def m():\n        a.delete()\n"
        self.assertEqual(["deletes rows"], self.deeds("C.m()", before))
        self.assertEqual(["deletes rows"], self.deeds("run()", "run = lambda: a.delete()\n"))

    def test_long_call_is_cut(self) -> None:
        body = "A.objects.filter(" + ", ".join(f"a{n}=1" for n in range(30)) + ").delete()"
        self.deeds(body)
        (finding,) = self.findings()
        self.assertLess(len(finding.message), 120)
