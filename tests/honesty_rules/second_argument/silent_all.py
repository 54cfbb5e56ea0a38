class PostTests(TestCase):
    def test_message(self):
        self.assertTrue(total(), "no total")

    def test_alone(self):
        self.assertTrue(total())

    def test_message_of_a_comparison(self):
        self.assertTrue(total() == 3, (total(), 3))

    def test_name(self):
        self.assertTrue(total(), message)

    def test_none(self):
        self.assertTrue(total(), None)

    def test_attribute(self):
        self.assertTrue(post.ok, response.content)

    def test_boolean(self):
        self.assertTrue(post.is_published, "unpublished")

    def test_sentence(self):
        self.assertTrue(post.title, "it has no title")

    def test_call(self):
        self.assertTrue(post.title, describe(post))

    def test_word_for_a_call(self):
        self.assertTrue(post.read(), "unread")


def test_plain():
    assert total(), "no total"


def test_without():
    assert total()
