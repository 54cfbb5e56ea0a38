class PostTests(TestCase):
    def test_result(self):
        self.assertTrue(total())

    def test_fails(self):
        self.assertTrue(False)

    def test_wrong(self):
        self.assertEqual(1, 2)

    def test_incomparable(self):
        self.assertLess(1, "a")

    def test_isinstance(self):
        self.assertIsInstance(1, 1)

    def test_tuple(self):
        self.assertTrue((1, "a"))

    def test_html(self):
        self.assertHTMLEqual("<p>", "<p>")

    def test_sample(self):
        class Sample(TestCase):
            def test_inner(self):
                self.assertEqual(1, 1)

        run(Sample)

    def test_lambda(self):
        run(lambda case: case.assertEqual(1, 1))


class Late:
    if True:

        def test_under_a_condition(self):
            assert total()


def outer():
    def test_inner():
        assert True


def test_other_way():
    try:
        run()
    except ValueError:
        assert True
    else:
        assert False


def test_other_branch():
    if run():
        assert True
    else:
        raise AssertionError("it did not run")


def test_unfinished():
    assert -total
