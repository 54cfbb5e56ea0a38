"""Projects with a branch of their own, for the gates that look at a change's commits."""

import os
import tempfile
from pathlib import Path
from typing import Any

from quality_harness.changes import find_changes, repository_files
from quality_harness.gate import Checked, Gate, Project
from tests.harness.projects import ProjectCase

# What GitHub and GitLab set for their jobs must not leak into the projects made here.
CI_VARIABLES = ("GITHUB_", "GITLAB_", "CI_")


class BranchCase(ProjectCase):
    """A test on the branch `work`, which has left `main` after its first commit."""

    def setUp(self) -> None:
        super().setUp()
        for name in [name for name in os.environ if name.startswith(CI_VARIABLES)]:
            del os.environ[name]
        self.base = self.commit({"README.md": "# Shop\n"})
        self.git("checkout", "--quiet", "-b", "work")

    def runner_clone(self) -> Path:
        """Return a clone as a runner makes it that fetches no history: a merge of two tips."""
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        clone = Path(folder.name).resolve() / "clone"
        self.git("clone", "-q", "--depth=1", "--branch=work", f"file://{self.root}", str(clone))
        inside = ("-C", str(clone))
        self.git(*inside, "fetch", "-q", "--depth=1", "origin", "main:refs/remotes/origin/main")
        merge = ("merge", "-q", "--allow-unrelated-histories", "--strategy=ours", "-m", "merge")
        self.git(*inside, *merge, "origin/main")
        return clone

    def check_branch(
        self, gate: Gate, *, root: Path | None = None, base: str | None = None, **values: Any
    ) -> Checked:
        """Run one gate's check on what the branch changes against `main`, or against `base`."""
        root = root or self.root
        options = values.pop("options", gate.options())
        files, changes = repository_files(root), find_changes(root, base, "main")
        return gate.check(Project(root, files, changes, options, **values))
