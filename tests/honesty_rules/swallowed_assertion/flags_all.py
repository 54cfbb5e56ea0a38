class PostTests(TestCase):
    def test_pass(self):
        try:
            self.assertEqual(total(), 3)
        except AssertionError:
            pass

    def test_print(self):
        try:
            self.assertEqual(total(), 3)
        except Exception as error:
            print(error)

    def test_tuple(self):
        try:
            self.assertEqual(total(), 3)
        except (ValueError, AssertionError):
            """Never mind."""

    def test_suppress(self):
        with contextlib.suppress(AssertionError):
            self.assertEqual(total(), 3)

    def test_fail(self):
        try:
            total()
            self.fail("no error")
        except Exception:
            pass

    def test_helper(self):
        try:
            self.assertPublished(post)
        except AssertionError:
            pass

    def test_second_handler(self):
        try:
            self.assertEqual(total(), 3)
        except ValueError:
            raise
        except Exception:
            return


def test_bare():
    try:
        assert total() == 3
    except:
        pass


def test_loop():
    for each in posts:
        try:
            assert each.title
        except AssertionError:
            continue


try:
    assert_ready(total)
except AssertionError:
    pass
