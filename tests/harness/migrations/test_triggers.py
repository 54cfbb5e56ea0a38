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


class DroppedColumnTest(TreeCase):
    """A column that no model knows any more goes, and a trigger of the base uses it."""

    READ = MAKE.format("noted", "IF NEW.subtitle IS NULL THEN NULL; END IF; RETURN NEW;")
    FORGET = (
        "migrations.SeparateDatabaseAndState(state_operations=["
        "migrations.RemoveField('blog', 'subtitle')])"
    )
    DROP_COLUMN = "ALTER TABLE blog_blog DROP COLUMN subtitle"

    def told(self, earlier: str, *operations: str, forget: str = FORGET) -> list[str]:
        """Return what is said of operations that follow SQL, and what the state forgets."""
        self.paths = []
        self.write(base.PATH, base.TEXT)
        self.migration(
            f"[{self.run_sql(earlier)}, {forget}]",
            path=EARLIER,
            dependencies=[("blog", "0001_initial")],
        )
        self.migration(
            f"[{', '.join(operations)}]", path=NEW, dependencies=[("blog", "0002_earlier")]
        )
        found = self.findings({NEW: ChangeKind.ADDED})
        return [each.message for each in found if each.rule == "hindered-writes"]

    def run_sql(self, sql: str) -> str:
        return f"migrations.RunSQL('''{sql}''', migrations.RunSQL.noop)"

    def test_column_that_a_trigger_uses(self) -> None:
        for body in (
            self.READ,
            MAKE.format("noted", 'NEW."subtitle" := NULL; RETURN NEW;'),
            MAKE.format("noted", "INSERT INTO notes VALUES (old.Subtitle); RETURN NEW;"),
        ):
            with self.subTest(body):
                (message,) = self.told(body + BEFORE, self.run_sql(self.DROP_COLUMN))
                self.assertIn(
                    "drops column blog_blog.subtitle, which noted() uses for the trigger noting",
                    message,
                )

    def test_field_whose_column_a_trigger_uses(self) -> None:
        remove = "migrations.RemoveField('blog', 'subtitle')"
        (message,) = self.told(self.READ + BEFORE, remove, forget="")
        self.assertIn("RemoveField drops column blog_blog.subtitle, which noted() uses", message)
        only = f"migrations.SeparateDatabaseAndState(database_operations=[{remove}])"
        (message,) = self.told(self.READ + BEFORE, only)
        self.assertIn("RemoveField drops column blog_blog.subtitle, which noted() uses", message)

    def test_relation_whose_column_a_trigger_uses(self) -> None:
        read = self.READ.replace("subtitle", "owner_id")
        (message,) = self.told(read + BEFORE, "migrations.RemoveField('blog', 'owner')", forget="")
        self.assertIn("drops column blog_blog.owner_id", message)
        self.assertEqual(
            [], self.told(read + BEFORE, "migrations.RemoveField('blog', 'tags')", forget="")
        )

    def test_model_of_another_tree(self) -> None:
        trigger = TRIGGER.format("BEFORE", "blog_page")
        (message,) = self.told(
            self.READ + trigger, "migrations.RemoveField('page', 'subtitle')", forget=""
        )
        self.assertIn("drops column blog_page.subtitle", message)

    def test_column_that_no_trigger_uses(self) -> None:
        drop = self.run_sql(self.DROP_COLUMN)
        other = self.READ.replace("noted", "other")
        for earlier, operations in (
            (PASS + BEFORE, (drop,)),
            (self.READ, (drop,)),
            (self.READ + BEFORE, (self.run_sql("DROP TABLE blog_blog"),)),
            (self.READ.replace("subtitle", "subtitles") + BEFORE, (drop,)),
            (self.READ + TRIGGER.format("BEFORE", "blog_post"), (drop,)),
            (self.READ + BEFORE + DROP, (drop,)),
            (self.READ + BEFORE, (self.run_sql(DROP), drop)),
            (self.READ + BEFORE, (self.run_sql("DROP FUNCTION noted() CASCADE"), drop)),
            (self.READ + BEFORE, (self.run_sql(PASS), drop)),
            (other + BEFORE, (drop,)),
        ):
            with self.subTest(earlier=earlier, operations=operations):
                self.assertEqual([], self.told(earlier, *operations))

    def test_trigger_that_stays(self) -> None:
        drop = self.run_sql(self.DROP_COLUMN)
        for other in (DROP.replace("noting", "other"), "DROP FUNCTION other() CASCADE"):
            with self.subTest(other):
                self.assertEqual(1, len(self.told(f"{self.READ} {BEFORE} {other}", drop)))
        self.assertEqual(1, len(self.told(self.READ + BEFORE, drop, self.run_sql(self.READ))))

    def test_column_that_is_made_again(self) -> None:
        drop = self.run_sql(f"{DROP}; {self.DROP_COLUMN}")
        rename = "ALTER TABLE blog_blog RENAME COLUMN other TO {}"
        add = "ALTER TABLE blog_blog ADD COLUMN {} text"
        for operations, count in (
            ((drop, self.run_sql(BEFORE)), 0),
            ((self.run_sql(f"{self.DROP_COLUMN}; {rename.format('subtitle')}"),), 0),
            ((self.run_sql(f"{self.DROP_COLUMN}; {add.format('subtitle')}"),), 0),
            ((self.run_sql(f"{self.DROP_COLUMN}; {add.format('another')}"),), 1),
        ):
            with self.subTest(operations):
                self.assertEqual(count, len(self.told(self.READ + BEFORE, *operations)))
