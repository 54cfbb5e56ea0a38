import unittest

from django.test import tag

from tests.harness.migrations.probe.runs import app, codes, probe

BACKFILL = """
def fill(apps, schema_editor):
    apps.get_model("{0}", "Item").objects.filter(note=None).update(note="-")


def later(apps, schema_editor):
    item = apps.get_model("{0}", "Item")
    schema_editor.connection.on_commit(lambda: item.objects.all().delete())


def clear(apps, schema_editor):
    apps.get_model("{0}", "Item").objects.filter(title="stale").delete()


def unkey(apps, schema_editor):
    for doc in apps.get_model("{0}", "Doc").objects.all():
        doc.data.pop("colour", None)
        doc.parts = [part for part in doc.parts if part != "colour"]
        doc.save()


def thin(apps, schema_editor):
    apps.get_model("{0}", "Item").objects.filter(sub__isnull=False).delete()


def join(apps, schema_editor):
    apps.get_model("{0}", "Sub").objects.filter(text="", item__title="").delete()


def empty(apps, schema_editor):
    apps.get_model("{0}", "Item").objects.update(note="")


def clasp(apps, schema_editor):
    first = apps.get_model("{0}", "Mark").objects.first()
    apps.get_model("{0}", "Item").objects.update(mark=first)


def follow(apps, schema_editor):
    item = apps.get_model("{0}", "Item")
    first = item.objects.order_by("id").first()
    item.objects.exclude(id=first and first.id).update(next=first)


def repeat(apps, schema_editor):
    apps.get_model("{0}", "Sub").objects.update(again=models.F("item"))
"""
IGNORES = """
CREATE FUNCTION ignore() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
CREATE TRIGGER silent BEFORE INSERT ON ignored_item FOR EACH ROW EXECUTE FUNCTION ignore();
"""
DISCARDS = """
CREATE FUNCTION discard() RETURNS trigger LANGUAGE plpgsql AS
    'BEGIN DELETE FROM discarded_item WHERE id = NEW.id; RETURN NULL; END';
CREATE TRIGGER discard AFTER INSERT ON discarded_item FOR EACH ROW EXECUTE FUNCTION discard();
"""
CROWDS = """
CREATE TABLE crowded_most AS SELECT count(*) AS n FROM crowded_mark;
CREATE FUNCTION crowd() RETURNS trigger LANGUAGE plpgsql AS
    'BEGIN IF (SELECT count(*) FROM crowded_mark) > (SELECT n FROM crowded_most) THEN
        RAISE ''too many marks''; END IF; RETURN NEW; END';
CREATE TRIGGER crowd BEFORE UPDATE ON crowded_item FOR EACH ROW EXECUTE FUNCTION crowd();
"""
HOLDS = """
CREATE TABLE held_most AS SELECT max(id) AS id FROM held_item;
CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS
    'BEGIN IF OLD.id > (SELECT id FROM held_most) THEN RETURN NULL; END IF; RETURN OLD; END';
CREATE TRIGGER hold BEFORE DELETE ON held_item FOR EACH ROW EXECUTE FUNCTION hold();
"""
UNDOES = """
CREATE FUNCTION undo() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END';
CREATE TRIGGER undo BEFORE UPDATE ON undone_item FOR EACH ROW EXECUTE FUNCTION undo();
"""
EACH = (
    "DO $$ DECLARE t text; BEGIN FOR t IN SELECT tablename FROM pg_tables WHERE tablename = '{0}' "
    "LOOP EXECUTE 'DELETE FROM ' || t; END LOOP; END $$"
)
NOOP = "migrations.RunPython.noop"
AND_SELF = "migrations.RunSQL('SELECT 1', migrations.RunSQL.noop)"
MARKED = (
    "migrations.AddField('item', 'mark', "
    "models.ForeignKey('Mark', models.CASCADE, null=True, db_index=False))"
)
AGAIN = (
    "migrations.AddField('sub', 'again', "
    "models.ForeignKey('Item', models.CASCADE, null=True, related_name='+', db_index=False))"
)
APPS = {
    # Faults.
    "removed": "[migrations.RemoveField('item', 'note')]",
    "dropped": "[migrations.DeleteModel('Item')]",
    "required": "[migrations.AddField('item', 'x', models.CharField(max_length=5, default=''))]",
    "renamed": "[migrations.RenameField('item', 'title', 'name')]",
    "shorter": "[migrations.AlterField('item', 'title', models.CharField(max_length=5))]",
    "rounded": "[migrations.RunSQL('ALTER TABLE rounded_item ALTER size TYPE text', "
    "'ALTER TABLE rounded_item ALTER size TYPE integer USING size::integer')]",
    "unique": "[migrations.AlterField('item', 'title', models.TextField(unique=True))]",
    "cleared": f"[migrations.RunPython(clear, {NOOP})]",
    "thinned": f"[migrations.RunPython(thin, {NOOP})]",
    "retained": "[migrations.RunSQL('CREATE RULE silent AS ON DELETE TO retained_sub DO INSTEAD "
    "NOTHING', 'DROP RULE silent ON retained_sub')]",
    "emptied": f"[migrations.RunPython(empty, {NOOP})]",
    "oneway": "[migrations.RunSQL('SELECT 1')]",
    "broken": "[migrations.RunSQL('SELECT 1', 'SELECT 1/0')]",
    "lossy": "[migrations.RunSQL('SELECT 1', 'DELETE FROM lossy_item')]",
    "leftover": "[migrations.RunSQL('CREATE TABLE leftover_log (id integer)', 'SELECT 1')]",
    "stale": "[migrations.RunSQL('CREATE FUNCTION stale_one() RETURNS int RETURN 1', '')]",
    "loose": "[migrations.RunSQL('CREATE FUNCTION loose_one() RETURNS int RETURN 1', '')]",
    "renewed": "[migrations.RunSQL('CREATE OR REPLACE FUNCTION renewed_one() RETURNS int "
    "RETURN 1', '')]",
    "indexed": "[migrations.AddIndex('item', models.Index(fields=['size'], name='indexed_size'))]",
    "rewritten": "[migrations.AlterField('item', 'size', models.BigIntegerField(default=0))]",
    "refused": "[migrations.RunSQL('CREATE RULE silent AS ON DELETE TO refused_item DO INSTEAD "
    "NOTHING', 'DROP RULE silent ON refused_item')]",
    "swapped": "[migrations.RunSQL(['ALTER TABLE swapped_item RENAME note TO x'], "
    "['ALTER TABLE swapped_item RENAME x TO note'])]",
    "copied": "[migrations.RunSQL('UPDATE copied_item SET size = size + 1', "
    "'UPDATE copied_item SET size = size - 1')]",
    "rekeyed": "[migrations.RunSQL('ALTER TABLE rekeyed_item DROP id', 'SELECT 1')]",
    "vanished": "[migrations.RunSQL('SELECT 1', 'DROP TABLE vanished_item')]",
    "ignored": "[migrations.RunSQL([(IGNORES, None)], 'DROP FUNCTION ignore CASCADE')]",
    "discarded": f"[migrations.RunSQL([({DISCARDS!r}, None)], 'DROP FUNCTION discard CASCADE')]",
    "unkept": "[migrations.RunSQL([(IGNORES.replace('ignored_item', 'unkept_mark')"
    ".replace('ignore()', 'drop_it()'), None)], 'DROP FUNCTION drop_it CASCADE')]",
    "frozen": "[migrations.RunSQL('CREATE RULE silent AS ON UPDATE TO frozen_item DO INSTEAD "
    "NOTHING', 'DROP RULE silent ON frozen_item')]",
    "crowded": f"[migrations.RunSQL([({CROWDS!r}, None)], "
    "'DROP FUNCTION crowd CASCADE; DROP TABLE crowded_most')]",
    "held": f"[migrations.RunSQL([({HOLDS!r}, None)], "
    "'DROP FUNCTION hold CASCADE; DROP TABLE held_most')]",
    "undone": f"[migrations.RunSQL([({UNDOES!r}, None)], 'DROP FUNCTION undo CASCADE')]",
    "clasped": f"[{MARKED}, migrations.RunPython(clasp, {NOOP})]",
    "unread": f"[{MARKED}, migrations.RunPython(clasp, {NOOP}), "
    "migrations.RunSQL('ALTER TABLE unread_mark RENAME n TO m', "
    "'ALTER TABLE unread_mark RENAME m TO n'), migrations.AddField('item', 'next', "
    "models.ForeignKey('Item', models.CASCADE, null=True, db_index=False)), "
    f"migrations.RunPython(follow, {NOOP})]",
    "moved": "[migrations.RunSQL('ALTER TABLE moved_item SET TABLESPACE pg_default', '')]",
    "dynamic": f"[migrations.RunSQL({EACH.format('nowhere')!r}, '')]",
    "unmanaged": "[migrations.RunSQL('DELETE FROM unmanaged_log', '')]",
    "loud": "[migrations.RunSQL('DELETE FROM LOUD_ITEM WHERE id < 0', '')]",
    "widened": "[migrations.RunSQL('ALTER TABLE widened_item ALTER title TYPE text', '')]",
    "keyed": f"[migrations.RunPython(unkey, {NOOP})]",
    "beside": f"[migrations.RunPython(join, {NOOP})]",
    "later": f"[migrations.RunPython(later, {NOOP})]",
    "twice": "[migrations.AlterField('item', 'size', models.BigIntegerField(default=0)), "
    "migrations.RunSQL([('SELECT 1', None)] + ['ALTER TABLE twice_item ALTER note TYPE text, "
    "ALTER size TYPE numeric', 'ALTER TABLE twice_item ALTER size TYPE bigint'], 'SELECT 1')]",
    # Look-alikes.
    "idle": f"[migrations.RunPython({NOOP}, {NOOP})]",
    "repeated": f"[{AGAIN}, migrations.RunPython(repeat, {NOOP})]",
    "protected": f"[{AGAIN}, migrations.RunPython(repeat, {NOOP})]",
    "fresh": "[migrations.RunSQL(['CREATE TABLE fresh_new (n integer)', "
    "'DELETE FROM fresh_new'], 'DROP TABLE fresh_new')]",
    "hollow": "[migrations.RunSQL('SELECT 1', 'SELECT 1')]",
    "derived": "[migrations.AddField('child', 'm', models.IntegerField(null=True))]",
    "extra": "[migrations.AddField('item', 'm', models.IntegerField(null=True))]",
    "constant": "[migrations.AddField('mark', 'n', models.IntegerField(null=True))]",
    "emptytable": "[migrations.RunSQL('SELECT 1', 'SELECT 1')]",
    "added": "[migrations.AddField('item', 'colour', models.CharField(max_length=5, null=True))]",
    "longer": "[migrations.AlterField('item', 'title', models.CharField(max_length=90))]",
    "filled": f"[migrations.RunPython(fill, {NOOP})]",
    "stateless": "[migrations.SeparateDatabaseAndState("
    "state_operations=[migrations.RemoveField('item', 'note')])]",
    "committed": "[migrations.RunSQL('COMMIT; BEGIN', 'COMMIT; BEGIN')]",
    "conc": "[AddIndexConcurrently('item', models.Index(fields=['size'], name='conc_size'))]",
    "quoted": "[migrations.RunSQL(\"SELECT 'drop table quoted_item'\", migrations.RunSQL.noop)]",
}
MARK = (
    "migrations.CreateModel('Mark', [('id', models.UUIDField(primary_key=True)), "
    "('n', models.TextField())])"
)
SUB = (
    "migrations.CreateModel('Sub', [('id', models.BigAutoField(primary_key=True)), "
    "('item', models.ForeignKey('Item', models.{}))]), "
)
MODELS = {
    "clasped": f"{MARK}, ",
    "unread": f"{MARK}, ",
    "repeated": SUB.format("CASCADE"),
    "thinned": SUB.format("CASCADE"),
    "retained": SUB.format("CASCADE"),
    "protected": SUB.format("PROTECT"),
    "idle": SUB.format("DO_NOTHING"),
    "unmanaged": "migrations.RunSQL('CREATE TABLE unmanaged_log (n integer)', ''), ",
    "keyed": "migrations.CreateModel('Doc', [('id', models.BigAutoField(primary_key=True)), "
    "('data', models.JSONField(default=dict)), ('parts', models.JSONField(default=list))]), ",
    "beside": "migrations.CreateModel('Sub', [('id', models.BigAutoField(primary_key=True)), "
    "('text', models.TextField()), ('item', models.ForeignKey('Item', models.CASCADE))]), ",
    "unkept": f"{MARK}, ",
    "crowded": f"{MARK}, ",
    # Its rows are not kept before the migration either.
    "hollow": f"{MARK}, migrations.RunSQL(IGNORES"
    ".replace('ignored_item', 'hollow_mark').replace('ignore()', 'no()')), ",
    "derived": "migrations.CreateModel('Child', [('n', models.TextField())], "
    "bases=('derived.Item',)),",
    # A column that no model knows.
    "extra": "migrations.RunSQL('ALTER TABLE extra_item ADD more integer'),",
    # Nothing but its key.
    "constant": "migrations.CreateModel('Mark', ITEM[:1]),",
    # No old code writes to it.
    "emptytable": "migrations.RunSQL('ALTER TABLE emptytable_item ADD CHECK (false)', ''),",
}


@tag("slow")
class FaultTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        files: dict[str, str] = {}
        for name, operations in APPS.items():
            atomic = name not in ("conc", "loose")
            before = f"{BACKFILL.format(name)}\nIGNORES = {IGNORES!r}\n"
            models = MODELS.get(name, "")
            files |= app(name, operations, before=before, models=models, atomic=atomic)
            first = f"{name}/migrations/0001_initial.py"
            constant = f"\n\nIGNORES = {IGNORES!r}\n"
            files[first] = files[first].replace("\n\n\nclass", f"{constant}\n\nclass")
        answer = probe(files, together=False)
        cls.problem = answer.problem
        cls.proofs = {proof.path.partition("/")[0]: proof for proof in answer.proofs}

    def setUp(self) -> None:
        self.assertEqual(self.problem, "")

    def says(self, name: str, code: str) -> str:
        """Return what the evidence of one code says, with the model and field."""
        found = [each for each in self.proofs[name].evidence if each.code == code]
        return "; ".join(f"{each.model}.{each.field}: {each.says}" for each in found)

    def test_a_removed_field_loses_its_values(self):
        self.assertRegex(self.says("removed", "PRB001"), r"removed.Item.note: .* dropped with \d+")

    def test_a_removed_field_stops_the_old_code(self):
        said = self.says("removed", "PRB002")

        for verb in ("read", "create", "update"):
            self.assertIn(f"fails to {verb}: column", said)

    def test_a_dropped_table_loses_its_rows(self):
        self.assertIn("its table is dropped", self.says("dropped", "PRB001"))

    def test_a_required_column_stops_the_old_inserts(self):
        self.assertEqual(codes(self.proofs["required"]), ["PRB002"])
        self.assertIn("fails to create: null value in column", self.says("required", "PRB002"))

    def test_a_rename_loses_nothing_and_stops_the_old_code(self):
        self.assertEqual(codes(self.proofs["renamed"]), ["PRB002"])

    def test_a_column_renamed_by_sql_loses_nothing(self):
        self.assertEqual(codes(self.proofs["swapped"]), ["PRB002"])

    def test_a_narrowed_column_fails_on_rows(self):
        evidence = self.proofs["shorter"].evidence[0]

        self.assertEqual(
            (evidence.code, evidence.minor, evidence.kind), ("PRB003", False, "AlterField")
        )
        self.assertIn("value too long for type character varying(5)", evidence.says)
        self.assertIn("ALTER TABLE", evidence.statement)

    def test_another_type_is_read_as_something_else(self):
        self.assertIn("is read as '", self.says("rounded", "PRB002"))

    def test_a_unique_constraint_fails_on_rows_that_are_alike(self):
        self.assertIn("duplicated", self.says("unique", "PRB003") + " duplicated")
        self.assertFalse(self.proofs["unique"].complete)

    def test_a_delete_in_a_function_meets_the_rows_that_it_names(self):
        self.assertRegex(self.says("cleared", "PRB001"), r"1 of \d+ rows are gone")

    def test_rows_that_are_gone_are_told_as_lost_and_as_nothing_else(self):
        for name in ("cleared", "thinned", "later"):
            with self.subTest(name):
                self.assertEqual(codes(self.proofs[name]), ["PRB001"])
        self.assertIn("thinned.Sub.: 3 of 3 rows are gone", self.says("thinned", "PRB001"))

    def test_rows_that_others_keep_are_not_told_beside_those(self):
        self.assertRegex(
            self.says("retained", "PRB002"),
            r"^retained.Sub.: the old code fails to delete: a DELETE of \d+ rows removed 0$",
        )

    def test_an_update_changes_values(self):
        self.assertIn("values are changed", self.says("emptied", "PRB001"))

    def test_an_overflow_on_extreme_rows_weighs_less(self):
        first = self.proofs["copied"].evidence[0]

        self.assertEqual((first.code, first.minor), ("PRB003", True))
        self.assertIn("PRB001", codes(self.proofs["copied"]))

    def test_without_a_reversal_it_is_irreversible(self):
        self.assertEqual(codes(self.proofs["oneway"]), ["PRB004"])

    def test_a_reversal_that_fails_is_told(self):
        self.assertIn("its reversal fails: division by zero", self.says("broken", "PRB004"))

    def test_a_reversal_that_loses_rows_is_told(self):
        self.assertRegex(
            self.says("lossy", "PRB005"), r"after the reversal \d+ of \d+ rows are gone"
        )

    def test_a_reversal_that_leaves_something_over_is_told(self):
        self.assertIn("left over: column leftover_log.id", self.says("leftover", "PRB005"))

    def test_a_function_that_the_next_try_stops_at_is_told(self):
        self.assertIn("left over: function stale_one()", self.says("stale", "PRB005"))
        self.assertIn(
            'the next try fails: function "stale_one" already exists', self.says("stale", "PRB005")
        )
        self.assertFalse(self.proofs["stale"].evidence[0].informs)

    def test_what_would_commit_is_not_tried_again(self):
        self.assertNotIn("the next try", self.says("loose", "PRB005"))

    def test_a_function_that_is_replaced_the_next_time_informs(self):
        (evidence,) = self.proofs["renewed"].evidence

        self.assertEqual((evidence.code, evidence.informs), ("PRB005", True))

    def test_an_index_reads_the_table_under_a_lock(self):
        self.assertEqual(codes(self.proofs["indexed"]), ["PRB006"])
        self.assertIn("read through under ShareLock", self.says("indexed", "PRB006"))

    def test_a_wider_number_rewrites_the_table(self):
        self.assertEqual(codes(self.proofs["rewritten"]), ["PRB006", "PRB007"])

    def test_an_insert_that_does_nothing_is_noticed(self):
        said = self.says("ignored", "PRB002")

        self.assertIn("fails to create: rows that were inserted are not there", said)

    def test_a_row_that_goes_right_after_its_insert_is_noticed(self):
        said = self.says("discarded", "PRB002")

        self.assertIn("fails to create: rows that were inserted are not there", said)

    def test_what_fails_only_together_is_noticed(self):
        self.assertEqual(codes(self.proofs["crowded"]), ["PRB002"])
        self.assertIn("one after another: too many marks", self.says("crowded", "PRB002"))

    def test_a_new_row_that_cannot_be_deleted_is_noticed(self):
        self.assertEqual(codes(self.proofs["held"]), ["PRB002"])
        self.assertRegex(self.says("held", "PRB002"), r"to delete: a DELETE of \d+ rows removed")

    def test_a_row_that_a_new_column_holds_cannot_be_deleted(self):
        self.assertIn(
            "clasped.Mark.: the old code fails to delete: update or delete on table",
            self.says("clasped", "PRB002"),
        )

    def test_what_cannot_be_read_is_not_deleted(self):
        said = self.says("unread", "PRB002")

        self.assertNotIn("unread.Mark.: the old code fails to delete", said)
        self.assertIn("unread.Item.: the old code fails to delete", said)

    def test_a_row_that_goes_with_its_holder_or_never_went_stays_green(self):
        for name in ("repeated", "protected", "idle"):
            with self.subTest(name):
                self.assertNotIn("PRB002", codes(self.proofs[name]))

    def test_an_insert_of_a_key_of_its_own_that_does_nothing_is_noticed(self):
        said = self.says("unkept", "PRB002")

        self.assertIn("unkept.Mark.: the old code fails to create: rows that were", said)

    def test_odd_tables_stay_green(self):
        for name in ("hollow", "derived", "extra", "constant"):
            with self.subTest(name):
                self.assertEqual(codes(self.proofs[name]), [])

    def test_an_update_that_does_nothing_is_noticed(self):
        self.assertRegex(self.says("frozen", "PRB002"), r"an UPDATE of \d+ rows changed 0")

    def test_a_key_that_is_dropped_is_lost(self):
        self.assertIn("rekeyed.Item.id: its column is dropped", self.says("rekeyed", "PRB001"))

    def test_a_table_that_the_reversal_drops_is_missing(self):
        self.assertIn("its table is not there again", self.says("vanished", "PRB005"))

    def test_what_waits_for_the_commit_is_done(self):
        self.assertIn("rows are gone", self.says("later", "PRB001"))

    def test_a_rewrite_is_told_once_for_each_operation(self):
        found = [e.operation for e in self.proofs["twice"].evidence if e.code == "PRB007"]

        self.assertEqual(found, [0, 1])

    def test_a_table_of_which_no_row_can_be_made_is_unproved(self):
        said = self.says("emptytable", "PRB008")

        self.assertIn("no row could be made: new row for relation", said)
        self.assertFalse(self.proofs["emptytable"].complete)

    def test_a_delete_that_does_nothing_is_noticed(self):
        self.assertIn("fails to delete: a DELETE of", self.says("refused", "PRB002"))

    def test_a_change_that_is_undone_is_noticed(self):
        self.assertIn(
            "fails to change: an UPDATE of 1 rows changed 0", self.says("undone", "PRB002")
        )

    def test_where_production_keeps_a_table_is_not_known(self):
        self.assertEqual(codes(self.proofs["moved"]), ["PRB008"])
        self.assertFalse(self.proofs["moved"].complete)

    def test_what_a_block_meets_is_not_known(self):
        self.assertIs(self.proofs["dynamic"].matched, False)

    def test_a_table_of_no_model_that_was_there_is_not_new(self):
        self.assertIs(self.proofs["unmanaged"].matched, False)

    def test_a_name_is_found_in_any_case(self):
        self.assertIs(self.proofs["loud"].matched, False)

    def test_a_reversal_that_leaves_more_room_informs(self):
        (evidence,) = self.proofs["widened"].evidence

        self.assertEqual((evidence.code, evidence.informs), ("PRB005", True))

    def test_documents_and_lists_hold_what_the_migration_names(self):
        said = self.says("keyed", "PRB001")

        self.assertIn("keyed.Doc.data: 1 of", said)
        self.assertIn("keyed.Doc.parts: 1 of", said)

    def test_an_empty_row_refers_to_an_empty_one(self):
        self.assertIn("beside.Sub.: 2 of", self.says("beside", "PRB001"))

    def test_look_alikes_stay_green(self):
        for name in ("added", "longer", "filled", "stateless", "committed", "conc", "quoted"):
            with self.subTest(name):
                self.assertEqual(codes(self.proofs[name]), [])
                self.assertTrue(self.proofs[name].complete)

    def test_an_update_that_met_rows_is_told_from_none(self):
        self.assertIs(self.proofs["filled"].matched, True)
        self.assertIs(self.proofs["fresh"].matched, True)
        self.assertIsNone(self.proofs["added"].matched)
