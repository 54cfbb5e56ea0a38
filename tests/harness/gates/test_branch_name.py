import os

from quality_harness.gate import Checked, CouldNotRun
from quality_harness.gates.branch_name import GATE, Options
from tests.harness.gates.branches import BranchCase


class InACloneTests(BranchCase):
    def test_a_name_of_another_form_is_found(self):
        self.git("switch", "-q", "-c", "patch-1")

        (finding,) = self.check(GATE).findings

        self.assertEqual(finding.code, "BRN001")
        self.assertRegex(finding.message, r"the branch 'patch-1' \(checked out\) does not match")

    def test_a_name_of_the_form_is_left_alone(self):
        self.git("switch", "-q", "-c", "fix/cart-total.2")

        checked = self.check(GATE)

        self.assertEqual((checked.findings, checked.checked), ((), 1))
        self.assertEqual(checked.note, "fix/cart-total.2 (checked out)")

    def test_the_whole_name_has_to_match(self):
        self.git("switch", "-q", "-c", "fix/Cart")

        self.assertEqual(len(self.check(GATE).findings), 1)

    def test_the_default_branch_is_left_alone(self):
        self.git("switch", "-q", "main")

        self.assertEqual(self.check(GATE).note, "main is exempt")

    def test_the_default_branch_of_the_remote_is_left_alone(self):
        self.git("update-ref", "refs/remotes/origin/trunk", "HEAD")
        self.git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/trunk")
        self.git("switch", "-q", "-c", "trunk")

        self.assertEqual(self.check(GATE).note, "trunk is exempt")

    def test_a_bots_branch_is_left_alone(self):
        self.git("switch", "-q", "-c", "dependabot/pip/Django-5.2")

        self.assertEqual(self.check(GATE).findings, ())

    def test_the_pattern_and_the_exempt_names_are_the_projects(self):
        self.git("switch", "-q", "-c", "JIRA-12-cart")

        self.assertEqual(self.check(GATE, options=Options(pattern=r"JIRA-\d+-.+")).findings, ())
        self.assertEqual(self.check(GATE, options=Options(exempt=("JIRA-*",))).findings, ())

    def test_a_detached_head_could_not_run(self):
        self.git("checkout", "-q", "--detach")

        with self.assertRaisesRegex(CouldNotRun, "HEAD is detached"):
            self.check(GATE)

    def test_a_branch_without_a_commit_is_judged(self):
        self.git("switch", "-q", "--orphan", "patch-1")

        self.assertEqual(len(self.check(GATE).findings), 1)

    def test_a_pattern_that_is_none_could_not_run(self):
        with self.assertRaisesRegex(CouldNotRun, "pattern is no regular expression"):
            self.check(GATE, options=Options(pattern="("))


class InCITests(BranchCase):
    """A runner has checked a commit out."""

    def setUp(self) -> None:
        super().setUp()
        self.git("checkout", "-q", "--detach")

    def on_github(self, **variables: str) -> Checked:
        os.environ.update({"GITHUB_ACTIONS": "true"} | variables)
        return self.check(GATE)

    def on_gitlab(self, **variables: str) -> Checked:
        os.environ.update({"GITLAB_CI": "true"} | variables)
        return self.check(GATE)

    def test_the_head_of_a_pull_request_is_judged(self):
        ref = "refs/pull/7/merge"

        wrong = self.on_github(GITHUB_HEAD_REF="patch-1", GITHUB_REF=ref)
        right = self.on_github(GITHUB_HEAD_REF="fix/cart", GITHUB_REF=ref)

        self.assertIn("'patch-1' (GITHUB_HEAD_REF)", wrong.findings[0].message)
        self.assertEqual((right.findings, right.checked), ((), 1))

    def test_a_pushed_branch_is_judged(self):
        checked = self.on_github(GITHUB_HEAD_REF="", GITHUB_REF="refs/heads/patch-1")

        self.assertEqual(len(checked.findings), 1)

    def test_a_merge_queue_passes_and_says_so(self):
        ref = "refs/heads/gh-readonly-queue/main/pr-7-0123"

        checked = self.on_github(GITHUB_REF=ref)

        self.assertEqual((checked.nothing_new, checked.findings), (True, ()))
        self.assertEqual(checked.note, "a merge queue's commit has no branch")

    def test_a_tag_passes_and_says_so(self):
        self.assertEqual(self.on_github(GITHUB_REF="refs/tags/1.0").note, "a tag has no branch")

    def test_an_environment_that_names_no_branch_could_not_run(self):
        with self.assertRaisesRegex(CouldNotRun, "names no branch"):
            self.on_github(GITHUB_REF="refs/pull/7/merge")

    def test_the_source_of_a_merge_request_is_judged(self):
        checked = self.on_gitlab(CI_MERGE_REQUEST_SOURCE_BRANCH_NAME="patch-1")

        self.assertEqual(len(checked.findings), 1)

    def test_a_branch_on_gitlab_is_judged_and_its_default_one_is_left_alone(self):
        default = {"CI_DEFAULT_BRANCH": "trunk"}

        self.assertEqual(len(self.on_gitlab(CI_COMMIT_BRANCH="patch-1", **default).findings), 1)
        self.assertEqual(self.on_gitlab(CI_COMMIT_BRANCH="trunk", **default).findings, ())

    def test_a_tag_on_gitlab_passes_and_nothing_at_all_could_not_run(self):
        with self.assertRaisesRegex(CouldNotRun, "names no branch"):
            self.on_gitlab()

        self.assertEqual(self.on_gitlab(CI_COMMIT_TAG="1.0").note, "a tag has no branch")
