import tempfile
import unittest
from pathlib import Path

from benchmarks.sample_reader import BadSample, parse, read_samples
from benchmarks.sample_repository import git, write

INITIAL = "=== base shop/migrations/0001_initial.py\nOLD = 1\n"
HARMLESS = (
    f"# Why: Nothing\n# happens.\n\n{INITIAL}\n=== head shop/migrations/0002_more.py\nNEW = 1\n"
)
DESTRUCTIVE = (
    "# Why: It is gone.\n# Expect: data-loss\n# Runs: no, it fails\n# Static: no, who knows\n\n"
    f"{INITIAL}\n=== base shop/old.py\n\nX = 1\n\n\n=== head shop/sql/drop.sql\n-- x\ndrop;\n"
    "=== deleted shop/old.py\n"
)


class ParseTests(unittest.TestCase):
    def test_a_header_of_several_lines_is_one_sentence(self) -> None:
        self.assertEqual(parse("harmless/sql/x", HARMLESS).why, "Nothing happens.")

    def test_the_flags_are_reasons(self) -> None:
        sample = parse("destructive/sql/x", DESTRUCTIVE)

        self.assertEqual(
            (sample.expect, sample.runs, sample.static), ("data-loss", "it fails", "who knows")
        )

    def test_what_is_not_said_is_empty(self) -> None:
        sample = parse("harmless/sql/x", HARMLESS)

        self.assertEqual((sample.expect, sample.runs, sample.static), ("", "", ""))

    def test_the_sections_are_files(self) -> None:
        sample = parse("destructive/sql/x", DESTRUCTIVE)

        self.assertEqual(
            sample.base, {"shop/migrations/0001_initial.py": "OLD = 1\n", "shop/old.py": "X = 1\n"}
        )
        self.assertEqual(sample.head, {"shop/sql/drop.sql": "-- x\ndrop;\n"})
        self.assertEqual(sample.deleted, ("shop/old.py",))

    def test_what_is_left_after_the_change(self) -> None:
        self.assertEqual(
            list(parse("destructive/sql/x", DESTRUCTIVE).after),
            ["shop/migrations/0001_initial.py", "shop/sql/drop.sql"],
        )

    def test_the_name_gives_kind_and_category(self) -> None:
        sample = parse("destructive/sql/x", DESTRUCTIVE)

        self.assertTrue(sample.destructive)
        self.assertEqual(sample.category, "sql")
        self.assertFalse(parse("harmless/sql/x", HARMLESS).destructive)

    def test_the_migrations_may_live_in_any_folder(self) -> None:
        sample = parse("harmless/source/x", HARMLESS.replace("/migrations/", "/schema/"))

        self.assertEqual(sample.migration_modules, {"shop": "shop.schema"})

    def test_the_user_model_brings_its_apps(self) -> None:
        sample = parse("harmless/source/x", HARMLESS + "settings.AUTH_USER_MODEL\n")

        self.assertEqual(
            sample.installed_apps, ["shop", "django.contrib.contenttypes", "django.contrib.auth"]
        )
        self.assertEqual(parse("harmless/source/x", HARMLESS).installed_apps, ["shop"])


class BadSampleTests(unittest.TestCase):
    def refused(self, name: str, text: str) -> str:
        with self.assertRaises(BadSample) as caught:
            parse(name, text)
        return str(caught.exception)

    def test_without_a_reason(self) -> None:
        message = self.refused("harmless/sql/x", HARMLESS.replace("Why", "Because"))

        self.assertEqual(message, "harmless/sql/x: the header has no `# Why:`.")

    def test_of_an_unknown_area(self) -> None:
        message = self.refused("destructive/sql/x", DESTRUCTIVE.replace("data-loss", "bad-luck"))

        self.assertIn("`# Expect:` is none of data-loss, old-code", message)

    def test_harmless_with_an_area(self) -> None:
        message = self.refused("harmless/sql/x", DESTRUCTIVE)

        self.assertIn("a harmless sample has no `# Expect:`", message)

    def test_without_an_initial_migration(self) -> None:
        message = self.refused("harmless/sql/x", HARMLESS.replace("0001_initial", "0001_first"))

        self.assertIn("the base has no <app>/<folder>/0001_initial.py", message)

    def test_without_a_change(self) -> None:
        message = self.refused("harmless/sql/x", f"# Why: Nothing.\n\n{INITIAL}")

        self.assertIn("nothing is changed", message)

    def test_a_file_deleted_that_never_was(self) -> None:
        message = self.refused("harmless/sql/x", HARMLESS + "=== deleted shop/none.py\n")

        self.assertIn("shop/none.py is deleted and not on the base", message)

    def test_a_file_twice(self) -> None:
        message = self.refused("harmless/sql/x", HARMLESS + INITIAL)

        self.assertIn("shop/migrations/0001_initial.py stands under base twice", message)


class FolderTests(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def test_the_samples_come_in_the_order_of_their_names(self) -> None:
        for name, text in (("harmless/sql/b", HARMLESS), ("destructive/sql/a", DESTRUCTIVE)):
            file = self.folder / f"{name}.txt"
            file.parent.mkdir(parents=True)
            file.write_text(text)

        names = [sample.name for sample in read_samples(self.folder)]

        self.assertEqual(names, ["destructive/sql/a", "harmless/sql/b"])

    def test_the_change_stays_in_the_working_tree(self) -> None:
        base = write(parse("destructive/sql/x", DESTRUCTIVE), self.folder / "new")

        folder = self.folder / "new"
        self.assertEqual(git(folder, "rev-parse", "HEAD").strip(), base)
        self.assertEqual(
            git(folder, "status", "--porcelain").splitlines(), [" D shop/old.py", "?? shop/sql/"]
        )

    def test_the_change_as_a_commit(self) -> None:
        base = write(parse("destructive/sql/x", DESTRUCTIVE), self.folder, commit=True)

        changed = git(self.folder, "diff", "--name-status", base, "HEAD").splitlines()
        self.assertEqual(changed, ["D\tshop/old.py", "A\tshop/sql/drop.sql"])
        self.assertEqual(git(self.folder, "status", "--porcelain"), "")

    def test_the_folders_of_python_files_are_packages(self) -> None:
        write(parse("destructive/sql/x", DESTRUCTIVE), self.folder)

        packages = sorted(
            str(path.relative_to(self.folder)) for path in self.folder.rglob("__init__.py")
        )
        self.assertEqual(packages, ["shop/__init__.py", "shop/migrations/__init__.py"])
