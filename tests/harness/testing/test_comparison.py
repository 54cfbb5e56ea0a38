from quality_harness.testing.collected import Case, Collected, FunctionId
from quality_harness.testing.comparison import compare
from quality_harness.testing.sources import read_sources
from tests.harness.testing.suites import ScenarioCase, SuiteCase

BLOG = "class BlogTests(TestCase):\n    def test_one(self): ..."


class MisnamedFileTests(ScenarioCase):
    scenarios = {
        "for_pytest": {"tests_blog.py": BLOG + "\n    def test_two(self): ..."},
        "for_both": {"blog_tests.py": BLOG},
        "no_word": {"tests.py": BLOG},
        "no_package": {"inner/test_blog.py": BLOG},
        "mixin": {
            "mixins.py": "class ListMixin:\n    def test_list(self): ...",
            "test_mixin.py": """
            from .mixins import ListMixin
            class BlogTests(ListMixin, TestCase): ...
            """,
        },
        "helper": {"factories.py": "def test_user():\n    return 'Ada'"},
        "skipped_module": {"test_browser.py": """
            raise unittest.SkipTest("no browser")
            class BrowserTests(TestCase):
                def test_click(self): ...
            """},
    }

    def test_flags_a_file_that_pytest_passes_over(self) -> None:
        self.assertEqual(self.places("for_pytest"), [("COL001", "tests_blog.py", 0)])
        finding = self.findings("for_pytest")[0]
        self.assertEqual(
            finding.message,
            "checks/for_pytest/tests_blog.py holds 2 tests, never collected by pytest: "
            "the file's name does not match `test_*.py`",
        )
        self.assertEqual(
            finding.hint,
            "git mv checks/for_pytest/tests_blog.py checks/for_pytest/test_blog.py",
        )

    def test_flags_a_file_that_both_runners_pass_over_once(self) -> None:
        self.assertEqual(self.places("for_both"), [("COL001", "blog_tests.py", 0)])
        self.assertIn(
            "1 test, never collected by pytest and Django's runner: "
            "the file's name does not match `test_*.py` and `test*.py`",
            self.findings("for_both")[0].message,
        )

    def test_names_a_file_without_a_word_of_its_own_after_its_folder(self) -> None:
        hint = self.findings("no_word")[0].hint
        self.assertEqual(hint, "git mv checks/no_word/tests.py checks/no_word/test_no_word.py")

    def test_flags_a_folder_that_is_no_package(self) -> None:
        self.assertEqual(self.places("no_package"), [("COL001", "test_blog.py", 0)])
        finding = self.findings("no_package")[0]
        self.assertIn("by Django's runner, although its name matches", finding.message)
        self.assertIn("__init__.py", finding.hint)

    def test_stays_silent_on_a_mixin_that_tests_elsewhere_inherit(self) -> None:
        self.assertEqual(self.findings("mixin"), [])

    def test_stays_silent_on_a_helper_with_a_name_like_a_test(self) -> None:
        self.assertEqual(self.findings("helper"), [])

    def test_stays_silent_on_a_module_that_skips_itself(self) -> None:
        self.assertEqual(self.findings("skipped_module"), [])


class UncollectedTests(ScenarioCase):
    scenarios = {
        "no_test_case": {"test_a.py": """
            class BlogTests:
                def test_one(self): self.fail()
                def test_two(self): self.fail()
            """},
        "opted_out": {"test_b.py": """
            class BlogTests:
                __test__ = False
                def test_one(self): self.fail()
            """},
        "view": {"test_c.py": """
            class StaffView:
                def test_func(self): return True
            """},
        "taken_away": {"test_d.py": """
            class BlogTests(TestCase):
                def test_one(self): ...
                def test_two(self): ...
                test_two = None
            """},
        "deleted": {"test_e.py": "def test_one(): ...\ndel test_one"},
        "unused_mixin": {"test_f.py": """
            class ListTestMixin:
                def test_list(self): ...
            """},
    }

    def test_flags_a_class_that_is_no_test_case_once(self) -> None:
        self.assertEqual(self.places("no_test_case"), [("COL002", "test_a.py", 2)])
        self.assertEqual(
            self.findings("no_test_case")[0].message,
            "class BlogTests holds 2 tests, none of them collected by pytest or Django's runner",
        )

    def test_flags_a_mixin_that_nothing_inherits(self) -> None:
        self.assertEqual(self.places("unused_mixin"), [("COL002", "test_f.py", 2)])

    def test_stays_silent_on_a_class_that_opts_out(self) -> None:
        self.assertEqual(self.findings("opted_out"), [])

    def test_stays_silent_on_a_view_with_a_method_like_a_test(self) -> None:
        self.assertEqual(self.findings("view"), [])

    def test_flags_a_method_that_is_taken_away_at_import(self) -> None:
        self.assertEqual(self.places("taken_away"), [("COL007", "test_d.py", 4)])
        self.assertEqual(
            self.findings("taken_away")[0].message,
            "BlogTests.test_two is not collected by pytest or Django's runner",
        )

    def test_flags_a_function_of_a_module_that_is_deleted(self) -> None:
        self.assertEqual(self.places("deleted"), [("COL007", "test_e.py", 1)])


class DecoratedTests(ScenarioCase):
    scenarios = {
        "decorated": {"test_decorated.py": """
            import functools
            from unittest import mock

            def plain(function):
                return lambda self: function(self)

            def twice(function):
                @functools.wraps(function)
                def inner(self): function(self); function(self)
                return inner

            class BlogTests(TestCase):
                @plain
                def test_plain(self): ...
                @twice
                def test_twice(self): ...
                @mock.patch("os.getcwd")
                def test_patched(self, getcwd): ...
                @skip("later")
                def test_skipped(self): ...
            """},
        "multiplied": {"test_multiplied.py": """
            import functools
            import sys

            def expand(function):
                def one(self): function(self, 1)
                one.place_as = function
                sys._getframe(1).f_locals["test_number_1"] = one

            def data(cls):
                function = cls.test_word
                del cls.test_word
                cls.test_word_1 = functools.wraps(function)(lambda self: function(self, 1))
                return cls

            @data
            class BlogTests(TestCase):
                @expand
                def test_number(self, number): ...
                def test_word(self, word): ...
            """},
        "overridden": {"test_overridden.py": """
            class ListMixin:
                def test_list(self): ...
            class BlogTests(ListMixin, TestCase):
                def test_list(self): super().test_list()
            """},
    }

    def test_stays_silent_on_decorated_tests(self) -> None:
        self.assertEqual(self.findings("decorated"), [])

    def test_stays_silent_where_one_function_becomes_several_tests(self) -> None:
        self.assertEqual(self.findings("multiplied"), [])

    def test_stays_silent_on_an_overridden_test_of_a_base(self) -> None:
        self.assertEqual(self.findings("overridden"), [])


class RunnersDifferTests(ScenarioCase):
    scenarios = {
        "functions": {"test_g.py": "\n".join(f"def test_{n}(): assert 1" for n in range(5))},
        "three_functions": {"test_gg.py": "\n".join(f"def test_{n}(): ..." for n in range(3))},
        "by_name": {"test_h.py": "class TestBlog:\n    def test_one(self): assert 1"},
        "set_later": {"test_i.py": BLOG + "\nBlogTests.__test__ = False"},
        "imported_class": {
            "test_post.py": BLOG,
            "test_draft.py": "from .test_post import BlogTests\nclass DraftTests(BlogTests): ...",
        },
        "imported_module": {
            "test_post.py": BLOG,
            "test_draft.py": "from . import test_post\nclass DraftTests(test_post.BlogTests): ...",
        },
    }

    def test_flags_functions_of_a_module_once(self) -> None:
        self.assertEqual(self.places("functions"), [("COL005", "test_g.py", 1)])
        self.assertEqual(
            self.findings("functions")[0].message,
            "test_0, test_1, test_2 and 2 more: collected by pytest, not by Django's runner",
        )

    def test_names_all_of_three(self) -> None:
        message = self.findings("three_functions")[0].message
        self.assertTrue(message.startswith("test_0, test_1, test_2: collected by"), message)

    def test_flags_a_class_that_pytest_alone_knows(self) -> None:
        self.assertEqual(self.places("by_name"), [("COL005", "test_h.py", 2)])
        self.assertIn("TestBlog.test_one: collected by", self.findings("by_name")[0].message)

    def test_flags_a_class_that_django_alone_collects(self) -> None:
        self.assertEqual(self.places("set_later"), [("COL005", "test_i.py", 2)])
        self.assertIn("by Django's runner, not by pytest", self.findings("set_later")[0].message)

    def test_flags_a_test_case_that_another_module_imports(self) -> None:
        self.assertEqual(self.places("imported_class"), [("COL006", "test_post.py", 0)])
        self.assertEqual(
            self.findings("imported_class")[0].message,
            "class BlogTests has a different number of tests in each runner: "
            "pytest 2, Django's runner 1",
        )

    def test_stays_silent_where_the_module_is_imported(self) -> None:
        self.assertEqual(self.findings("imported_module"), [])


class SourceFindingsTests(ScenarioCase):
    scenarios = {
        "typo": {"test_j.py": BLOG + "\n    def tset_two(self): self.assertTrue(1)"},
        "twice": {"test_k.py": BLOG + "\n    def test_one(self): self.assertTrue(2)"},
    }

    def test_flags_a_misnamed_test(self) -> None:
        self.assertEqual(self.places("typo"), [("COL003", "test_j.py", 3)])
        self.assertIn("BlogTests.tset_two asserts", self.findings("typo")[0].message)

    def test_flags_a_shadowed_test_where_it_is_lost(self) -> None:
        self.assertEqual(self.places("twice"), [("COL004", "test_k.py", 2)])
        self.assertEqual(
            self.findings("twice")[0].message,
            "BlogTests.test_one never runs: line 6 defines the name again",
        )


class GivenRunsTests(SuiteCase):
    """What depends on the runs alone."""

    TEXT = "class TestBlog:\n    def should_one(self): assert 1"

    def test_stays_silent_on_a_name_that_the_project_makes_a_test(self) -> None:
        place = FunctionId("test_blog.py", "TestBlog", "should_one")
        run = Collected("pytest", ("test_*.py",), (Case(place, frozenset({place})),))
        self.assertEqual(compare(read_sources({"test_blog.py": self.TEXT}), [run]), [])

    def test_flags_the_same_name_where_no_runner_takes_it(self) -> None:
        run = Collected("pytest", ("test_*.py",))
        findings = compare(read_sources({"test_blog.py": self.TEXT}), [run])
        self.assertEqual([one.code for one in findings], ["COL003"])

    def test_one_runner_alone_has_no_counts_to_differ(self) -> None:
        place = FunctionId("test_blog.py", "A", "test_a")
        run = Collected("pytest", ("test_*.py",), (Case(place, frozenset({place})),) * 2)
        texts = {"test_blog.py": "class A:\n    def test_a(self): ..."}
        self.assertEqual(compare(read_sources(texts), [run]), [])
