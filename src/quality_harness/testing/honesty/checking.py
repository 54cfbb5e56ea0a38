"""Holds files of test code against every rule."""

import ast
from collections.abc import Iterable
from importlib.util import decode_source
from pathlib import Path

from quality_harness.finding import Finding
from quality_harness.gate import CouldNotRun
from quality_harness.testing.honesty.module import Module
from quality_harness.testing.honesty.rules import all_rules


def check_files(root: Path, names: Iterable[str]) -> list[Finding]:
    """Return what the rules find in some files.

    Args:
        root: the project's.
        names: paths relative to it.

    Raises:
        CouldNotRun: a file cannot be read or is not valid Python.
    """
    return [finding for name in names for finding in check_module(read_module(root, name))]


def check_module(module: Module) -> list[Finding]:
    """Return what the rules find in one file, in the order of their places."""
    found = [finding for rule in all_rules() for finding in rule.check(module)]
    return sorted(found, key=lambda finding: (finding.location, finding.code))


def read_module(root: Path, name: str) -> Module:
    """Return a file as the rules read it.

    Raises:
        CouldNotRun: it cannot be read or is not valid Python.
    """
    try:
        return Module(name, ast.parse(decode_source((root / name).read_bytes())))
    except OSError as error:
        raise CouldNotRun(f"{name} cannot be read: {error.strerror}. Mend it first.") from None
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None) or 1
        raise CouldNotRun(f"{name}:{line} is not valid Python: {error}. Mend it first.") from None
