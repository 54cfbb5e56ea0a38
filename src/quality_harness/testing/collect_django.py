"""Writes what the project's own TEST_RUNNER collects, as JSON; needs no database.

    python -m quality_harness.testing.collect_django FILE

The settings are those of DJANGO_SETTINGS_MODULE; the project's root is the working folder.
"""

import importlib.util
import sys
from collections.abc import Sequence
from fnmatch import fnmatch
from pathlib import Path
from unittest import TestCase

import django
from django.conf import settings
from django.test.utils import get_runner, iter_test_cases

from quality_harness.testing.collected import Case, Collected, method_case, relative
from quality_harness.tool import last_line


def collect(root: Path) -> Collected:
    """Build the suite as `manage.py test` does and return what is in it.

    Raises:
        SystemExit: the TEST_RUNNER builds no suite of its own.
    """
    runner = get_runner(settings)(verbosity=0, interactive=False)
    if not hasattr(runner, "build_suite"):
        sys.exit(
            f"TEST_RUNNER = {settings.TEST_RUNNER!r} builds no suite that could be read: "
            "take a subclass of DiscoverRunner"
        )
    pattern = runner.pattern or "test*.py"
    cases: list[Case] = []
    skipped: set[str] = set()
    errors: list[tuple[str, str]] = []
    for test in iter_test_cases(runner.build_suite()):
        # unittest stands these in for a module; both carry its dotted name as the method's.
        if type(test).__name__ == "_FailedTest":
            errors.append((test._testMethodName, last_line(str(test._exception))))
        elif type(test).__name__ == "ModuleSkipped":
            skipped.add(_path_of(root, test))
        else:
            cases.append(method_case(root, type(test), test._testMethodName))
    return Collected(
        runner="django",
        patterns=(pattern,),
        cases=tuple(cases),
        opened=_opened(root, pattern),
        skipped=frozenset(skipped),
        errors=tuple(errors),
    )


def main(arguments: Sequence[str]) -> int:
    """Set Django up, collect, and write the file that `arguments` name."""
    django.setup()
    collect(Path.cwd()).write(Path(arguments[0]))
    return 0


def _path_of(root: Path, test: TestCase) -> str:
    spec = importlib.util.find_spec(test._testMethodName)
    return relative(root, Path(str(spec and spec.origin)))


def _opened(root: Path, pattern: str) -> frozenset[str]:
    # Not getattr: some packages put objects there that import something when asked.
    namespaces = [getattr(module, "__dict__", {}) for module in list(sys.modules.values())]
    files = [Path(space["__file__"]) for space in namespaces if space.get("__file__")]
    return frozenset(relative(root, file) for file in files if fnmatch(file.name, pattern))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
