"""Files that look like migrations and lie beside the package, where Django does not load them."""

from quality_harness.finding import Severity
from quality_harness.gate import ChangeKind
from quality_harness.migrations.checking import check

from .sample_trees import Tree
from .trees import TreeCase

PACKAGE = """\
# {first}: {folder}/0001_initial.py
class Migration(migrations.Migration):
    dependencies = []
    operations = [migrations.CreateModel("Post", [("title", models.TextField())])]
"""
REMOVAL = """\
class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]
    operations = [migrations.RemoveField("post", "title")]
"""


class BesideTest(TreeCase):
    def setUp(self) -> None:
        super().setUp()
        more = {"dependencies": [("blog", "0001_initial")]}
        self.migration("[]", path="blog/migrations/0001_initial.py", dependencies=[])
        self.migration("[]", path="blog/migrations/0002_post.py", **more)
        self.migration("[]", path="blog/0003_note.py", dependencies=[("blog", "0002_post")])
        self.migration("[]", path="blog/0004_more.py", dependencies=[("blog", "0003_note")])

    def test_they_are_no_part_of_the_history(self) -> None:
        reading = self.reading()

        self.assertEqual(
            ["blog/0003_note.py", "blog/0004_more.py"], [each.path for each in reading.beside]
        )
        self.assertEqual(2, len(reading.migrations))
        self.assertEqual({"blog/migrations": "blog"}, reading.labels)

    def test_one_is_informed(self) -> None:
        for kinds in (None, {"blog/0004_more.py": ChangeKind.ADDED}):
            with self.subTest(kinds=kinds):
                judgement = check(self.reading(), kinds)
                last = judgement.findings[-1 if kinds else 1]

                self.assertEqual("", judgement.problem)
                self.assertEqual("missing-dependency", last.rule)
                self.assertEqual(Severity.INFO, last.severity)
                self.assertEqual(
                    "blog/0004_more.py lies beside the folder migrations: Django never loads it.",
                    last.message,
                )


class MovedTest(TreeCase):
    def rules(self, text: str) -> set[str]:
        return {each.rule for each in Tree(text).findings(self.root)}

    def test_into_the_package_is_new(self) -> None:
        moved = f"# base: blog/0002_no_title.py\n{REMOVAL}" + (
            f"# file: blog/migrations/0002_no_title.py\n# was: blog/0002_no_title.py\n{REMOVAL}"
        )

        found = self.rules(PACKAGE.format(first="both", folder="blog/migrations") + moved)

        self.assertIn("remove-field", found)

    def test_with_all_others_is_not(self) -> None:
        first = PACKAGE.format(first="file", folder="blog/migrations")
        first = first.replace("class", "# was: blog/0001_initial.py\nclass")
        moved = f"# base: blog/0002_no_title.py\n{REMOVAL}" + (
            f"# file: blog/migrations/0002_no_title.py\n# was: blog/0002_no_title.py\n{REMOVAL}"
        )

        found = self.rules(PACKAGE.format(first="base", folder="blog") + first + moved)

        self.assertNotIn("remove-field", found)
