"""Small test-suites in temporary folders, collected by both runners in this process."""

import contextlib
import functools
import io
import os
import sys
import tempfile
import textwrap
import unittest
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar
from unittest import mock

import pytest
from django.test import override_settings

from quality_harness.finding import Finding
from quality_harness.testing import collect_django, comparison
from quality_harness.testing.collected import Collected, read_collected
from quality_harness.testing.sources import read_sources

# Not "tests": that name is taken in this process.
FOLDER = "checks"
PYPROJECT = f"""
[tool.pytest.ini_options]
python_files = ["test_*.py"]
[tool.quality_harness.testing]
paths = ["{FOLDER}"]
"""
HEADER = "import unittest\nfrom unittest import TestCase, skip\nSimpleTestCase = TestCase\n"
NESTED_PYTEST = ["-q", "-s", "-p", "quality_harness", "-p", "no:cacheprovider", "--collect-only"]


class SuiteCase(unittest.TestCase):
    """A test with a project of its own in `self.root`, whose tests lie in `checks`."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name).resolve()
        self.write({"pyproject.toml": PYPROJECT, f"{FOLDER}/__init__.py": ""})

    def write(self, files: dict[str, str]) -> None:
        """Write files; their text is dedented."""
        for name, text in files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(textwrap.dedent(text), encoding="utf-8")

    def by_pytest(self) -> Collected:
        """Return what pytest with our plugin collects in the project."""
        file = self.root / "pytest.json"
        with self.inside(), contextlib.redirect_stdout(io.StringIO()):
            pytest.main([*NESTED_PYTEST, f"--quality-harness-collected={file}"])
        return read_collected(file)

    def by_django(self) -> Collected:
        """Return what Django's runner with our defaults collects in the project."""
        runner = "quality_harness.testing.runner.QualityHarnessRunner"
        with self.inside(), override_settings(TEST_RUNNER=runner):
            return collect_django.collect(self.root)

    @contextlib.contextmanager
    def inside(self) -> Iterator[None]:
        """Work in the project's folder, and forget what is imported there."""
        # No plugin but ours: those of the run outside would set Django up again.
        variables = {"PYTEST_ADDOPTS": "", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
        with (
            contextlib.chdir(self.root),
            mock.patch.object(sys, "path", list(sys.path)),
            mock.patch.dict(os.environ, variables),
        ):
            try:
                yield
            finally:
                self.forget_modules()

    def forget_modules(self) -> None:
        """Make the next import of the project's modules a new one."""
        for name, module in list(sys.modules.items()):
            file = getattr(module, "__file__", None)
            if file and Path(file).is_relative_to(self.root):
                del sys.modules[name]


class ScenarioCase(SuiteCase):
    """A test that looks at scenarios: folders of files, all collected in one go.

    Attributes:
        scenarios: the files of each scenario; those of all subclasses stand side by side, so
            a scenario's name is used once.
    """

    scenarios: ClassVar[dict[str, dict[str, str]]] = {}

    def findings(self, scenario: str) -> list[Finding]:
        """Return what comparing source and runners gives for one scenario."""
        folder = f"{FOLDER}/{scenario}/"
        return [one for one in _all_findings() if one.location.path.startswith(folder)]

    def places(self, scenario: str) -> list[tuple[str, str, int]]:
        """Return each finding's code, file name and line, as the scenario's text counts them."""
        shift = HEADER.count("\n")
        return [
            (one.code, Path(one.location.path).name, max(one.location.line - shift, 0))
            for one in self.findings(scenario)
        ]


@functools.cache
def _all_findings() -> list[Finding]:
    case = SuiteCase()
    try:
        case.setUp()
        for subclass in ScenarioCase.__subclasses__():
            for scenario, files in subclass.scenarios.items():
                case.write({f"{FOLDER}/{scenario}/__init__.py": ""})
                texts = {name: HEADER + textwrap.dedent(text) for name, text in files.items()}
                case.write({f"{FOLDER}/{scenario}/{name}": texts[name] for name in texts})
        texts = {
            path.relative_to(case.root).as_posix(): path.read_text(encoding="utf-8")
            for path in sorted(case.root.rglob("*.py"))
        }
        return comparison.compare(read_sources(texts), [case.by_pytest(), case.by_django()])
    finally:
        case.doCleanups()
