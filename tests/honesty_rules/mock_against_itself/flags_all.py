class PostTests(TestCase):
    def setUp(self):
        self.gateway = Mock()

    def test_call(self):
        gateway = Mock()
        gateway.return_value = 5
        self.assertEqual(gateway(), 5)

    def test_method(self):
        gateway = Mock()
        gateway.charge.return_value = 5
        self.assertEqual(5, gateway.charge(1))

    def test_own_value(self):
        gateway = MagicMock()
        gateway.charge.return_value = make()
        self.assertIs(gateway.charge(), gateway.charge.return_value)

    def test_given(self):
        gateway = Mock(name="gateway", return_value=5)
        result = gateway()
        self.assertEqual(result, 5)

    def test_of_set_up(self):
        self.gateway.charge.return_value = 5
        self.assertEqual(self.gateway.charge(), 5)

    def test_context(self):
        with patch("shop.total") as total:
            total.return_value = 5
            self.assertEqual(total(), 5)

    def test_object(self):
        with patch.object(Post, "words", return_value=5):
            self.assertEqual(Post.words(), 5)

    def test_instance(self):
        with mock.patch.object(Post, "words", return_value=5):
            self.assertEqual(post.words(), 5)

    @patch("shop.total")
    def test_decorated(self, total):
        total.return_value = 5
        self.assertEqual(total(), 5)

    async def test_awaited(self):
        gateway = AsyncMock(return_value=5)
        self.assertEqual(await gateway(), 5)


@patch("shop.total")
class PatchedTests(TestCase):
    @mock.patch.object(Post, "words")
    def test_class(self, words, total):
        total.return_value = 5
        self.assertEqual(total(), 5)


def test_mocker(mocker):
    total = mocker.patch("shop.total")
    total.return_value = 5
    assert total() == 5
