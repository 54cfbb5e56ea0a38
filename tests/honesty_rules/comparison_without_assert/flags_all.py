def test_equal():
    total() == 3


def test_in():
    "a" in words


def test_not():
    not words


def test_or():
    total() == 3 or total() == 4


def test_isinstance():
    isinstance(post, Post)


class PostTests(TestCase):
    def test_sub(self):
        with self.subTest("a"):
            total() == 3

    def test_patched(self):
        with mock.patch("shop.total"):
            total() == 3
