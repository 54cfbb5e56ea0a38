"""The rules of the gate `test-collection`: what keeps a test from running."""

from quality_harness.finding import Rule

MISNAMED_FILE = Rule(
    code="COL001",
    name="misnamed-file",
    summary="A file holds tests, and a runner never opens it.",
    reason=(
        "Runners find test modules by their file names, and each has its own pattern: Django "
        "takes `test*.py` from packages, pytest takes `test_*.py`. A file that no pattern "
        "matches is passed over in silence; its tests are written, reviewed and never run."
    ),
    instead=(
        "Name the file `test_*.py`, in a folder with an `__init__.py` that both runners search."
    ),
    bad="# tests/tests_blog.py\nclass BlogTests(TestCase):\n    def test_title(self): ...",
    good="# tests/test_blog.py\nclass BlogTests(TestCase):\n    def test_title(self): ...",
)

UNCOLLECTED_CLASS = Rule(
    code="COL002",
    name="uncollected-class",
    summary="No runner collects any test of a class.",
    reason=(
        "A class whose base is no TestCase and whose name pytest does not know holds dead "
        "tests, and so does a mixin that nothing inherits. Both look alive in a review."
    ),
    instead=(
        "Derive the class from a TestCase, or delete it. A class that is no test on purpose "
        "says `__test__ = False`."
    ),
    bad="class PostTests:\n    def test_title(self):\n        self.assertEqual(title(), 'A')",
    good=(
        "class PostTests(TestCase):\n    def test_title(self):\n"
        "        self.assertEqual(title(), 'A')"
    ),
)

MISNAMED_TEST = Rule(
    code="COL003",
    name="misnamed-test",
    summary="A function of a test class asserts something, and nothing ever calls it.",
    reason=(
        "Runners call what begins with `test`. A slip such as `tset_title`, a leading "
        "underscore or a name such as `should_have_title` turns a test into a helper that "
        "nobody uses."
    ),
    instead="Let the name begin with `test_`, or delete the function.",
    bad=(
        "class PostTests(TestCase):\n    def tset_title(self):\n"
        "        self.assertEqual(title(), 'A')"
    ),
    good=(
        "class PostTests(TestCase):\n    def test_title(self):\n"
        "        self.assertEqual(title(), 'A')"
    ),
)

SHADOWED_TEST = Rule(
    code="COL004",
    name="shadowed-test",
    summary="A second definition of the same name replaces a test.",
    reason=(
        "Python keeps the last definition of a name. After a copy whose name was not changed, "
        "the first test is gone, and the number of tests does not fall because it never rose."
    ),
    instead="Give each its own name.",
    bad=(
        "class PostTests(TestCase):\n    def test_title(self): ...\n"
        "    def test_title(self): ..."
    ),
    good=(
        "class PostTests(TestCase):\n    def test_title(self): ...\n"
        "    def test_empty_title(self): ..."
    ),
)

ONE_RUNNER_ONLY = Rule(
    code="COL005",
    name="one-runner-only",
    summary="Tests are collected by one of the configured runners and not by the other.",
    reason=(
        "Whoever uses the other runner sees green without them. Functions of a module and "
        "classes without a TestCase exist for pytest alone."
    ),
    instead="Make the tests methods of a TestCase, or configure the one runner that is used.",
    bad="def test_title():\n    assert title() == 'A'",
    good=(
        "class TitleTests(SimpleTestCase):\n    def test_title(self):\n"
        "        self.assertEqual(title(), 'A')"
    ),
)

COUNTS_DIFFER = Rule(
    code="COL006",
    name="counts-differ",
    summary="The runners collect the same class a different number of times.",
    reason=(
        "The totals of both runners then differ, and a test that is really lost hides in the "
        "difference. Most often a TestCase was imported into another test module: pytest runs "
        "it there a second time, Django once."
    ),
    instead=(
        "Import the module rather than the class, keep shared tests in a mixin without "
        "TestCase, and write no `load_tests`."
    ),
    bad="from tests.test_post import PostTests\n\nclass DraftTests(PostTests): ...",
    good="from tests import test_post\n\nclass DraftTests(test_post.PostTests): ...",
)

UNCOLLECTED_TEST = Rule(
    code="COL007",
    name="uncollected-test",
    summary="A test function that stands in the source is collected by no runner.",
    reason=(
        "Something takes it away at import: the name is bound again, `del` removes it, or a "
        "module's function stands where only classes are collected."
    ),
    instead=(
        "Let the function be, and skip it visibly with `@skip` and a reason where it must not run."
    ),
    bad=(
        "class PostTests(TestCase):\n    def test_slug(self): ...\n"
        "    def test_title(self): ...\n    test_title = None"
    ),
    good=(
        "class PostTests(TestCase):\n    def test_slug(self): ...\n"
        "    @skip('waits for the new editor')\n"
        "    def test_title(self): ..."
    ),
)

RULES = (
    MISNAMED_FILE,
    UNCOLLECTED_CLASS,
    MISNAMED_TEST,
    SHADOWED_TEST,
    ONE_RUNNER_ONLY,
    COUNTS_DIFFER,
    UNCOLLECTED_TEST,
)
