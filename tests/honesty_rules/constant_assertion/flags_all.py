class PostTests(TestCase):
    def test_true(self):
        self.assertTrue(True)

    def test_false(self):
        self.assertFalse(0)

    def test_equal(self):
        self.assertEqual(1, 1)

    def test_different(self):
        self.assertNotEqual("a", "b")

    def test_none(self):
        self.assertIsNone(None)

    def test_there(self):
        self.assertIsNotNone("a")

    def test_member(self):
        self.assertIn(1, [1, 2])

    def test_no_member(self):
        self.assertNotIn(3, [1, 2])

    def test_order(self):
        self.assertLess(1, 2)


def test_plain():
    assert True


def test_text():
    assert "a"


def test_comparison():
    assert 1 < 2 and total()


def test_not():
    assert not False


def test_try_without_another_way():
    try:
        run()
    except ValueError:
        assert True


def test_if_without_another_way():
    if run():
        assert True
