"""The `[tool.quality_harness]` table, as `init` writes it into pyproject.toml."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from quality_harness.config import TABLE
from quality_harness.gate import CouldNotRun
from quality_harness.init.choosing import Choice
from quality_harness.init.found import Found
from quality_harness.init.marking import find_block, marked_block

FILE = "pyproject.toml"
# Where the project has a setting of neither, black's and flake8's defaults contradict each other.
_FLAKE8 = {"max-line-length": 88, "extend-ignore": ["E203", "E701", "W503"]}


@dataclass(frozen=True)
class Pyproject:
    """The file as it is.

    Attributes:
        text: its content; None where it is not there.
    """

    text: str | None

    @property
    def is_theirs(self) -> bool:
        """Whether it holds a table of ours that `init` has not written, or that was edited."""
        return bool(self.settings) and find_block(self.text or "") is None

    @property
    def settings(self) -> Mapping[str, Any]:
        """The table `[tool.quality_harness]`; empty where there is none."""
        found: Mapping[str, Any] = _tool(self.text or "").get("quality_harness", {})
        return found


def body_of(found: Found, choices: Sequence[Choice]) -> str:
    """Return the tables that switch the chosen gates on."""
    import tomlkit

    on = [choice for choice in choices if not choice.off]
    own: dict[str, Any] = {"gates": _list([choice.gate for choice in on])}
    if found.default_branch:
        own["default_branch"] = found.default_branch
    if found.python_path != (".",):
        own["python_path"] = list(found.python_path)
    if found.settings.value:
        own["settings"] = found.settings.value
    own |= {choice.gate.replace("-", "_"): dict(choice.options) for choice in on if choice.options}
    tables: dict[str, Any] = {"quality_harness": own}
    if any(choice.gate == "lint" for choice in on) and not {"black", "flake8"} & {*found.linters}:
        tables["flake8"] = _FLAKE8
    return tomlkit.dumps({"tool": tables})


def _list(names: Sequence[str]) -> Any:
    import tomlkit

    array = tomlkit.array()
    array.extend(names)
    return array.multiline(True)


def with_block(text: str | None, body: str) -> str:
    """Return pyproject.toml with our block; all else stays as it is, byte by byte.

    Raises:
        CouldNotRun: the file is of a form to which no table can be added.
    """
    before = text or ""
    block = marked_block(body)
    if "\r\n" in before:
        block = block.replace("\n", "\r\n")
    place = find_block(before)
    if place:
        after = before[: place[0]] + block + before[place[1] :]
    else:
        after = before + _gap(before) + block
    if _others(after) != _others(before):
        raise CouldNotRun(
            f"{FILE} cannot take the table [{TABLE}] at its end: tool is written on one line. "
            "Write it as tables, [tool.name], first."
        )
    return after


def _gap(text: str) -> str:
    """Return what stands between the end of a text and the block: one empty line."""
    end = "\r\n" if "\r\n" in text else "\n"
    return "" if not text else end if text.endswith("\n") else end + end


def _tool(text: str) -> Mapping[str, Any]:
    tool: Mapping[str, Any] = tomllib.loads(text.replace("\r\n", "\n")).get("tool", {})
    return tool


def _others(text: str) -> Any:
    """Return all of a document but our block; None where it is no TOML."""
    place = find_block(text)
    rest = text[: place[0]] + text[place[1] :] if place else text
    try:
        tomllib.loads(text)
        return tomllib.loads(rest)
    except tomllib.TOMLDecodeError:
        return None
