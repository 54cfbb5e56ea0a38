class PostTests(TestCase):
    def test_attribute(self):
        self.assertEqual(post.title, post.title)

    def test_name(self):
        self.assertTrue(total == total)

    def test_length(self):
        self.assertCountEqual(list(found), list(found))

    def test_is(self):
        self.assertIs(post, post)

    def test_at_least(self):
        self.assertGreaterEqual(post.views, post.views)

    def test_another_name(self):
        result = make()
        expected = result
        self.assertEqual(result, expected)

    def test_cached_attribute_of_two_words(self):
        self.assertEqual(cached, cached)


def test_function():
    assert post.words[0] == post.words[0]


assert total == total


def test_chain():
    assert 1 <= total <= total


def test_numpy():
    numpy.testing.assert_array_equal(result, result)
