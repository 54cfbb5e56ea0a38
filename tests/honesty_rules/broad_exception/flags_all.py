class PostTests(TestCase):
    def test_one(self):
        with self.assertRaises(Exception):
            post.publish()


def test_pytest():
    with pytest.raises(Exception):
        post.publish()


def test_base():
    with pytest.raises(BaseException) as caught:
        post.publish()
