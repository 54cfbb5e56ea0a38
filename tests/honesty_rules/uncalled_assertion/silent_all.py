def test_mock():
    gateway.assert_called_once()


def test_attribute():
    gateway.send


class PostTests(TestCase):
    def test_handed_on(self):
        run(self.assertTrue)
