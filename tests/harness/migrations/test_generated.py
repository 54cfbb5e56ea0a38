"""Objects whose __init__ Python writes."""

from .test_evaluator import EvaluatorCase

IMPORTS = """
            from dataclasses import dataclass, field
            from typing import ClassVar, NamedTuple
            from elsewhere import Base, define
"""


class GeneratedTest(EvaluatorCase):
    def found(self, expression: str, definition: str) -> list[str]:
        """Return the models that an operation made of an object deletes."""
        return self.models(f"[migrations.DeleteModel({expression})]", IMPORTS + definition)

    def test_fields_of_a_dataclass(self) -> None:
        definition = """
            class Plain:
                pass

            @dataclass(frozen=True)
            class Above(Plain):
                table: str
                kind: ClassVar[str] = "k"

            @dataclass
            class Plan(Above):
                suffix: str = "s"
                more: list = field(default_factory=list)
                end: str = field(default="e")
                own = "o"

                @property
                def name(self):
                    return self.table + self.kind + self.suffix + self.end + self.own
        """
        self.assertEqual(["akseo"], self.found("Plan('a').name", definition))
        self.assertEqual(["akbeo"], self.found("Plan('a', 'b').name", definition))
        self.assertEqual(
            ["akbxo"], self.found("Plan(end='x', table='a', suffix='b').name", definition)
        )
        self.assertEqual([], self.models("[*Plan('a').more]", IMPORTS + definition))

    def test_fields_of_a_named_tuple(self) -> None:
        definition = """
            class Plan(NamedTuple):
                table: str
                suffix: str = "s"

            PLANS = [Plan("a"), Plan("b", "c")]
        """
        self.assertEqual(["as"], self.found("PLANS[0].table + PLANS[0].suffix", definition))
        pairs = "[migrations.DeleteModel(x + y) for x, y in PLANS]"
        self.assertEqual(["as", "bc"], self.models(pairs, IMPORTS + definition))

    FILLED = """
            @dataclass
            class Plan:
                operations: list = field(default_factory=list)

                def drop(self, name):
                    self.operations.append(migrations.DeleteModel(name))
                    return self

            plan = Plan()
            plan.drop("x")
            found = []
            given = Plan(found)
            given.drop("y")
            reached = Plan()
            reached.operations.append(unknown())
    """

    def test_list_of_a_dataclass_that_its_methods_fill(self) -> None:
        before = IMPORTS + self.FILLED
        self.assertEqual(["x"], self.models("plan.operations", before))
        self.assertEqual(["z"], self.models("Plan().drop('z').operations", before))
        self.assertEqual("y", self.models("given.operations", before)[-1])

    def test_list_of_a_dataclass_that_is_filled_from_outside(self) -> None:
        (found,) = self.models("reached.operations", IMPORTS + self.FILLED)
        self.assertIn("known only at run time", found)

    def test_what_cannot_be_told(self) -> None:
        for decorator, base, body in (
            ("@define", "", "name: str = 'a'"),
            ("@dataclass(kw_only=True)", "", "name: str = 'a'"),
            ("@dataclass", "", "name: str = 'a'\n    def __post_init__(self): self.name = X"),
            ("@dataclass", "", "name: str = field(default_factory=X)"),
            ("", "Base", "name: str = 'a'"),
            ("", "Base", "name = 'a'"),
        ):
            with self.subTest(decorator + body):
                before = f"{IMPORTS}\n{decorator}\nclass A({base}):\n    {body}"
                given = "name='b'" if "factory" not in body else ""
                (found,) = self.models(
                    f"[migrations.DeleteModel(A({given}).name)]", before.replace("            ", "")
                )
                self.assertEqual("…", found)

    def test_arguments_that_cannot_be_told(self) -> None:
        definition = """
            @dataclass
            class Plan:
                name: str
                other: str = "o"
        """
        for call in ("Plan(**X).other", "Plan(*X).name", "Plan().name", "Plan('a').absent"):
            with self.subTest(call):
                self.assertEqual(["…"], self.found(call, definition))

    def test_object_that_is_no_named_tuple_is_not_taken_apart(self) -> None:
        before = IMPORTS + """
            class A:
                x: str = "a"

            x, y = A()
        """
        self.assertEqual(["…"], self.models("[migrations.DeleteModel(x)]", before))

    def test_class_that_is_given_nothing(self) -> None:
        before = IMPORTS + """
            class A(Base):
                name: str = "a"
                other = "b"
        """
        self.assertEqual(
            ["ab"], self.models("[migrations.DeleteModel(A().name + A().other)]", before)
        )
