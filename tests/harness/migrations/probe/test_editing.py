import unittest

from django.test import tag

from quality_harness.migrations.probe.evidence import Proof
from tests.harness.migrations.probe.runs import app, codes, migration, probe

FIRST, SECOND = "shop/migrations/0001_initial.py", "shop/migrations/0002_change.py"
FIELD = "[migrations.AddField('item', 'x', models.CharField(max_length={}, null=True))]"


def second(operations: str, **more) -> str:
    """Return the text of the second migration."""
    return app("shop", operations, **more)[SECOND]


@tag("slow")
class EditingTests(unittest.TestCase):
    def compare(self, was: str, now: str) -> Proof:
        """Return what the probe says of the second migration, which is edited."""
        files = app("shop", now)
        (proof,) = probe(files, base=set(files), edited={SECOND: second(was)}).proofs
        return proof

    def test_another_schema(self):
        proof = self.compare(FIELD.format(9), FIELD.format(8))

        self.assertEqual((codes(proof), proof.complete), (["PRB009"], True))
        self.assertIn("differs from a new one: missing: column", proof.evidence[0].says)

    def test_the_same_schema(self):
        proof = self.compare(FIELD.format(9), FIELD.format("4 + 5"))

        self.assertEqual((proof.evidence, proof.complete), ((), True))

    def test_what_a_schema_does_not_show(self):
        proof = self.compare(
            "[migrations.RunSQL('SELECT 1', '')]", "[migrations.RunSQL('SELECT 2', '')]"
        )

        self.assertEqual((proof.evidence, proof.complete), ((), False))

    def test_an_old_text_that_does_not_run(self):
        proof = self.compare("[migrations.RunSQL('SELECT 1/0', '')]", "[]")

        self.assertEqual((codes(proof), proof.complete), (["PRB008"], False))

    def test_an_edit_that_follows_a_new_migration(self):
        files = app("shop", "[]", dependencies_of="0001_more")
        files["shop/migrations/0001_more.py"] = migration(
            "[]", dependencies="[('shop', '0001_initial')]"
        )
        proofs = probe(files, base={FIRST, SECOND}, edited={SECOND: second("[]")}).proofs

        said = {proof.path: proof.evidence[0].says for proof in proofs if proof.evidence}
        self.assertIn("it runs after new migrations", said[SECOND])
