import unittest
from importlib.metadata import PackageNotFoundError, version
from unittest import mock

from quality_harness.init import tools


class RequirementsTests(unittest.TestCase):
    def test_a_gates_tool_is_pinned_to_the_version_that_is_here(self):
        text = tools.requirements_of(["format", "large-files"])

        self.assertEqual(
            text.splitlines()[1:],
            [
                f"black=={version('black')}",
                f"django-quality-harness[format]=={version('django-quality-harness')}",
            ],
        )

    def test_plugins_of_flake8_are_pinned_too(self):
        text = tools.requirements_of(["lint"])

        self.assertIn(f"flake8-bugbear=={version('flake8-bugbear')}\n", text)

    def test_the_projects_own_test_tools_are_not_pinned(self):
        text = tools.requirements_of(["tests"])

        self.assertIn("django-quality-harness[test]==", text)
        self.assertNotIn("pytest==", text)

    def test_without_a_tool_the_package_stands_alone(self):
        self.assertIn("\ndjango-quality-harness==", tools.requirements_of(["large-files"]))

    def test_a_tool_that_is_not_installed_is_left_to_its_gate(self):
        here = tools.distribution

        def without_black(name: str) -> object:
            if name == "black":
                raise PackageNotFoundError(name)
            return here(name)

        with mock.patch.object(tools, "distribution", without_black):
            self.assertNotIn("black==", tools.requirements_of(["format"]))
