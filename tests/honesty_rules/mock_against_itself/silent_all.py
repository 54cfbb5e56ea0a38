class PostTests(TestCase):
    def test_used(self):
        gateway = Mock()
        gateway.charge.return_value = 5
        self.assertEqual(Shop(gateway).pay(), 5)

    def test_other_value(self):
        gateway = Mock()
        gateway.charge.return_value = 5
        self.assertEqual(gateway.charge(), 6)

    def test_other_assignments(self):
        gateway = Mock()
        gateway.name = 5
        other.return_value = 5
        self.assertEqual(gateway(), 5)

    def test_other_method(self):
        gateway = Mock()
        gateway.charge.return_value = 5
        self.assertEqual(gateway.fee(), 5)

    def test_not_equal(self):
        gateway = Mock(return_value=5)
        self.assertNotEqual(gateway(), 5)

    def test_no_mock(self):
        gateway = Gateway()
        gateway.return_value = 5
        self.assertEqual(gateway(), 5)

    def test_no_call(self):
        gateway = Mock(return_value=5)
        self.assertEqual(gateway, 5)

    def test_bound_twice(self):
        gateway = Mock(return_value=5)
        result = gateway()
        result = total(result)
        self.assertEqual(result, 5)

    def test_unpacked(self):
        gateway = Mock(return_value=5)
        result, rest = gateway()
        self.assertEqual(result, 5)

    def test_object(self):
        with patch.object(Post, "words", return_value=5):
            self.assertEqual(shop.words(), 5)

    def test_object_without_value(self):
        with patch.object(Post, "words"):
            self.assertEqual(Post.words(), 5)

    def test_other_contexts(self):
        with open("a"), self.subTest():
            self.assertEqual(Post.words(), 5)

    def test_patched_path(self):
        with patch("shop.words", return_value=5):
            self.assertEqual(shop.count(), 5)

    @patch("shop.total", new=3)
    @patch("shop.other", 3)
    @tag("slow")
    @cached
    def test_decorated(self, total):
        total.return_value = 5
        self.assertEqual(total(), 5)


def helper():
    gateway = Mock(return_value=5)
    assert gateway() == 5
