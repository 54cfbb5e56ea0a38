"""What a Markdown file links to, and what can be linked to in it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

# What GitHub leaves out of a heading's anchor: all but letters, digits, "_", "-" and spaces.
_NOT_IN_ANCHOR = re.compile(r"[^\w\- ]")
# Settings above a page, between lines of dashes.
_FRONT_MATTER = re.compile(
    r"---[ \t]*\n(?=\s*(?:#.*\n\s*)*[\w-]+[ \t]*:).*?\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.S
)
# "[text][label]" that was no link. Footnotes, items of lists (a[i][j]) and classes of letters in
# expressions ([a-z][0-9]) are none.
_LABELLED = re.compile(
    r"(?<![\w\]])\[[^\[\]]*[\w\0][^\[\]]*\]\[(?!\^|.-)([^\[\]\0]*\w[^\[\]\0]*)\]"
)


@dataclass(frozen=True)
class Page:
    """One Markdown file.

    Attributes:
        links: each link's target, and the line of the paragraph that it stands in.
        anchors: of its headings and of what HTML in it names.
        undefined: each label that a link names and nothing defines, and its line.
    """

    links: tuple[tuple[str, int], ...]
    anchors: frozenset[str]
    undefined: tuple[tuple[str, int], ...] = ()


def read_page(source: str) -> Page:
    """Return what a Markdown text links to, and its anchors; code in it is neither."""
    from markdown_it import MarkdownIt

    # Without text_join, brackets that are escaped stay apart from others.
    parser = MarkdownIt("commonmark").enable("table").disable("text_join")
    tokens = parser.parse(_without_front_matter(source))
    links: list[tuple[str, int]] = []
    undefined: list[tuple[str, int]] = []
    anchors: dict[str, int] = {}
    named: set[str] = set()
    for before, token in zip([None, *tokens], tokens, strict=False):
        line = (token.map[0] if token.map else 0) + 1
        html = _Html()
        for one in (token, *(token.children or ())):
            if one.type in ("html_block", "html_inline"):
                html.read(one.content)
            elif target := one.attrGet("href") or one.attrGet("src"):
                html.links.append(str(target))
        links += [(target, line) for target in html.links]
        named |= html.names
        undefined += [(label, line) for label in _undefined(token)]
        if before is not None and before.type == "heading_open":
            anchor = _anchor(token)
            count = anchors[anchor] = anchors.get(anchor, -1) + 1
            named.add(f"{anchor}-{count}" if count else anchor)
    return Page(tuple(links), frozenset(name.lower() for name in named), tuple(undefined))


def _without_front_matter(source: str) -> str:
    text = source.replace("\r\n", "\n")
    found = _FRONT_MATTER.match(text)
    return "\n" * found[0].count("\n") + text[found.end() :] if found else text


class _Html(HTMLParser):
    """Gathers the links of pieces of HTML, and what they name; what <pre> shows is neither."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.names: set[str] = set()
        self._shown = 0

    def read(self, content: str) -> None:
        # The parser stops at a section that it does not know.
        self.feed(content.replace("<![", "&lt;!["))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._shown += tag == "pre"
        if self._shown:
            return
        for name, text in attrs:
            if text and name in ("id", "name"):
                self.names.add(text)
            elif text and (tag, name) in (("a", "href"), ("img", "src")):
                self.links.append(text)

    def handle_endtag(self, tag: str) -> None:
        self._shown -= tag == "pre" and self._shown > 0


def _undefined(token: Any) -> Iterator[str]:
    """Yield the labels of a paragraph that nothing defines: what is defined has become a link."""
    if token.type == "inline":
        kept = [one.content if one.type == "text" else "\0" for one in token.children]
        yield from _LABELLED.findall("".join(kept))


def _anchor(heading: Any) -> str:
    kinds = ("text", "text_special", "code_inline", "image")
    text = "".join(child.content for child in heading.children if child.type in kinds)
    return _NOT_IN_ANCHOR.sub("", text.strip().lower()).replace(" ", "-")
