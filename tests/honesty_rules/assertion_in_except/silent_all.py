class PostTests(TestCase):
    def test_fail(self):
        try:
            publish(None)
            self.fail("it was published")
        except ValueError as error:
            self.assertEqual(str(error), "no")

    def test_else(self):
        try:
            publish(None)
        except ValueError as error:
            self.assertEqual(str(error), "no")
        else:
            self.fail("it was published")

    def test_asserts(self):
        try:
            self.assertTrue(publish(None))
        except ValueError as error:
            self.assertEqual(str(error), "no")

    def test_not_last(self):
        try:
            publish(None)
        except ValueError as error:
            self.assertEqual(str(error), "no")
        self.assertFalse(post.is_published)

    def test_without_name(self):
        try:
            publish(None)
        except ImportError:
            self.assertFalse(HAS_POSTS)

    def test_about_something_else(self):
        try:
            publish(None)
        except ValueError as error:
            self.assertFalse(post.is_published)


def helper():
    try:
        publish(None)
    except ValueError as error:
        assert error.args
