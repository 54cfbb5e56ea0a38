import json
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


COMMIT = "7437f60d0a4b6b1d6a4b8f5a0c7a5d3f2e1b0c9d"
GIT = {"vcs": "git", "commit_id": COMMIT}


class SourceTests(unittest.TestCase):
    """Where pip says that the package comes from: the file direct_url.json of PEP 610."""

    def told(self, source: object) -> tuple[str, str]:
        """Return the package's own line, and what is said of it."""
        told = json.dumps(source) if source else None
        here = mock.Mock(requires=[], read_text=mock.Mock(return_value=told))
        with mock.patch.object(tools, "distribution", return_value=here):
            text = tools.requirements_of(["tests"])
            return text.splitlines()[-1], tools.about_source(["tests"])

    def test_from_an_index_the_version_says_it_all(self):
        pin = f"django-quality-harness[test]=={version('django-quality-harness')}"

        self.assertEqual(self.told(None), (pin, ""))

    def test_from_version_control_its_commit_is_named(self):
        url = "https://git.example.org/harness.git"
        for more, end in (({}, ""), ({"subdirectory": "a/b"}, "#subdirectory=a/b")):
            with self.subTest(more):
                line, said = self.told({"url": url, "vcs_info": GIT, **more})

                self.assertEqual(line, f"django-quality-harness[test] @ git+{url}@{COMMIT}{end}")
                self.assertEqual(said, "")

    def test_an_archive_that_others_can_fetch_is_named(self):
        url = "https://example.org/django_quality_harness-0.1.0-py3-none-any.whl"

        line, said = self.told({"url": url, "archive_info": {}})

        self.assertEqual((line, said), (f"django-quality-harness[test] @ {url}", ""))

    def test_what_lies_on_this_machine_is_told_with_the_line_to_change(self):
        for more in ({"dir_info": {}}, {"archive_info": {}}, {"vcs_info": GIT}):
            with self.subTest(more):
                line, said = self.told({"url": "file:///src/harness", **more})

                self.assertIn("django-quality-harness[test]==", line)
                self.assertIn("installed from file:///src/harness, and CI cannot", said)
                self.assertIn(f"in quality-requirements.txt, change the line {line} to", said)
                self.assertIn("django-quality-harness[test] @ git+https://", said)
