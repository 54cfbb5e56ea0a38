"""Domains of the database that ask more of the values of columns."""

from quality_harness.gate import ChangeKind

from . import base
from .trees import TreeCase

EARLIER = "blog/migrations/0002_earlier.py"
NEW = "blog/migrations/0003_new.py"
MAKE = "CREATE DOMAIN positive AS integer;"
COLUMN = "ALTER TABLE blog_blog ALTER COLUMN views TYPE positive;"
CHECK = "ALTER DOMAIN positive ADD CONSTRAINT more CHECK (VALUE > 0) NOT VALID"
SAYS = "RunSQL asks more of every value of domain {}, and so of {}; what the running code writes "


class DomainsTest(TreeCase):
    def told(self, earlier: str, new: str) -> list[str]:
        """Return what is said of SQL that follows other SQL."""
        self.paths = []
        self.write(base.PATH, base.TEXT)
        run = "migrations.RunSQL('''{}''', migrations.RunSQL.noop)"
        before = ("blog", "0001_initial"), ("blog", "0002_earlier")
        first = ", ".join(map(run.format, earlier.split("THEN")))
        self.migration(f"[{first}]", path=EARLIER, dependencies=[before[0]])
        self.migration(f"[{run.format(new)}]", path=NEW, dependencies=[before[1]])
        found = self.findings({NEW: ChangeKind.ADDED})
        return [each.message for each in found if each.rule == "new-check"]

    def test_domain_of_a_column(self) -> None:
        for earlier, column in (
            (COLUMN, "blog_blog.views"),
            (COLUMN.replace("positive", "public.positive[]"), "blog_blog.views"),
            ("ALTER TABLE blog_blog ADD COLUMN rank Positive NOT NULL;", "blog_blog.rank"),
            ("CREATE TABLE notes (id int, rank positive);", "notes.rank"),
            (f"{COLUMN} THEN ALTER TABLE blog_blog DROP view", "blog_blog.views"),
            (f"{COLUMN} THEN ALTER TABLE notes DROP views", "blog_blog.views"),
        ):
            with self.subTest(earlier):
                (message,) = self.told(MAKE + earlier, CHECK)
                self.assertIn(SAYS.format("positive", column), message)

    def test_what_asks_more(self) -> None:
        for new in (
            "ALTER DOMAIN public.positive ADD CHECK (VALUE > 0)",
            'ALTER DOMAIN "positive" SET NOT NULL',
        ):
            with self.subTest(new):
                self.assertEqual(1, len(self.told(MAKE + COLUMN, new)))

    def test_domain_of_another_tree(self) -> None:
        (message,) = self.told("", CHECK)
        self.assertIn(SAYS.format("positive", "columns that may have it"), message)

    def test_domain_of_no_column(self) -> None:
        for earlier, new in (
            (MAKE, CHECK),
            ("", MAKE + CHECK),
            (MAKE, COLUMN + CHECK),
            (MAKE + COLUMN + COLUMN.replace("positive", "integer"), CHECK),
            (f"{MAKE} {COLUMN} THEN ALTER TABLE blog_blog DROP COLUMN views", CHECK),
            (f"{MAKE} CREATE TABLE notes (rank positive) THEN DROP TABLE notes", CHECK),
        ):
            with self.subTest(earlier=earlier, new=new):
                self.assertEqual([], self.told(earlier, new))

    def test_domain_that_asks_no_more(self) -> None:
        for new in (
            "ALTER DOMAIN positive DROP CONSTRAINT more",
            "ALTER DOMAIN positive DROP NOT NULL",
            "ALTER DOMAIN positive SET DEFAULT 1",
            "ALTER DOMAIN positive VALIDATE CONSTRAINT more",
        ):
            with self.subTest(new):
                self.assertEqual([], self.told(MAKE + COLUMN, new))
