"""Reads YAML with the lines that things stand on."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from quality_harness.gate import CouldNotRun
from quality_harness.tool import require


def read_yaml(root: Path, name: str, extra: str) -> Any:
    """Return a file's document; its mappings and lists know their lines.

    Args:
        root: the project's root.
        name: the file, relative to it.
        extra: our extra that installs the reader.

    Raises:
        CouldNotRun: the file is not YAML, or no mapping.
    """
    require("ruamel.yaml", extra)
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        document = YAML(typ="rt").load((root / name).read_bytes())
    except (YAMLError, UnicodeDecodeError) as error:
        problem = " ".join(str(error).split())
        raise CouldNotRun(f"{name} is not valid YAML: {problem}. Mend it first.") from error
    if not isinstance(document, dict):
        raise CouldNotRun(f"{name} holds no mapping at its top. Write it, or remove the file.")
    return document


def line_of(node: Any, key: Any) -> int:
    """Return the line of a mapping's key or a list's item; the mapping's own where `<<` has it."""
    if not _is_mapping(node):
        return int(node.lc.item(key)[0]) + 1
    own = key in (node.lc.data or ())
    return int(node.lc.key(key)[0] if own else node.lc.line) + 1


def _is_mapping(node: Any) -> bool:
    return isinstance(node, dict)


@dataclass(frozen=True)
class Text:
    """A text in a document and the line on which it begins."""

    text: str
    line: int


def text_at(node: Any, key: Any) -> Text:
    """Return the text under a key or an index; a block begins below its key."""
    from ruamel.yaml.scalarstring import FoldedScalarString, LiteralScalarString

    place = node.lc.value(key) if _is_mapping(node) else node.lc.item(key)
    block = isinstance(node[key], (LiteralScalarString, FoldedScalarString))
    return Text(str(node[key]), int(place[0]) + 1 + block)


def texts(node: Any) -> Iterator[str]:
    """Yield all keys and values below a node."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield str(key)
            yield from texts(value)
    elif isinstance(node, list):
        for item in node:
            yield from texts(item)
    elif node is not None:
        yield str(node)


def mappings(node: Any) -> dict[Any, Any]:
    """Return a mapping, or an empty one in the place of anything else."""
    return node if isinstance(node, dict) else {}


def items(node: Any) -> list[Any]:
    """Return a list; a text alone is a list of one, as in `needs: build`."""
    if isinstance(node, list):
        return node
    return [] if node is None else [node]
