"""Makes git repositories of the samples that the migration gate is measured by."""

import subprocess
from collections.abc import Mapping
from pathlib import Path

from benchmarks.sample_reader import Sample


def write_files(files: Mapping[str, str], folder: Path) -> None:
    """Write the files below `folder`, each folder of Python files as a package."""
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
        for package in [folder / parent for parent in Path(path).parents[:-1]]:
            if target.suffix == ".py" and str(package / "__init__.py") not in files:
                (package / "__init__.py").touch()


def write(sample: Sample, folder: Path, *, commit: bool = False) -> str:
    """Make a git repository: the base as a commit, the change on top of it.

    Args:
        sample: what to write.
        folder: an empty folder, or one that does not exist.
        commit: whether the change is a commit too; else it stays in the working tree.

    Returns:
        The base's commit id.
    """
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "--quiet", "--initial-branch", "main")
    write_files(sample.base, folder)
    base = _commit(folder, "base")
    write_files(sample.head, folder)
    for path in sample.deleted:
        (folder / path).unlink()
    if commit:
        _commit(folder, "change")
    return base


def _commit(folder: Path, message: str) -> str:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", "--message", message)
    return git(folder, "rev-parse", "HEAD").strip()


def git(folder: Path, *arguments: str) -> str:
    """Run git in `folder`, untouched by the user's own settings; return its output."""
    settings = ("user.name=sample", "user.email=sample@example.org", "commit.gpgsign=false")
    options = [part for setting in settings for part in ("-c", setting)]
    done = subprocess.run(
        ["git", *options, "-c", "core.hooksPath=/dev/null", *arguments],
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout
