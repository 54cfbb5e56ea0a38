class PostTests(TestCase):
    def test_right(self):
        gateway.assert_called_once_with(3)

    def test_called(self):
        gateway = Mock()
        self.assertTrue(gateway.called)

    def test_other_method(self):
        gateway.send(3)

    def test_no_attribute(self):
        send(3)

    def test_no_mock(self):
        spy = Spy()
        self.assertTrue(spy.called_with(3))

    def test_name(self):
        self.assertTrue(ready)

    def test_comparison(self):
        assert gateway.called_with == 3


assert Spy.called_with(3)
