class PostTests(TestCase):
    def test_number(self):
        self.assertTrue(total(), 3)

    def test_list(self):
        self.assertTrue(words, ["a"])

    def test_display(self):
        self.assertTrue(words, [each for each in "a"])

    def test_bool(self):
        self.assertFalse(post.ok, False)

    def test_none(self):
        self.assertIsNone(total(), 0)

    def test_expected(self):
        self.assertTrue(total, expected_total)

    def test_expected_attribute(self):
        self.assertTrue(total, self.expected)

    def test_same_attribute(self):
        self.assertTrue(post.title, other.title)

    def test_word(self):
        self.assertTrue(post.title, "First")

    def test_item(self):
        self.assertTrue(data["title"], "First")

    def test_spread(self):
        self.assertTrue(words, [*posts])


def test_plain():
    assert total(), 3
