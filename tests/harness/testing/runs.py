"""Runs small test-suites in this process, by both runners, and tells what came of each test."""

import contextlib
import io
import sys
from dataclasses import dataclass
from typing import Any
from unittest import mock

import pytest
from django.core.management import CommandError

from quality_harness.testing.ids import case_id
from quality_harness.testing.runner import QualityHarnessRunner
from tests.harness.testing.suites import FOLDER, SuiteCase

NESTED = ["-q", "-s", "-p", "quality_harness", "-p", "no:cacheprovider", "-p", "no:logging"]
PYPROJECT = f"""
[tool.pytest.ini_options]
python_files = ["test_*.py"]
[tool.quality_harness.testing]
paths = ["{FOLDER}"]
"""


@dataclass(frozen=True)
class Run:
    """What one run came to.

    Attributes:
        code: the exit code.
        output: what it printed.
        passed: the names of the tests that passed, without their file.
        failed: of those that failed.
        order: of all that ran, in their order.
    """

    code: int
    output: str
    passed: set[str]
    failed: set[str]
    order: list[str]


class RunCase(SuiteCase):
    """A test that runs the tests in `checks/`."""

    def suite(self, text: str, settings: str = "") -> None:
        """Write a test module, and more lines of the table of the configuration."""
        self.write({f"{FOLDER}/test_it.py": text})
        (self.root / "pyproject.toml").write_text(f"{PYPROJECT}{settings}\n", encoding="utf-8")

    def both(self, *arguments: str, **options: Any) -> list[Run]:
        """Run by pytest and by Django's runner: `--time-limit 1` and `time_limit=1`."""
        return [self.pytest(*arguments), self.django(**options)]

    def pytest(self, *arguments: str) -> Run:
        """Run by pytest with our plugin."""
        noted = _Noted()
        with self.inside(), contextlib.redirect_stdout(io.StringIO()) as output:
            code = pytest.main([*NESTED, *arguments], plugins=[noted])
        failed = {_name(each) for each in noted.failed}
        passed = {_name(each) for each in noted.passed} - failed
        return Run(int(code), output.getvalue(), passed, failed, list(map(_name, noted.order)))

    def django(self, *labels: str, stream: type[io.StringIO] = io.StringIO, **options: Any) -> Run:
        """Run by Django's runner with our class, without databases."""
        with (
            self.inside(),
            mock.patch.object(sys, "path", [str(self.root), *sys.path]),
            contextlib.redirect_stderr(stream()) as errors,
            contextlib.redirect_stdout(io.StringIO()) as output,
        ):
            try:
                runner = QualityHarnessRunner(verbosity=1, **options)
                suite = runner.build_suite(list(labels))
                order = [case_id(runner.root, each) for each in suite]
                result: Any = runner.run_suite(suite)
            except CommandError as error:
                return Run(error.returncode, str(error), set(), set(), [])
        skipped = {case_id(runner.root, each) for each, _ in result.skipped}
        failed = set(map(_name, result.failed()))
        passed = set(map(_name, result.ran - skipped)) - failed
        text = output.getvalue() + errors.getvalue()
        return Run(min(len(failed), 1), text, passed, failed, list(map(_name, order)))


class _Noted:
    """A plugin of pytest that notes outcomes."""

    def __init__(self) -> None:
        self.passed: list[str] = []
        self.failed: list[str] = []
        self.order: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note a phase of a test."""
        if report.failed:
            self.failed.append(report.nodeid)
        elif report.passed and report.when == "call":
            self.passed.append(report.nodeid)
        if report.when == "setup":
            self.order.append(report.nodeid)


def _name(test_id: str) -> str:
    return test_id.partition("::")[2]
