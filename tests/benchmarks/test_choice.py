"""Which benchmark runs."""

import contextlib
import io
from types import SimpleNamespace
from unittest import mock

from django.test import SimpleTestCase

from benchmarks.__main__ import main, names


class ChoiceTests(SimpleTestCase):
    def refuse(self, *argv: str) -> str:
        """Return what is said to a command line that runs nothing."""
        output = io.StringIO()
        with contextlib.redirect_stderr(output):
            self.assertEqual(main(argv), 2)
        return output.getvalue()

    def test_there_is_the_fuzz_and_no_module_that_only_helps(self) -> None:
        self.assertIn("fuzz", names())
        self.assertFalse({"figures", "__main__", "_fuzz_world"} & set(names()))

    def test_without_a_name_the_names_are_listed(self) -> None:
        message = self.refuse()
        self.assertIn("Which benchmark?", message)
        self.assertIn("make bench NAME=fuzz", message)

    def test_an_unknown_name_is_refused_with_the_names(self) -> None:
        message = self.refuse("fuz")
        self.assertIn("There is no benchmark 'fuz'.", message)
        self.assertIn("make bench NAME=fuzz", message)

    def test_a_module_that_only_helps_is_no_benchmark(self) -> None:
        self.assertIn("There is no benchmark 'figures'.", self.refuse("figures"))

    def test_a_benchmark_gets_the_other_arguments_and_gives_the_code(self) -> None:
        run = mock.Mock(return_value=1)
        with mock.patch("importlib.import_module", return_value=SimpleNamespace(main=run)) as load:
            self.assertEqual(main(["fuzz", "--seed", "1"]), 1)
        load.assert_called_once_with("benchmarks.fuzz")
        run.assert_called_once_with(["--seed", "1"])

    def test_a_name_is_taken_with_hyphens_too(self) -> None:
        run = mock.Mock(return_value=0)
        with mock.patch("importlib.import_module", return_value=SimpleNamespace(main=run)) as load:
            self.assertEqual(main(["hot-list"]), 0)
        load.assert_called_once_with("benchmarks.hot_list")
