import unittest

from quality_harness.finding import Finding, Location, Severity
from quality_harness.migrations.operations import Migration, Operation
from quality_harness.migrations.probe.command import joined
from quality_harness.migrations.probe.evidence import Answer, Evidence, Proof
from quality_harness.migrations.probe import proof
from quality_harness.migrations.probe.proof import verdict_on
from quality_harness.migrations.rules import all_rules

PATH = "blog/migrations/0002_x.py"


def static(rule: str, message: str = "drops Blog.title", severity=Severity.ERROR) -> Finding:
    return Finding("MIG000", rule, message, "", Location(PATH, 4), severity)


class NamesTests(unittest.TestCase):
    def test_every_rule_that_can_be_proved_is_there(self):
        names = {module.RULE.name for module in all_rules()}

        self.assertEqual(set(proof._PROVED_BY) - names, set())


class VerdictTests(unittest.TestCase):
    def verdict(self, rule: str, *evidence: Evidence, message="drops Blog.title", **proof) -> str:
        return verdict_on(static(rule, message), Proof(PATH, evidence, **proof))

    def test_a_loss_proves_a_drop(self):
        lost = Evidence("PRB001", "gone", "blog.Blog", "title")

        self.assertEqual(self.verdict("remove-field", lost), "proved")

    def test_what_happened_to_another_model_proves_nothing(self):
        lost = Evidence("PRB001", "gone", "blog.Comment", "title")
        other = Evidence("PRB002", "fails", "blog.Blog", "title")

        self.assertEqual(self.verdict("remove-field", lost, other), "proved")
        self.assertEqual(self.verdict("remove-field", lost, message="drops it"), "proved")

    def test_nothing_seen_refutes(self):
        self.assertEqual(self.verdict("remove-field"), "refuted")

    def test_nothing_seen_on_some_rows_is_no_proof(self):
        self.assertEqual(self.verdict("remove-field", complete=False), "unproved")

    def test_a_lock_does_not_prove_a_loss(self):
        locked = Evidence("PRB006", "read through", "blog.Blog")

        self.assertEqual(self.verdict("remove-field", locked), "refuted")
        self.assertEqual(self.verdict("index-not-concurrent", locked), "proved")

    def test_a_rewrite_is_proved_by_a_rewrite_alone(self):
        locked = Evidence("PRB006", "read through", "blog.Blog")

        self.assertEqual(self.verdict("table-rewrite", locked), "refuted")

    def test_a_reversal_is_proved_by_what_the_reversal_did(self):
        stuck = Evidence("PRB004", "no way back")

        self.assertEqual(self.verdict("irreversible", stuck), "proved")

    def test_what_is_no_fault_proves_nothing(self):
        stops = Evidence("PRB003", "it stops on purpose", informs=True)

        self.assertEqual(self.verdict("remove-field", stops, complete=False), "unproved")

    def test_history_is_not_for_a_database_to_prove(self):
        lost = Evidence("PRB001", "gone", "blog.Blog")

        self.assertEqual(self.verdict("conflicting-leaf-nodes", lost), "unproved")

    def test_a_function_is_refuted_only_where_it_met_rows(self):
        self.assertEqual(self.verdict("run-python-destroys"), "unproved")
        self.assertEqual(self.verdict("run-python-destroys", matched=False), "unproved")
        self.assertEqual(self.verdict("run-python-destroys", matched=True), "refuted")

    def test_sql_about_something_else_than_a_table_with_rows_is_not_refuted(self):
        known = {"tables": ("blog_blog",)}

        self.assertEqual(self.verdict("sql-drop", message="drops view totals", **known), "unproved")
        self.assertEqual(
            self.verdict("sql-rename", message="renames blog_blog", **known), "refuted"
        )
        check = "RunSQL adds a CHECK to totals"
        self.assertEqual(self.verdict("new-check", message=check, **known), "unproved")
        check = "RunSQL adds a CHECK to blog_blog"
        self.assertEqual(self.verdict("new-check", message=check, **known), "refuted")

    def test_numbers_that_begin_again_are_not_refuted_by_rows(self):
        again = "Migrating 0002_numbers back counts again the numbers of column blog_blog.id."

        self.assertEqual(self.verdict("lossy-reversal", message=again), "unproved")
        self.assertEqual(self.verdict("lossy-reversal", message="drops it again"), "refuted")

    def test_what_depends_on_where_rows_go_is_not_refuted_without_them(self):
        said = "RunSQL adds a partition of blog_blog beside a default one"
        known = {"tables": ("blog_blog",), "message": said}

        self.assertEqual(self.verdict("new-check", **known), "unproved")
        self.assertEqual(self.verdict("new-check", matched=True, **known), "refuted")


class JoinedTests(unittest.TestCase):
    def joined(self, *evidence: Evidence, findings=()) -> tuple[Finding, ...]:
        operations = (Operation("AddField", 7, 9), Operation("RunSQL", 9, 5))
        source = Migration(PATH, operations=operations)
        return joined(findings, [Proof(PATH, evidence)], [source])

    def test_a_refuted_finding_fails_no_more(self):
        (finding,) = self.joined(findings=[static("remove-field")])

        self.assertEqual((finding.proof, finding.severity), ("refuted", Severity.INFO))
        self.assertFalse(finding.counts)

    def test_evidence_stands_at_its_operation(self):
        (finding,) = self.joined(Evidence("PRB004", "no way back", kind="RunSQL"))

        self.assertEqual(finding.location, Location(PATH, 9, 5))
        self.assertEqual(finding.severity, Severity.WARNING)

    def test_evidence_of_no_operation_stands_at_the_first(self):
        (finding,) = self.joined(Evidence("PRB005", "left over"))

        self.assertEqual(finding.location, Location(PATH, 7, 9))

    def test_a_migration_that_was_not_read_has_no_lines(self):
        (finding,) = joined([], [Proof(PATH, (Evidence("PRB008", "not installed"),))], [])

        self.assertEqual(finding.location, Location(PATH))

    def test_the_message_names_model_field_and_statement(self):
        evidence = Evidence("PRB002", "the old code fails", "blog.Blog", "title", "SELECT\n  1")

        (finding,) = self.joined(evidence)

        self.assertEqual(finding.message, "blog.Blog.title: the old code fails; by: SELECT 1")

    def test_a_long_statement_is_cut(self):
        (finding,) = self.joined(Evidence("PRB002", "fails", statement="x" * 300))

        self.assertTrue(finding.message.endswith("xxx..."))
        self.assertLess(len(finding.message), 230)

    def test_rare_rows_weigh_less(self):
        (finding,) = self.joined(Evidence("PRB003", "overflow", minor=True))

        self.assertEqual(finding.severity, Severity.WARNING)

    def test_what_is_no_fault_informs(self):
        (finding,) = self.joined(Evidence("PRB003", "it stops on purpose", informs=True))

        self.assertEqual(finding.severity, Severity.INFO)

    def test_what_fails_for_one_reason_is_told_once(self):
        def fails(verb: str, says: str, *, field: str = "title", reason: str = "42703") -> Evidence:
            said = f"the old code fails to {verb}: {says}"
            return Evidence("PRB002", said, "a.Blog", field, verb=verb, reason=reason)

        found = self.joined(
            fails("read", "column a_blog.title does not exist"),
            fails("create", 'column "title" does not exist'),
            fails("update", "column a_blog.title does not exist"),
            fails("change", 'column "title" does not exist'),
            fails("change", "a value is too long", reason="22001"),
            fails("delete", "a DELETE of 4 rows removed 3", field="", reason=""),
            fails("update", "an UPDATE of 4 rows changed 3", field="", reason=""),
        )

        self.assertEqual(
            [each.message for each in found],
            [
                "a.Blog.title: the old code fails to read, create and update: "
                "column a_blog.title does not exist",
                "a.Blog.title: the old code fails to change: a value is too long",
                "a.Blog: the old code fails to delete: a DELETE of 4 rows removed 3",
                "a.Blog: the old code fails to update: an UPDATE of 4 rows changed 3",
            ],
        )


class AnswerTests(unittest.TestCase):
    def test_it_comes_back_from_json(self):
        answer = Answer((Proof(PATH, (Evidence("PRB001", "gone"),), matched=True),), "", 1.5)

        self.assertEqual(Answer.from_json(answer.to_json()), answer)
