import os
from unittest import mock

from quality_harness import kept_verdicts
from quality_harness.kept_verdicts import KeptVerdicts, reads_all, versions
from tests.harness.projects import ProjectCase

ROW = ["1", "2", "F401", "'os' imported but unused"]


class KeptVerdictsTests(ProjectCase):
    def setUp(self) -> None:
        super().setUp()
        self.write({"a.py": "x = 1\n", "b.py": "x = 1\n"})

    def kept(self, *names: str, state: str = "flake8 7", fresh: bool = False) -> KeptVerdicts:
        return KeptVerdicts.of(self.root, "flake8", state, names or ("a.py", "b.py"), fresh=fresh)

    def test_a_digest_depends_on_the_name_the_content_and_the_state(self):
        digests = {*self.kept().digests.values(), *self.kept(state="flake8 8").digests.values()}
        self.write({"a.py": "x = 2\n"})
        digests.add(self.kept().digests["a.py"])

        self.assertEqual(len(digests), 5)

    def test_where_nothing_is_kept_every_file_is_unread(self):
        kept = self.kept()

        self.assertEqual((kept.unread, kept.rows), (["a.py", "b.py"], {}))
        self.assertEqual(kept.note, "2 read, 0 unchanged")

    def test_what_was_said_of_faulty_and_clean_files_is_known_afterwards(self):
        said = self.kept().keep({"a.py": [ROW]})

        again = self.kept()
        self.assertEqual(said, {"a.py": [ROW], "b.py": []})
        self.assertEqual((again.unread, again.rows), ([], said))
        self.assertEqual(again.keep({}), said)

    def test_a_file_that_has_changed_is_unread_and_the_others_stay(self):
        self.kept().keep({"a.py": [ROW]})
        self.write({"b.py": "x = 2\n"})

        kept = self.kept()

        self.assertEqual((kept.unread, kept.rows), (["b.py"], {"a.py": [ROW]}))
        self.assertEqual(kept.keep({"b.py": [ROW]}), {"a.py": [ROW], "b.py": [ROW]})
        self.assertEqual(self.kept().unread, [])

    def test_a_file_that_is_not_asked_about_is_forgotten(self):
        self.kept().keep({})

        self.kept("b.py").keep({})

        self.assertEqual(self.kept().unread, ["a.py"])

    def test_where_it_is_fresh_nothing_is_known_and_what_is_said_is_kept(self):
        self.kept().keep({"a.py": [ROW]})

        fresh = self.kept(fresh=True)

        self.assertEqual(fresh.unread, ["a.py", "b.py"])
        fresh.keep({})
        self.assertEqual(self.kept().rows, {"a.py": [], "b.py": []})

    def test_what_is_said_of_a_file_that_is_edited_meanwhile_is_told_and_not_kept(self):
        kept = self.kept()
        self.write({"a.py": "x = 2\n"})

        self.assertEqual(kept.keep({"a.py": [ROW]})["a.py"], [ROW])

        self.assertEqual(self.kept().unread, ["a.py"])
        self.write({"a.py": "x = 1\n"})
        self.assertEqual(self.kept().unread, ["a.py"])

    def test_a_damaged_store_is_none(self):
        self.kept().keep({"a.py": [ROW]})
        (store,) = self.root.glob(".quality_harness/*-verdicts.json")
        whole = store.read_bytes()

        for damaged in (b"", b"{", whole[:-1], whole.replace(b"F401", b"F402")):
            with self.subTest(damaged):
                store.write_bytes(damaged)

                self.assertEqual(self.kept().unread, ["a.py", "b.py"])

    def test_a_store_that_is_a_folder_is_none_and_stays(self):
        self.kept().keep({})
        (store,) = self.root.glob(".quality_harness/*-verdicts.json")
        store.unlink()
        store.mkdir()

        said = self.kept().keep({"a.py": [ROW]})

        self.assertEqual(said, {"a.py": [ROW], "b.py": []})
        self.assertEqual(self.kept().unread, ["a.py", "b.py"])
        self.assertTrue(store.is_dir())
        self.assertEqual(sorted(each.name for each in store.parent.iterdir())[1:], [store.name])

    def test_a_run_that_is_stopped_while_it_writes_leaves_the_old_store(self):
        self.kept().keep({"a.py": [ROW]})
        with (
            mock.patch.object(kept_verdicts.os, "replace", side_effect=KeyboardInterrupt),
            self.assertRaises(KeyboardInterrupt),
        ):
            self.kept(state="flake8 8").keep({})

        self.assertEqual(self.kept().rows["a.py"], [ROW])

    def test_git_does_not_see_the_store(self):
        self.kept().keep({})

        self.assertNotIn(".quality_harness", self.git("status", "--porcelain"))


class ReadsAllTests(ProjectCase):
    def test_in_ci_and_where_it_is_asked_for_nothing_kept_counts(self):
        self.assertFalse(reads_all(self.project()))
        self.assertTrue(reads_all(self.project(fresh=True)))

        os.environ["CI"] = "true"

        self.assertTrue(reads_all(self.project()))


class VersionsTests(ProjectCase):
    def test_they_are_those_of_packages_of_what_they_require_and_of_python(self):
        found = versions("black")

        self.assertRegex(found[0], r"^3\.")
        names = [each.partition(" ")[0] for each in found[1:]]
        self.assertEqual(names, sorted(names))
        self.assertLessEqual({"black", "click", "pathspec"}, set(names))
        self.assertTrue(all(each.partition(" ")[2] for each in found))

    def test_a_package_that_is_not_installed_is_told_from_one_that_is(self):
        with mock.patch.object(kept_verdicts, "requires", return_value=["no-such-thing>=2; a"]):
            self.assertIn("no-such-thing is not installed", versions("black"))

    def test_a_package_that_requires_nothing_has_its_own_version_and_ours(self):
        with mock.patch.object(kept_verdicts, "requires", return_value=None):
            self.assertEqual(self.names("black"), ["black", "django-quality-harness"])

    def names(self, *packages: str) -> list[str]:
        """Return the names of the packages whose versions are told."""
        return [each.partition(" ")[0] for each in versions(*packages)[1:]]

    def test_what_is_required_by_what_is_required_counts_and_a_circle_ends(self):
        required = {"a": ["b>=1"], "b": ["c; python_version > '3'"], "c": ["a", "gone"]}

        with mock.patch.object(kept_verdicts, "requires", required.__getitem__):
            required["gone"] = []
            found = self.names("a")

        self.assertEqual(found, ["a", "b", "c", "django-quality-harness", "gone"])

    def test_an_extra_counts_where_it_may_be_asked_for(self):
        extra = '; python_version > "3" and extra == "more"'
        required = {
            "a": [f"own{extra}", "plain", "rich[more]>=2"],
            "own": [f"deep{extra}"],
            "plain": [f"unasked{extra}"],
            "rich": [f"asked{extra}"],
            "asked": [],
        }

        with mock.patch.object(kept_verdicts, "requires", required.__getitem__):
            found = self.names("a")

        self.assertEqual(found, ["a", "asked", "django-quality-harness", "own", "plain", "rich"])
