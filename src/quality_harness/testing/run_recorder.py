"""What a run of pytest leaves out, and which tests it reports otherwise than they went.

pytest's own report tells neither: a test that is deselected is not in it, and what a hook of the
project makes of an outcome is all that it knows.
"""

import json
from collections.abc import Generator
from types import SimpleNamespace
from typing import Any

import pytest


class RunRecorder:
    """A plugin that adds lines of JSON to a file, from each process of a run.

    Args:
        config: pytest's.
        file: the absolute path of the file.
    """

    def __init__(self, config: pytest.Config, file: str) -> None:
        self.config = config
        self.file = file
        self.collected: list[pytest.Item] = []
        self.raised: dict[tuple[str, str | None], str] = {}

    def pytest_itemcollected(self, item: pytest.Item) -> None:
        """Note what is collected, before anything is left out."""
        self.collected.append(item)

    @pytest.hookimpl(trylast=True)
    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Tell what is left out and not asked to be."""
        chosen = set(map(id, session.items))
        left_out = [item for item in self.collected if id(item) not in chosen]
        self._write("left_out", [_row(item.location, "") for item in self._unasked(left_out)])

    def _unasked(self, items: list[pytest.Item]) -> list[pytest.Item]:
        """Return those items that the command line itself would let run."""
        from quality_harness.testing.pytest_options import has_tags

        option = self.config._parser.parse_known_args(self.config.invocation_params.args)
        asked = _Asked(self.config, option)
        for name in ("mark", "main"):
            plugin: Any = self.config.pluginmanager.get_plugin(name)
            plugin.pytest_collection_modifyitems(items=items, config=asked)
        # Another plugin may have had these options first, and think otherwise of them.
        tags, without = (getattr(option, name, None) or () for name in ("tag", "exclude_tag"))
        return [item for item in items if has_tags(item, tags, without)]

    @pytest.hookimpl(tryfirst=True, wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Note what is raised."""
        if call.excinfo is not None:
            self.raised[item.nodeid, call.when] = call.excinfo.exconly().partition("\n")[0]
        return (yield)

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Tell of a test that raises something and is reported as passed."""
        raised = self.raised.pop((report.nodeid, report.when), "")
        if raised and report.passed:
            self._write("rewritten", [_row(report.location, raised)])

    def _write(self, kind: str, rows: list[list[Any]]) -> None:
        if rows:
            with open(self.file, "ab", buffering=0) as file:
                file.write(f"{json.dumps([kind, rows])}\n".encode())


class _Asked:
    """pytest's configuration, with the options that the command line alone would give."""

    hook = SimpleNamespace(pytest_deselected=lambda items: None)

    def __init__(self, config: pytest.Config, option: Any) -> None:
        self.config = config
        self.option = option

    def __getattr__(self, name: str) -> Any:
        return getattr(self.config, name)

    def getoption(self, name: str) -> Any:
        """Return an option of the command line."""
        return getattr(self.option, name)


def _row(location: tuple[str, int | None, str], message: str) -> list[Any]:
    path, line, name = location
    return [path, 0 if line is None else line + 1, name, message]
