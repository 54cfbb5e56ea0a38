"""What the partial evaluator makes of the ways in which a migration can build its operations."""

import unittest

from quality_harness.migrations.definitions import Definition
from quality_harness.migrations.evaluator.values import Literal, Value, choose, options

from .trees import TreeCase

SQL = "migrations.RunSQL"


class EvaluatorCase(TreeCase):
    def models(self, expression: str, before: str = "") -> list[str]:
        """Return the models of the operations, in order; a problem where one is unresolved."""
        found = self.operations(expression, before=before)
        return [each.model or each.problem for each in found]

    def sql(self, expression: str, before: str = "") -> list[str]:
        """Return what RunSQL does with the expression, or what of it is unresolved."""
        found = self.operations(f"[{SQL}({expression})]", before=before)
        told = [str(statement) for each in found for statement in each.statements]
        return told + [each.problem for each in found if each.problem]


class HandedOnTest(EvaluatorCase):
    """Calls that another function makes: map, filter, getattr, functools.partial."""

    def test_map(self) -> None:
        self.assertEqual(["a", "b"], self.models('list(map(migrations.DeleteModel, ["a", "b"]))'))
        before = "def drop(model, field):\n    return migrations.RemoveField(model, field)"
        self.assertEqual(["a", "b"], self.models('[*map(drop, ("a", "b"), "x y".split())]', before))

    def test_map_of_a_lambda(self) -> None:
        expression = 'list(map(lambda name: migrations.DeleteModel(name), ["a"]))'
        self.assertEqual(["a"], self.models(expression))

    def test_map_of_something_unknown(self) -> None:
        self.assertIn("map", self.models("list(map(migrations.DeleteModel, X))")[0])
        self.assertIn("map", self.models('list(map(migrations.DeleteModel, ["a"], X))')[0])
        self.assertIn("map", self.models("list(map(migrations.DeleteModel))")[0])

    def test_filter(self) -> None:
        self.assertEqual(["a"], self.models('list(filter(None, [migrations.DeleteModel("a")]))'))
        self.assertTrue(self.read().operations[0].conditional)
        self.assertIn("filter", self.models("list(filter(None, X))")[0])

    def test_getattr(self) -> None:
        self.assertEqual(["a"], self.models('[getattr(migrations, "DeleteModel")("a")]'))
        self.assertIn("getattr", self.models("[getattr(migrations, X)('a')]")[0])
        self.assertIn("getattr", self.models("[getattr(migrations, 'not a name')('a')]")[0])
        self.assertIn("getattr", self.models("[getattr(migrations)('a')]")[0])

    def test_partial(self) -> None:
        before = "import functools\nNOW = functools.partial(migrations.RunSQL, 'DROP TABLE a')"
        self.assertEqual(
            ["RunSQL"], [each.kind for each in self.operations("[NOW()]", before=before)]
        )
        self.assertEqual("drops table a", str(self.read().operations[0].statements[0]))

    def test_partial_keeps_what_its_own_names_are(self) -> None:
        before = """
            from functools import partial

            def dropping(name):
                return partial(migrations.RemoveField, model_name=name, name="x")
        """
        found = self.operations('[dropping("a")(), dropping("b")(name="y")]', before=before)
        told = [(each.model, each.field) for each in found]
        self.assertEqual([("a", "x"), ("b", "y")], told)

    def test_partial_of_more_arguments(self) -> None:
        before = "from functools import partial\nA = ['a', 'x']\nK = {}\n"
        found = self.operations("[partial(migrations.RemoveField, *A)()]", before=before)
        self.assertEqual([("a", "x")], [(each.model, each.field) for each in found])
        found = self.operations("[partial(migrations.RemoveField, 'a', **K)('x')]", before=before)
        self.assertEqual([("a", "x")], [(each.model, each.field) for each in found])

    def test_partial_of_a_function(self) -> None:
        before = """
            from functools import partial

            def drop(model, field, *rest, other):
                return [migrations.RemoveField(model, each) for each in (field, other, *rest)]
        """
        found = self.operations("partial(drop, 'a', other='y')('x', 'z')", before=before)
        self.assertEqual(["x", "y", "z"], [each.field for each in found])

    def test_partial_of_something_unknown(self) -> None:
        before = "from functools import partial"
        self.assertIn("`partial(X, 1)", self.models("[partial(X, 1)()]", before)[0])
        self.assertIn("`partial(X, 1)`", self.models("[partial(X, 1)]", before)[0])


class SpreadTest(EvaluatorCase):
    """Arguments that `**values` brings."""

    def test_dictionary(self) -> None:
        before = "A = {'name': 'a'}"
        self.assertEqual(["a"], self.models("[migrations.DeleteModel(**A)]", before))
        self.assertEqual(["b"], self.models("[migrations.DeleteModel(**dict(name='b'))]"))

    def test_keys_that_are_put_together(self) -> None:
        before = "KEY = 'na'"
        self.assertEqual(
            ["a"], self.models("[migrations.DeleteModel(**{f'{KEY}me': 'a'})]", before)
        )

    def test_dictionary_that_a_function_makes(self) -> None:
        before = "def of(x):\n    return {'name': x}"
        self.assertEqual(["a"], self.models("[migrations.DeleteModel(**of('a'))]", before))

    def test_what_cannot_be_told(self) -> None:
        for given in (
            "X",
            "{}",
            "{X: 'a'}",
            "{f'{X}': 'a'}",
            "{1: 'a'}",
            "{**X}",
            "dict(X)",
            "dict(**X)",
        ):
            with self.subTest(given):
                self.assertEqual(["…"], self.models(f"[migrations.DeleteModel(**{given})]"))


class ObjectsTest(EvaluatorCase):
    """What classes of the tree, and the objects that they make, have."""

    CLASSES = """
        class Base:
            shared = "b"

            def drop(self):
                return migrations.DeleteModel(self.name)

            @classmethod
            def dropped(cls):
                return migrations.DeleteModel(cls.shared)

            @staticmethod
            def of(name):
                return migrations.DeleteModel(name)

            @property
            def operation(self):
                return migrations.DeleteModel("p")

        class Named(Base, Outside):
            def __init__(self, name):
                self.name = name

        class Wrapped(Base):
            __init__ = lambda self: None
    """

    def test_methods_of_a_class(self) -> None:
        self.assertEqual(["b"], self.models("[Base.dropped()]", self.CLASSES))
        self.assertEqual(["b", "x"], self.models("[Named.dropped(), Named.of('x')]", self.CLASSES))

    def test_methods_of_an_object(self) -> None:
        found = self.models(
            "[Named('a').drop(), Named('a').of('x'), Base().dropped()]", self.CLASSES
        )
        self.assertEqual(["a", "x", "b"], found)

    def test_property_of_an_object(self) -> None:
        self.assertEqual(["p"], self.models("[Base().operation]", self.CLASSES))
        of_init = self.CLASSES + """
            @property
            def own(self):
                return migrations.DeleteModel(self.name)
"""
        of_init = of_init.replace("__init__ = lambda self: None", 'name = "w"')
        self.assertEqual(["w"], self.models("[Wrapped().own]", of_init))

    def test_property_that_leads_to_itself(self) -> None:
        before = "class A:\n    @property\n    def b(self):\n        return self.b"
        self.assertIn("is known only at run time", self.models("[A().b]", before)[0])

    def test_init_that_calls_its_own_methods(self) -> None:
        before = """
            class Own(migrations.DeleteModel):
                def __init__(self, name):
                    self.more = name + "b"
                    super().__init__(self._of(self.more))

                @staticmethod
                def _of(name):
                    return name + "c"
        """
        self.assertEqual(["abc"], self.models('[Own("a")]', before))

    def test_list_that_init_hands_to_the_class_above(self) -> None:
        before = """
            class Own(migrations.RunSQL):
                def __init__(self, *names):
                    found = []
                    for each in names:
                        table, _, rest = each.partition(".")
                        found.append(f"DROP TABLE {rest}_{table}")
                    super().__init__(found)
        """
        (operation,) = self.operations('[Own("a.b", "c.d")]', before=before)
        self.assertEqual(
            ["drops table b_a", "drops table d_c"], [str(each) for each in operation.statements]
        )

    def test_init_of_each_class_above(self) -> None:
        before = """
            class Above(migrations.RunSQL):
                def __init__(self, found):
                    found.append("DROP TABLE a")
                    super().__init__(found + ["DROP TABLE b"])

            class Between(Above):
                pass

            class Own(Between, Above):
                def __init__(self):
                    found = ["SELECT 1"]
                    super().__init__(found)
        """
        (operation,) = self.operations("[Own()]", before=before)
        told = [str(each) for each in operation.statements]
        self.assertEqual(["drops table a", "drops table b"], told)

    def test_init_of_a_class_above_two_others_runs_once(self) -> None:
        before = """
            class Base:
                def __init__(self, sql):
                    super().__init__(sql + "_a")

            class One(Base):
                pass

            class Two(Base):
                pass

            class Own(One, Two, migrations.RunSQL):
                pass
        """
        (operation,) = self.operations('[Own("DROP TABLE x")]', before=before)
        self.assertEqual(["drops table x_a"], [str(each) for each in operation.statements])

    def test_attributes_that_a_class_is_given_beside_it(self) -> None:
        before = """
            class Names:
                found = ["a"]
                kind = "a"

            Names.found.append("b")
            Names.kind = "c"
        """
        for owner in ("Names", "Names()"):
            with self.subTest(owner):
                expression = f"[migrations.DeleteModel(each) for each in {owner}.found]"
                self.assertEqual(["a", "b"], self.models(expression, before))
                expression = f"[migrations.DeleteModel({owner}.kind)]"
                self.assertEqual(["c"], self.models(expression, before))

    def test_attribute_of_an_object(self) -> None:
        found = self.models(
            "[migrations.DeleteModel(Named('a').name + Base().shared)]", self.CLASSES
        )
        self.assertEqual(["ab"], found)

    def test_what_cannot_be_told_of_an_object(self) -> None:
        for expression in ("Base().missing()", "Base().absent", "X().name", "Wrapped().name"):
            with self.subTest(expression):
                self.assertIn(f"`{expression}`", self.models(f"[{expression}]", self.CLASSES)[0])

    def test_object_of_a_class_from_elsewhere(self) -> None:
        before = "from elsewhere import X"
        self.assertIn("`X().name`", self.models("[X().name]", before)[0])

    def test_attribute_that_needs_itself(self) -> None:
        before = """
            class Loop:
                def __init__(self):
                    self.name = self.name or self.name
        """
        self.assertIn("`self.name`", self.models("[Loop().name]", before)[0])


class ListsTest(EvaluatorCase):
    def test_spread_of_alternatives(self) -> None:
        before = """
            A = [migrations.DeleteModel("a")] if X else (migrations.DeleteModel("b"),)
            C = migrations.DeleteModel("c") if X else None
        """
        self.assertEqual(["a", "b", "c"], self.models("[*A, C]", before))
        self.assertTrue(all(each.conditional for each in self.read().operations))

    def test_spread_of_something_else(self) -> None:
        self.assertIn("`X`", self.models("[*X]")[0])
        self.assertIn("`Y`", self.models("[*(X if Z else Y)]")[1])

    def test_attribute_of_a_module_that_is_one_of_two(self) -> None:
        before = """
            try:
                from elsewhere import operations as chosen
            except ImportError:
                from django.db import migrations as chosen
        """
        found = self.models('[chosen.DeleteModel("a")]', before)
        self.assertEqual(["chosen.DeleteModel is defined outside this tree", "a"], found)

    def test_either_operand_of_or(self) -> None:
        self.assertEqual(["a"], self.models('[] or [migrations.DeleteModel("a")]'))

    def test_sum_with_something_unknown(self) -> None:
        found = self.models('[migrations.DeleteModel("a")] + X')
        self.assertEqual("a", found[0])
        self.assertIn("`X`, which is known only at run time", found[1])

    def test_sum_of_two_unknowns(self) -> None:
        self.assertIn("`X + Y`", self.models("X + Y")[0])
        self.assertIn("`X * 2`", self.models("X * 2")[0])

    def test_builtin_copies(self) -> None:
        self.assertEqual(["a"], self.models('list(tuple([migrations.DeleteModel("a")]))'))
        self.assertEqual([], self.models("list()"))

    def test_chain(self) -> None:
        before = 'import itertools\nA = [migrations.DeleteModel("a")]'
        self.assertEqual(["a", "a"], self.models("list(itertools.chain(A, A))", before))
        self.assertEqual(["a"], self.models("itertools.chain.from_iterable([A])", before))
        self.assertIn("`X`", self.models("itertools.chain(X)", before)[0])

    def test_subscript(self) -> None:
        before = 'A = [migrations.DeleteModel("a"), migrations.DeleteModel("b")]'
        self.assertEqual(["b"], self.models("[A[1]]", before))
        self.assertIn("A[5]", self.models("[A[5]]", before)[0])
        self.assertIn("A[-1]", self.models("[A[-1]]", before)[0])
        self.assertIn("A[:1]", self.models("A[:1]", before)[0])
        self.assertIn("A[X]", self.models("[A[X]]", before)[0])

    def test_named_expression(self) -> None:
        self.assertEqual(["a"], self.models('(found := [migrations.DeleteModel("a")])'))

    def test_comprehension_of_pairs(self) -> None:
        expression = "[migrations.DeleteModel(b) for a, (b, c) in [(1, ('x', 2))]]"
        self.assertEqual(["x"], self.models(expression))

    def test_comprehension_with_a_condition(self) -> None:
        self.models("[migrations.DeleteModel(n) for n in ('x',) if n in X]")
        self.assertTrue(self.read().operations[0].conditional)

    def test_comprehension_over_something_unknown(self) -> None:
        self.assertEqual(["…"], self.models("[migrations.DeleteModel(n) for n in NAMES]"))
        self.assertEqual(["…"], self.models("[migrations.DeleteModel(n) for n, m in ['ab']]"))
        self.assertEqual(["…"], self.models("[migrations.DeleteModel(n) for n, *m in [(1,)]]"))

    def test_too_many_alternatives_are_told_as_unknown(self) -> None:
        before = "A = '1' if X else '2'"
        found = self.operations(
            "[migrations.RenameField(%s)]" % ", ".join(["A + A + A"] * 3), before=before
        )
        self.assertEqual(["…"], [each.model for each in found])

    def test_what_is_no_operation(self) -> None:
        self.assertEqual(["1, which is no operation"], self.models("[1]"))
        self.assertEqual(
            ["django.db.models.X, which is defined outside this tree"], self.models("[models.X]")
        )


class StatementsTest(EvaluatorCase):
    def body(self, text: str) -> list[str]:
        """Return the models of the operations for statements that build A."""
        return self.models("A", text)

    def test_alternatives_of_if_match_and_try(self) -> None:
        text = """
            A = [migrations.DeleteModel("a")]
            if X:
                A = [migrations.DeleteModel("b")]
            elif Y:
                A += [migrations.DeleteModel("c")]
            match X:
                case 1:
                    A.append(migrations.DeleteModel("d"))
            try:
                A.extend([migrations.DeleteModel("e")])
            except ValueError:
                A.insert(0, migrations.DeleteModel("f"))
            else:
                A.append(migrations.DeleteModel("g"))
            finally:
                A.append(migrations.DeleteModel("h"))
        """
        self.assertEqual(set("abcdefgh"), set(self.body(text)))

    def test_try_without_handlers_always_runs(self) -> None:
        self.body('try:\n    A = [migrations.DeleteModel("a")]\nfinally:\n    pass')
        self.assertFalse(self.read().operations[0].conditional)

    def test_loops(self) -> None:
        text = """
            A = []
            for name in ["a", "b"]:
                for other in ["1", "2"]:
                    A += [migrations.DeleteModel(name + other)]
            else:
                A.append(migrations.DeleteModel("c"))
            while X:
                A.append(migrations.DeleteModel("d"))
            with X as (y, z):
                A.append(migrations.DeleteModel(y))
            with Y:
                A.append(migrations.DeleteModel("e"))
        """
        self.assertEqual(["a1", "a2", "b1", "b2", "c", "d", "…", "e"], self.body(text))

    def test_name_that_a_loop_leaves(self) -> None:
        self.assertEqual(
            ["a", "b"], self.models("[migrations.DeleteModel(n)]", 'for n in ("a", "b"):\n    pass')
        )
        self.assertEqual(
            ["…"], self.models("[migrations.DeleteModel(n)]", "for n in ():\n    pass")
        )

    def test_name_that_only_a_loop_without_rounds_binds(self) -> None:
        self.assertEqual(
            ["…"], self.models("[migrations.DeleteModel(n)]", "for x in ():\n    n = x")
        )

    def test_assignments(self) -> None:
        text = """
            A: list = [migrations.DeleteModel("a")]
            A[0] = migrations.DeleteModel("b")
            A[1:1] = [migrations.DeleteModel("c")]
            A = A + [migrations.DeleteModel("d")]
            B = C = [migrations.DeleteModel("e")]
            D, E = ([migrations.DeleteModel("f")], [])
            [F, G] = ([migrations.DeleteModel("g")], [])[::1]
            A = A + C + D
        """
        self.assertEqual(list("abcdef"), self.body(text))

    def test_unpacked_result(self) -> None:
        text = """
            def both():
                return [migrations.DeleteModel("a")], [migrations.DeleteModel("b")]
            if X:
                (B, A) = both()
        """
        self.assertEqual(["b"], self.body(text))
        self.assertIn("unknown()", self.body("B, A = unknown()")[0])

    def test_declared_only(self) -> None:
        self.assertIn("`A`", self.body("A: list")[0])

    def test_other_operators(self) -> None:
        self.assertIn("known only at run time", self.body("A = []\nA *= 2")[0])

    def test_grown_from_nothing(self) -> None:
        self.assertIn("known only at run time", self.body("A += [1]")[0])

    def test_function_that_gets_the_list_may_put_more_into_it(self) -> None:
        found = self.body('A = [migrations.DeleteModel("a")]\nfill(A)')
        self.assertEqual("a", found[0])
        self.assertIn("`fill(A)`", found[1])

    def test_function_that_gets_a_text_changes_nothing(self) -> None:
        self.assertEqual(["a"], self.models("[migrations.DeleteModel(A)]", 'A = "a"\nprint(A)'))
        self.assertEqual(["…"], self.models("[migrations.DeleteModel(B)]", "print(B)"))

    def test_odd_list_methods(self) -> None:
        self.assertEqual(
            [], self.body("A = []\nA.append()\nprint(A.x, 1)\nA.sort()\nx().append(1)")
        )

    def test_conditional_text(self) -> None:
        text = "A = 'DROP TABLE a'\nif X:\n    A += ', b'"
        self.assertEqual(["drops table a", "drops table a", "drops table b"], self.sql("A", text))

    def test_nested_target_is_no_name(self) -> None:
        self.assertEqual([], self.body("A = []\nx.y.z = 1\nx().y = 2\nA.b = 3\nx.y += 1"))

    def test_class_attribute(self) -> None:
        before = 'class Names:\n    MODEL = "a"\n'
        self.assertEqual(["a"], self.models("[migrations.DeleteModel(Names.MODEL)]", before))
        self.assertEqual(["…"], self.models("[migrations.DeleteModel(Names.OTHER)]", before))

    def test_redefinition_on_a_condition(self) -> None:
        before = """
            def make():
                return [migrations.DeleteModel("a")]
            if X:
                def make():
                    return [migrations.DeleteModel("b")]
        """
        self.assertEqual(["a", "b"], self.models("make()", before))

    def test_operations_that_are_done_after_the_class(self) -> None:
        self.write(
            "blog/migrations/0002_x.py",
            """
            from django.db import migrations
            class Migration(migrations.Migration):
                pass
            Migration.operations = [migrations.DeleteModel("a")]
            """,
        )
        self.assertEqual(["a"], [each.model for each in self.read().operations])

    def test_names_that_each_round_of_a_loop_gives_a_value(self) -> None:
        before = """
            found = []
            for name in ("a", "b"):
                model = name.upper()
                for field in ("x", "y"):
                    column = field + model
                    found.append(migrations.RemoveField(model, column))
        """
        removed = [(each.model, each.field) for each in self.operations("found", before=before)]
        self.assertEqual([("A", "xA"), ("A", "yA"), ("B", "xB"), ("B", "yB")], removed)

    def test_names_that_a_loop_hands_on_to_the_next_round(self) -> None:
        before = """
            found, last = [], "a"
            for name in ("b", "c"):
                found.append(migrations.DeleteModel(last))
                last = name
        """
        self.assertLessEqual({"a", "b"}, set(self.models("found", before)))


class FunctionsTest(EvaluatorCase):
    def test_parameters(self) -> None:
        before = """
            def make(first, second="b", *rest, third="c", fourth, **more):
                return [migrations.DeleteModel(n) for n in (first, second, third, fourth, *rest)]
        """
        self.assertEqual(list("abcd"), self.models('make("a", fourth="d", x=1)', before))
        self.assertEqual(list("azcdy"), self.models('make("a", "z", "y", fourth="d")', before))
        self.assertEqual(list("azcdy"), self.models('make(*["a", "z", "y"], fourth="d")', before))

    def test_named_arguments_that_are_asked_for(self) -> None:
        before = """
            def make(first, **more):
                return [migrations.DeleteModel(more.get("model", first))]
            def keyed(key, **more):
                return [migrations.DeleteModel(more.get(key))]
            def set(**more):
                more["model"] = X
                return [migrations.DeleteModel(more.get("model", "a"))]
            def filled(**more):
                more.update(model=X)
                return [migrations.DeleteModel(more.get("model", "a"))]
            def empty(**more):
                return [migrations.DeleteModel(more.get())]
            def other():
                more = dict()
                more.update(model=X)
                return [migrations.DeleteModel(more.get("model", "a"))]
        """
        self.assertEqual(["a"], self.models('make("a")', before))
        self.assertEqual(["b"], self.models('make("a", model="b")', before))
        self.assertEqual(["…"], self.models('make("a", **X)', before))
        self.assertEqual(["b"], self.models('keyed("model", model="b")', before))
        self.assertEqual(["…"], self.models('keyed(X, model="b")', before))
        self.assertEqual(["…"], self.models('keyed(f"model{X}", model="b")', before))
        self.assertEqual(["None"], self.models('keyed("model", other="b")', before))
        for call in ("set()", "filled()", "empty()", "other()"):
            with self.subTest(call):
                self.assertEqual(["…"], self.models(call, before))

    def test_unknown_arguments(self) -> None:
        before = """
            def make(first, second="b", *rest):
                return [migrations.DeleteModel(n) for n in (first, second)] + rest
        """
        found = self.models("make(*X)", before)
        self.assertEqual(["…", "…"], found[:2])
        self.assertIn("known only at run time", found[2])
        self.assertEqual(["a", "…"], self.models('make(first="a", **X)', before)[:2])

    def test_every_return(self) -> None:
        before = """
            def make():
                def inner():
                    return [migrations.DeleteModel("x")]
                if X:
                    return [migrations.DeleteModel("a")]
                return [migrations.DeleteModel("b")]
        """
        self.assertEqual(["a", "b"], self.models("make()", before))

    def test_no_return(self) -> None:
        self.assertEqual([], self.models("[make()]", "def make():\n    return"))

    def test_generator(self) -> None:
        before = """
            def make(names):
                for name in names:
                    yield migrations.DeleteModel(name)
                yield from [migrations.DeleteModel("c")]
                yield
        """
        self.assertEqual(["a", "b", "c"], self.models('list(make(("a", "b")))', before))

    def test_lambda_and_closure(self) -> None:
        before = """
            make = lambda name: migrations.DeleteModel(name)
            def outer(name):
                def inner():
                    return make(name)
                return inner
        """
        self.assertEqual(["a"], self.models('[outer("a")()]', before))

    def test_function_that_calls_itself(self) -> None:
        self.assertIn("make()", self.models("make()", "def make():\n    return make()")[0])

    def test_name_that_stands_for_itself(self) -> None:
        self.assertIn("`A`", self.models("A", "A = A")[0])


class FilledInFunctionsTest(EvaluatorCase):
    """Lists and dictionaries of a module into which its functions put something."""

    def test_list_and_dictionary(self) -> None:
        for filled in (
            "FOUND = ['a']\ndef fill():\n    FOUND.append('b')",
            "FOUND = {'a': 1}\ndef fill():\n    FOUND['b'] = 2",
            "FOUND = {'a': 1}\ndef fill():\n    FOUND.update(b=2)",
            "FOUND = {'a': 1}\ndef fill(given):\n    given['b'] = 2\nfill(FOUND)",
        ):
            with self.subTest(filled):
                found = self.models("[migrations.DeleteModel(each) for each in FOUND]", filled)
                self.assertEqual("…", found[-1])

    def test_another_list_or_dictionary(self) -> None:
        for filled in (
            "def fill(FOUND):\n    FOUND.append('b')",
            "def fill():\n    FOUND = {}\n    FOUND['b'] = 2",
            "def fill():\n    for FOUND in X:\n        FOUND['b'] = 2",
            "def fill():\n    OTHER['b'], given.FOUND['b'] = X",
            "def fill(given):\n    return given[0]\nfill(FOUND)",
            "import json\njson.dumps(FOUND)",
        ):
            for start in ("['a']", "{'a': 1}"):
                with self.subTest(filled, start=start):
                    before = f"FOUND = {start}\n{filled}"
                    if "json" in filled and start == "['a']":
                        # What another package does to a list is not known.
                        continue
                    expression = "[migrations.DeleteModel(each) for each in FOUND]"
                    self.assertEqual(["a"], self.models(expression, before))


class TextsTest(EvaluatorCase):
    def test_concatenation_and_f_string(self) -> None:
        before = 'VERB = "DROP"\nKIND = "TABLE"'
        self.assertEqual(["drops table a"], self.sql('VERB + " " + KIND + " a"', before))
        self.assertEqual(["drops table a"], self.sql('f"{VERB} {KIND} a"', before))

    def test_f_string_with_a_format(self) -> None:
        self.assertEqual(["drops table a_02"], self.sql('f"DROP TABLE {X!s}_{2:02}"', 'X = "a"'))
        self.assertEqual(["drops table a"], self.sql('f"DROP TABLE {X:>{N}}"', 'X = "a"\nN = 9'))
        for part in ("{X:d}", "{Y!s}", "{X:{Y}}"):
            with self.subTest(part):
                self.assertEqual(["drops table …"], self.sql(f'f"DROP TABLE {part}"', 'X = "a"'))

    def test_f_string_of_alternatives(self) -> None:
        self.assertEqual(
            ["drops table a", "drops table b"],
            self.sql('f"DROP TABLE {X}"', 'X = "a" if Y else "b"'),
        )

    def test_format(self) -> None:
        self.assertEqual(["drops table a"], self.sql('"{} TABLE {x}".format("DROP", x="a")'))
        self.assertEqual(["drops table a"], self.sql('"{1} {0} a".format("TABLE", "DROP")'))
        self.assertEqual(["drops table …"], self.sql('"DROP TABLE {x.y}".format(x="a")'))
        self.assertEqual(["drops table a"], self.sql('"DROP {!s} a".format("TABLE")'))
        self.assertEqual(["drops table a_001"], self.sql('"DROP TABLE a_{:03}".format(1)'))
        self.assertEqual(["drops table …"], self.sql('"DROP TABLE {:d}".format("a")'))
        self.assertEqual(["drops table …"], self.sql('"DROP TABLE {!x}".format("a")'))
        self.assertEqual(["drops table …"], self.sql('"DROP TABLE {}".format(*X)'))
        self.assertEqual(["the SQL of sql is known only at run time"], self.sql('"{".format(1)'))

    def test_percent(self) -> None:
        self.assertEqual(["drops table a"], self.sql('"%s TABLE a" % "DROP"'))
        self.assertEqual(["drops table a"], self.sql('"%s TABLE %s -- 5%%" % ("DROP", "a")'))
        self.assertEqual(["drops table a"], self.sql('"DROP TABLE %(x)s" % {"x": "a"}'))
        self.assertEqual(["drops table …"], self.sql('"DROP TABLE %(y)s" % {"x": "a"}'))
        self.assertEqual(["drops table …"], self.sql('"DROP TABLE %s%s" % ("",)'))
        self.assertEqual(["the SQL of sql is known only at run time"], self.sql("X % 1"))

    def test_format_map(self) -> None:
        self.assertEqual(["drops table a"], self.sql('"DROP TABLE {x}".format_map({"x": "a"})'))
        self.assertEqual(["drops table …"], self.sql('"DROP TABLE {x}".format_map(X)'))

    def test_template(self) -> None:
        before = "from string import Template\n"
        for text in (
            'Template("DROP TABLE $x").substitute(x="a")',
            'Template("DROP TABLE ${x}").safe_substitute({"x": "a"})',
            'Template("DROP TABLE $x -- $$").substitute({"x": "b"}, x="a")',
        ):
            with self.subTest(text=text):
                self.assertEqual(["drops table a"], self.sql(text, before))
        text = 'Template("DROP TABLE $x").substitute(X)'
        self.assertEqual(["drops table …"], self.sql(text, before))

    def test_zip_enumerate_and_product(self) -> None:
        before = "import itertools\nA = ['DROP', 'ALTER']\nB = ('a', 'b')\n"
        for text in (
            '[f"{x} TABLE {y}" for x, y in zip(A, B)]',
            '[f"DROP TABLE {B[x - 1]}" if X else f"DROP TABLE {y}"'
            " for x, y in enumerate(B, start=1)]",
            '[f"{x} TABLE {y}" for x, y in itertools.product(A, B)]',
        ):
            with self.subTest(text=text):
                self.assertIn("drops table a", self.sql(text, before))
        for text in (
            "[x for x, y in zip(A, X)]",
            "[x for x in enumerate(X)]",
            "[x for x in enumerate(A, X)]",
            "[x for x in itertools.product(A, X)]",
        ):
            with self.subTest(text=text):
                self.assertIn("the SQL of sql is known only at run time", self.sql(text, before))

    def test_join(self) -> None:
        self.assertEqual(["drops table a"], self.sql('" ".join(["DROP", "TABLE", "a"])'))
        self.assertEqual(["drops table …"], self.sql('"DROP TABLE " + ", ".join(X)'))
        self.assertEqual(["the SQL of sql is known only at run time"], self.sql('", ".join()'))

    def test_other_methods(self) -> None:
        self.assertEqual(["drops table a"], self.sql('" x TABLE a".replace("x", "drop").strip()'))
        self.assertEqual(["drops table a"], self.sql('"SELECT 1;drop table a".split(";")'))
        unknown = ["the SQL of sql is known only at run time"]
        for text in ('"a".replace(1)', '"a".encode()', '"a".split(X)', '"a".split(sep=",")'):
            with self.subTest(text=text):
                self.assertEqual(unknown, self.sql(text))
        self.assertEqual(unknown, self.sql("A.strip()", "A = 1"))

    def test_functions_that_keep_a_text(self) -> None:
        before = "from textwrap import dedent\nfrom psycopg.sql import SQL"
        self.assertEqual(["drops table a"], self.sql('dedent(" DROP TABLE a")', before))
        self.assertEqual(["drops table a"], self.sql('SQL("DROP TABLE {}").format("a")', before))
        self.assertEqual(
            ["the SQL of sql is known only at run time"], self.sql("dedent(X)", before)
        )

    def test_number_is_no_sql(self) -> None:
        self.assertEqual(["the SQL of sql is known only at run time"], self.sql("1 + 1"))

    def test_too_many_alternatives(self) -> None:
        before = "A = 'x' if X else 'y'"
        found = self.sql(" + ".join(["A"] * 7), before)
        self.assertEqual(["the SQL of sql is known only at run time"], found)


class ImportsTest(EvaluatorCase):
    def setUp(self) -> None:
        super().setUp()
        self.write("proj/blog/__init__.py", "")
        self.write("proj/blog/helpers.py", 'NAME = "a"\ndef make():\n    return [NAME]\n')
        self.write("proj/blog/migrations/__init__.py", 'HERE = "b"\n')
        self.write("proj/blog/migrations/_names.py", 'OTHER = "c"\nfrom . import _names\n')

    def model(self, before: str, name: str) -> str:
        path = "proj/blog/migrations/0002_x.py"
        self.migration(f"[migrations.DeleteModel({name})]", before=before, path=path)
        return self.read().operations[0].model

    def test_absolute(self) -> None:
        self.assertEqual("a", self.model("from blog.helpers import NAME", "NAME"))
        self.assertEqual("a", self.model("from blog import helpers", "helpers.NAME"))
        self.assertEqual("a", self.model("import blog.helpers", "blog.helpers.NAME"))
        self.assertEqual("a", self.model("import blog.helpers as h", "h.NAME"))

    def test_relative(self) -> None:
        self.assertEqual("a", self.model("from ..helpers import NAME as N", "N"))
        self.assertEqual("a", self.model("from .. import helpers", "helpers.NAME"))
        self.assertEqual("b", self.model("from . import HERE", "HERE"))
        self.assertEqual("c", self.model("from ._names import OTHER", "OTHER"))

    def test_star(self) -> None:
        self.assertEqual("a", self.model("from ..helpers import *", "NAME"))
        self.assertEqual("…", self.model("from ..helpers import *", "NOWHERE"))
        self.assertEqual("…", self.model("from nowhere import *", "NAME"))

    def test_folder_without_a_package(self) -> None:
        self.write("proj/plain/names.py", 'NAME = "d"\n')
        self.assertEqual("d", self.model("import plain.names", "plain.names.NAME"))

    def test_inside_of_a_package_is_not_on_the_path(self) -> None:
        self.assertEqual("…", self.model("from helpers import NAME", "NAME"))

    def test_missing(self) -> None:
        self.assertEqual("…", self.model("from blog.helpers import GONE", "GONE"))
        self.assertEqual("…", self.model("from blog import helpers", "helpers.GONE"))
        self.assertEqual("…", self.model("from nowhere import NAME", "NAME"))
        self.assertEqual("…", self.model("from . import gone", "gone.NAME"))

    def test_standard_library_is_never_taken_from_the_tree(self) -> None:
        self.write("proj/json.py", 'NAME = "e"\n')
        self.assertEqual("…", self.model("from json import NAME", "NAME"))

    def test_broken_module(self) -> None:
        self.write("proj/broken.py", "NAME = = 1\n")
        self.assertEqual("…", self.model("from broken import NAME", "NAME"))

    def test_modules_that_import_each_other(self) -> None:
        self.write("proj/one.py", "from two import NAME\n")
        self.write("proj/two.py", "from one import NAME\n")
        self.assertEqual("…", self.model("from one import NAME", "NAME"))

    def test_one_of_two_imports(self) -> None:
        before = """
            try:
                from nowhere import NAME
            except ImportError:
                from blog.helpers import NAME
        """
        path = "proj/blog/migrations/0002_x.py"
        self.migration("[migrations.DeleteModel(NAME)]", before=before, path=path)
        self.assertEqual(["…", "a"], [each.model for each in self.read().operations])

    def test_place_of_what_another_file_builds(self) -> None:
        self.write(
            "proj/ops.py",
            "\n" * 40 + 'from django.db.migrations import DeleteModel\nOPS = [DeleteModel("a")]\n',
        )
        path = "proj/blog/migrations/0002_x.py"
        self.migration("OPS", before="from ops import OPS", path=path)
        self.assertEqual(3, self.read().operations[0].line)

    def test_module_is_no_operation(self) -> None:
        path = "proj/blog/migrations/0002_x.py"
        self.migration("[helpers, helpers()]", before="from blog import helpers", path=path)
        problems = [each.problem for each in self.read().operations]
        self.assertIn("a module", problems[0])
        self.assertIn("helpers()", problems[1])

    def test_star_import_of_django(self) -> None:
        before = "from django.db.migrations import *"
        self.assertEqual(["DeleteModel"], self.kinds('[DeleteModel("a")]', before=before))


class AlternativesTest(unittest.TestCase):
    def test_each_is_there_once_however_often_it_is_chosen(self) -> None:
        one, other = Literal(1), Literal(2)
        found: Value = choose([one, other])
        for _ in range(60):
            found = choose([found, found, one])
        self.assertEqual([one, other], list(options(found)))


class DictionariesTest(EvaluatorCase):
    BEFORE = """
        ENTRIES = {"a": migrations.DeleteModel("a"), "b": migrations.DeleteModel("b")}
    """

    def test_values(self) -> None:
        self.assertEqual(["a", "b"], self.models("[*ENTRIES.values()]", self.BEFORE))

    def test_keys(self) -> None:
        built = "[migrations.DeleteModel(name) for name in ENTRIES.keys()]"
        self.assertEqual(["a", "b"], self.models(built, self.BEFORE))

    def test_the_dictionary_itself_gives_its_keys(self) -> None:
        built = "[migrations.DeleteModel(name) for name in ENTRIES]"
        self.assertEqual(["a", "b"], self.models(built, self.BEFORE))
        for before in ("ENTRIES = {}\nfill(ENTRIES)", "MORE = {}\nENTRIES = {**MORE, 'a': 1}"):
            self.assertEqual(["…"], self.models(built, before))

    def test_methods_that_change_it(self) -> None:
        built = "[migrations.DeleteModel(name) for name in ENTRIES]"
        for statement in ("ENTRIES.update(more())", "ENTRIES.pop('a')", "ENTRIES.clear()"):
            for made in ("{'a': 1, 'b': 2}", "dict(a=1, b=2)"):
                found = self.models(built, f"ENTRIES = {made}\n{statement}")
                self.assertEqual(["…"], found, statement)
        found = self.models(built, "ENTRIES = {'a': 1, 'b': 2}\nENTRIES.values()")
        self.assertEqual(["a", "b"], found)

    def test_arguments_that_a_method_changes(self) -> None:
        for made in ("{'null': True}", "dict(null=True)"):
            for statement, is_told in (("GIVEN.update(null=False)", False), ("GIVEN.keys()", True)):
                self.paths = []
                before = f"GIVEN = {made}\n{statement}"
                built = '[migrations.AddField("a", "b", models.TextField(**GIVEN))]'
                field = self.operations(built, before=before)[0].given["field"]
                assert isinstance(field, Definition)
                self.assertEqual(
                    (field.complete, dict(field.named)),
                    (is_told, {"null": True} if is_told else {}),
                )

    def test_items(self) -> None:
        built = "[operation for _, operation in ENTRIES.items()]"
        self.assertEqual(["a", "b"], self.models(built, self.BEFORE))

    def test_another_method_is_unresolved(self) -> None:
        (problem,) = self.models("[ENTRIES.pop('a')]", self.BEFORE)
        self.assertIn("known only at run time", problem)

    def test_a_spread_is_unresolved(self) -> None:
        before = "ENTRIES = {}\nMORE = {**ENTRIES}"
        for built in ("[MORE['a']]", "MORE.values()"):
            with self.subTest(built):
                self.assertIn("known only at run time", "".join(self.models(built, before)))

    def test_keys_that_are_unknown_are_unresolved(self) -> None:
        before = "ENTRIES = {unknown(): migrations.DeleteModel('a')}"
        self.assertIn("known only at run time", "".join(self.models("[ENTRIES['a']]", before)))

    def test_one_that_begins_empty_is_unresolved(self) -> None:
        before = "ENTRIES = {}\nfill(ENTRIES)"
        self.assertIn("known only at run time", "".join(self.models("ENTRIES.values()", before)))


class ManyAlternativesTest(EvaluatorCase):
    def test_what_doubles_in_each_round_is_unresolved(self) -> None:
        before = """
            TEXT = ""
            for name in ("a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"):
                if name in CHOSEN:
                    TEXT += f"DROP TABLE {name};"
        """
        self.assertIn("known only at run time", "".join(self.sql("TEXT", before)))
