from django.test import SimpleTestCase

from quality_harness.gate import is_below


class IsBelowTests(SimpleTestCase):
    def test_a_path_is_below_itself_and_the_folders_that_it_lies_in(self):
        for folder in ("a/b/c.py", "a/b", "a", "."):
            with self.subTest(folder):
                self.assertTrue(is_below("a/b/c.py", folder))

    def test_a_name_that_only_begins_alike_is_no_folder_of_it(self):
        for folder in ("a/b/c", "b", "a/b/c.py/d"):
            with self.subTest(folder):
                self.assertFalse(is_below("a/b/c.py", folder))
