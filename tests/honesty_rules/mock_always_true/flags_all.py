class PostTests(TestCase):
    def setUp(self):
        self.post = Mock()

    def test_attribute(self):
        post = Mock()
        publish(post)
        self.assertTrue(post.is_published)

    def test_of_set_up(self):
        publish(self.post)
        self.assertTrue(self.post.is_published)

    def test_mock(self):
        post = MagicMock()
        self.assertIsNotNone(post)

    def test_new(self):
        self.assertIsNotNone(Mock())

    def test_hasattr(self):
        post = Mock()
        self.assertTrue(hasattr(post, "title"))


def test_plain():
    post = mock.Mock()
    publish(post)
    assert post.is_published
