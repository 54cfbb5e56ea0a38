from quality_harness.gate import Checked, CouldNotRun
from quality_harness.gates.large_files import GATE, Options
from tests.harness.gates.branches import BranchCase
from tests.harness.projects import places

LARGE = "x" * 3000


class LargeFilesGateTests(BranchCase):
    def judge(self, **options: object) -> Checked:
        return self.check_branch(GATE, options=Options(**{"limit_kib": 2} | options))

    def test_a_large_file_is_found_and_a_small_one_is_left_alone(self):
        self.commit({"large.txt": LARGE, "small.txt": "x" * 2048})

        checked = self.judge()

        self.assertEqual(places(checked), [("LRG001", "large.txt", 0)])
        self.assertEqual(checked.findings[0].message, "large.txt is 3 KiB, the limit is 2 KiB")
        self.assertEqual(checked.checked, 2)

    def test_a_large_file_that_is_not_committed_yet_is_found(self):
        self.write({"new.txt": LARGE})

        self.assertEqual(places(self.judge()), [("LRG001", "new.txt", 0)])

    def test_a_file_that_was_added_and_deleted_again_is_found(self):
        commit = self.commit({"dump.sql": LARGE})
        (self.root / "dump.sql").unlink()
        self.commit()

        checked = self.judge()

        self.assertEqual(places(checked), [("LRG002", "dump.sql", 0)])
        self.assertIn(f"commit {commit[:7]} holds dump.sql with 3 KiB", checked.findings[0].message)

    def test_a_large_version_that_was_made_smaller_is_found(self):
        self.commit({"dump.sql": LARGE})
        self.commit({"dump.sql": "x"})

        self.assertEqual(places(self.judge()), [("LRG002", "dump.sql", 0)])

    def test_what_only_a_merge_commit_holds_is_found(self):
        self.git("checkout", "-q", "-b", "other", "main")
        self.commit({"other.txt": "x"})
        self.git("checkout", "-q", "work")
        self.git("merge", "-q", "--no-ff", "--no-commit", "other")
        self.commit({"merged.txt": LARGE})
        (self.root / "merged.txt").unlink()
        self.commit()

        self.assertEqual(places(self.judge()), [("LRG002", "merged.txt", 0)])

    def test_a_large_file_of_the_base_that_is_only_moved_is_left_alone(self):
        self.git("checkout", "-q", "main")
        self.commit({"old.txt": LARGE})
        self.git("checkout", "-q", "-B", "work")
        self.git("mv", "old.txt", "new.txt")
        self.commit()

        checked = self.judge()

        self.assertEqual(checked.findings, ())
        self.assertEqual(checked.checked, 1)

    def test_a_pattern_allows_a_large_file(self):
        self.commit({"docs/film.txt": LARGE})

        self.assertEqual(self.judge(allowed=("docs/*",)).findings, ())

    def test_odd_names_are_found(self):
        names = ["a b.txt", 'quo"te.txt', "new\nline.txt", ":colon.txt", "tür.txt"]
        self.commit(dict.fromkeys(names, LARGE))
        for name in names:
            (self.root / name).unlink()
        self.commit()

        self.assertEqual({finding.location.path for finding in self.judge().findings}, set(names))

    def test_a_submodule_is_left_alone(self):
        module = "a" * 40
        self.git("update-index", "--add", "--cacheinfo", f"160000,{module},module")
        self.git("commit", "--quiet", "--message=feat: module")
        (self.root / "module").mkdir()

        self.assertEqual(self.judge().findings, ())

    def test_an_excluded_file_is_left_alone(self):
        self.commit({"vendor/dump.sql": LARGE})
        (self.root / "vendor/dump.sql").unlink()
        self.commit()

        checked = self.check_branch(GATE, options=Options(limit_kib=2), excluded=("vendor",))

        self.assertEqual(checked.findings, ())

    def test_a_change_without_files_passes_and_says_so(self):
        self.commit()

        checked = self.judge()

        self.assertTrue(checked.nothing_new)
        self.assertRegex(checked.note, "no file is new or changed against merge base with main")

    def test_without_a_base_everything_is_looked_at(self):
        self.commit({"dump.sql": LARGE})
        (self.root / "dump.sql").unlink()
        self.commit()

        checked = self.check(GATE, options=Options(limit_kib=2))

        self.assertEqual(places(checked), [("LRG002", "dump.sql", 0)])

    def test_before_the_first_commit_the_working_tree_is_looked_at(self):
        self.git("checkout", "-q", "--orphan", "orphan")
        self.git("rm", "-rq", "--cached", ".")
        self.write({"large.txt": LARGE})

        checked = self.check(GATE, options=Options(limit_kib=2))

        self.assertEqual(places(checked), [("LRG001", "large.txt", 0)])

    def test_a_limit_that_is_none_could_not_run(self):
        with self.assertRaisesRegex(CouldNotRun, "limit_kib is a size in KiB, not 0"):
            self.judge(limit_kib=0)

    def test_a_clone_without_the_files_could_not_run(self):
        self.commit({"dump.sql": LARGE})
        blob = self.git("rev-parse", "HEAD:dump.sql")
        (self.root / "dump.sql").unlink()
        self.commit()
        (self.root / f".git/objects/{blob[:2]}/{blob[2:]}").unlink()

        with self.assertRaisesRegex(CouldNotRun, f"lacks the object {blob[:7]}"):
            self.judge()

    def test_a_shallow_clone_without_all_commits_could_not_run(self):
        self.commit({"dump.sql": LARGE})
        (self.root / "dump.sql").unlink()
        self.commit()

        with self.assertRaisesRegex(CouldNotRun, "fetch-depth: 0"):
            self.check_branch(GATE, root=self.runner_clone())
