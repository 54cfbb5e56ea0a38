import tomllib
import unittest
from dataclasses import replace

from quality_harness.gate import CouldNotRun
from quality_harness.init.choosing import Choice
from quality_harness.init.found import Said
from quality_harness.init.table import Pyproject, body_of, with_block
from tests.harness.init.test_choosing import BARE

THEIRS = '# by hand\n[project]\nname   =  "shop"\n\n[tool.black]\nline-length=99'


class BodyTests(unittest.TestCase):
    def test_chosen_gates_and_their_options_stand_in_it(self):
        found = replace(
            BARE,
            settings=Said("shop.settings"),
            python_path=("src",),
            default_branch="develop",
            linters={"flake8": "tox.ini"},
        )
        choices = [
            Choice("lint"),
            Choice("migrations", "the project has no migration"),
            Choice("test-collection", options={"runners": ["pytest"]}),
        ]

        body = body_of(found, choices)

        self.assertEqual(
            tomllib.loads(body)["tool"],
            {
                "quality_harness": {
                    "gates": ["lint", "test-collection"],
                    "default_branch": "develop",
                    "python_path": ["src"],
                    "settings": "shop.settings",
                    "test_collection": {"runners": ["pytest"]},
                }
            },
        )
        self.assertIn('gates = [\n    "lint",\n', body)

    def test_flake8_agrees_with_black_where_neither_has_a_setting(self):
        body = tomllib.loads(body_of(BARE, [Choice("lint")]))

        self.assertEqual(body["tool"]["flake8"]["max-line-length"], 88)

    def test_flake8_is_left_as_it_is_where_there_is_one(self):
        for linter in ("black", "flake8"):
            with self.subTest(linter):
                found = replace(BARE, linters={linter: "setup.cfg"})

                self.assertNotIn("flake8", tomllib.loads(body_of(found, [Choice("lint")]))["tool"])


class BlockTests(unittest.TestCase):
    def test_what_is_there_stays_byte_by_byte(self):
        for ending in ("", "\n", "\n\n"):
            with self.subTest(ending):
                after = with_block(THEIRS + ending, "[tool.quality_harness]\n")

                self.assertTrue(after.startswith(THEIRS + ending))
                self.assertEqual(tomllib.loads(after)["tool"]["quality_harness"], {})

    def test_line_ends_of_windows_are_kept(self):
        after = with_block("[project]\r\nname = 'x'\r\n", "[tool.quality_harness]\n")

        self.assertNotRegex(after, r"(?<!\r)\n")

    def test_a_file_that_is_not_there_is_the_block_alone(self):
        self.assertTrue(with_block(None, "[tool.quality_harness]\n").startswith("# Written by"))

    def test_a_block_is_replaced_in_its_place(self):
        first = with_block(THEIRS, "[tool.quality_harness]\n") + "[tool.other]\n"

        second = with_block(first, '[tool.quality_harness]\ngates = ["lint"]\n')

        self.assertEqual(tomllib.loads(second)["tool"]["quality_harness"], {"gates": ["lint"]})
        self.assertTrue(second.startswith(THEIRS))
        self.assertTrue(second.endswith("[tool.other]\n"))
        self.assertEqual(with_block(second, "[tool.quality_harness]\n"), first)

    def test_a_file_that_cannot_take_a_table_is_refused(self):
        with self.assertRaisesRegex(CouldNotRun, "tool is written on one line"):
            with_block("tool = {black = {}}\n", "[tool.quality_harness]\n")


class PyprojectTests(unittest.TestCase):
    def test_a_table_by_hand_is_theirs(self):
        self.assertTrue(Pyproject('[tool.quality_harness]\ngates = ["lint"]\n').is_theirs)

    def test_a_written_table_is_ours_until_it_is_edited(self):
        text = with_block(THEIRS, '[tool.quality_harness]\ngates = ["lint"]\n')

        self.assertFalse(Pyproject(text).is_theirs)
        self.assertTrue(Pyproject(text.replace('"lint"', '"format"')).is_theirs)

    def test_a_file_without_a_table_is_nobodys(self):
        self.assertFalse(Pyproject(THEIRS).is_theirs)
        self.assertFalse(Pyproject(None).is_theirs)
