import tempfile
import unittest
from pathlib import Path

from django.test import tag

from quality_harness.migrations.probe import stops
from tests.harness.migrations.probe.runs import app, codes, probe

CODE = """
import json

from {0}.checks import require


def stop(apps, schema_editor):
    if apps.get_model("{0}", "Item").objects.filter(size=0).exists():
        raise RuntimeError("look at these")


def ask(apps, schema_editor):
    require(not apps.get_model("{0}", "Item").objects.exists())


def stumble(apps, schema_editor):
    for item in apps.get_model("{0}", "Item").objects.all():
        json.loads(item.title)


def pick(apps, schema_editor):
    items = apps.get_model("{0}", "Item").objects
    if items.exists():
        items.get()


def index(apps, schema_editor):
    for item in apps.get_model("{0}", "Item").objects.all():
        print({{}}[item.pk])
"""
CHECKS = """
def require(holds):
    assert holds, "not so"
"""
BLOCK = "DO $$ BEGIN IF EXISTS (SELECT FROM blocked_item) THEN RAISE EXCEPTION 'no'; END IF; END $$"
REFUSES = (
    "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS "
    "'BEGIN RAISE EXCEPTION ''no''; END'; CREATE TRIGGER t BEFORE UPDATE ON triggered_item "
    "FOR EACH ROW EXECUTE FUNCTION refuse()"
)
NOOP = "migrations.RunPython.noop"
APPS = {
    "stopped": f"[migrations.RunPython(stop, {NOOP})]",
    "asked": f"[migrations.RunPython(ask, {NOOP})]",
    "halfway": f"[migrations.RunPython(stop, {NOOP})]",
    "stumbled": f"[migrations.RunPython(stumble, {NOOP})]",
    "picked": f"[migrations.RunPython(pick, {NOOP})]",
    "indexed": f"[migrations.RunPython(index, {NOOP})]",
    "blocked": f"[migrations.RunSQL({BLOCK!r}, migrations.RunSQL.noop)]",
    "triggered": "[migrations.RunSQL('UPDATE triggered_item SET note = 1', '')]",
}


@tag("slow")
class StopTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        files: dict[str, str] = {}
        for name, operations in APPS.items():
            more = f"migrations.RunSQL({REFUSES!r}), " if name == "triggered" else ""
            atomic = name != "halfway"
            before = CODE.format(name)
            files |= app(name, operations, models=more, before=before, atomic=atomic)
            files[f"{name}/checks.py"] = CHECKS
        answer = probe(files, together=False)
        cls.problem = answer.problem
        cls.proofs = {proof.path.partition("/")[0]: proof for proof in answer.proofs}

    def failure(self, name: str):
        """Return why a migration did not run on the rows."""
        self.assertEqual(self.problem, "")
        return next(each for each in self.proofs[name].evidence if each.code == "PRB003")

    def test_what_the_migration_raises_itself_informs(self):
        for name in ("stopped", "asked", "blocked"):
            with self.subTest(name):
                self.assertTrue(self.failure(name).informs)
                self.assertIn("it stops on purpose", self.failure(name).says)
                self.assertFalse(self.proofs[name].complete)

    def test_without_a_transaction_something_may_be_left(self):
        self.assertFalse(self.failure("halfway").informs)

    def test_what_others_raise_is_a_fault(self):
        for name in ("stumbled", "picked", "indexed", "triggered"):
            with self.subTest(name):
                self.assertFalse(self.failure(name).informs)
                self.assertIn("it fails on rows", self.failure(name).says)

    def test_a_stop_is_all_that_is_told(self):
        self.assertEqual(codes(self.proofs["stopped"]), ["PRB003"])


class SourceTests(unittest.TestCase):
    def test_a_source_that_cannot_be_read_raises_nothing_on_purpose(self):
        with tempfile.TemporaryDirectory() as folder:
            broken = Path(folder, "broken.py")
            broken.write_text("raise (", encoding="utf-8")

            self.assertFalse(stops._raises(broken, 1))
            self.assertFalse(stops._raises(Path(folder, "absent.py"), 1))
