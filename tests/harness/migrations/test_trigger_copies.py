"""Triggers that copy what is written to a place that may not take all of it."""

from quality_harness.gate import ChangeKind

from . import base
from .trees import TreeCase

NEW = "blog/migrations/0002_new.py"
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
    ) -> list[str]:
        """Return what is said of a trigger that copies a value to a column of a new table."""
        self.paths = []
        self.write(base.PATH, base.TEXT)
        sql = table + FUNCTION.format(column, value) + TRIGGER.format(event, on)
        run = f"migrations.RunSQL('''{sql}''', migrations.RunSQL.noop)"
        self.migration(f"[{before}{run}]", path=NEW, dependencies=[("blog", "0001_initial")])
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
        self.assertEqual([], self.told(TABLE.format("title text"), "OLD.subtitle"))

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
