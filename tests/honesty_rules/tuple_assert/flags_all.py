def test_plain():
    assert (total() == 3, "wrong")


class PostTests(TestCase):
    def test_method(self):
        self.assertTrue((total() == 3, "wrong"))

    def test_one(self):
        self.assertTrue((total(),))
