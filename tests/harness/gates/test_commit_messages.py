from quality_harness.gate import CouldNotRun
from quality_harness.gates.commit_messages import GATE, Options
from tests.harness.gates.branches import BranchCase


class CommitMessagesGateTests(BranchCase):
    def say(self, *messages: str, author: str = "A") -> None:
        """Commit nothing, with each of these messages."""
        for message in messages:
            identity = f"--author={author} <a@example.org>"
            self.git("commit", "-q", "--allow-empty", "--cleanup=verbatim", "-m", message, identity)

    def codes(self) -> list[str]:
        return [finding.code for finding in self.check_branch(GATE).findings]

    def test_a_message_without_a_type_is_found(self):
        self.say("fixed stuff")

        (finding,) = self.check_branch(GATE).findings

        self.assertEqual(finding.code, "CMT001")
        self.assertRegex(finding.message, r"^commit \w{7} 'fixed stuff' has no type; known types: ")

    def test_a_message_of_an_unknown_type_is_found(self):
        self.say("oops: a fix")

        (finding,) = self.check_branch(GATE).findings

        self.assertIn("begins with the type 'oops'", finding.message)

    def test_conventional_messages_are_left_alone(self):
        self.say(
            "feat: a cart", "fix(cart)!: count\n\nBREAKING CHANGE: all", "docs(a/b): tür \u2713"
        )

        checked = self.check_branch(GATE)

        self.assertEqual(checked.findings, ())
        self.assertEqual((checked.checked, checked.unit), (3, "commits"))

    def test_messages_that_only_look_conventional_are_found(self):
        self.say("feat:no space", "feat : space", "feat(): empty", "feat: ", "a feat: late")

        self.assertEqual(self.codes(), ["CMT001"] * 5)

    def test_a_message_under_which_a_right_one_hides_is_found(self):
        self.say("wip\n\nfeat: a cart")

        self.assertEqual(self.codes(), ["CMT001"])

    def test_an_empty_message_is_found(self):
        self.git("commit", "-q", "--allow-empty", "--allow-empty-message", "-m", "")
        self.say("fix: count")

        self.assertEqual(self.codes(), ["CMT001"])

    def test_every_commit_is_judged_not_only_the_last(self):
        self.say("wip", "feat: a cart")

        self.assertEqual(self.codes(), ["CMT001"])

    def test_a_commit_that_is_to_be_melted_is_found(self):
        self.say("fixup! feat: a cart", "squash! feat: a cart")

        self.assertEqual(self.codes(), ["CMT002", "CMT002"])

    def test_a_revert_is_left_alone(self):
        self.commit({"cart.py": "x = 1\n"})
        self.git("commit", "-q", "--amend", "-m", "feat: a cart")
        self.git("revert", "--no-edit", "HEAD")

        self.assertEqual(self.codes(), [])

    def test_a_merge_is_left_alone(self):
        self.git("checkout", "-q", "main")
        self.say("on main, as it is")
        self.git("checkout", "-q", "work")
        self.say("feat: a cart")
        self.git("merge", "-q", "--no-ff", "-m", "Merge branch 'main' into work", "main")

        checked = self.check_branch(GATE)

        self.assertEqual((checked.findings, checked.checked), ((), 1))

    def test_a_bot_is_left_alone_and_a_person_is_not(self):
        self.say("Bump django", author="dependabot[bot]")
        self.say("Bump celery", author="Renovate")
        self.say("Bump redis", author="bot")

        options = Options(bots=("Renovate",))
        checked = self.check_branch(GATE, options=options)

        self.assertEqual(len(checked.findings), 1)
        self.assertIn("Bump redis", checked.findings[0].message)

    def test_a_change_without_commits_passes_and_says_so(self):
        self.say("Bump django", author="dependabot[bot]")

        checked = self.check_branch(GATE)

        self.assertTrue(checked.nothing_new)
        self.assertRegex(checked.note, "no commit of a person's is new .*; of merges and bots: 1")

    def test_a_base_without_newer_commits_passes(self):
        self.say("feat: a cart")

        checked = self.check_branch(GATE, base="HEAD")

        self.assertTrue(checked.nothing_new)

    def test_before_the_first_commit_there_is_nothing_to_judge(self):
        self.git("checkout", "-q", "--orphan", "orphan")

        self.assertTrue(self.check(GATE).nothing_new)

    def test_a_detached_head_is_judged(self):
        self.say("wip")
        self.git("checkout", "-q", "--detach")

        self.assertEqual(self.codes(), ["CMT001"])

    def test_no_types_could_not_run(self):
        with self.assertRaisesRegex(CouldNotRun, "types is empty"):
            self.check_branch(GATE, options=Options(types=()))

    def test_a_shallow_clone_without_all_commits_could_not_run(self):
        self.say("wip", "feat: a cart")

        with self.assertRaisesRegex(CouldNotRun, "fetch-depth: 0"):
            self.check_branch(GATE, root=self.runner_clone())
