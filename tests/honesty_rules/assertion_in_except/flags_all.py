class PostTests(TestCase):
    def test_handler(self):
        try:
            publish(None)
        except ValueError as error:
            self.assertEqual(str(error), "no")

    def test_finally(self):
        try:
            publish(None)
        except ValueError as error:
            self.assertEqual(str(error), "no")
        finally:
            clean()


def test_plain():
    post = make()
    try:
        publish(post)
    except ValueError as error:
        assert error.args
