"""What can be watched while tests run. The folder is the registry: a module with a `Watch` is one.

A watch's name in `strict` is the name of its file, with dashes. The gates read the rules of every
watch, so its file imports neither Django nor pytest before a `Watch` is made.
"""

import pkgutil
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from quality_harness.config import did_you_mean
from quality_harness.finding import Rule
from quality_harness.gate import CouldNotRun
from quality_harness.testing.last_run import times_watch
from quality_harness.testing.settings import TABLE
from quality_harness.testing.time_limit import TimeLimit
from quality_harness.testing.watching import Watch


class WatchModule(Protocol):
    """What a watch's file holds.

    Attributes:
        GATE: the gate that its rules belong to.
        RULES: what it finds.
        Watch: the class, made once a process.

    A module that wants a hand in how test modules are imported has a context manager `prepared`,
    too, which takes the project's root.
    """

    GATE: str
    RULES: tuple[Rule, ...]
    Watch: type[Watch]


def watch_names() -> list[str]:
    """Return the names of all watches."""
    return sorted(module.name.replace("_", "-") for module in pkgutil.iter_modules(__path__))


def watch_module(name: str) -> WatchModule:
    """Return the module of a watch.

    Raises:
        CouldNotRun: there is no such watch.
    """
    if name not in watch_names():
        raise CouldNotRun(f"{TABLE}.strict names '{name}'. {did_you_mean(name, watch_names())}")
    return cast(WatchModule, import_module(f"{__name__}.{name.replace('-', '_')}"))


def watches_of(names: Iterable[str], time_limit: float = 0) -> tuple[Watch, ...]:
    """Return the watches of a run; only the files of those that are named are imported.

    Args:
        names: what `strict` names.
        time_limit: seconds that a test may take; 0 for no limit.

    Raises:
        CouldNotRun: there is no such watch.
    """
    watches = [watch_module(name).Watch() for name in names]
    limit = [TimeLimit(time_limit)] if time_limit else []
    # The limit is the first to be set and the last to be taken back: it holds for the others too.
    return (*limit, *watches, *times_watch())


@contextmanager
def prepared(names: Iterable[str], root: Path) -> Iterator[None]:
    """Import test modules inside of this: watches that have a hand in that have it here."""
    with ExitStack() as stack:
        for module in map(watch_module, names):
            if hasattr(module, "prepared"):
                stack.enter_context(module.prepared(root))
        yield


def rules_of(gate: str) -> tuple[Rule, ...]:
    """Return the rules of all watches that belong to a gate, in the order of their codes."""
    modules = [watch_module(name) for name in watch_names()]
    rules = [rule for module in modules if module.GATE == gate for rule in module.RULES]
    return tuple(sorted(rules, key=lambda rule: rule.code))
