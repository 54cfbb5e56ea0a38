import os
import subprocess
from unittest import mock

from quality_harness.changes import (
    find_changes,
    forced_files,
    ignored_files,
    mentions,
    repository_files,
)
from quality_harness.gate import ChangeKind, CouldNotRun
from tests.harness.projects import ProjectCase


class RepositoryFilesTests(ProjectCase):
    def test_tracked_and_new_files_are_listed_and_ignored_ones_are_not(self):
        self.commit({".gitignore": "*.log\n", "b.py": "", "old.py": ""})
        self.write({"a.py": "", "run.log": "", "with space.py": ""})
        (self.root / "old.py").unlink()

        files = repository_files(self.root)

        self.assertEqual(files, (".gitignore", "a.py", "b.py", "with space.py"))

    def test_a_folder_outside_of_git_is_refused(self):
        with self.assertRaisesRegex(CouldNotRun, "git init"):
            repository_files(self.root.parent)

    def test_a_repository_of_someone_else_is_told_how_to_trust(self):
        said = b"fatal: detected dubious ownership in repository at '/x'\nTo add an exception..."
        failed = mock.Mock(returncode=128, stderr=said)
        with (
            mock.patch.object(subprocess, "run", return_value=failed),
            self.assertRaisesRegex(CouldNotRun, "git config --global --add safe.directory"),
        ):
            repository_files(self.root)

    def test_a_machine_without_git_is_told_so(self):
        with (
            mock.patch.dict(os.environ, {"PATH": str(self.root)}),
            self.assertRaisesRegex(CouldNotRun, "git is not installed"),
        ):
            repository_files(self.root)


class IgnoredFilesTests(ProjectCase):
    def test_files_are_listed_and_ignored_folders_are_not_looked_into(self):
        self.commit({".gitignore": "*.log\ncache/\n", "a.py": "", "logs/a.py": ""})
        self.write({"run.log": "", "logs/b.log": "", "cache/c.log": "", "new.py": ""})

        self.assertEqual(ignored_files(self.root), ("logs/b.log", "run.log"))


class ForcedFilesTests(ProjectCase):
    def test_committed_files_that_are_ignored_are_listed(self):
        self.write({".gitignore": "*.log\n", "a.log": "", "b.log": "", "c.txt": ""})
        self.git("add", "--force", "a.log", "c.txt")

        self.assertEqual(forced_files(self.root), ("a.log",))


class FindChangesTests(ProjectCase):
    def kinds(self, base=None, default_branch=""):
        return dict(find_changes(self.root, base, default_branch).kinds)

    def test_without_a_commit_everything_is_new(self):
        self.write({"a.py": ""})

        changes = find_changes(self.root, None, "")

        self.assertIsNone(changes.base)
        self.assertEqual(changes.kinds, {"a.py": ChangeKind.ADDED})

    def test_in_the_first_commit_everything_is_new(self):
        self.commit({"a.py": ""})

        changes = find_changes(self.root, None, "")

        self.assertIsNone(changes.base)
        self.assertEqual(changes.label, "the first commit: everything is new")

    def test_on_the_default_branch_the_base_is_the_commit_before(self):
        first = self.commit({"a.py": ""})
        self.commit({"b.py": ""})

        changes = find_changes(self.root, None, "")

        self.assertEqual(changes.base, first)
        self.assertEqual(changes.kinds, {"b.py": ChangeKind.ADDED})

    def test_on_a_branch_the_base_is_where_it_left_the_default_branch(self):
        left = self.commit({"a.py": ""})
        self.git("switch", "--quiet", "--create=topic")
        self.commit({"b.py": ""})
        self.commit({"c.py": ""})
        self.git("switch", "--quiet", "main")
        self.commit({"d.py": ""})
        self.git("switch", "--quiet", "topic")

        changes = find_changes(self.root, None, "")

        self.assertEqual(changes.base, left)
        self.assertEqual(set(changes.kinds), {"b.py", "c.py"})

    def test_unpushed_commits_on_the_default_branch_are_all_new(self):
        pushed = self.commit({"a.py": ""})
        self.git("update-ref", "refs/remotes/origin/main", pushed)
        self.commit({"b.py": ""})
        self.commit({"c.py": ""})

        self.assertEqual(set(self.kinds()), {"b.py", "c.py"})

    def test_a_default_branch_that_is_not_there_is_refused(self):
        self.commit({"a.py": ""})

        with self.assertRaisesRegex(CouldNotRun, "this clone has no 'mian'"):
            find_changes(self.root, None, "mian")

    def test_a_default_branch_that_cannot_be_told_is_refused(self):
        self.commit({"a.py": ""})
        self.git("branch", "--move", "trunk")
        self.git("branch", "topic")

        with self.assertRaisesRegex(CouldNotRun, "default branch cannot be found.*default_branch"):
            find_changes(self.root, None, "")

    def test_the_only_branch_is_the_default_branch(self):
        first = self.commit({"a.py": ""})
        self.commit({"b.py": ""})
        self.git("branch", "--move", "trunk")

        self.assertEqual(find_changes(self.root, None, "").base, first)

    def test_the_head_of_a_remote_of_any_name_is_the_default_branch(self):
        pushed = self.commit({"a.py": ""})
        self.git("update-ref", "refs/remotes/upstream/trunk", pushed)
        self.git("symbolic-ref", "refs/remotes/upstream/HEAD", "refs/remotes/upstream/trunk")
        self.commit({"b.py": ""})
        self.commit({"c.py": ""})

        self.assertEqual(set(self.kinds()), {"b.py", "c.py"})

    def test_a_clone_too_shallow_for_the_merge_base_is_refused(self):
        self.commit({"a.py": ""})
        self.git("switch", "--quiet", "--create=topic")
        for name in ("b.py", "c.py", "d.py"):
            self.commit({name: ""})
        clone = self.root / "clone"
        origin = f"file://{self.root}"
        self.git("clone", "--quiet", "--depth=2", "--no-single-branch", origin, str(clone))

        with self.assertRaisesRegex(CouldNotRun, "does not reach the base"):
            find_changes(clone, None, "main")

    def test_the_variables_of_a_hook_do_not_lead_elsewhere(self):
        self.commit({"back/a.py": ""})
        self.commit({"back/b.py": ""})
        with mock.patch.dict(os.environ, {"GIT_DIR": str(self.root / ".git")}):
            changes = find_changes(self.root / "back", None, "")

        self.assertEqual(changes.kinds, {"b.py": ChangeKind.ADDED})

    def test_the_configured_default_branch_is_used(self):
        self.commit({"a.py": ""})
        self.git("branch", "develop")
        self.commit({"b.py": ""})
        self.commit({"c.py": ""})

        self.assertEqual(set(self.kinds(default_branch="develop")), {"b.py", "c.py"})

    def test_the_working_tree_is_compared_and_every_kind_is_told(self):
        self.commit({"edited.py": "1\n", "gone.py": "2\n", "moved.py": "a\nb\nc\nd\n"})
        self.commit()
        self.write({"edited.py": "3\n", "new.py": ""})
        self.git("mv", "moved.py", "other.py")
        (self.root / "gone.py").unlink()

        self.assertEqual(
            self.kinds(),
            {
                "edited.py": ChangeKind.MODIFIED,
                "gone.py": ChangeKind.DELETED,
                "other.py": ChangeKind.RENAMED,
                "new.py": ChangeKind.ADDED,
            },
        )

    def test_a_file_that_became_a_link_is_modified(self):
        self.commit({"a.py": "1\n", "b.py": "2\n"})
        self.commit()
        (self.root / "a.py").unlink()
        (self.root / "a.py").symlink_to("b.py")

        self.assertEqual(self.kinds(), {"a.py": ChangeKind.MODIFIED})

    def test_a_named_base_is_used_where_the_branches_part(self):
        left = self.commit({"a.py": ""})
        self.git("switch", "--quiet", "--create=topic")
        self.commit({"b.py": ""})
        self.git("switch", "--quiet", "main")
        self.commit({"c.py": ""})
        self.git("switch", "--quiet", "topic")

        changes = find_changes(self.root, "main", "")

        self.assertEqual(changes.base, left)
        self.assertIn("merge base with main", changes.label)

    def test_a_named_base_is_used_before_the_first_commit_of_an_orphan_branch(self):
        first = self.commit({"a.py": ""})
        self.git("switch", "--quiet", "--orphan=fresh")

        changes = find_changes(self.root, "main", "")

        self.assertEqual(changes.base, first)
        self.assertEqual(changes.kinds, {"a.py": ChangeKind.DELETED})

    def test_a_named_base_that_does_not_exist_is_refused(self):
        self.commit({"a.py": ""})

        with self.assertRaisesRegex(CouldNotRun, "'origin/x' does not exist.*git fetch origin x$"):
            find_changes(self.root, "origin/x", "")

    def test_a_named_base_outside_of_git_is_told_that_it_is_no_repository(self):
        with self.assertRaisesRegex(CouldNotRun, "not a git repository"):
            find_changes(self.root.parent, "main", "")

    def test_a_named_base_without_common_history_is_refused(self):
        self.commit({"a.py": ""})
        self.git("switch", "--quiet", "--orphan=fresh")
        self.commit({"b.py": ""})

        with self.assertRaisesRegex(CouldNotRun, "share no history"):
            find_changes(self.root, "main", "")

    def test_an_orphan_branch_that_shares_no_history_is_all_new(self):
        self.commit({"a.py": ""})
        self.git("switch", "--quiet", "--orphan=fresh")
        self.commit({"b.py": ""})

        self.assertEqual(self.kinds(), {"b.py": ChangeKind.ADDED})

    def test_a_shallow_clone_is_refused(self):
        self.commit({"a.py": ""})
        self.commit({"b.py": ""})
        clone = self.root / "clone"
        self.git("clone", "--quiet", "--depth=1", f"file://{self.root}", str(clone))

        with self.assertRaisesRegex(CouldNotRun, "git fetch --unshallow"):
            find_changes(clone, None, "")


class MentionsTests(ProjectCase):
    def mentions(self, word, without=()):
        return mentions(self.root, "HEAD", word, without)

    def test_code_and_templates_of_the_commit(self):
        self.commit({"a.py": "post.subtitle", "b.html": "{{ post.lead }}", "c.md": "remark"})
        self.write({"d.py": "post.later"})

        self.assertTrue(self.mentions("subtitle"))
        self.assertTrue(self.mentions("lead"))
        self.assertFalse(self.mentions("remark"))
        self.assertFalse(self.mentions("later"))
        self.assertFalse(self.mentions("sub"))

    def test_tests_and_some_folders_do_not_count(self):
        self.commit(
            {
                "blog/migrations/0001.py": "subtitle",
                "tests/unit.py": "subtitle",
                "blog/tests/models.py": "subtitle",
                "blog/test_post.py": "subtitle",
            }
        )

        self.assertFalse(self.mentions("subtitle", ["blog/migrations"]))
        self.assertTrue(self.mentions("subtitle"))

    def test_comments_and_docstrings_do_not_count(self):
        self.commit(
            {
                "a.py": '"""On subtitle."""\n\n\ndef lead():\n    "subtitle"  # subtitle\n'
                '    return "body"\n',
                "b.py": "remark remark",
            }
        )

        self.assertFalse(self.mentions("subtitle"))
        self.assertTrue(self.mentions("body"))
        self.assertTrue(self.mentions("remark"))

    def test_commit_that_does_not_exist(self):
        self.commit({"a.py": ""})
        with self.assertRaisesRegex(CouldNotRun, "git grep failed"):
            mentions(self.root, "0" * 40, "x", ())
