"""What a test runner collected, by the places in the source where the tests are defined."""

import functools
import inspect
import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple


class FunctionId(NamedTuple):
    """A function in the source.

    Attributes:
        path: POSIX, relative to the project's root; absolute outside of it.
        owner: the class's qualified name; empty for a function of the module.
        name: the function's name.
    """

    path: str
    owner: str
    name: str


@dataclass(frozen=True)
class Case:
    """One collected test.

    Attributes:
        collected_as: the class it is collected with, which may inherit the function.
        defined: every place in the source that the test stands for.
    """

    collected_as: FunctionId
    defined: frozenset[FunctionId]


@dataclass(frozen=True)
class Collected:
    """What one runner collected.

    Attributes:
        runner: "pytest" or "django".
        patterns: the file names that it takes for test modules.
        cases: one for each test, so a test collected twice stands here twice.
        opened: the test modules that it looked into.
        skipped: the modules that skip themselves as a whole.
        errors: modules that could not be imported, each with the error's last line.
    """

    runner: str
    patterns: tuple[str, ...]
    cases: tuple[Case, ...] = ()
    opened: frozenset[str] = frozenset()
    skipped: frozenset[str] = frozenset()
    errors: tuple[tuple[str, str], ...] = ()

    @functools.cached_property
    def defined(self) -> frozenset[FunctionId]:
        """Every function in the source that at least one case stands for."""
        return frozenset().union(*(case.defined for case in self.cases))

    def write(self, file: Path) -> None:
        """Write all of it to `file` as JSON."""
        document = {
            "runner": self.runner,
            "patterns": self.patterns,
            "cases": [[case.collected_as, sorted(case.defined)] for case in self.cases],
            "opened": sorted(self.opened),
            "skipped": sorted(self.skipped),
            "errors": self.errors,
        }
        file.write_text(json.dumps(document), encoding="utf-8")


def read_collected(file: Path) -> Collected:
    """Return what `Collected.write` wrote to `file`."""
    document = json.loads(file.read_text(encoding="utf-8"))
    return Collected(
        runner=document["runner"],
        patterns=tuple(document["patterns"]),
        cases=tuple(
            Case(FunctionId(*collected_as), frozenset(FunctionId(*place) for place in defined))
            for collected_as, defined in document["cases"]
        ),
        opened=frozenset(document["opened"]),
        skipped=frozenset(document["skipped"]),
        errors=tuple((module, error) for module, error in document["errors"]),
    )


def method_case(root: Path, owner: type, name: str) -> Case:
    """Return the case of the test method `name`, collected with the class `owner`."""
    defined = {
        FunctionId(module_path(root, base.__module__), base.__qualname__, name)
        for base in owner.__mro__
        if name in vars(base)
    }
    defined.update(_code_ids(root, getattr(owner, name, None)))
    collected_as = FunctionId(module_path(root, owner.__module__), owner.__qualname__, name)
    return Case(collected_as, frozenset(defined))


def function_case(root: Path, file: Path, name: str, function: Any) -> Case:
    """Return the case of the test function `name`, collected in the module `file`."""
    collected_as = FunctionId(relative(root, file), "", name)
    return Case(collected_as, frozenset({collected_as, *_code_ids(root, function)}))


def module_path(root: Path, name: str) -> str:
    """Return the path of an imported module; its name where it has no file."""
    file = getattr(sys.modules.get(name), "__file__", None)
    return relative(root, Path(file)) if file else name


@functools.cache
def relative(root: Path, file: Path) -> str:
    """Return `file` as a POSIX path, relative to `root` where it lies inside."""
    full, top = (root / file).resolve(), root.resolve()
    return full.relative_to(top).as_posix() if full.is_relative_to(top) else full.as_posix()


def _code_ids(root: Path, function: Any) -> Iterable[FunctionId]:
    """Yield the place of the code behind decorators.

    Libraries that make several tests of one function give them other names; they lead back
    by `__wrapped__` or, in the manner of nose, by `place_as`.
    """
    function = inspect.unwrap(function)
    function = inspect.unwrap(getattr(function, "place_as", function))
    code = getattr(function, "__code__", None)
    if code is not None:
        owner, _, name = code.co_qualname.rpartition(".")
        yield FunctionId(relative(root, Path(code.co_filename)), owner, name)
