"""A copy of a project to try gates in, so that nothing is written into the project itself."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from quality_harness.changes import ask_git, ignored_files, repository_files, repository_prefix
from quality_harness.gate import CouldNotRun


@contextmanager
def copied(root: Path) -> Iterator[Path]:
    """Give a copy of the working tree in `root`, with the history of its repository.

    The copy borrows the objects of the repository, and no branch of it is touched.
    """
    with tempfile.TemporaryDirectory(prefix="quality-harness-") as folder:
        top = Path(folder).resolve() / (root.name or "project")
        top.mkdir()
        _borrow_history(root, top)
        copy = top / repository_prefix(root)
        for name in [*repository_files(root), *_small_ignored(root)]:
            target = copy / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(root / name, target, follow_symlinks=False)
        yield copy


def _small_ignored(root: Path) -> Iterator[str]:
    """Yield what settings may read, such as .env, and no database."""
    for name in ignored_files(root):
        path = root / name
        if path.is_file() and path.stat().st_size < _SMALL:
            yield name


_SMALL = 2**20


def _borrow_history(root: Path, top: Path) -> None:
    ask_git(top, "init", "--quiet")
    git = top / ".git"
    (git / "objects/info/alternates").write_bytes(_path(root, "objects") + b"\n")
    shallow = Path(os.fsdecode(_path(root, "shallow")))
    if shallow.is_file():
        shutil.copy(shallow, git / "shallow")
    try:
        head = ask_git(root, "rev-parse", "--verify", "--quiet", "HEAD").decode().strip()
    except CouldNotRun:
        return  # nothing is committed yet
    ask_git(top, "update-ref", "HEAD", head)
    ask_git(top, "read-tree", "HEAD")


def _path(root: Path, name: str) -> bytes:
    """Return the path of a part of the repository, whole."""
    path = os.fsdecode(ask_git(root, "rev-parse", "--git-path", name)).removesuffix("\n")
    return os.fsencode((root / path).resolve())
