"""Makes test modules count their assertions as they are imported.

Only the project's own test code is changed. pytest rewrites `assert` in the modules that it imports
itself; there the counting is written in before pytest's rewriting, whose messages stay. Compiled
modules are kept beside those of Python and of pytest, never in their place.
"""

import ast
import importlib.util
import marshal
import os
import sys
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any
from unittest import mock

from quality_harness.testing.counting import statements, tally
from quality_harness.testing.counting.statements import count_in
from quality_harness.testing.honesty import naming
from quality_harness.testing.test_code import TestCode

# What is written into modules follows from these, so a change of them compiles all anew.
_WRITERS = (statements.__file__, tally.__file__, naming.__file__)
_TAG = f"counted{zlib.crc32(b''.join(Path(file).read_bytes() for file in _WRITERS)):08x}"
_PYTEST = "_pytest.assertion.rewrite"


@contextmanager
def counted_imports(test_code: TestCode) -> Iterator[None]:
    """Write counting into what is imported from now on.

    Args:
        test_code: what is the project's test code.
    """
    finder = _Finder(test_code)
    # What has a way of its own to be imported, as in pytest, keeps it.
    ours = (each for each in sys.meta_path if each is PathFinder or isinstance(each, _Finder))
    place = sys.meta_path.index(next(ours))
    with ExitStack() as stack:
        if _PYTEST in sys.modules:
            stack.enter_context(_counted_by_pytest(sys.modules[_PYTEST], test_code))
        sys.meta_path.insert(place, finder)
        stack.callback(sys.meta_path.remove, finder)
        yield


class _Finder(MetaPathFinder):
    """Finds test code where Python's own finder does, and gives it another loader."""

    def __init__(self, test_code: TestCode) -> None:
        self.test_code = test_code
        self.root = str(test_code.root)

    def find_spec(
        self, fullname: str, path: Any = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        # Most packages are no part of the project; they need not be searched twice.
        if path is not None and not any(str(one).startswith(self.root) for one in path):
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is None or type(spec.loader) is not SourceFileLoader:
            return None
        if not self.test_code(str(spec.origin)):
            return None
        spec.loader = CountingLoader(fullname, str(spec.origin))
        return spec


class CountingLoader(SourceFileLoader):
    """Loads a module from its source, with counting written in."""

    def get_code(self, fullname: str) -> CodeType | None:
        """Return the module's code, from our own compiled file where that is of this source."""
        source = self.get_filename(fullname)
        stats = self.path_stats(source)
        stamp = (importlib.util.MAGIC_NUMBER, stats["mtime"], stats["size"], source)
        file = Path(importlib.util.cache_from_source(source, optimization=_TAG))
        code = _kept(file, stamp)
        if code is None:
            tree = ast.parse(self.get_data(source), source)
            count_in(tree)
            code = compile(tree, source, "exec", dont_inherit=True)
            if not sys.dont_write_bytecode:
                _keep(file, stamp, code)
        return code


def _kept(file: Path, stamp: tuple[Any, ...]) -> CodeType | None:
    with suppress(OSError, ValueError, EOFError, TypeError):
        of, code = marshal.loads(file.read_bytes())
        if of == stamp:
            return code  # type: ignore[no-any-return]
    return None


def _keep(file: Path, stamp: tuple[Any, ...], code: CodeType) -> None:
    # Several processes import the same module: each writes a file of its own and moves it.
    part = file.with_suffix(f".{os.getpid()}")
    with suppress(OSError):
        file.parent.mkdir(exist_ok=True)
        part.write_bytes(marshal.dumps((stamp, code)))
        part.replace(file)


@contextmanager
def _counted_by_pytest(rewrite: Any, test_code: TestCode) -> Iterator[None]:
    original = rewrite.rewrite_asserts

    def rewrite_asserts(
        mod: ast.Module, source: bytes, module_path: str | None = None, config: Any = None
    ) -> None:
        if module_path and test_code(module_path):
            count_in(mod)
        original(mod, source, module_path, config)

    with (
        mock.patch.object(rewrite, "rewrite_asserts", rewrite_asserts),
        mock.patch.object(rewrite, "PYC_TAIL", f".{_TAG}{rewrite.PYC_TAIL}"),
    ):
        yield
