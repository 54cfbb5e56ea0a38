class PostTests(TestCase):
    def test_below(self):
        with self.assertRaises(NotAllowed):
            post.publish()
        self.assertFalse(post.is_published)

    def test_alone(self):
        with self.assertRaises(NotAllowed):
            self.assertFalse(post.is_published)

    def test_assertion_raises(self):
        with self.assertRaises(AssertionError):
            post.publish()
            self.assertFalse(post.is_published)

    def test_argument_raises(self):
        with self.assertRaises(DoesNotExist):
            post.delete()
            self.assertIsNone(Post.objects.get(pk=1))

    def test_property_raises(self):
        with self.assertRaises(ValueError):
            post = make()
            self.assertEqual(post.title, "a")

    def test_item_raises(self):
        with self.assertRaises(KeyError):
            data = make()
            assert data["title"]

    def test_unknown(self):
        with self.assertRaises(*errors):
            post.publish()
            self.assertFalse(post.is_published)

    def test_no_assertion(self):
        with self.assertRaises(NotAllowed):
            make()
            post.publish()


def test_keyword():
    with pytest.raises(expected_exception=ValueError):
        post.publish()
        assert post.state == "draft"
