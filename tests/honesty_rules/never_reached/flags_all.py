class PostTests(TestCase):
    def test_list(self):
        for each in []:
            self.assertTrue(each)

    def test_range(self):
        for each in range(0):
            self.assertTrue(each)

    def test_none(self):
        for each in Post.objects.none():
            self.assertTrue(each)

    def test_items(self):
        for key, value in {}.items():
            self.assertTrue(value)

    def test_enumerate(self):
        for number, each in enumerate([]):
            self.assertTrue(each)

    def test_made_empty(self):
        for each in list():
            self.assertTrue(each)

    def test_name(self):
        cases = []
        for each in cases:
            with self.subTest(each):
                self.assertTrue(each)

    def test_return(self):
        self.assertTrue(total())
        return
        self.assertEqual(total(), 3)

    def test_skip(self):
        self.skipTest("later")
        self.assertTrue(total())

    def test_if_false(self):
        if False:
            self.assertTrue(total())

    def test_else_of_true(self):
        if True:
            run()
        else:
            self.assertTrue(total())

    def test_while(self):
        while 0:
            self.assertTrue(total())

    def test_inner(self):
        def check():
            self.assertTrue(total())

        run()


def test_pytest_skip():
    pytest.skip("later")
    assert total()


@pytest.mark.parametrize("given", [])
def test_parameters(given):
    assert given
