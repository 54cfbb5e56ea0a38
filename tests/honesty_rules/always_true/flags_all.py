class PostTests(TestCase):
    def test_method(self):
        self.assertTrue(form.is_valid)

    def test_any(self):
        self.assertEqual(total(), ANY)

    def test_mock_any(self):
        self.assertIn(mock.ANY, words)

    def test_empty_text(self):
        self.assertIn("", response.content)

    def test_empty_text_in_text(self):
        self.assertIn("", f"a {text}")

    def test_count(self):
        self.assertGreaterEqual(len(words), 0)

    def test_query_count(self):
        self.assertGreater(Post.objects.count(), -1)

    def test_not_minus_one(self):
        self.assertNotEqual(len(words), -1)

    def test_sorted(self):
        self.assertEqual(left.sort(), right.sort())

    def test_object(self):
        self.assertIsInstance(post, object)

    def test_is_object(self):
        self.assertTrue(isinstance(post, object))

    def test_new(self):
        self.assertIsNotNone(Post("a"))

    def test_new_list(self):
        self.assertIsNotNone([post])

    def test_or(self):
        self.assertTrue(post.title or True)

    def test_filled(self):
        self.assertTrue([post])

    def test_filled_dict(self):
        self.assertTrue({"post": post})

    def test_both(self):
        self.assertTrue([post] and (lambda: 1))


def helper():
    pass


def test_function():
    assert helper


def test_lambda():
    assert lambda: total() == 3


def test_generator():
    assert (each for each in posts)


def test_map():
    assert map(str, posts)


def test_text():
    assert f"total {total}"


def test_not_false():
    assert not (post.title and False)
