import unittest

from django.test import tag

from tests.harness.migrations.probe.runs import app, codes, migration, probe

ALTERS = "[migrations.AddField('item', 'short', models.TextField(null=True))]"
COMPOSES = """
from psycopg import sql


def fill(apps, schema_editor):
    statement = sql.SQL("UPDATE {} SET {} = {} WHERE {} IS NULL").format(
        *map(sql.Identifier, ("shop_item", "short", "title", "short"))
    )
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(statement)
"""
POSITIVE = "models.PositiveIntegerField(null=True)"


@tag("slow")
class LockTests(unittest.TestCase):
    def prove(self, *chain: str, **more):
        """Prove the migrations that follow one another, and return the proof of the last one."""
        files = app("shop", chain[0])
        for number, operations in enumerate(chain[1:], 3):
            after = "0002_change" if number == 3 else f"{number - 1:04}_next"
            files[f"shop/migrations/{number:04}_next.py"] = migration(
                operations, dependencies=f"[('shop', '{after}')]", **more
            )
        first = {name for name in files if "/migrations/0" not in name or "0001" in name}
        answer = probe(files, base=first)
        self.assertEqual(answer.problem, "")
        return answer.proofs[-1]

    def test_a_constraint_is_validated_without_the_lock_of_an_earlier_migration(self):
        constraint = "ALTER TABLE shop_item ADD CONSTRAINT sized CHECK (size IS NOT NULL) NOT VALID"
        back = "ALTER TABLE shop_item DROP CONSTRAINT sized"
        validates = (
            "-- by another release\\n"
            "SET LOCAL lock_timeout = 9; ALTER TABLE shop_item VALIDATE CONSTRAINT sized"
        )

        proof = self.prove(
            f"[migrations.RunSQL('{constraint}', '{back}')]",
            f"[migrations.RunSQL('{validates}', '')]",
        )

        self.assertEqual(codes(proof), [])

    def test_what_else_alters_the_table_while_it_validates_keeps_its_lock(self):
        constraint = "ALTER TABLE shop_item ADD CONSTRAINT sized CHECK (size IS NOT NULL) NOT VALID"
        back = "ALTER TABLE shop_item DROP CONSTRAINT sized"
        validates = "ALTER TABLE shop_item VALIDATE CONSTRAINT sized, ALTER title DROP NOT NULL"

        proof = self.prove(
            f"[migrations.RunSQL('{constraint}', '{back}')]",
            f"[migrations.RunSQL('{validates}', 'ALTER TABLE shop_item ALTER title SET NOT NULL')]",
        )

        self.assertEqual(codes(proof), ["PRB006"])

    def test_a_composed_update_is_told_apart_from_what_locked_the_table_before(self):
        fills = "[migrations.RunPython(fill, migrations.RunPython.noop)]"

        proof = self.prove(ALTERS, fills, before=COMPOSES)

        self.assertEqual((codes(proof), proof.matched), ([], True))

    def test_the_check_of_a_column_that_comes_with_it_is_information(self):
        proof = self.prove(f"[migrations.AddField('item', 'places', {POSITIVE})]")

        self.assertEqual([(each.code, each.informs) for each in proof.evidence], [("PRB006", True)])

    def test_what_comes_with_such_a_column_is_judged_by_itself(self):
        column = "ALTER TABLE shop_item ADD COLUMN places numeric(8, 2) CHECK (places > 0)"
        for more in (", ADD CONSTRAINT sized CHECK (size > -99999999999)",
                     "; CREATE INDEX noted ON shop_item (note)"):  # fmt: skip
            with self.subTest(more):
                proof = self.prove(f"[migrations.RunSQL('{column}{more}', '')]")
                told = [each.informs for each in proof.evidence if each.code == "PRB006"]
                self.assertEqual(told, [False])

    def test_the_check_of_a_column_that_is_there_is_none(self):
        proof = self.prove(f"[migrations.AlterField('item', 'size', {POSITIVE})]")

        told = [each.informs for each in proof.evidence if each.code == "PRB006"]
        self.assertEqual(told, [False])


@tag("slow")
class IndexTests(unittest.TestCase):
    def prove(self, made_before: bool) -> list[tuple[str, bool]]:
        index = "CREATE UNIQUE INDEX noted ON shop_item (id, note)"
        made = f"[migrations.RunSQL('{index}', 'DROP INDEX IF EXISTS noted')]"
        constraint = "ALTER TABLE shop_item ADD CONSTRAINT noted UNIQUE USING INDEX noted"
        back = "ALTER TABLE shop_item DROP CONSTRAINT noted"
        files = app("shop", made)
        files["shop/migrations/0003_next.py"] = migration(
            f"[migrations.RunSQL('{constraint}', '{back}')]",
            dependencies="[('shop', '0002_change')]",
        )
        new = {"shop/migrations/0003_next.py"}
        new |= set() if made_before else {"shop/migrations/0002_change.py"}
        answer = probe(files, base=set(files) - new)
        self.assertEqual(answer.problem, "")
        return [(each.code, each.informs) for each in answer.proofs[-1].evidence]

    def test_an_index_of_the_change_goes_with_the_constraint_that_it_became(self):
        self.assertEqual(self.prove(made_before=False), [("PRB005", True)])

    def test_an_index_of_the_base_may_not_go_with_the_constraint_that_it_became(self):
        self.assertEqual(self.prove(made_before=True), [("PRB005", False)])


@tag("slow")
class MatchedTests(unittest.TestCase):
    def matched(self, *statements: str) -> bool | None:
        """Return whether the statements of a migration met rows of the base."""
        files = app("shop", f"[migrations.RunSQL({list(statements)!r}, '')]")
        answer = probe(files)
        self.assertEqual(answer.problem, "")
        return answer.proofs[-1].matched

    def test_rows_that_were_there(self):
        self.assertIs(self.matched("UPDATE shop_item SET note = note"), True)

    def test_rows_that_the_migration_put_in_tell_nothing_of_others(self):
        put_in = "INSERT INTO \"shop_item\" (title, size) VALUES ('new', 1)"
        self.assertIs(
            self.matched(put_in, "UPDATE shop_item SET note = NULL WHERE title = 'new'"), False
        )

    def test_rows_put_in_elsewhere_do_not_matter(self):
        put_in = "CREATE TABLE seen (id bigint); INSERT INTO seen SELECT id FROM shop_item"
        self.assertIs(self.matched(put_in, "UPDATE shop_item SET note = note"), True)

    def test_an_insert_that_may_overwrite_is_not_proved(self):
        put_in = (
            "INSERT INTO shop_item (id, title, size) VALUES (-5, 'new', 1)"
            " ON CONFLICT (id) DO UPDATE SET note = NULL"
        )
        self.assertIs(self.matched(put_in), False)
