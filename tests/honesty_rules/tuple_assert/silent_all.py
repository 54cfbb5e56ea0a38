def test_plain():
    assert total() == 3, "wrong"


def test_parentheses():
    assert (total() == 3), "wrong"


def test_empty():
    assert not ()


class PostTests(TestCase):
    def test_method(self):
        self.assertTrue(total() == 3, "wrong")

    def test_equal(self):
        self.assertEqual((1, 2), (total(), 2))
