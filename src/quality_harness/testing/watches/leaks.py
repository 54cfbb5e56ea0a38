"""What a test leaves changed for those that run after it."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from quality_harness.finding import Rule
from quality_harness.testing.leaks import Change, Ledger
from quality_harness.testing.leaks.rules import DJANGO, KEYS, PROCESS
from quality_harness.testing.origin import INSTALLED
from quality_harness.testing.watching import Problem, Running
from quality_harness.testing.watching import Watch as BaseWatch

GATE = "isolation"
RULES = (PROCESS, DJANGO, KEYS)


class Watch(BaseWatch):
    """Compares the state before and after each test, and around what several tests share."""

    def __init__(self) -> None:
        from quality_harness.testing.leaks import (
            connections,
            django_state,
            logs,
            process,
            receivers,
            stores,
        )

        modules = (process, logs, django_state, receivers, connections, stores)
        self.probes = tuple(probe for module in modules for probe in module.make_probes())
        self._ledger = Ledger(self.probes)

    def start(self) -> None:
        """Begin to keep what cannot be seen later."""
        for probe in self.probes:
            probe.start()

    def stop(self) -> None:
        """Take back what `start` has changed."""
        for probe in reversed(self.probes):
            probe.stop()

    def begin(self, test: Running) -> None:
        """Look at everything."""
        self._ledger.begin()

    def end(self, test: Running) -> Iterable[Problem]:
        """Look again."""
        return list(_problems(test.name, self._ledger.end()))

    def shared_begins(self, shared: Running) -> None:
        """Look at everything; what happens now is not the doing of the test that runs."""
        self._ledger.shared_begins(shared.place)

    def shared_is_up(self, shared: Running) -> None:
        """Tests begin with what was set up for them."""
        self._ledger.shared_is_up(shared.place)

    def shared_ends(self, shared: Running) -> None:
        """Look at everything: putting something back is not the doing of a test either."""
        self._ledger.shared_ends()

    def shared_is_down(self, shared: Running) -> Iterable[Problem]:
        """Look again: what was set up must be back."""
        changes = self._ledger.shared_is_down(shared.place)
        # What a package's fixture leaves, nobody here can mend.
        if INSTALLED & set(Path(shared.place.path).parts):
            return []
        return list(_problems(f"The set-up of {shared.name or shared.place.path}", changes))


def _problems(who: str, changes: Iterable[Change]) -> Iterator[Problem]:
    """Return one problem for each rule, which tells all changes."""
    by_rule: dict[Rule, list[tuple[str, str]]] = {}
    for change in changes:
        if text := change.text:
            by_rule.setdefault(change.probe.rule, []).append((text, change.probe.mend))
    for rule, told in by_rule.items():
        texts = [text for text, _ in told]
        more = f" and {len(texts) - _TOLD} more" if len(texts) > _TOLD else ""
        message = f"{who} leaves {', '.join(texts[:_TOLD])}{more}."
        yield Problem(rule, message, " ".join(dict.fromkeys(mend for _, mend in told)))


# More would not be read.
_TOLD = 5
