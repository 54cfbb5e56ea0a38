def test_mock():
    gateway.assert_called_once


def test_with():
    gateway.send.assert_called_once_with


class PostTests(TestCase):
    def test_method(self):
        self.assertTrue
