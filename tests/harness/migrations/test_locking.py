"""Whom the locks of a migration keep out, as the messages of MIG028 and MIG031 say it."""

from quality_harness.migrations.checking import check

from . import base
from .trees import TreeCase

ADD = 'migrations.AddField("tag", "note", models.TextField(null=True))'
INDEX = 'migrations.AddIndex("tag", models.Index(fields=["name"], name="tag_name"))'
FILL = """migrations.RunSQL("INSERT INTO labels (name) VALUES ('a')", migrations.RunSQL.noop)"""


class LockedTest(TreeCase):
    def told(self, *operations: str) -> dict[str, str]:
        """Return the messages by their codes."""
        self.paths = []
        self.write(base.PATH, base.TEXT)
        dependencies = '[("blog", "0001_initial")]'
        self.migration(f"[{', '.join(operations)}]", dependencies=dependencies)
        return {each.code: each.message for each in check(self.reading()).findings}

    def check_told(self, code: str, wanted: str, *operations: str) -> None:
        with self.subTest(operations):
            self.assertIn(wanted, self.told(*operations).get(code, ""))

    def test_index_keeps_writers_out(self) -> None:
        self.check_told("MIG028", "alters tag: nobody can write to the table", INDEX, FILL)
        self.check_told("MIG031", "locks tag against all writing", INDEX)

    def test_column_keeps_readers_out(self) -> None:
        for operations in ((ADD, FILL), (INDEX, ADD, FILL), (FILL, ADD, FILL)):
            self.check_told("MIG028", "alters tag: nobody can read the table", *operations)
            self.check_told("MIG031", "locks tag against all reading", *operations)

    def test_rows_before_the_column(self) -> None:
        for operations in ((FILL, ADD), (FILL, FILL, ADD), (FILL, INDEX)):
            self.check_told("MIG028", "writes rows before it alters tag", *operations)

    def test_rows_between_index_and_column(self) -> None:
        self.check_told("MIG028", "nobody can write to the table", INDEX, FILL, ADD)

    def test_no_rows(self) -> None:
        self.assertNotIn("MIG028", self.told(ADD, INDEX))

    def test_the_advice_is_postgresqls_and_the_finding_can_be_accepted(self) -> None:
        self.told(INDEX, f"\n        {ADD}")
        (finding,) = [each for each in check(self.reading()).findings if each.code == "MIG031"]
        lines = (self.root / finding.location.path).read_text().splitlines()

        self.assertIn("AddField", lines[finding.location.line - 1])
        self.assertTrue(finding.hint.startswith("On PostgreSQL, set lock_timeout"))
        self.assertIn("`# quality-harness: ignore[MIG031]: reason` on this line", finding.hint)
