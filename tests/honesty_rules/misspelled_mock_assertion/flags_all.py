class PostTests(TestCase):
    def test_forgotten(self):
        gateway.called_once_with(3)

    def test_letter(self):
        gateway.send.assert_called_once_wit(3)

    def test_was(self):
        gateway.was_called_with(3)

    def test_asserted(self):
        gateway = Mock()
        self.assertTrue(gateway.send.called_with(3))

    def test_asserted_attribute(self):
        mocked_gateway = find()
        self.assertTrue(mocked_gateway.called_once)

    async def test_awaited(self):
        await gateway.awaited_once_with(3)


def test_plain():
    gateway = MagicMock()
    assert gateway.has_calls([1])


def test_not_called(mocked):
    assert mock_gateway.not_called()
