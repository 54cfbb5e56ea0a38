class PostTests(TestCase):
    def test_many(self):
        with self.assertRaises(Exception):
            post = make()
            post.publish()

    def test_tuple(self):
        with self.assertRaises((ValueError, Exception)):
            post = make()
            post.publish()


def test_pytest():
    with pytest.raises(BaseException) as caught:
        post = make()
        post.publish()
