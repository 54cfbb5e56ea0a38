def test_yield():
    yield check, 3


class PostTests(TestCase):
    def test_loop(self):
        for each in posts:
            yield self.check, each

    def test_from(self):
        yield from posts
