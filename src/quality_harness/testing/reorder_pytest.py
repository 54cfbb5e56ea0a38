"""A pytest plugin that runs the suite in another order; see `reordering`. Load it with -p."""

import random
from collections.abc import Sequence

import pytest

from quality_harness.testing.reordering import answer, asked


def pytest_runtestloop(session: pytest.Session) -> bool:
    """Run the tests in forks, in another order and part by part, in place of pytest's own loop."""
    session.config.pluginmanager.register(recorder := Recorder())
    by_id = {item.nodeid: item for item in session.items}
    request = asked()
    order = list(session.items)
    if request.seed:
        random.Random(request.seed).shuffle(order)
    else:
        order.reverse()
    # Plugins put those tests last that empty the database, and those together that share fixtures.
    session.config.hook.pytest_collection_modifyitems(
        session=session, config=session.config, items=order
    )

    def run(ids: Sequence[str]) -> dict[str, str]:
        items = [by_id[each] for each in ids]
        for item, following in zip(items, [*items[1:], None], strict=True):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        return recorder.failed

    answer(request, list(by_id), [item.nodeid for item in order], run)
    return True


class Recorder:
    """Keeps the message of each test that fails."""

    def __init__(self) -> None:
        self.failed: dict[str, str] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note a failure of a test, its set-up or its tear-down."""
        if report.failed:
            crash = getattr(report.longrepr, "reprcrash", None)
            text = getattr(crash, "message", "") or report.longreprtext.strip()
            self.failed.setdefault(report.nodeid, text.partition("\n")[0])
