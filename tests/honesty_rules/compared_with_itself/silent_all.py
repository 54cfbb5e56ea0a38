class PostTests(TestCase):
    def test_two(self):
        self.assertEqual(post.title, other.title)

    def test_not_equal(self):
        self.assertNotEqual(post.title, post.title)

    def test_eq(self):
        self.assertEqual(post, post)
        self.assertEqual(self.post, self.post)

    def test_cached_key(self):
        self.assertEqual(post.key, post.key)

    def test_property(self):
        self.assertIs(post.author, post.author)

    def test_calls(self):
        self.assertEqual(make(), make())

    def test_comprehension(self):
        self.assertEqual([each for each in posts], [each for each in posts])

    def test_spread(self):
        self.assertEqual([*posts], [*posts])

    def test_raising(self):
        with self.assertRaises(AssertionError):
            self.assertEqual(post.title, post.title)

    def test_bound_twice(self):
        before = total
        total = add(total)
        total = add(total)
        self.assertEqual(before, total)

    def test_bound_by_a_loop(self):
        for each in posts:
            last = each
            self.assertEqual(each, first)

    def test_unpacked(self):
        left, right = pair
        self.assertEqual(left, right)


def test_nan():
    assert value != value


def test_literal():
    assert (1, 2) == (1, 2)

