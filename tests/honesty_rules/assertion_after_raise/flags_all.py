class PostTests(TestCase):
    def test_state(self):
        with self.assertRaises(NotAllowed):
            post.publish()
            self.assertFalse(post.is_published)

    def test_caught(self):
        with self.assertRaises(NotAllowed) as caught:
            post.publish()
            self.assertEqual(str(caught.exception), "no")

    def test_count(self):
        with self.assertRaises(NotAllowed):
            Post.objects.create()
            self.assertEqual(Post.objects.count(), 1)

    def test_name(self):
        with self.assertRaises(NotAllowed):
            result = post.publish()
            self.assertTrue(result)

    async def test_awaited(self):
        async with self.assertRaises(NotAllowed):
            await post.publish()
            self.assertFalse(post.is_published)


def test_pytest():
    with pytest.raises((NotAllowed, ValueError)):
        post.publish()
        assert post.state == "draft"
