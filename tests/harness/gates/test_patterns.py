import unittest

from quality_harness.gates._patterns import matches, matching


class PatternTests(unittest.TestCase):
    def test_a_star_stands_for_a_part_of_one_name(self):
        self.assertTrue(matches(".github/workflows/ci.yml", ".github/workflows/*.yml"))
        self.assertFalse(matches(".github/workflows/config/a.yml", ".github/workflows/*.yml"))
        self.assertFalse(matches("a/ci.yml", "ci.yml"))

    def test_two_stars_stand_for_any_folders(self):
        for name in ("Dockerfile", "a/Dockerfile", "a/b/Dockerfile"):
            self.assertTrue(matches(name, "**/Dockerfile"))
        self.assertTrue(matches("a/b/c/action.yml", "a/**/action.yml"))
        self.assertFalse(matches("b/action.yml", "a/**/action.yml"))
        self.assertTrue(matches("a/b/c", "a/**"))

    def test_capitals_do_not_matter_and_the_order_stays(self):
        self.assertEqual(matching(["b", "A", "c"], ["a", "B"]), ["b", "A"])
