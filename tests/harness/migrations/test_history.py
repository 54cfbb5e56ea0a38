"""The graph of a tree's migrations, and what the base has of them."""

import os

from quality_harness.changes import find_changes
from quality_harness.gate import ChangeKind, Changes, Checked, CouldNotRun
from quality_harness.migrations.checking import check
from quality_harness.migrations.command import check_tree
from quality_harness.migrations.history.content import content
from quality_harness.migrations.history.edited_helpers import edited_helpers
from quality_harness.migrations.history.history import Base
from quality_harness.migrations.operations import Migration
from quality_harness.migrations.rules import all_rules, is_of_history
from tests.harness.projects import ProjectCase
from tests.harness.test_cli import CommandCase

from .trees import HEADER, TreeCase

FIRST, SECOND = "blog/migrations/0001_initial.py", "blog/migrations/0002_post.py"
DROP = '[migrations.DeleteModel("Blog")]'


class HelpedTest(TreeCase):
    def test_a_helper_that_is_no_python_is_compared_with_nothing(self) -> None:
        path = "blog/migrations/_fields.py"
        now = {path: b"def (", FIRST: b"from . import _fields"}
        base = Base({path: ChangeKind.MODIFIED}, {}, {path: b"x = 1"}.get, now.__getitem__)

        self.assertEqual({}, edited_helpers((Migration(FIRST),), base))


class GraphProblemTest(TreeCase):
    """What Django cannot load has no verdict; the findings say where."""

    def test_missing_parent(self) -> None:
        self.migration("[]", path=SECOND, dependencies='[("blog", "0001_initial")]')
        checked = check_tree(self.root)
        self.assertEqual(
            "blog.0002_post depends on blog.0001_initial, which does not exist: correct "
            "`dependencies` in blog/migrations/0002_post.py, or bring blog.0001_initial along.",
            checked.problem,
        )
        self.assertEqual(["MIG053"], [each.code for each in checked.findings])

    def test_missing_parent_is_no_second_finding_for_the_leaf_before_it(self) -> None:
        self.migration("[]", path=FIRST)
        self.migration("[]", path=SECOND, dependencies='[("blog", "0001_x")]')
        self.assertEqual(["MIG053"], [each.code for each in check_tree(self.root).findings])

    def test_missing_migration_of_another_app_is_a_finding_alone(self) -> None:
        self.migration("[]", path=FIRST)
        self.migration("[]", path="news/migrations/0001_x.py", dependencies='[("blog", "0009")]')
        checked = check_tree(self.root)
        self.assertEqual("", checked.problem)
        self.assertEqual(["MIG053"], [each.code for each in checked.findings])

    def test_circle(self) -> None:
        self.migration("[]", path=FIRST, dependencies='[("blog", "0002_post")]')
        self.migration("[]", path=SECOND, dependencies='[("blog", "0001_initial")]')
        problem = check_tree(self.root).problem
        self.assertRegex(
            problem,
            r"^Migrations wait for one another, so none can run: blog\.\w+, blog\.\w+\. Remove a",
        )

    def test_circle_that_is_not_checked(self) -> None:
        self.migration("[]", path=FIRST, dependencies='[("blog", "0002_post")]')
        self.migration("[]", path=SECOND, dependencies='[("blog", "0001_initial")]')
        self.migration("[]", path="news/migrations/0001_x.py")
        new = {"news/migrations/0001_x.py": ChangeKind.ADDED}
        self.assertEqual("", check(self.reading(), new).problem)

    def test_named_files_are_not_all_that_is_there(self) -> None:
        self.migration("[]", path=FIRST)
        self.migration("[]", path=SECOND, dependencies='[("blog", "0001_initial")]')
        self.migration("[]", path="blog/migrations/0003_x.py", dependencies='[("blog", "x")]')
        files = [self.root / SECOND, self.root / "blog/migrations/0003_x.py"]
        checked = check_tree(self.root, files)
        self.assertEqual(((), ""), (checked.findings, checked.problem))

    def test_named_file_in_a_named_folder(self) -> None:
        self.migration("[]", path=SECOND, dependencies='[("blog", "0001_initial")]')
        checked = check_tree(self.root, [self.root / "blog", self.root / SECOND])
        self.assertNotEqual("", checked.problem)


class BadTreeTest(TreeCase):
    def test_folder_link_that_leads_round(self) -> None:
        self.migration("[]", path=FIRST)
        os.symlink(self.root, self.root / "blog" / "again")
        self.assertEqual(1, check_tree(self.root).checked)

    def test_file_link_that_leads_round(self) -> None:
        self.migration("[]", path=FIRST)
        os.symlink("0003_b.py", self.root / "blog/migrations/0002_a.py")
        os.symlink("0002_a.py", self.root / "blog/migrations/0003_b.py")
        with self.assertRaisesRegex(CouldNotRun, r"0002_a\.py: cannot be opened: Too many levels"):
            check_tree(self.root)

    def test_named_folder_link_that_leads_round(self) -> None:
        os.symlink("b", self.root / "a")
        os.symlink("a", self.root / "b")
        with self.assertRaisesRegex(CouldNotRun, "cannot be read: Too many levels"):
            check_tree(self.root, [self.root / "a"])

    def test_encoding_error(self) -> None:
        self.write(FIRST, b"# caf\xe9\nclass Migration(migrations.Migration):\n    pass\n")
        with self.assertRaisesRegex(CouldNotRun, r"0001_initial\.py"):
            check_tree(self.root)

    def test_empty_tree(self) -> None:
        with self.assertRaisesRegex(CouldNotRun, "No migration files found under"):
            check_tree(self.root)


class ContentTest(TreeCase):
    def test_what_cannot_be_parsed_says_nothing(self) -> None:
        self.assertIsNone(content(b"class Migration(:\n"))
        self.assertIsNone(content(b"x = 1\0"))

    def test_relative_and_starred_imports_are_kept(self) -> None:
        text = b"from . import tools\nfrom x import *\nimport a.b\nimport c\ntools.f(a.b)\n"
        self.assertEqual(
            ["* = x:*", "a = a.b", "tools = .None:tools"], content(text).body.split("\n")[:3]
        )

    def test_other_class_keeps_its_dependencies(self) -> None:
        one, other = (f"class A:\n    dependencies = [{n}]\n".encode() for n in (1, 2))
        self.assertNotEqual(content(one), content(other))

    def test_dependencies_that_are_no_list_are_compared_as_they_stand(self) -> None:
        one, other = (f"class Migration:\n    dependencies = f({n})\n".encode() for n in (1, 2))
        self.assertNotEqual(content(one).body, content(other).body)

    def test_key_that_is_no_wording(self) -> None:
        one, other = (f"x = {{a: 1, 'b': {n}, **c}}\n".encode() for n in (1, 2))
        self.assertNotEqual(content(one), content(other))


class AgainstTheBaseTest(ProjectCase):
    """With git between."""

    TEXT = (
        "from django.db import migrations\n\n\nclass Migration(migrations.Migration):\n"
        "    dependencies = [{before}]\n    operations = {operations}\n"
    )

    def setUp(self) -> None:
        super().setUp()
        first = self.TEXT.format(before="", operations=DROP)
        second = self.TEXT.format(before='("blog", "0001_initial")', operations="[]")
        self.first, self.second = first, second
        self.base = self.commit({FIRST: first, SECOND: second, "blog/models.py": ""})

    def check(self) -> Checked:
        return check_tree(self.root, changes=find_changes(self.root, self.base, ""))

    def found(self) -> list[tuple[str, str]]:
        return [(each.code, each.location.path) for each in self.check().findings]

    def test_reformatted_migration_is_not_new(self) -> None:
        self.write({FIRST: f"# Reformatted.\n{self.first}".replace('"', "'")})
        self.assertEqual([], self.found())
        self.assertEqual(1, self.check().checked)

    def test_edited_migration_is_judged_anew(self) -> None:
        self.write({FIRST: self.first.replace("Blog", "Post")})
        codes = {code for code, _ in self.found()}
        self.assertLessEqual({"MIG051", "MIG001"}, codes)

    def test_renamed_migration(self) -> None:
        self.git("mv", FIRST, "blog/migrations/0001_first.py")
        self.assertIn(("MIG052", "blog/migrations/0001_first.py"), self.found())

    def test_emptied_migration_counts_as_deleted(self) -> None:
        self.write({SECOND: "x = 1\n"})
        self.assertEqual([("MIG012", SECOND)], self.found())

    def test_edited_file_that_only_speaks_of_a_migration(self) -> None:
        text = f'TEXT = """\n{self.first}"""\n'
        self.base = self.commit({"tests/migrations/test_x.py": text, "broken.py": f"({text}"})
        self.write({"tests/migrations/test_x.py": f"{text}x = 1\n", "broken.py": "x = 1\n"})
        self.assertEqual([], self.found())

    def test_migration_moved_out_of_python(self) -> None:
        self.git("mv", SECOND, "blog/migrations/0002_post.txt")
        self.assertEqual([("MIG012", SECOND)], self.found())

    def test_deleted_migration_without_a_number(self) -> None:
        self.git("mv", SECOND, "blog/migrations/post.py")
        middle = self.commit()
        self.git("rm", "--quiet", "blog/migrations/post.py")
        self.base = middle
        self.assertEqual([("MIG012", "blog/migrations/post.py")], self.found())

    def test_deleted_helper_with_a_number(self) -> None:
        self.base = self.commit({"blog/migrations/0001_tools.py": "x = 1\n"})
        self.git("rm", "--quiet", "blog/migrations/0001_tools.py")
        self.assertEqual([], self.found())

    def test_changed_file_that_is_no_migration(self) -> None:
        self.write({"blog/models.py": "x = 1\n"})
        self.git("mv", "blog/models.py", "blog/tables.py")
        self.assertEqual([], self.found())

    def test_project_below_the_top_of_the_repository(self) -> None:
        self.write({FIRST: self.first.replace("Blog", "Post")})
        inside = self.root / "blog"
        checked = check_tree(inside, changes=find_changes(inside, self.base, ""))
        self.assertIn("MIG051", [each.code for each in checked.findings])

    def test_base_that_does_not_exist(self) -> None:
        with self.assertRaisesRegex(CouldNotRun, "The base 'nowhere' does not exist"):
            find_changes(self.root, "nowhere", "")

    def test_base_without_history(self) -> None:
        self.assertEqual(2, check_tree(self.root, changes=Changes(None, "none")).checked)


class CommandTest(CommandCase):
    """The whole command, on what cannot be checked and on what is gone."""

    def test_deleted_migration(self) -> None:
        text = AgainstTheBaseTest.TEXT
        second = text.format(before='("blog", "0001_initial")', operations="[]")
        self.commit({FIRST: text.format(before="", operations="[]"), SECOND: second})
        (self.root / SECOND).unlink()
        code, out, err = self.run_command("migrations", "--base", "HEAD")
        self.assertEqual((1, ""), (code, err))
        self.assertIn(f"{SECOND} MIG012", out)

    def test_missing_parent(self) -> None:
        text = AgainstTheBaseTest.TEXT
        self.write({SECOND: text.format(before='("blog", "0001_initial")', operations="[]")})
        code, out, _ = self.run_command("migrations")
        self.assertEqual(2, code)
        self.assertIn("migrations could not run: blog.0002_post depends on blog.0001_initial", out)
        self.assertIn("MIG053", out)

    def test_base_that_does_not_exist(self) -> None:
        self.commit({FIRST: AgainstTheBaseTest.TEXT.format(before="", operations="[]")})
        code, out, err = self.run_command("migrations", "--base", "nowhere")
        self.assertEqual((2, ""), (code, out))
        self.assertRegex(err, r"^quality-harness: The base 'nowhere' does not exist .*\n$")

    def test_file_that_cannot_be_parsed(self) -> None:
        self.write({FIRST: "class Migration(:\n"})
        code, out, _ = self.run_command("migrations")
        self.assertEqual(2, code)
        self.assertIn(
            f"could not run: Files that may hold a migration cannot be read: {FIRST}:1", out
        )


class RulesTest(TreeCase):
    def test_rules_of_history(self) -> None:
        codes = [each.RULE.code for each in all_rules() if is_of_history(each)]
        self.assertEqual([f"MIG{number:03}" for number in range(50, 57)], codes)

    def test_reading_says_what_it_does_not_know(self) -> None:
        for value, untold in (
            ("[]", False),
            ('[("a", "b"), migrations.swappable_dependency("x")]', False),
            ('[("a", NAME)]', True),
            ("f()", True),
            ('[("a", "b")] if X else []', True),
        ):
            with self.subTest(value=value):
                self.migration("[]", dependencies=value)
                self.assertEqual(untold, self.read().untold)
                self.paths.clear()

    def test_place_is_the_class(self) -> None:
        self.write(FIRST, f"{HEADER}\nclass Migration(migrations.Migration):\n    pass\n")
        self.assertEqual(3, self.read().line)
