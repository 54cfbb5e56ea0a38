"""Operations of django-pgtrigger, as its makemigrations writes them."""

from quality_harness.gate import ChangeKind

from . import base
from .trees import TreeCase

EARLIER = "blog/migrations/0002_earlier.py"
NEW = "blog/migrations/0003_new.py"
IMPORTS = "import pgtrigger.compiler\nimport pgtrigger.migrations\nfrom elsewhere import told, more"
ADD = """pgtrigger.migrations.AddTrigger(
    model_name="blog",
    trigger=pgtrigger.compiler.Trigger(
        name="{name}",
        sql=pgtrigger.compiler.UpsertTriggerSql(
            {more}func={func}, hash="a1", operation="{operation}", pgid="pgtrigger_{name}_a1b2c",
            table="blog_blog", when="{when}",
        ),
    ),
)"""
COLUMN = "migrations.RunSQL('ALTER TABLE blog_blog ADD COLUMN key text NOT NULL', '')"
NOTED = """'INSERT INTO "blog_event" ("title", "at") VALUES (NEW."title", NOW()); RETURN NULL;'"""


def add(
    func: str = NOTED,
    *,
    name: str = "noted",
    operation: str = "INSERT OR UPDATE",
    when: str = "AFTER",
    more: str = "",
) -> str:
    """Return the operation that makes a trigger."""
    return ADD.format(func=func, name=name, operation=operation, when=when, more=more)


class PgtriggerTest(TreeCase):
    def told(self, new: str, earlier: str = "") -> list[str]:
        """Return the rule and message of each finding about a new migration."""
        self.paths = []
        self.write(base.PATH, base.TEXT)
        self.migration(
            f"[{earlier}]", before=IMPORTS, path=EARLIER, dependencies=[("blog", "0001_initial")]
        )
        self.migration(
            f"[{new}]", before=IMPORTS, path=NEW, dependencies=[("blog", "0002_earlier")]
        )
        return [
            f"{each.rule}: {each.message}"
            for each in self.findings({NEW: ChangeKind.ADDED})
            if each.rule != "no-lock-timeout"
        ]

    def test_trigger_that_notes_what_is_written(self) -> None:
        condition = "condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', level='ROW', "

        self.assertEqual([], self.told(add()))
        self.assertEqual([], self.told(add(operation="UPDATE", more=condition)))

    def test_trigger_that_refuses_or_swallows(self) -> None:
        refuse = "\"RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;\""
        soft = "'UPDATE blog_blog SET views = 0 WHERE id = OLD.id; RETURN NULL;'"
        for func in (refuse, soft):
            with self.subTest(func):
                (message,) = self.told(add(func, operation="DELETE", when="BEFORE"))
                self.assertIn(
                    "hindered-writes: AddTrigger() refuses or swallows writes to table",
                    message,
                )

    def test_column_of_the_event_that_is_too_short(self) -> None:
        event = "migrations.CreateModel('Event', [('title', models.CharField(max_length=9))]), "

        (message,) = self.told(event + add())

        self.assertIn("which has room for text of 9 characters only", message)

    def test_trigger_that_is_known_only_at_run_time(self) -> None:
        for operation in (
            add("told()"),
            add(more="declare=told, "),
            add(more="execute='other()', "),
            add(more="**more, "),
            "pgtrigger.migrations.AddTrigger('blog', told)",
            "pgtrigger.migrations.AddTrigger('blog', pgtrigger.Protect(name='a'))",
            "pgtrigger.migrations.AddTrigger('blog', pgtrigger.compiler.Trigger(sql=told))",
            "pgtrigger.migrations.RemoveTrigger('blog', told)",
        ):
            with self.subTest(operation):
                (message,) = self.told(operation)
                self.assertRegex(message, "unresolved-operation: Cannot tell .* at run time")

    def test_another_operation(self) -> None:
        (message,) = self.told("pgtrigger.migrations.Another('blog')")

        self.assertIn("pgtrigger.migrations.Another is defined outside this tree", message)

    def test_trigger_that_filled_a_required_column_is_removed(self) -> None:
        fills = add("'NEW.key := NEW.title; RETURN NEW;'", name="filled", when="BEFORE")
        remove = "pgtrigger.migrations.RemoveTrigger(model_name='blog', name='{}')"

        (message,) = self.told(remove.format("filled"), f"{COLUMN}, {fills}")

        self.assertIn("takes away the trigger that fills column blog_blog.key", message)
        self.assertEqual([], self.told(remove.format("fill"), f"{COLUMN}, {fills}"))
        self.assertEqual([], self.told(remove.format("noted"), add()))
        again = f"{remove.format('filled')}, {fills}"
        self.assertEqual([], self.told(again, f"{COLUMN}, {fills}"))
