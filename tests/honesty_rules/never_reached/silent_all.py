class PostTests(TestCase):
    def test_list(self):
        for each in [1]:
            self.assertTrue(each)

    def test_range(self):
        for each in range(3):
            self.assertTrue(each)

    def test_range_of_two(self):
        for each in range(0, 3):
            self.assertTrue(each)

    def test_unknown(self):
        for each in posts.filter(name="none"):
            self.assertTrue(each)

    def test_items(self):
        for key, value in words.items():
            self.assertTrue(value)

    def test_sorted(self):
        for each in sorted(posts):
            self.assertTrue(each)

    def test_filled(self):
        cases = []
        cases.append(1)
        for each in cases:
            self.assertTrue(each)

    def test_bound_again(self):
        cases = []
        cases = find()
        for each in cases:
            self.assertTrue(each)

    def test_bound_to_something(self):
        cases = find()
        for each in cases:
            self.assertTrue(each)

    def test_nothing_asserted(self):
        for each in []:
            run(each)

    def test_return(self):
        self.assertTrue(total())
        return

    def test_return_in_a_branch(self):
        if run():
            return
        self.assertTrue(total())

    def test_skip_of_something(self):
        post.skip("later")
        self.assertTrue(total())

    def test_if(self):
        if total():
            self.assertTrue(total())

    def test_inner(self):
        def check():
            self.assertTrue(total())

        check()

    def test_registered(self):
        @receiver(saved)
        def check():
            self.assertTrue(total())

        save()

    def test_method(self):
        class View:
            def get(self):
                assert self.request

        View().run()


@pytest.mark.parametrize("given", [1])
def test_parameters(given):
    assert given


@pytest.mark.django_db
@pytest.mark.usefixtures("db")
def test_marked(given):
    assert given


def helper():
    for each in []:
        assert each
