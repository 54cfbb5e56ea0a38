class PostTests(TestCase):
    def test_set(self):
        post = Mock(is_published=False)
        publish(post)
        self.assertTrue(post.is_published)

    def test_assigned(self):
        post = Mock()
        post.is_published = False
        publish(post)
        self.assertTrue(post.is_published)

    def test_configured(self):
        post = Mock()
        post.configure_mock(is_published=False)
        self.assertTrue(post.is_published)

    def test_options(self):
        post = Mock(**given)
        self.assertTrue(post.is_published)

    def test_spec(self):
        post = Mock(spec=Post)
        self.assertTrue(hasattr(post, "title"))

    def test_spec_given_first(self):
        post = Mock(Post)
        self.assertTrue(hasattr(post, "title"))

    def test_called(self):
        post = Mock()
        publish(post)
        self.assertTrue(post.called)

    def test_false(self):
        post = Mock()
        self.assertFalse(post.is_published)

    def test_bound_again(self):
        post = Mock()
        post = publish(post)
        self.assertTrue(post.is_published)

    def test_real(self):
        post = Post()
        self.assertTrue(post.is_published)

    def test_deeper(self):
        post = Mock()
        self.assertTrue(post.author.is_active)

    def test_hasattr_of_a_name(self):
        post = Mock()
        self.assertTrue(hasattr(post, name))

    def test_hasattr_of_one(self):
        self.assertTrue(hasattr(post))

    def test_misspelled(self):
        post = Mock()
        self.assertTrue(post.called_once)

    def test_equal(self):
        post = Mock()
        self.assertEqual(post.title, "a")

    def test_is_not(self):
        post = Mock()
        self.assertIsNot(post.title, other)


def helper():
    post = Mock()
    assert post.title
