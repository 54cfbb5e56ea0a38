"""The rules about assertions that cannot fail. The folder is the registry."""

import pkgutil
from collections.abc import Iterable
from functools import cache
from importlib import import_module
from typing import Protocol, cast

from quality_harness.finding import Finding, Rule
from quality_harness.testing.honesty.module import Module


class RuleModule(Protocol):
    """What a rule's file holds."""

    RULE: Rule

    @staticmethod
    def check(module: Module) -> Iterable[Finding]:
        """Give what the rule finds in one file of test code."""


@cache
def all_rules() -> tuple[RuleModule, ...]:
    """Return every rule's module, in the order of their codes."""
    names = [module.name for module in pkgutil.iter_modules(__path__)]
    modules = [cast(RuleModule, import_module(f"{__name__}.{name}")) for name in names]
    return tuple(sorted(modules, key=lambda module: module.RULE.code))
