from typing import Any

from quality_harness.gate import Changes, Project
from quality_harness.gates._added_lines import (
    Added,
    lines_of_commits,
    lines_of_messages,
    lines_of_working_tree,
)
from tests.harness.gates.branches import BranchCase


class AddedLinesTests(BranchCase):
    def branch(self, **values: Any) -> Project:
        return self.project(changes=Changes(self.base, "main"), **values)

    def test_the_lines_of_every_commit_are_read(self):
        first = self.commit({"a.txt": "one\ntwo\n"})
        second = self.commit({"a.txt": "one\nTWO\nthree\n"})

        self.assertEqual(
            list(lines_of_commits(self.branch())),
            [
                Added("a.txt", 2, "TWO", second),
                Added("a.txt", 3, "three", second),
                Added("a.txt", 1, "one", first),
                Added("a.txt", 2, "two", first),
            ],
        )

    def test_lines_that_look_like_a_patch_are_lines(self):
        text = "++ b/fake.txt\n@@ -1 +1 @@\ncommit 0123\n-- a\n\\ No newline\n"
        self.commit({"a.patch": text})
        self.commit({"a.patch": "new\n"})

        found = [line.text for line in lines_of_commits(self.branch())]

        self.assertEqual(found, ["new", *text.splitlines()])

    def test_a_file_without_a_last_line_end_is_read_to_its_end(self):
        (self.root / "a.txt").write_bytes(b"one\ntwo")
        self.commit()
        (self.root / "a.txt").write_bytes(b"one\nthree")
        self.commit({"b.txt": "last\n"})

        found = [line.text for line in lines_of_commits(self.branch())]

        self.assertEqual(found, ["three", "last", "one", "two"])

    def test_odd_line_ends_and_bytes_are_part_of_a_line(self):
        (self.root / "a.txt").write_bytes(b"one\r\nt\rw\x0co\n\xff\n\0end\n")
        self.commit()

        found = [(line.line, line.text) for line in lines_of_commits(self.branch())]

        self.assertEqual(found, [(1, "one"), (2, "t\rw\x0co"), (3, "\ufffd"), (4, "\0end")])

    def test_odd_names_are_read(self):
        names = ["a b.txt", 'quo"te.txt', "new\nline.txt", "back\\slash", "tür", "tab\t.txt"]
        self.commit(dict.fromkeys(names, "x\n"))

        self.assertEqual({line.path for line in lines_of_commits(self.branch())}, set(names))

    def test_of_a_merge_only_what_is_in_no_parent_is_read(self):
        self.git("switch", "-q", "-c", "other", "main")
        self.commit({"a.txt": "same\ntheirs\nend\n"})
        self.git("switch", "-q", "work")
        self.commit({"a.txt": "same\nours\nend\n", "b.txt": "ours\n"})
        self.git("merge", "-q", "--no-commit", "--strategy=ours", "other")
        merge = self.commit({"a.txt": "same\nours\nmerged\nend\n"})

        found = [line for line in lines_of_commits(self.branch()) if line.commit == merge]

        self.assertEqual(found, [Added("a.txt", 3, "merged", merge)])

    def test_a_file_that_is_called_binary_is_read(self):
        self.commit({".gitattributes": "*.env -diff\n", "a.env": "one\n"})

        self.assertIn("one", [line.text for line in lines_of_commits(self.branch())])

    def test_settings_of_the_user_change_nothing(self):
        self.git("config", "diff.noprefix", "true")
        self.git("config", "color.ui", "always")
        self.git("config", "diff.mnemonicPrefix", "true")
        self.commit({"a.txt": "one\n"})

        self.assertEqual([line.path for line in lines_of_commits(self.branch())], ["a.txt"])

    def test_the_working_tree_is_read_with_its_untracked_files(self):
        self.commit({"a.txt": "one\n"})
        self.write({"a.txt": "one\ntwo\n", "new.txt": "new", ".gitignore": "*.log\n", "x.log": "x"})

        found = {(line.path, line.text) for line in lines_of_working_tree(self.branch())}

        self.assertLessEqual({("a.txt", "two"), ("new.txt", "new")}, found)
        self.assertNotIn(("x.log", "x"), found)
        self.assertNotIn(("a.txt", "one"), found)

    def test_before_the_first_commit_all_that_stands_in_the_tree_is_read(self):
        self.git("switch", "-q", "--orphan", "orphan")
        (self.root / "loop").symlink_to(".")
        self.write({"a.txt": "one\n", "b.txt": "two\n"})
        self.git("add", "a.txt")

        found = {(line.path, line.text) for line in lines_of_working_tree(self.branch())}

        self.assertLessEqual({("a.txt", "one"), ("b.txt", "two")}, found)
        self.assertEqual(list(lines_of_commits(self.branch())), [])
        self.assertEqual(list(lines_of_messages(self.branch())), [])

    def test_the_lines_of_messages_are_read(self):
        first = self.commit({"a.txt": "one\n"})
        self.git("commit", "-q", "--allow-empty", "-m", "feat: two\n\nmore")
        second = self.git("rev-parse", "HEAD")

        found = [(line.path, line.text, line.commit) for line in lines_of_messages(self.branch())]

        texts = [("feat: two", second), ("", second), ("more", second)]
        message = self.git("log", "-1", "--format=%s", first)
        self.assertEqual(found, [("", text, commit) for text, commit in [*texts, (message, first)]])

    def test_a_project_in_a_folder_of_the_repository_is_read_with_its_own_paths(self):
        self.commit({"shop/a.txt": "one\n", "other/b.txt": "two\n"})
        self.write({"shop/c.txt": "three\n"})
        project = Project(self.root / "shop", (), Changes(self.base, "main"))

        committed = [line.path for line in lines_of_commits(project)]
        written = [line.path for line in lines_of_working_tree(project)]

        self.assertEqual((committed, {*written}), (["a.txt"], {"c.txt"}))
