"""Conditions that give the same on every run that is judged."""

import ast
import unittest

from quality_harness.migrations.evaluator.deciding import decided, reached

from .trees import TreeCase

DELETE = "X.objects.filter(a=1).delete()"


def answer(text: str) -> bool | None:
    return decided(ast.parse(text, mode="eval").body)


class DecidedTest(unittest.TestCase):
    def check(self, wanted: bool | None, *texts: str) -> None:
        for text in texts:
            with self.subTest(text):
                self.assertIs(wanted, answer(text))

    def test_vendor(self) -> None:
        self.check(
            True,
            'connection.vendor == "postgresql"',
            'schema_editor.connection.vendor in ("postgresql", "sqlite")',
            'connections["x"].vendor != "mysql"',
            'vendor not in {"mysql", "sqlite"}',
        )
        self.check(
            False, 'connection.vendor == "sqlite"', 'connection.vendor not in ["postgresql"]'
        )
        self.check(
            None,
            'product.vendor == "sqlite"',
            'connection.vendor == "acme"',
            "connection.vendor == X",
            "connection.vendor in (X, 'sqlite')",
            "connection.vendor in ()",
            'connection.vendor < "sqlite"',
            'X() == "sqlite"',
            # A firm.
            'vendor == "oracle"',
            'vendor not in {"mysql", "oracle"}',
        )

    def test_backend(self) -> None:
        engine = 'settings.DATABASES["default"]["ENGINE"]'
        self.check(
            False,
            f'{engine} == "django.db.backends.sqlite3"',
            f'{engine}.endswith(".sqlite3")',
            f'"mysql" in {engine}',
            f'{engine} in ("django.db.backends.sqlite3", "django.db.backends.oracle")',
            'connection.settings_dict["ENGINE"].startswith("django.db.backends.mysql")',
            'ENGINE == "django.db.backends.sqlite3"',
        )
        self.check(
            True,
            f'{engine} != "django.db.backends.sqlite3"',
            f'"sqlite" not in {engine}',
        )
        self.check(
            None,
            # Many backends are PostgreSQL's.
            f'{engine} == "django.db.backends.postgresql"',
            f'{engine}.endswith("postgis")',
            f'"postgres" in {engine}',
            f'{engine} in ("django.db.backends.sqlite3", X)',
            f"{engine} == X",
            f'{engine} > "django.db.backends.sqlite3"',
            f'{engine}.replace("sqlite", "x")',
            'car["ENGINE"] == "sqlite"',
            'settings.DATABASES["default"]["NAME"] == "sqlite"',
            'motor == "sqlite"',
            # A name alone is that of a backend beside a path.
            'ENGINE == "sqlite"',
            '"mysql" in engine',
            f'"sqlite" == {engine}',
        )

    def test_releases(self) -> None:
        self.check(
            True,
            "django.VERSION >= (5, 2)",
            "VERSION > (3, 2)",
            "django.VERSION[0] >= 4",
            "django.VERSION[:2] != (4, 2)",
            "sys.version_info >= (3, 8)",
        )
        self.check(
            False,
            "django.VERSION < (4, 2)",
            "sys.version_info[0] == 2",
            "sys.version_info <= (3, 9)",
        )
        self.check(
            None,
            "django.VERSION < (6, 0)",
            "django.VERSION > (5, 2)",
            "django.VERSION == 'a'",
            "django.VERSION in (4, 5)",
            "django.VERSION > ('a',)",
            "X[1:] > (1,)",
            "X > (1,)",
            # The module's own.
            "VERSION == 2",
        )

    def test_parts(self) -> None:
        self.check(True, "True", "1", "not TYPE_CHECKING", "True or X", "True and 1")
        self.check(False, "typing.TYPE_CHECKING", "X and False", "False or 0")
        self.check(None, "X", "not X", "X or False", "True and X", "1 < 2 < 3")

    def test_statements(self) -> None:
        def left(text: str) -> list[str]:
            return [ast.unparse(each) for each in reached(ast.parse(text).body)]

        end = "with transaction.atomic():\n    a\n    set_rollback({})"
        self.assertEqual(["a", "c"], left("if 1:\n    a\nelse:\n    b\nc"))
        self.assertEqual(["raise a"], left("if 1:\n    raise a\nc"))
        self.assertEqual(["c"], left("if 0:\n    raise a\nc"))
        self.assertEqual(["if x:\n    return", "c"], left("if x:\n    return\nc"))
        self.assertEqual(["c"], left(f"{end.format(True)}\nc"))
        self.assertEqual(1, len(left(end.format("False"))))
        self.assertEqual(1, len(left("with transaction.atomic():\n    a")))
        self.assertEqual(1, len(left("with x():\n    transaction.set_rollback(True)")))
        for opened, ended, count in (
            ("atomic('b')", "set_rollback(True, 'b')", 0),
            ("atomic(using='b', savepoint=False)", "set_rollback(True, using='b')", 0),
            ("atomic()", "set_rollback(True, using='b')", 1),
            ("atomic('a')", "set_rollback(True)", 1),
            ("atomic", "set_rollback(True)", 1),
        ):
            with self.subTest(opened, ended=ended):
                text = f"with transaction.{opened}:\n    a\n    transaction.{ended}"
                self.assertEqual(count, len(left(text)))


class WhatRunsTest(TreeCase):
    def losses(self, body: str, before: str = "") -> int:
        lines = "\n".join(f"    {line}" for line in body.splitlines())
        self.paths = []
        code = f"def change(apps, schema_editor):\n{lines}\n"
        self.migration("[migrations.RunPython(change)]", before=f"{before}\n{code}")
        return sum(len(operation.deeds) for operation in self.read().operations)

    def test_branches_of_functions(self) -> None:
        self.assertEqual(0, self.losses(f"if connection.vendor == 'sqlite':\n    {DELETE}"))
        self.assertEqual(0, self.losses(f"if connection.vendor != 'sqlite':\n    return\n{DELETE}"))
        self.assertEqual(1, self.losses(f"if X:\n    return\n{DELETE}"))
        self.assertEqual(0, self.losses(f"for a in b:\n    if 0:\n        {DELETE}"))

    def test_values_by_the_vendor(self) -> None:
        delete = "'DELETE FROM a'"
        sql = f"'SELECT 1' if connection.vendor == 'postgresql' else {delete}"
        self.assertEqual(0, self.losses(f"c.execute({sql})"))
        self.assertEqual(1, self.losses(f"c.execute({delete} if X else 'SELECT 1')"))
        table = f"{{'postgresql': 'SELECT 1', 'sqlite': {delete}}}"
        self.assertEqual(0, self.losses(f"c.execute({table}[schema_editor.connection.vendor])"))
        self.assertEqual(1, self.losses(f"c.execute(X.vendor or {delete})"))

    def test_operations_of_a_module(self) -> None:
        before = """
            if django.VERSION < (4, 2):
                A = migrations.DeleteModel("a")
            else:
                A = migrations.DeleteModel("b")
        """
        self.assertEqual(["b"], [each.model for each in self.operations("[A]", before=before)])


class TruthTest(TreeCase):
    def models(self, condition: str, names: str = "('a', 'b')", before: str = "") -> list[str]:
        self.paths = []
        found = f"[migrations.DeleteModel(n) for n in {names} if {condition}]"
        return [
            f"{each.model}?" if each.conditional else each.model
            for each in self.operations(found, before=before)
        ]

    def test_comparisons_of_known_values(self) -> None:
        self.assertEqual(["b"], self.models("n != 'a'"))
        self.assertEqual(["a"], self.models("n == 'a'"))
        self.assertEqual(["a"], self.models("not n == 'b'"))
        self.assertEqual(["b"], self.models("n in KEPT", before="KEPT = ['b']"))
        self.assertEqual(["a"], self.models("n not in KEPT", before="KEPT = ['b']"))
        self.assertEqual(["a"], self.models("n in 'xay'"))
        self.assertEqual(["b"], self.models("n not in 'xay'"))
        self.assertEqual(["a", "b"], self.models("n"))
        self.assertEqual(["a", "b"], self.models("n is not None"))

    def test_comparisons_that_cannot_be_told(self) -> None:
        for condition in ("n in X", "n in [X]", "n < 'b'", "n in f'a{X}'", "f'{X}' == n", "not X",
                          "X is None", "n is 'a'"):  # fmt: skip
            with self.subTest(condition):
                self.assertEqual(["a?", "b?"], self.models(condition))

    def test_names_that_a_function_gives_another_value(self) -> None:
        before = "KEPT = False\ndef on():\n    global KEPT\n    KEPT = True\non()"
        self.assertEqual(["a?", "b?"], self.models("KEPT", before=before))
        self.assertEqual([], self.models("KEPT", before="KEPT = False"))

    def test_parts(self) -> None:
        self.assertEqual(["b"], self.models("n != 'a' and n != 'c'"))
        self.assertEqual(["a", "b"], self.models("n == 'a' or n == 'b'"))
        self.assertEqual(["b?"], self.models("n == 'b' and X"))

    def test_none(self) -> None:
        self.assertEqual([], self.models("print is None and n is None and n", "(None,)")[:0])
        self.assertEqual(["None"], self.models("n is None", "(None,)"))
        before = "def f(): pass"
        self.assertEqual([], self.models("f is None", before=before))
        self.assertEqual([], self.models("(1, 2) is None"))

    def test_operations_by_their_class(self) -> None:
        plan = "[migrations.DeleteModel('a'), migrations.RunSQL(''), X]"

        def kinds(condition: str) -> list[str]:
            expression = f"[n for n in {plan} if {condition}]"
            self.paths = []
            return [
                f"{each.kind}{'?' * each.conditional}"
                for each in self.operations(expression)
                if each.kind != "unresolved"
            ]

        self.assertEqual(["DeleteModel"], kinds("isinstance(n, migrations.DeleteModel)"))
        self.assertEqual(["RunSQL"], kinds("not isinstance(n, migrations.DeleteModel)"))
        both = "(migrations.RunSQL, migrations.RunPython)"
        self.assertEqual(["RunSQL"], kinds(f"isinstance(n, {both})"))
        self.assertEqual(["DeleteModel?", "RunSQL?"], kinds("isinstance(n, Y)"))

    def test_branch_by_an_argument(self) -> None:
        before = """
            def step(name, drop=None):
                if drop is None:
                    return migrations.CreateModel(name, [])
                if drop:
                    return migrations.DeleteModel(name)
                return migrations.RunSQL("")
        """
        for call, kinds in (
            ("step('a')", ["CreateModel"]),
            ("step('a', True)", ["DeleteModel"]),
            ("step('a', drop=False)", ["RunSQL"]),
            ("step('a', X)", ["CreateModel", "DeleteModel", "RunSQL"]),
        ):
            with self.subTest(call):
                self.paths = []
                self.assertEqual(kinds, self.kinds(f"[{call}]", before=before))
