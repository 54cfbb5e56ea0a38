import tempfile
import unittest
from pathlib import Path

from django.db import migrations, models
from django.db.models import signals
from django.test import tag

from quality_harness.migrations.probe.concerned import may_hold
from quality_harness.migrations.probe.saving import silent
from tests.harness.migrations.probe.runs import app, codes, probe

CLASP = """
def clasp(apps, schema_editor):
    first = apps.get_model("{0}", "Mark").objects.first()
    apps.get_model("{0}", "Holder").objects.update(mark=first)
"""
NOOP = "migrations.RunPython.noop"
RUN = f"migrations.RunPython(clasp, {NOOP})"
FIELDS = "[('id', models.BigAutoField(primary_key=True)), ('n', models.TextField())]"
TABLES = f"migrations.CreateModel('Mark', {FIELDS}), migrations.CreateModel('Holder', {FIELDS}), "
MARK = (
    "migrations.AddField('holder', 'mark', "
    "models.ForeignKey('Mark', models.CASCADE, null=True, db_index=False{}))"
)
STOP = """

def stop(collector, field, rows, using):
    raise KeyError("no way on")


stop.lazy_sub_objs = True
"""
# Its rows are those of the partition.
LOG = """
migrations.RunSQL([
    'CREATE TABLE {0}_log (id bigint PRIMARY KEY, n int) PARTITION BY LIST (id)',
    'CREATE TABLE {0}_log_all PARTITION OF {0}_log DEFAULT',
]),
migrations.SeparateDatabaseAndState(state_operations=[
    migrations.CreateModel(
        'Log',
        [('id', models.BigIntegerField(primary_key=True)), ('n', models.IntegerField(null=True))],
        options={{'db_table': '{0}_log'}},
    ),
]),
"""
LOGGED = """[migrations.RunSQL([
    'ALTER TABLE {0}_holder ADD log_id bigint REFERENCES {0}_log {1}',
    'UPDATE {0}_holder SET log_id = (SELECT min(id) FROM {0}_log)',
], 'ALTER TABLE {0}_holder DROP log_id')]"""
EARLIER = (
    "migrations.RunSQL('ALTER TABLE earlier_holder ADD mark_id bigint DEFAULT 1 "
    "REFERENCES earlier_mark DEFERRABLE INITIALLY DEFERRED', ''), "
)
NOTES = """
from django.db.models import signals


def note(signal, sender, **more):
    with open({!r}, "a") as file:
        file.write(sender.__name__)
    raise KeyError("who is that?")


for each in (signals.pre_save, signals.post_save, signals.pre_delete, signals.post_delete):
    each.connect(note)
"""
APPS = {
    # Faults.
    "plain": (TABLES, f"[{MARK.format('')}, {RUN}]"),
    "defaulted": (TABLES, f"[{MARK.format(', default=1')}]"),
    "parted": (TABLES + LOG.format("parted"), LOGGED.format("parted", "")),
    "deferred": (
        TABLES + LOG.format("deferred"),
        LOGGED.format("deferred", "DEFERRABLE INITIALLY DEFERRED"),
    ),
    # Nobody knows.
    "stopped": (
        f"{TABLES}migrations.CreateModel('Stop', [('id', models.BigAutoField(primary_key=True)), "
        "('mark', models.ForeignKey('Mark', stop))]), ",
        f"[{MARK.format('')}, {RUN}]",
    ),
    # Look-alikes.
    "earlier": (
        TABLES + EARLIER,
        f"[migrations.RunPython({NOOP}, {NOOP})]",
    ),
    "derived": (
        f"{TABLES}migrations.CreateModel('Kid', [('k', models.TextField())], "
        "bases=('derived.Mark',)), ",
        f"[migrations.RunPython({NOOP}, {NOOP})]",
    ),
    "unfilled": (TABLES, f"[{MARK.format('')}]"),
}


@tag("slow")
class HeldTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.noted = Path(folder.name, "noted")
        files: dict[str, str] = {}
        for name, (tables, operations) in APPS.items():
            files |= app(name, operations, models=tables, before=CLASP.format(name))
        first = "stopped/migrations/0001_initial.py"
        files[first] = files[first].replace("\n\n\nclass", f"{STOP}\n\nclass")
        files["plain/models.py"] = NOTES.format(str(cls.noted))
        answer = probe(files, together=False)
        cls.problem = answer.problem
        cls.proofs = {proof.path.partition("/")[0]: proof for proof in answer.proofs}

    def setUp(self) -> None:
        self.assertEqual(self.problem, "")

    def said(self, name: str, code: str = "PRB002") -> list[str]:
        """Return the models, and what is said of them under a code."""
        found = [each for each in self.proofs[name].evidence if each.code == code]
        return [f"{each.model}: {each.says}" for each in found]

    def test_a_row_that_a_new_column_holds_cannot_be_deleted(self):
        for name, model in (
            ("plain", "Mark"),
            ("defaulted", "Mark"),
            ("parted", "Log"),
            ("deferred", "Log"),
        ):
            with self.subTest(name):
                (said,) = self.said(name)

                told = f"{name}.{model}: the old code fails to delete: update or delete on table"
                self.assertIn(told, said)

    def test_no_receiver_of_the_project_is_called(self):
        self.assertFalse(self.noted.exists())

    def test_what_the_projects_own_code_raises_leaves_its_model_unproved(self):
        self.assertEqual(
            self.said("stopped", "PRB008"),
            ["stopped.Mark: no row could be deleted: 'no way on' (KeyError)"],
        )
        self.assertFalse(self.proofs["stopped"].complete)
        self.assertTrue(self.proofs["plain"].complete)

    def test_a_key_that_was_there_before_is_not_the_migrations(self):
        self.assertEqual(codes(self.proofs["earlier"]), [])

    def test_what_holds_nothing_stays_green(self):
        for name in ("unfilled", "derived"):
            with self.subTest(name):
                self.assertEqual(codes(self.proofs[name]), [])


class MayHoldTests(unittest.TestCase):
    def test_a_relation_and_code_may_hold_rows_and_what_keeps_to_its_table_may_not(self):
        relation = migrations.AddField("a", "b", models.ForeignKey("B", models.CASCADE))
        number = migrations.AddField("a", "n", models.IntegerField())

        self.assertTrue(may_hold(relation))
        self.assertTrue(may_hold(migrations.RunSQL("SELECT 1")))
        self.assertFalse(may_hold(number))
        self.assertFalse(may_hold(migrations.CreateModel("B", [])))


class SilentTests(unittest.TestCase):
    def test_receivers_are_called_before_and_afterwards_but_not_meanwhile(self):
        called = []

        def receive(**named: object) -> None:
            called.append(named["sender"])

        signals.pre_delete.connect(receive)
        self.addCleanup(signals.pre_delete.disconnect, receive)

        signals.pre_delete.send(sender=int)
        with silent():
            self.assertFalse(signals.pre_delete.has_listeners(int))
            self.assertFalse(signals.pre_delete.has_listeners(str))
            signals.pre_delete.send(sender=int)
        signals.pre_delete.send(sender=str)

        self.assertEqual(called, [int, str])

    def test_so_are_they_after_an_exception(self):
        before = signals.post_save.receivers

        with self.assertRaises(KeyError), silent():
            raise KeyError

        self.assertIs(signals.post_save.receivers, before)
