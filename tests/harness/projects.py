"""Small projects in temporary folders, for the tests of the harness itself."""

import os
import subprocess
import tempfile
import textwrap
import unittest
from dataclasses import replace
from pathlib import Path
from unittest import mock

from quality_harness.changes import repository_files
from quality_harness.gate import Changes, Checked, Gate, Project

# No configuration of the machine's own reaches the repositories made here.
GIT_ENVIRONMENT = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    "GIT_AUTHOR_NAME": "A",
    "GIT_AUTHOR_EMAIL": "a@example.org",
    "GIT_COMMITTER_NAME": "A",
    "GIT_COMMITTER_EMAIL": "a@example.org",
}
# Plugins that are installed beside pytest, and that no project made here uses: to import them takes
# twice as long as all else that a small run does.
UNUSED_PLUGINS = ("anyio", "faker", "hypothesispytest", "locust", "schemathesis", "valkey")
LIGHT = {"PYTEST_ADDOPTS": " ".join(f"-p no:{name}" for name in UNUSED_PLUGINS)}
# What a test run sets for itself must not leak into the projects that it makes.
OUTER_VARIABLES = (
    "CI",
    "COVERAGE_RCFILE",
    "DJANGO_SETTINGS_MODULE",
    "PYTEST_ADDOPTS",
    "PYTEST_XDIST_WORKER",
)


class ProjectCase(unittest.TestCase):
    """A test with a project of its own: `self.root`, an empty git repository on `main`."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name).resolve()
        variables = {name: text for name, text in os.environ.items() if name not in OUTER_VARIABLES}
        patched = mock.patch.dict(os.environ, variables | GIT_ENVIRONMENT | LIGHT, clear=True)
        patched.start()
        self.addCleanup(patched.stop)
        self.git("init", "--quiet", "--initial-branch=main")

    def git(self, *arguments: str) -> str:
        """Run git in the project and return what it printed."""
        done = subprocess.run(
            ["git", *arguments], cwd=self.root, check=True, capture_output=True, text=True
        )
        return done.stdout.strip()

    def write(self, files: dict[str, str]) -> None:
        """Write files; their text is dedented."""
        for name, text in files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8")

    def commit(self, files: dict[str, str] | None = None) -> str:
        """Write files, commit all, and return the commit's id."""
        self.write(files or {})
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message=change")
        return self.git("rev-parse", "HEAD")

    def project(self, options: object = None, **values: object) -> Project:
        """Return the project as a gate is given it."""
        files = repository_files(self.root)
        project = Project(self.root, files, Changes.all_new(files, "all"), options)
        return replace(project, **values)

    def check(self, gate: Gate, **values: object) -> Checked:
        """Run one gate's check on the project, with its options' defaults."""
        return gate.check(self.project(values.pop("options", gate.options()), **values))


def places(checked: Checked) -> list[tuple[str, str, int]]:
    """Return the code, path and line of each finding."""
    return [(one.code, one.location.path, one.location.line) for one in checked.findings]
