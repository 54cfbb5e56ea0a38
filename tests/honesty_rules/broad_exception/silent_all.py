class PostTests(TestCase):
    def test_narrow(self):
        with self.assertRaises(NotAllowed):
            post.publish()

    def test_looked_at(self):
        with self.assertRaises(Exception) as caught:
            post.publish()
        self.assertEqual(str(caught.exception), "no")


def test_match():
    with pytest.raises(Exception, match="no"):
        post.publish()


def test_many():
    with pytest.raises(Exception):
        post = make()
        post.publish()
