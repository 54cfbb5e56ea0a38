class PostTests(TestCase):
    def test_called(self):
        self.assertTrue(form.is_valid())

    def test_attribute(self):
        self.assertTrue(form.is_bound)

    def test_eq(self):
        self.assertEqual(post, ANY)

    def test_any_inside(self):
        self.assertEqual([post], [ANY])

    def test_empty_choice(self):
        self.assertIn("", field.choices)

    def test_count(self):
        self.assertGreaterEqual(len(words), 1)

    def test_some(self):
        self.assertGreater(len(words), 0)

    def test_against_another(self):
        self.assertGreaterEqual(len(words), least)

    def test_no_count(self):
        self.assertGreaterEqual(total, 0)

    def test_index(self):
        self.assertGreaterEqual(words.index("a"), 0)

    def test_sorted(self):
        self.assertEqual(left.sort(), None)

    def test_type(self):
        self.assertIsInstance(post, Post)

    def test_found(self):
        self.assertIsNotNone(find("a"))

    def test_made_by_a_module(self):
        self.assertIsNotNone(models.Post("a"))

    def test_nothing(self):
        self.assertIsNotNone(None)

    def test_or(self):
        self.assertTrue(post.title or post.name)

    def test_and(self):
        self.assertTrue(post.title and post.name)

    def test_spread(self):
        self.assertTrue([*posts])

    def test_spread_dict(self):
        self.assertTrue({**posts})

    def test_tuple(self):
        self.assertTrue((post, "a"))

    def test_false(self):
        self.assertFalse(map(str, posts))

    def test_iter_of_nothing(self):
        self.assertTrue(zip())

    def test_not(self):
        self.assertTrue(not post.title)

    def test_bound_again(self):
        helper = find("helper")
        self.assertTrue(helper)

    def test_formatted(self):
        self.assertTrue(f"{post.title}")


def helper():
    pass


def test_not_of_a_name():
    assert not (post.title or post.name)


def test_or_of_not():
    assert (not post.title) or post.name
