"""The rules about migrations. The folder is the registry: a module with a `RULE` is a rule."""

import pkgutil
from collections.abc import Iterable
from functools import cache
from importlib import import_module
from typing import Protocol, cast

from quality_harness.finding import Finding, Rule
from quality_harness.migrations.graph import Context
from quality_harness.migrations.operations import Migration


class RuleModule(Protocol):
    """What a rule's file holds.

    A rule about operations names their kinds in `OPERATIONS`: in a migration without any of
    these it finds nothing, and is not asked. One that compares with the base says
    `AGAINST_BASE`, and is not asked where there is none.
    """

    RULE: Rule

    @staticmethod
    def check(migration: Migration, context: Context) -> Iterable[Finding]:
        """Give what the rule finds in one migration."""


def is_of_history(rule: RuleModule) -> bool:
    """Whether a rule is about the graph: it judges squashes and unchanged migrations, too."""
    return bool(getattr(rule, "OF_HISTORY", False))


@cache
def all_rules() -> tuple[RuleModule, ...]:
    """Return every rule's module, in the order of their codes."""
    names = [module.name for module in pkgutil.iter_modules(__path__)]
    modules = [cast(RuleModule, import_module(f"{__name__}.{name}")) for name in names]
    return tuple(sorted(modules, key=lambda module: module.RULE.code))


@cache
def rules_about(kinds: frozenset[str], has_base: bool) -> tuple[RuleModule, ...]:
    """Return the rules that may find something in a migration with operations of these kinds.

    Args:
        kinds: those of its operations.
        has_base: whether it can be compared with what stood on a base.
    """
    rules = [each for each in all_rules() if has_base or not getattr(each, "AGAINST_BASE", False)]
    return tuple(rule for rule in rules if _concerns(rule, kinds))


def _concerns(rule: RuleModule, kinds: frozenset[str]) -> bool:
    operations: Iterable[str] | None = getattr(rule, "OPERATIONS", None)
    return operations is None or not kinds.isdisjoint(operations)
