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
    return parse_yaml((root / name).read_bytes(), name, extra)


def parse_yaml(data: bytes, name: str, extra: str) -> Any:
    """Return a document as `read_yaml` does, of a file that somebody else has read."""
    require("ruamel.yaml", extra)
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        document = YAML(typ="rt").load(data)
    except (YAMLError, UnicodeDecodeError) as error:
        problem = " ".join(str(error).split())
        raise CouldNotRun(f"{name} is not valid YAML: {problem}. Mend it first.") from error
    if not isinstance(document, dict):
        raise CouldNotRun(f"{name} holds no mapping at its top. Write it, or remove the file.")
    return document


def line_of(node: Any, key: Any) -> int:
    """Return the line of a mapping's key or a list's item; the node's own where it has none.

    What `<<` brings has none there, and a list with a tag has none for its items.
    """
    place = (node.lc.data or {}).get(key)
    return int(place[0] if place else node.lc.line) + 1


def is_tagged(node: Any) -> bool:
    """Whether a node has a tag of its own, such as GitLab's `!reference`."""
    tag = getattr(node, "tag", None)
    return tag is not None and tag.value is not None


@dataclass(frozen=True)
class Text:
    """A text in a document and the line on which it begins."""

    text: str
    line: int


def text_at(node: Any, key: Any) -> Text:
    """Return the text under a key or an index; a block begins below its key."""
    from ruamel.yaml.scalarstring import FoldedScalarString, LiteralScalarString

    # The line of a mapping's value follows that of its key.
    place = (node.lc.data or {}).get(key)
    line = place[-2] if place else node.lc.line
    block = isinstance(node[key], (LiteralScalarString, FoldedScalarString))
    return Text(str(node[key]), int(line) + 1 + block)


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


def names(node: Any) -> list[str]:
    """Return the texts of a list, or a text alone; what is no text is left to a schema."""
    return [str(one) for one in items(node) if isinstance(one, str)]
