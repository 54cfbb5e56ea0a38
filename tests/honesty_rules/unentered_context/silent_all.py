class PostTests(TestCase):
    def test_queries(self):
        with self.assertNumQueries(2):
            list(posts)

    def test_budget(self):
        with self.assertQueryBudget("posts"):
            list(posts)

    def test_queries_of(self):
        self.assertNumQueries(2, list, posts)

    def test_queries_func(self):
        self.assertNumQueries(2, func=run)

    def test_raises(self):
        self.assertRaises(ValueError, total)

    def test_spread(self):
        self.assertRaises(*given)

    def test_options(self):
        self.assertRaises(ValueError, **given)

    def test_template(self):
        self.assertTemplateUsed(response, "a.html")

    def test_template_of_response(self):
        self.assertTemplateUsed(response)

    def test_bound(self):
        caught = self.assertRaises(ValueError)
        with caught:
            total()

    def test_bound_to_self(self):
        self.caught = self.assertRaises(ValueError)

    def test_bound_to_two(self):
        first = second = self.assertRaises(ValueError)

    def test_entered(self):
        self.enterContext(self.assertNumQueries(2))

    def test_other(self):
        post.raises(ValueError)


at_import = pytest.raises(ValueError)
print(at_import)
