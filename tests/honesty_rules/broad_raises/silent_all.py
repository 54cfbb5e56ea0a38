class PostTests(TestCase):
    def test_one(self):
        with self.assertRaises(Exception):
            post.publish()

    def test_narrow(self):
        with self.assertRaises(NotAllowed):
            post = make()
            post.publish()

    def test_message(self):
        with self.assertRaisesMessage(Exception, "no"):
            post = make()
            post.publish()

    def test_looked_at(self):
        with self.assertRaises(Exception) as caught:
            post = make()
            post.publish()
        self.assertEqual(str(caught.exception), "no")

    def test_forced(self):
        with self.assertRaises(Exception), transaction.atomic():
            post = make()
            raise Exception("back")


def test_match():
    with pytest.raises(Exception, match="no"):
        post = make()
        post.publish()


def test_attribute():
    with pytest.raises(pytest.fail.Exception):
        post = make()
        post.publish()


def test_nothing_given():
    with pytest.raises(expected_exception=ValueError):
        post = make()
        post.publish()


with pytest.raises(Exception) as at_import:
    first()
    second()
print(at_import)
