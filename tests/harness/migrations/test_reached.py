"""What an operation's object never comes to is not done."""

from quality_harness.migrations.operations import Effect

from .trees import TreeCase

CLASS = """
import enum

class Way(enum.Enum):
    NOW = 1
    LATER = 2

class Forget(migrations.RemoveField):
    def __init__(self, model, name, way=None, flag=False):
        super().__init__(model, name)
        self.way = way
        self.flag = flag

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        {body}
"""
SUPER = "super().database_forwards(app_label, schema_editor, from_state, to_state)"


class ReachedTest(TreeCase):
    def is_dropped(self, body: str, given: str) -> bool:
        """Return whether the column goes, by the effect of the operation."""
        body = body.replace("SUPER", SUPER).replace("\n", "\n        ")
        before = CLASS.replace("{body}", body)
        found = self.operations(f'[Forget("blog", "title", {given})]', before=before)
        return found[0].effect is Effect.BOTH

    def test_conditions(self) -> None:
        for test, given, is_true in (
            ("self.flag", "flag=True", True),
            ("self.flag", "", False),
            ("not self.flag", "flag=True", False),
            ("self.way is Way.NOW", "way=Way.NOW", True),
            ("self.way == Way.NOW", "way=Way.LATER", False),
            ("self.way is not Way.NOW", "way=Way.NOW", False),
            ("self.way != Way.NOW", "way=Way.LATER", True),
            ("self.flag and self.way == 1", "flag=True, way=1", True),
            ("self.flag and unknown", "", False),
            ("self.flag or unknown", "flag=True", True),
            ("self.flag or self.way", "", False),
        ):
            with self.subTest(test=test, given=given):
                self.assertEqual(is_true, self.is_dropped(f"if {test}:\n    SUPER", given))
                early = f"if {test}:\n    return\nSUPER"
                self.assertEqual(not is_true, self.is_dropped(early, given))
                other = f"if {test}:\n    pass\nelse:\n    SUPER"
                self.assertEqual(not is_true, self.is_dropped(other, given))

    def test_what_is_not_told_may_be_done(self) -> None:
        for test in (
            "unknown",
            "not unknown",
            "self.flag or unknown",
            "self.way is unknown",
            "unknown != self.way",
            "self.way > 1",
        ):
            with self.subTest(test=test):
                self.assertTrue(self.is_dropped(f"if {test}:\n    SUPER", "way=1"))
                self.assertTrue(self.is_dropped(f"if {test}:\n    return\nSUPER", "way=1"))

    def test_what_another_method_or_a_statement_sets_is_not_told(self) -> None:
        wet = "\n\n    def wet(self):\n        self.flag = True"
        for statement in ("", "made.flag = True\n"):
            body = "if self.flag:\n    SUPER".replace("SUPER", SUPER).replace("\n", "\n        ")
            before = CLASS.replace("{body}", body + (wet if not statement else ""))
            before += f'\nmade = Forget("blog", "title")\n{statement}'
            with self.subTest(statement):
                found = self.operations("[made]", before=before)
                self.assertIs(Effect.BOTH, found[0].effect)

    def test_nested(self) -> None:
        body = "if self.flag:\n    if self.way is None:\n        raise ValueError\n    SUPER\nSUPER"
        self.assertFalse(self.is_dropped(body, "flag=True"))
        self.assertTrue(self.is_dropped(body, "flag=True, way=1"))

    def test_lambda(self) -> None:
        before = "class Own(migrations.RemoveField):\n    database_forwards = lambda *a: None\n"
        found, own = self.operations('[Own("blog", "title")]', before=before)
        self.assertEqual((Effect.STATE_ONLY, "custom"), (found.effect, own.kind))
