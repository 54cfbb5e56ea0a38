"""Partitions that a change adds beside a default one of the base."""

from quality_harness.gate import ChangeKind

from . import base
from .trees import TreeCase

EARLIER = "blog/migrations/0002_earlier.py"
NEW = "blog/migrations/0003_new.py"
DEFAULT = "CREATE TABLE rest PARTITION OF public.visit DEFAULT;"
ADD = "CREATE TABLE IF NOT EXISTS of_2027 PARTITION OF visit FOR VALUES IN (2027);"


class PartitionsTest(TreeCase):
    def told(self, earlier: str, new: str) -> list[str]:
        """Return what is said of SQL that follows other SQL."""
        self.paths = []
        self.write(base.PATH, base.TEXT)
        run = "[migrations.RunSQL('''{}''', migrations.RunSQL.noop)]"
        before = ("blog", "0001_initial"), ("blog", "0002_earlier")
        self.migration(run.format(earlier), path=EARLIER, dependencies=[before[0]])
        self.migration(run.format(new), path=NEW, dependencies=[before[1]])
        found = self.findings({NEW: ChangeKind.ADDED})
        return [each.message for each in found if each.rule == "new-check"]

    def test_beside_a_default(self) -> None:
        attached = "ALTER TABLE ONLY visit ATTACH PARTITION {};"
        for default, add in (
            (DEFAULT, ADD),
            (DEFAULT, attached.format("of_2027 FOR VALUES IN (2027)")),
            (attached.format("rest DEFAULT"), ADD),
            (DEFAULT + "DROP TABLE other_rest;", ADD),
        ):
            with self.subTest(default + add):
                (message,) = self.told(default, add)
                self.assertIn("visit, whose default partition rest may hold rows", message)

    def test_without_a_default_that_holds_rows_of_it(self) -> None:
        for earlier, new in (
            ("SELECT 1", DEFAULT + ADD),
            (DEFAULT.replace("visit", "other"), ADD),
            (DEFAULT, f"ALTER TABLE visit DETACH PARTITION rest; {ADD}"),
            (DEFAULT, f"DROP TABLE rest; {ADD}"),
            (DEFAULT + "ALTER TABLE rest ADD CHECK (year < 2027);", ADD),
            (DEFAULT, "ALTER TABLE visit DETACH PARTITION of_2026;"),
            (DEFAULT, "CREATE TABLE log (year int) PARTITION BY LIST (year);"),
        ):
            with self.subTest(earlier + new):
                self.assertEqual([], self.told(earlier, new))
