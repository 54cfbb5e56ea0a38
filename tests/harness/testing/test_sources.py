import unittest

from quality_harness.gate import CouldNotRun
from quality_harness.testing.sources import SourceFile, read_sources

PATH = "tests/test_blog.py"


def read(text: str, path: str = PATH) -> SourceFile:
    return read_sources({path: text})[0]


def names(text: str, path: str = PATH) -> list[str]:
    """Return the tests that are surely tests."""
    tests = (test for test in read(text, path).tests if test.sure)
    return [f"{test.id.owner}.{test.id.name}".lstrip(".") for test in tests]


def suspects(text: str, path: str = PATH) -> list[str]:
    return [suspect.id.name for suspect in read(text, path).suspects]


def shadowed(text: str) -> list[tuple[str, int, int]]:
    return [(one.name, one.line, one.by_line) for one in read(text).shadowed]


class TestsInTheSourceTests(unittest.TestCase):
    def test_finds_methods_functions_and_inner_classes(self) -> None:
        text = """
class BlogTests(TestCase):
    def test_a(self): ...
    async def test_b(self): ...
    class InnerTests(TestCase):
        def test_c(self): ...
def test_d(): ...
"""
        self.assertEqual(
            sorted(names(text)),
            ["BlogTests.InnerTests.test_c", "BlogTests.test_a", "BlogTests.test_b", "test_d"],
        )

    def test_gives_the_lines_of_the_test_and_of_its_class(self) -> None:
        test = read("class BlogTests(TestCase):\n\n    def test_a(self): ...").tests[0]
        self.assertEqual((test.owner_line, test.line), (1, 3))

    def test_leaves_out_what_exists_only_sometimes(self) -> None:
        text = "if WINDOWS:\n    def test_a(): ...\ndef make():\n    def test_b(): ..."
        self.assertEqual(names(text), [])

    def test_leaves_out_fixtures_and_properties(self) -> None:
        text = """
@pytest.fixture
def test_user(): ...
@fixture(scope="session")
def test_site(): ...
class BlogTests:
    @property
    def test_title(self): ...
"""
        self.assertEqual(names(text), [])

    def test_leaves_out_a_class_that_opts_out_and_its_inner_classes(self) -> None:
        text = """
class BlogTests:
    __test__ = False
    def test_a(self): ...
    class Inner(TestCase):
        def test_b(self): ...
"""
        self.assertEqual(names(text), [])

    def test_another_value_or_name_does_not_opt_out(self) -> None:
        text = """
class BlogTests(TestCase):
    __test__ = True
    other = False
    __test__ = compute()
    (one, two) = False, False
    def test_a(self): ...
"""
        self.assertEqual(names(text), ["BlogTests.test_a"])

    def test_is_sure_of_a_function_elsewhere_where_it_asserts(self) -> None:
        for body in ("assert True", "assert_valid(1)", "pytest.raises(ValueError)"):
            with self.subTest(body):
                self.assertEqual(names(f"def test_a(): {body}", "tests/tools.py"), ["test_a"])

    def test_is_not_sure_of_a_function_elsewhere_that_asserts_nothing(self) -> None:
        text = "def test_user(): return make()[0]()"
        self.assertEqual(names(text, "tests/tools.py"), [])
        self.assertEqual(len(read(text, "tests/tools.py").tests), 1)

    def test_is_sure_of_a_class_whose_base_says_test(self) -> None:
        text = "class Blog(cases.APITestCase):\n    def test_a(self): self.check()"
        self.assertEqual(names(text, "tests/tools.py"), ["Blog.test_a"])

    def test_names_the_file_and_line_of_a_syntax_error(self) -> None:
        with self.assertRaisesRegex(CouldNotRun, "tests/test_blog.py:2 is not valid Python"):
            read("x = 1\ndef test_a(:\n")

    def test_names_the_file_of_text_that_is_no_source(self) -> None:
        with self.assertRaisesRegex(CouldNotRun, "tests/test_blog.py:"):
            read("x = '\0'")


class SuspectsTests(unittest.TestCase):
    def method(self, head: str, body: str = "self.assertTrue(1)") -> list[str]:
        return suspects(
            f"class BlogTests(TestCase):\n    def test_a(self): ...\n    {head}\n        {body}"
        )

    def test_flags_slips_of_the_name(self) -> None:
        for name in ("tset_a", "tets_a", "tst_a", "tes_a", "Test_a", "ttest_a", "est_a", "_tset_a"):
            with self.subTest(name):
                self.assertEqual(self.method(f"def {name}(self):"), [name])

    def test_flags_a_slip_with_decorators_and_arguments(self) -> None:
        head = "@mock.patch('os.getcwd')\n    def tset_a(self, getcwd):"
        self.assertEqual(self.method(head), ["tset_a"])

    def test_flags_hidden_and_other_names(self) -> None:
        for name in ("_test_a", "should_list", "it_lists", "with_permission"):
            with self.subTest(name):
                self.assertEqual(self.method(f"def {name}(self):"), [name])

    def test_flags_a_slip_among_functions_of_a_test_module(self) -> None:
        self.assertEqual(suspects("def tset_a(client): assert client"), ["tset_a"])

    def test_flags_a_slip_in_each_of_two_classes(self) -> None:
        text = "class ATests:\n    def tset_a(self): assert 1\n"
        self.assertEqual(suspects(text + text.replace("ATests", "BTests")), ["tset_a", "tset_a"])

    def test_silent_without_an_assertion(self) -> None:
        self.assertEqual(self.method("def tset_a(self):", "return 1"), [])

    def test_silent_on_hooks(self) -> None:
        for name in (
            "setUp",
            "tearDownClass",
            "setup_method",
            "runTest",
            "_fixture_setup",
            "__call__",
        ):
            with self.subTest(name):
                self.assertEqual(self.method(f"def {name}(self):"), [])

    def test_silent_on_own_assertions(self) -> None:
        self.assertEqual(self.method("def assert_empty(self):"), [])

    def test_silent_on_a_helper_with_arguments(self) -> None:
        for arguments in ("self, blog", "self, *blogs", "self, **values", "self, *, blog"):
            with self.subTest(arguments):
                self.assertEqual(self.method(f"def check({arguments}):"), [])

    def test_silent_on_a_decorated_helper(self) -> None:
        self.assertEqual(self.method("@staticmethod\n    def check(blog):"), [])

    def test_silent_on_a_fixture_with_a_name_like_a_slip(self) -> None:
        self.assertEqual(suspects("@pytest.fixture\ndef tes_user(): assert 1"), [])

    def test_silent_on_a_helper_that_the_file_calls(self) -> None:
        self.assertEqual(self.method("def check(self):", "self.assertTrue(self.check)"), [])

    def test_silent_on_a_helper_that_another_file_mentions(self) -> None:
        helper = "class ListTests(TestCase):\n    def check(self): assert 1"
        for text in ("self.check()", "check()", "from a import check", "'tests.tools.check'"):
            with self.subTest(text):
                files = read_sources({PATH: helper, "tests/test_b.py": text})
                self.assertEqual(files[0].suspects, ())

    def test_silent_on_a_method_that_several_classes_define_for_a_base_elsewhere(self) -> None:
        text = "class ATests:\n    def check(self): assert 1\n"
        self.assertEqual(suspects(text + text.replace("ATests", "BTests")), [])

    def test_silent_in_a_class_that_is_no_test(self) -> None:
        text = "class Factory:\n    def build(self): assert 1"
        self.assertEqual(suspects(text), [])


class ShadowedTests(unittest.TestCase):
    def test_flags_a_method_defined_twice(self) -> None:
        text = "class ATests:\n    def test_a(self): ...\n    def test_a(self): ..."
        self.assertEqual(shadowed(text), [("ATests.test_a", 2, 3)])

    def test_flags_each_lost_one_of_three(self) -> None:
        text = "def test_a(): ...\n" * 3
        self.assertEqual(shadowed(text), [("test_a", 1, 2), ("test_a", 2, 3)])

    def test_flags_a_class_with_tests_defined_twice(self) -> None:
        text = "class ATests:\n    def test_a(self): ...\n"
        self.assertEqual(shadowed(text + text), [("ATests", 1, 3)])

    def test_silent_on_helpers_and_classes_without_tests(self) -> None:
        text = "def make(): ...\nclass A:\n    x = 1\n    def run(self): ...\n"
        self.assertEqual(shadowed(text + text), [])

    def test_silent_where_a_decorator_makes_tests_of_the_first(self) -> None:
        text = "class ATests:\n    @parameterized.expand([1])\n    def test_a(self): ...\n"
        self.assertEqual(shadowed(text + "    def test_a(self): ...\n"), [])

    def test_silent_on_a_class_that_opts_out(self) -> None:
        text = "class ATests:\n    __test__ = False\n    def test_a(self): ...\n"
        self.assertEqual(shadowed(text + text), [])

    def test_silent_on_the_same_name_in_two_classes(self) -> None:
        text = "class ATests:\n    def test_a(self): ...\n"
        self.assertEqual(shadowed(text + text.replace("ATests", "BTests")), [])
