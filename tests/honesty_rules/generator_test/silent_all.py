def test_plain():
    assert total()


@gen_test
def test_decorated():
    yield client.get("/")


@pytest.fixture
def test_client():
    yield client


def test_inner():
    def posts():
        yield 3

    assert list(posts())


class PostTests(TestCase):
    @property
    def test_posts(self):
        yield 3
