import unittest

from quality_harness.init.marking import find_block, is_own_file, marked_block, marked_file


class FileTests(unittest.TestCase):
    def test_what_was_written_is_known(self):
        self.assertTrue(is_own_file(marked_file("a: 1\n")))

    def test_other_line_ends_are_no_edit(self):
        self.assertTrue(is_own_file(marked_file("a: 1\nb: 2\n").replace("\n", "\r\n")))

    def test_what_was_edited_is_not(self):
        self.assertFalse(is_own_file(marked_file("a: 1\n").replace("a: 1", "a: 2")))

    def test_a_file_without_the_header_is_not(self):
        self.assertFalse(is_own_file("a: 1\n"))


class BlockTests(unittest.TestCase):
    def test_a_block_is_found_between_other_texts(self):
        block = marked_block("[tool.x]\n")

        text = f"before\n{block}after\n"

        self.assertEqual(find_block(text), (len("before\n"), len("before\n") + len(block)))

    def test_a_block_at_the_end_without_a_line_end_is_found(self):
        text = marked_block("[tool.x]\n").removesuffix("\n")

        self.assertEqual(find_block(text), (0, len(text)))

    def test_an_edited_block_is_not_found(self):
        self.assertIsNone(find_block(marked_block("[tool.x]\n").replace("tool.x", "tool.y")))

    def test_a_block_without_an_end_is_not_found(self):
        self.assertIsNone(find_block(marked_file("[tool.x]\n")))

    def test_a_text_without_a_block_has_none(self):
        self.assertIsNone(find_block("[tool.x]\n"))
