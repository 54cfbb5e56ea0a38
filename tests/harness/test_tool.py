import unittest

from quality_harness.tool import last_line


class LastLineTests(unittest.TestCase):
    def test_blank_lines_at_the_end_do_not_count(self):
        self.assertEqual(last_line("first\n  second \n\n"), "second")

    def test_of_nothing_it_is_empty(self):
        self.assertEqual(last_line("\n"), "")
