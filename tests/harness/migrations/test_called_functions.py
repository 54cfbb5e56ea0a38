"""Functions of the database that one migration makes and another one calls."""

from quality_harness.gate import ChangeKind

from . import base
from .trees import TreeCase

EARLIER = "blog/migrations/0002_earlier.py"
NEW = "blog/migrations/0003_new.py"
BODY = "LANGUAGE plpgsql AS $$ BEGIN {} END $$;"
MAKE = f"CREATE FUNCTION wipe() RETURNS void {BODY}"
WIPE = MAKE.format("DELETE FROM blog_blog;")
COUNT = MAKE.format("PERFORM count(*) FROM blog_blog;")
DELETES = "wipe() deletes rows of table blog_blog."


class CalledFunctionsTest(TreeCase):
    def told(self, earlier: str, new: str, *, is_new: bool = False) -> list[str]:
        """Return what is said of SQL that follows other SQL, perhaps of the same change."""
        self.paths = []
        self.write(base.PATH, base.TEXT)
        before = ("blog", "0001_initial"), ("blog", "0002_earlier")
        run = "[migrations.RunSQL('''{}''', migrations.RunSQL.noop)]"
        self.migration(run.format(earlier), path=EARLIER, dependencies=[before[0]])
        operations = new if new.startswith("[") else run.format(new)
        self.migration(operations, path=NEW, dependencies=[before[1]])
        kinds = {NEW: ChangeKind.ADDED} | ({EARLIER: ChangeKind.ADDED} if is_new else {})
        return [each.message for each in self.findings(kinds)]

    def test_function_that_deletes(self) -> None:
        for call in (
            "SELECT wipe()",
            "SELECT public.wipe()",
            'SELECT "wipe"()',
            "CALL wipe()",
            "DO $$ BEGIN PERFORM wipe(); END $$",
            "INSERT INTO notes (number) SELECT wipe()",
        ):
            with self.subTest(call):
                self.assertEqual([DELETES], self.told(WIPE, call))
                self.assertEqual([DELETES], self.told(WIPE, call, is_new=True))

    def test_function_that_drops(self) -> None:
        (message,) = self.told(MAKE.format("DROP TABLE blog_post;"), "SELECT wipe()")
        self.assertEqual("wipe() drops table blog_post.", message)

    def test_function_that_is_called_by_another_one(self) -> None:
        other = f"CREATE FUNCTION other() RETURNS void {BODY.format('PERFORM wipe();')}"
        again = WIPE.replace("DELETE", "PERFORM other(); DELETE")
        self.assertEqual([DELETES], self.told(WIPE + other, "SELECT other()"))
        self.assertEqual([DELETES], self.told(again + other, "SELECT other()"))

    def test_function_of_the_same_name_with_other_arguments(self) -> None:
        other = COUNT.replace("wipe()", "wipe(number integer)")
        self.assertEqual([DELETES], self.told(WIPE + other, "SELECT wipe()"))

    def test_call_by_code(self) -> None:
        code = "lambda apps, editor: editor.execute('SELECT wipe()')"
        run = f"[migrations.RunPython({code}, migrations.RunPython.noop)]"
        self.assertEqual([DELETES], self.told(WIPE, run))
        self.assertEqual([], self.told(COUNT, run))

    def test_function_that_does_no_harm(self) -> None:
        again = WIPE.replace("CREATE", "CREATE OR REPLACE")
        for earlier, new in (
            (COUNT, "SELECT wipe()"),
            (WIPE, "SELECT other(); SELECT 'wipe()', wipe FROM notes"),
            (WIPE, "INSERT INTO wipe (number) SELECT 1"),
            (WIPE, "INSERT INTO public.wipe (number) SELECT 1"),
            (WIPE, "CREATE VIEW wiped AS SELECT wipe()"),
            (WIPE, f"{COUNT} SELECT wipe()"),
            (again + again.replace("DELETE FROM", "SELECT FROM"), "SELECT wipe()"),
            (WIPE.replace("blog_blog", "mine"), "CREATE TABLE mine (id int); SELECT wipe()"),
        ):
            with self.subTest(earlier=earlier, new=new):
                self.assertEqual([], self.told(earlier, new))

    def test_function_that_gets_another_body_before(self) -> None:
        code = "lambda apps, editor: editor.execute('SELECT wipe()')"
        sql = f"migrations.RunSQL('{COUNT}', migrations.RunSQL.noop)"
        run = f"[{sql}, migrations.RunPython({code}, migrations.RunPython.noop)]"
        self.assertEqual([], self.told(WIPE, run))
