"""Operations that a migration makes, and that no list which is followed holds."""

from .test_evaluator import EvaluatorCase

GONE = 'migrations.DeleteModel("a")'


class UnaccountedTest(EvaluatorCase):
    def told(self, expression: str, before: str) -> list[str]:
        """Return what is told of operations that go nowhere."""
        return [each for each in self.models(expression, before) if each.startswith("where")]

    def test_operations_that_go_where_nothing_follows_them(self) -> None:
        for before in (
            f"found = []\nother = found\nother.append({GONE})",
            f"found = []\nadd = found.append\nadd({GONE})",
            f"found = []\nlist.append(found, {GONE})",
            "found = []\n[found.append(migrations.DeleteModel(n)) for n in ['a']]",
            f"found = []\nfound.__iadd__([{GONE}])",
            f"class T:\n    found = []\nother = T\nfound = T.found\nother.found.append({GONE})",
            f"found = []\nheld = {{}}\nheld['a'] = {GONE}",
            f"found = []\nheld = {{'a': found}}\nheld['a'].append({GONE} if X else None)",
            f"found = []\nclass T:\n    X.take({GONE})",
            f"found = []\nX.y: list = [{GONE}]",
            f"found = []\nX.take(migrations.SeparateDatabaseAndState([{GONE}]))",
        ):
            with self.subTest(before):
                (problem,) = self.told("found", before)
                self.assertIn("goes is known only at run time", problem)
                self.assertIn("migrations.DeleteModel(", problem)

    def test_functions_that_are_named_or_decorated(self) -> None:
        put = f"found = []\ndef put():\n    X.take({GONE})"
        self.assertEqual([], self.told("found", put))
        self.assertEqual(1, len(self.told("found", f"{put}\nX(put)")))
        kept = f"found = []\n@X.register\ndef gone():\n    return {GONE}"
        self.assertEqual(1, len(self.told("found", kept)))
        plain = f"found = []\ndef gone():\n    return {GONE}\ngone()"
        self.assertEqual([], self.told("found", plain))

    def test_what_the_evaluator_follows(self) -> None:
        for expression, before in (
            ("found", f"found = [{GONE}]"),
            ("found[1:]", f"found = [{GONE}]"),
            ("found", f"every = [{GONE}]\nfound = []"),
            ("found", f"first, second = [{GONE}], []\nfound = second"),
            ("found", f"found: list = []\nother: list = [{GONE}]"),
            ("found", f"found = []\nif (other := {GONE}):\n    pass"),
            ("found", f"found = [each for each in [{GONE}] if False]"),
            ("found", f"found = []\nfor each in [{GONE}]:\n    pass"),
            ("found", f"found = []\nother = lambda: {GONE}"),
            ("found", f"found = []\nother = {{'a': {GONE}}}"),
            ("found", f"found = []\nif False:\n    X.take({GONE})"),
            ("found", "from django.db.migrations.exceptions import IrreversibleError\n"
             "found = []\nX.take(IrreversibleError('no'))"),
            ("found", "found = []\nX.take(models.Model())\nX.take(X().DeleteModel('a'))"),
        ):  # fmt: skip
            with self.subTest(before):
                self.assertEqual([], self.told(expression, before))

    def test_what_operations_are_given(self) -> None:
        before = """
            class Wrapped(migrations.operations.base.Operation):
                def __init__(self, *inner):
                    self.inner = inner
                def database_forwards(self, *args):
                    pass
        """
        self.assertEqual([], self.told(f"[Wrapped({GONE})]", before))
        within = f"[migrations.SeparateDatabaseAndState(*[[{GONE}]] * X)]"
        self.assertEqual([], self.told(within, ""))

    def test_methods_are_left_to_their_objects(self) -> None:
        before = (
            f"class T:\n    @classmethod\n    def put(cls):\n        X.take({GONE})\nfound = []"
        )
        self.assertEqual([], self.told("found", before))
