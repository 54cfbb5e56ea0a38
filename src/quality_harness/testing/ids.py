"""The name of a test: the same under both runners, in the form that pytest takes.

`tests/test_blog.py::BlogTests::test_title`. Parameters of pytest follow in brackets.
"""

import unittest
from pathlib import Path
from typing import Any

from quality_harness.testing.collected import FunctionId, module_path


def case_id(root: Path, case: Any) -> str:
    """Return the id of a unittest test, or of the subtest's test; where there is none, its text.

    Args:
        root: the project's.
        case: what a runner's result holds; a set-up that failed is no test.
    """
    case = getattr(case, "test_case", case)
    if not isinstance(case, unittest.TestCase) or type(case).__module__.startswith("unittest."):
        return str(case)
    owner = type(case)
    path = module_path(root, owner.__module__)
    return place_id(FunctionId(path, owner.__qualname__, case._testMethodName))


def place_id(place: FunctionId) -> str:
    """Return the id of the test that stands at a place."""
    return "::".join(filter(None, (place.path, place.owner.replace(".", "::"), place.name)))


def group_of(test_id: str) -> str:
    """Return the id of the class that a test stands in, or of its module: what shares a set-up."""
    return test_id.partition("[")[0].rpartition("::")[0]


def as_label(text: str) -> str:
    """Return what Django's runner calls an id; any other label stays as it is."""
    path, separator, inside = text.partition("::")
    if not separator and not path.endswith(".py"):
        return text
    module = path.removesuffix(".py").replace("/", ".")
    return ".".join(filter(None, (module, inside.partition("[")[0].replace("::", "."))))
