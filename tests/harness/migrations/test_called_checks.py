"""Functions that checks of the base call and that a change gives another body."""

from quality_harness.gate import ChangeKind

from . import base
from .trees import TreeCase

EARLIER = "blog/migrations/0002_earlier.py"
NEW = "blog/migrations/0003_new.py"
MAKE = "CREATE OR REPLACE FUNCTION fits({}) RETURNS boolean LANGUAGE sql AS $$ {} $$;"
WIDE = MAKE.format("given text, size int DEFAULT 90", "SELECT length(given) < 90")
STRICT = MAKE.format("given text, size int DEFAULT 60", "SELECT length(given) < 60")
CHECK = "ALTER TABLE blog_blog ADD CONSTRAINT title_fits CHECK (fits(title)) NOT VALID;"
MODEL = (
    "migrations.AddConstraint('blog', models.CheckConstraint(condition=models.Q({}),"
    " name='title_fits'))"
)
CALL = "models.Func('title', function='public.FITS')"


class CalledChecksTest(TreeCase):
    def told(self, earlier: str, new: str, operation: str = "", more: str = "") -> list[str]:
        """Return what is said of SQL that follows other SQL, and operations of both sides."""
        self.paths = []
        self.write(base.PATH, base.TEXT)
        run = "migrations.RunSQL('''{}''', migrations.RunSQL.noop)"
        before = ("blog", "0001_initial"), ("blog", "0002_earlier")
        self.migration(
            f"[{run.format(earlier)}, {operation}]", path=EARLIER, dependencies=[before[0]]
        )
        self.migration(f"[{run.format(new)}, {more}]", path=NEW, dependencies=[before[1]])
        found = self.findings({NEW: ChangeKind.ADDED})
        return [each.message for each in found if each.rule == "hindered-writes"]

    def test_check_by_sql(self) -> None:
        for check, shown in (
            (CHECK, "check title_fits of table blog_blog"),
            (CHECK.replace("CONSTRAINT title_fits ", ""), "check of table blog_blog"),
            (CHECK.replace("(fits", "(title <> 'x' AND (public.fits"), "check title_fits of"),
            ("CREATE DOMAIN title AS text CHECK (fits(VALUE));", "check of domain title"),
            (
                "ALTER DOMAIN title ADD CONSTRAINT ok CHECK (fits(VALUE));",
                "check ok of domain title",
            ),
            ("CREATE TABLE log (key text CHECK (fits(key)));", "check of table log"),
            (f"{CHECK} ALTER TABLE blog_blog DROP CONSTRAINT other;", "check title_fits of"),
        ):
            with self.subTest(check):
                (message,) = self.told(WIDE + check, STRICT)
                self.assertIn("gives fits() another body, which may refuse more", message)
                self.assertIn(shown, message)

    def test_check_by_sql_that_does_not_call_it(self) -> None:
        for check in (
            "",
            CHECK.replace("fits(title)", "title > 'x'"),
            CHECK.replace("(fits(title))", "(length(title) > 3), ALTER title SET DEFAULT fits('')"),
            f"{CHECK} ALTER TABLE blog_blog DROP CONSTRAINT title_fits;",
        ):
            with self.subTest(check):
                self.assertEqual([], self.told(WIDE + check, STRICT))
        log = "CREATE TABLE log (key text CHECK (fits(key)));"
        self.assertEqual([], self.told(WIDE + log, f"DROP TABLE log; {STRICT}"))

    def test_body_that_refuses_no_more(self) -> None:
        other = MAKE.format("given int", "SELECT given < 60")
        lenient = MAKE.format("given text, size int", "SELECT true;")
        comment = WIDE.replace("SELECT", "/* as before */ SELECT")
        for new in (WIDE, comment, lenient, other, STRICT.replace("fits", "suits")):
            with self.subTest(new):
                self.assertEqual([], self.told(WIDE + CHECK, new))
        self.assertEqual([], self.told(CHECK, STRICT))
        self.assertEqual([], self.told("SELECT 1", WIDE + STRICT))

    def test_last_body_counts(self) -> None:
        self.assertEqual([], self.told(WIDE + STRICT + CHECK, STRICT))
        self.assertEqual(1, len(self.told(STRICT + WIDE + CHECK, STRICT)))

    def test_check_of_a_model(self) -> None:
        for condition in (CALL, f"{CALL}, title=''", f"('title', {CALL})"):
            with self.subTest(condition):
                (message,) = self.told(WIDE, STRICT, MODEL.format(condition))
                self.assertIn("check title_fits of Blog calls it", message)

    def test_check_of_a_model_that_does_not_call_it(self) -> None:
        self.assertEqual([], self.told(WIDE, STRICT, MODEL.format("title=''")))
        other = MODEL.format("models.Func('title', function='length')")
        self.assertEqual([], self.told(WIDE, STRICT, other))
        gone = "migrations.RemoveConstraint('blog', 'title_fits')"
        self.assertEqual([], self.told(WIDE, STRICT, MODEL.format(CALL), gone))

    def test_release_of_its_own_is_judged_by_what_was_before_it(self) -> None:
        self.told(WIDE + CHECK, STRICT)
        (found,) = [each for each in self.findings() if "another body" in each.message]
        self.assertEqual(NEW, found.location.path)
