from pytest import raises


class PostTests(TestCase):
    def test_queries(self):
        self.assertNumQueries(2)
        list(posts)

    def test_budget(self):
        self.assertQueryBudget()
        list(posts)

    def test_raises(self):
        self.assertRaises(ValueError)

    def test_regex(self):
        self.assertRaisesRegex(ValueError, "no")

    def test_logs(self):
        self.assertLogs("shop", level="INFO")

    def test_template(self):
        self.assertTemplateUsed("a.html")

    def test_bound(self):
        caught = self.assertRaises(ValueError)
        total()


def test_pytest():
    pytest.raises(ValueError)


def test_budget():
    assert_query_budget(__file__, "test_budget")


def test_imported():
    raises(ValueError)


def test_fixture(django_assert_num_queries):
    django_assert_num_queries(2)
