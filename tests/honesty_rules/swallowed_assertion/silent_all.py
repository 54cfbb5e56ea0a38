class PostTests(TestCase):
    def test_other_exception(self):
        try:
            self.assertEqual(total(), 3)
        except ValueError:
            pass

    def test_raised_again(self):
        try:
            self.assertEqual(total(), 3)
        except AssertionError:
            show()
            raise

    def test_told(self):
        try:
            self.assertEqual(total(), 3)
        except AssertionError:
            problems.append(post)

    def test_returned(self):
        try:
            self.assertEqual(total(), 3)
        except AssertionError:
            return post

    def test_expected(self):
        try:
            self.assertPublished(post)
        except AssertionError:
            pass
        else:
            self.fail("it holds")

    def test_called_for_what_it_does(self):
        try:
            self.assertPublished(post)
        except self.failureException:
            pass
        gateway.assert_called_once_with(3)

    def test_nothing_asserted(self):
        try:
            total()
        except Exception:
            pass

    def test_suppress(self):
        with contextlib.suppress(ValueError), self.subTest():
            self.assertEqual(total(), 3)


def test_waits():
    for _ in range(3):
        try:
            assert total() == 3
            break
        except AssertionError:
            pass
    else:
        pytest.fail("never")


def test_pytest_fail():
    try:
        total()
        pytest.fail("no error")
    except Exception:
        pass


def test_group():
    with suppress:
        assert total()
