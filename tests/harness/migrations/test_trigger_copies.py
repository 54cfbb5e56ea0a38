"""Triggers that copy what is written to a place that may not take all of it."""

from quality_harness.gate import ChangeKind

from . import base
from .trees import TreeCase

EARLIER = "blog/migrations/0002_earlier.py"
NEW = "blog/migrations/0003_new.py"
TABLE = "CREATE TABLE blog_audit ({});"
FUNCTION = """
CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO blog_audit ({}) VALUES ({});
    RETURN NULL;
END $$;
"""
TRIGGER = "CREATE TRIGGER noting AFTER {} ON {} FOR EACH ROW EXECUTE FUNCTION noted();"
MODEL = """migrations.CreateModel("Audit", [
    ("id", models.BigAutoField(primary_key=True)),
    ("title", models.{})], options={{"db_table": "blog_audit"}}),"""


class TriggerCopiesTest(TreeCase):
    def told(
        self,
        table: str,
        value: str,
        *,
        column: str = "title",
        event: str = "UPDATE",
        on: str = "blog_blog",
        before: str = "",
        function: str = FUNCTION,
        when: str = "AFTER",
        earlier: str = "SELECT 1",
    ) -> list[str]:
        """Return what is said of a trigger that copies a value to a column of a new table."""
        self.paths = []
        self.write(base.PATH, base.TEXT)
        trigger = TRIGGER.format(event, on).replace("AFTER", when)
        sql = table + function.format(column, value) + trigger
        run = "migrations.RunSQL('''{}''', migrations.RunSQL.noop)"
        base_of = ("blog", "0001_initial"), ("blog", "0002_earlier")
        self.migration(f"[{run.format(earlier)}]", path=EARLIER, dependencies=[base_of[0]])
        self.migration(f"[{before}{run.format(sql)}]", path=NEW, dependencies=[base_of[1]])
        found = self.findings({NEW: ChangeKind.ADDED})
        return [each.message for each in found if each.rule == "hindered-writes"]

    def test_column_that_is_too_short(self) -> None:
        (message,) = self.told(TABLE.format("title varchar(40) PRIMARY KEY"), "NEW.title")

        self.assertIn(
            "copies blog_blog.title by a trigger to blog_audit.title, which has room for text of "
            "40 characters only",
            message,
        )

    def test_column_of_a_model_that_is_too_short(self) -> None:
        (message,) = self.told("", "NEW.title", before=MODEL.format("CharField(max_length=9)"))

        self.assertIn("which has room for text of 9 characters only", message)

    def test_column_that_is_long_enough(self) -> None:
        for table in ("title varchar(200)", "title text NOT NULL", "title uncommon(3)"):
            with self.subTest(table):
                self.assertEqual([], self.told(TABLE.format(table), "NEW.title"))
        model = MODEL.format("TextField()")
        self.assertEqual([], self.told("", "NEW.title", before=model))
        self.assertEqual([], self.told("", "NEW.title", column="unknown", before=model))

    def test_column_that_takes_no_null(self) -> None:
        (message,) = self.told(TABLE.format("id bigint, title text NOT NULL"), "OLD.subtitle")

        self.assertIn("which takes no NULL", message)
        model = MODEL.format("TextField()")
        self.assertIn("takes no NULL", self.told("", "NEW.subtitle", before=model)[0])
        for column in ("title text", "title text CHECK (title IS NOT NULL OR true)"):
            self.assertEqual([], self.told(TABLE.format(column), "OLD.subtitle"))

    def test_key_of_the_row_that_is_deleted(self) -> None:
        table = TABLE.format("blog bigint REFERENCES public.blog_blog (id)")
        (message,) = self.told(table, "OLD.id", column="blog", event="UPDATE OR DELETE")

        self.assertIn("refers to the row that is deleted", message)

    def test_key_of_the_row_in_a_model(self) -> None:
        relation = MODEL.format('ForeignKey("blog.Blog", models.CASCADE{})')
        for more, count in (("", 1), (", db_constraint=False", 0)):
            with self.subTest(more):
                found = self.told(
                    "",
                    "OLD.id",
                    column="title_id",
                    event="DELETE",
                    before=relation.replace("{}", more),
                )
                self.assertEqual(count, len(found))

    def test_trigger_that_looks_at_the_row_first(self) -> None:
        table = TABLE.format("title varchar(40) NOT NULL")
        plain = "INSERT INTO"
        for guard, end in (
            ("IF length(NEW.title) <= 40 THEN", "END IF;"),
            ("NEW.title := left(NEW.title, 40);", ""),
            ("", "EXCEPTION WHEN others THEN NULL;"),
        ):
            with self.subTest(guard + end):
                function = FUNCTION.replace(plain, f"{guard} {plain}").replace(
                    "RETURN NULL;", f"{end} RETURN NULL;" if guard else f"RETURN NULL; {end}"
                )
                self.assertEqual([], self.told(table, "NEW.title", function=function))
        when = "blog_blog FOR EACH ROW WHEN (NEW.views > 0)"
        self.assertEqual([], self.told(table, "NEW.title", on=when))

    def test_table_that_was_changed_since(self) -> None:
        for more in (
            "ALTER TABLE blog_audit ALTER title TYPE text;",
            "DROP TABLE blog_audit; CREATE TABLE blog_audit (title text);",
        ):
            with self.subTest(more):
                table = TABLE.format("title varchar(40)") + more
                self.assertEqual([], self.told(table, "NEW.title"))

    def test_table_of_the_base(self) -> None:
        made = TABLE.format("title varchar(40)")

        self.assertEqual(1, len(self.told("", "NEW.title", earlier=made)))
        changed = f"{made} ALTER TABLE blog_audit ALTER title TYPE text;"
        self.assertEqual([], self.told("", "NEW.title", earlier=changed))

    def test_table_of_another_schema(self) -> None:
        table = TABLE.replace("blog_audit", "audit.labels").format("name text")
        function = FUNCTION.replace("blog_audit", "audit.labels")

        found = self.told(table, "NEW.title", column="name", function=function)

        self.assertEqual([], found)
        function = FUNCTION.replace("blog_audit", "labels")
        found = self.told("", "NEW.title", column="name", function=function)
        self.assertEqual(1, len(found))

    def test_key_of_a_row_that_takes_its_copy_along(self) -> None:
        table = TABLE.format("blog bigint REFERENCES blog_blog ON DELETE CASCADE")
        function = FUNCTION.replace("RETURN NULL", "RETURN OLD")

        found = self.told(
            table, "OLD.id", column="blog", event="DELETE", when="BEFORE", function=function
        )

        self.assertEqual([], found)

    def test_key_of_a_row_that_stays(self) -> None:
        table = TABLE.format("blog bigint REFERENCES blog_blog, CHECK (blog > 0)")
        for value, event in (
            ("OLD.id", "UPDATE"),
            ("NEW.id", "INSERT OR DELETE"),
            ("OLD.views", "DELETE"),
        ):
            with self.subTest(value=value, event=event):
                self.assertEqual([], self.told(table, value, column="blog", event=event))
        other = TABLE.format("blog bigint REFERENCES blog_post")
        self.assertEqual([], self.told(other, "OLD.id", column="blog", event="DELETE"))

    def test_what_is_not_told(self) -> None:
        table = TABLE.format("title varchar(40), n integer")
        for value, column, on in (
            ("left(NEW.title, 40)", "title", "blog_blog"),
            ("NEW.title::varchar(40)", "title", "blog_blog"),
            ("NEW.title", "another", "blog_blog"),
            ("NEW.unknown", "title", "blog_blog"),
            ("NEW.title", "title", "elsewhere"),
            ("NEW.title", "title, n", "blog_blog"),
            ("1, 'DELETE'", "n, title", "blog_blog"),
        ):
            with self.subTest(value=value, column=column, on=on):
                self.assertEqual([], self.told(table, value, column=column, on=on))
