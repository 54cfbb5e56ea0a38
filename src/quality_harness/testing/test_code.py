"""Which of a project's files are test code."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath

from quality_harness.testing.settings import load_settings

_FOLDER = re.compile(r"tests?|\w+_tests?")
_STEM = re.compile(r"tests?|tests?_\w*|\w*_tests?|conftest")
# Folders below the root with code that is not the project's.
_INSTALLED = {"site-packages", "dist-packages", ".venv", ".tox", ".nox"}


@dataclass(frozen=True)
class TestCode:
    """Tells by its path whether a module is test code.

    Attributes:
        root: the project's.
        paths: the folders that hold tests, relative to it.
    """

    __test__ = False

    root: Path
    paths: tuple[str, ...]

    @classmethod
    def of(cls, root: Path) -> "TestCode":
        """Return the test code of a project with its configured folders."""
        return cls(root.resolve(), load_settings(root).paths)

    def __call__(self, file: str) -> bool:
        """Whether a file is the project's and its name, a folder or the settings say test."""
        return _is_test_code(self.root, self.paths, file)

    def holds(self, name: str) -> bool:
        """Whether a path relative to the root is one of test code."""
        path = PurePosixPath(name)
        if _INSTALLED & set(path.parts):
            return False
        if any(path.is_relative_to(folder) for folder in self.paths):
            return True
        return bool(_STEM.fullmatch(path.stem)) or any(map(_FOLDER.fullmatch, path.parts[:-1]))


def is_test_module(name: str) -> bool:
    """Whether a file's own name says that there are tests in it."""
    return _STEM.fullmatch(PurePosixPath(name).stem) is not None


@cache
def _is_test_code(root: Path, paths: tuple[str, ...], file: str) -> bool:
    path = Path(file).resolve()
    if not path.is_relative_to(root):
        return False
    return TestCode(root, paths).holds(path.relative_to(root).as_posix())
