"""Functions and triggers of the base that a change replaces or drops."""

from quality_harness.gate import ChangeKind

from . import base
from .trees import TreeCase

EARLIER = "blog/migrations/0002_earlier.py"
NEW = "blog/migrations/0003_new.py"
MAKE = "CREATE OR REPLACE FUNCTION {}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {} END $$;"
PASS = MAKE.format("noted", "RETURN NEW;")
REFUSE = MAKE.format("noted", "RETURN NULL;")
TRIGGER = "CREATE TRIGGER noting {} INSERT ON {} FOR EACH ROW EXECUTE FUNCTION noted();"
BEFORE = TRIGGER.format("BEFORE", "blog_blog")
COLUMN = "ALTER TABLE blog_blog ADD COLUMN key text NOT NULL;"
FILL = MAKE.format("noted", "NEW.key := NEW.title; RETURN NEW;")
DROP = "DROP TRIGGER IF EXISTS noting ON blog_blog"


class TriggersTest(TreeCase):
    def told(self, earlier: str, new: str, operation: str = "") -> list[str]:
        """Return what is said of SQL that follows other SQL, and an operation of the base."""
        self.paths = []
        self.write(base.PATH, base.TEXT)
        run = "migrations.RunSQL('''{}''', migrations.RunSQL.noop)"
        before = ("blog", "0001_initial"), ("blog", "0002_earlier")
        self.migration(
            f"[{run.format(earlier)}, {operation}]", path=EARLIER, dependencies=[before[0]]
        )
        self.migration(f"[{run.format(new)}]", path=NEW, dependencies=[before[1]])
        found = self.findings({NEW: ChangeKind.ADDED})
        return [each.message for each in found if each.rule == "hindered-writes"]

    def test_function_that_refuses_now(self) -> None:
        (message,) = self.told(PASS + BEFORE, REFUSE)
        self.assertIn("makes noted() refuse or swallow writes to table blog_blog", message)

    def test_function_that_refuses_nothing_more(self) -> None:
        self.assertEqual([], self.told(PASS + BEFORE, PASS))
        self.assertEqual([], self.told(REFUSE + BEFORE, REFUSE))
        self.assertEqual([], self.told(PASS, REFUSE))
        self.assertEqual([], self.told(PASS + BEFORE.replace("noted()", "other()"), REFUSE))
        self.assertEqual([], self.told(PASS + TRIGGER.format("AFTER", "blog_blog"), REFUSE))

    def test_trigger_that_fills_a_required_column(self) -> None:
        wanted = "takes away the trigger that fills column blog_blog.key"
        for column in (
            COLUMN,
            f"{COLUMN[:-1]} DEFAULT ''; ALTER TABLE blog_blog ALTER COLUMN key DROP DEFAULT;",
            "ALTER TABLE blog_blog ADD key text; ALTER TABLE blog_blog ALTER key SET NOT NULL;",
        ):
            with self.subTest(column):
                (message,) = self.told(column + FILL + BEFORE, DROP)
                self.assertIn(wanted, message)
        (message,) = self.told(COLUMN + FILL + BEFORE, "DROP FUNCTION noted() CASCADE")
        self.assertIn(wanted, message)

    def test_trigger_that_nothing_needs(self) -> None:
        optional = "ALTER TABLE blog_blog ADD COLUMN key text;"
        of_model = FILL.replace("NEW.key", "NEW.subtitle")
        for earlier, new in (
            (PASS + BEFORE, DROP),
            (BEFORE, DROP),
            (optional + FILL + BEFORE, DROP),
            (of_model + BEFORE, DROP),
            (COLUMN + FILL + BEFORE, DROP.replace("noting", "other")),
            (COLUMN + FILL + BEFORE, f"{DROP}; {BEFORE}"),
            (COLUMN + FILL + BEFORE, "DROP FUNCTION other() CASCADE"),
            (COLUMN + FILL + BEFORE, "DROP FUNCTION noted()"),
            (FILL + TRIGGER.format("BEFORE", "elsewhere"), "DROP TRIGGER noting ON elsewhere"),
            ("CREATE TRIGGER noting BEFORE INSERT ON blog_blog;", DROP),
        ):
            with self.subTest(earlier=earlier, new=new):
                self.assertEqual([], self.told(earlier, new))

    def test_function_that_gives_a_default(self) -> None:
        make = "CREATE FUNCTION next_key() RETURNS text LANGUAGE sql RETURN 'a';"
        default = 'db_default=models.Func(function="next_key")'
        add = f'migrations.AddField("blog", "key", models.TextField({default}))'
        (message,) = self.told(make, "DROP FUNCTION next_key() CASCADE", add)
        self.assertIn("drops next_key(), the default of Blog.key", message)
