"""Gate `docs-links`: what a Markdown file of the project links to is there."""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from quality_harness.finding import Finding, Location, Rule
from quality_harness.gate import Checked, CouldNotRun, Gate, Project

GONE = Rule(
    code="LNK001",
    name="dead-link",
    summary="A Markdown file links to a file that is not in the repository.",
    reason="Whoever follows the link finds nothing, and no longer trusts the next one.",
    instead="Correct the path, or take the link out.",
    bad="[how](docs/instalation.md)",
    good="[how](docs/installation.md)",
)
NO_ANCHOR = Rule(
    code="LNK002",
    name="dead-anchor",
    summary="A link names a heading that the file does not have.",
    reason="The reader lands at the top of the page and has to search.",
    instead="Name the heading as GitHub writes it: in small letters, with dashes for spaces.",
    bad="[gates](docs/gates.md#Exit Codes)",
    good="[gates](docs/gates.md#exit-codes)",
)

# What GitHub leaves out of a heading's anchor: all but letters, digits, "_", "-" and spaces.
_NOT_IN_ANCHOR = re.compile(r"[^\w\- ]")
_HTML_ANCHOR = re.compile(r"""<[^>]*\b(?:id|name)\s*=\s*["']([^"']+)["']""")
_HTML_LINK = re.compile(r"""<(?:a|img)\b[^>]*\b(?:href|src)\s*=\s*["']([^"']+)["']""")


@dataclass(frozen=True)
class Page:
    """What one Markdown file links to, and what can be linked to in it.

    Attributes:
        links: each link's target, and the line of the paragraph that it stands in.
        anchors: of its headings and of what HTML in it names.
    """

    links: tuple[tuple[str, int], ...]
    anchors: frozenset[str]


def check(project: Project) -> Checked:
    """Look for the target of every relative link; absolute ones are not fetched."""
    names = [name for name in project.files if _is_page(name)]
    known = {*project.files, *_folders(project.files)}
    roots = _myst_roots(project)
    page_of = cache(lambda name: read_page(_source(project.root / name)))
    findings: list[Finding] = []
    links = 0
    for name in names:
        for target, line in page_of(name).links:
            links += 1
            if not _is_of_sphinx(name, target, roots, known):
                findings += _judged(Location(name, line), target, known, page_of)
    note = f"{links} links"
    return Checked(tuple(findings), len(names), "pages", note)


def _is_page(name: str) -> bool:
    """Whether a file is a page of the repository; below templates/ it is one of the site's."""
    return name.lower().endswith((".md", ".markdown")) and "templates" not in name.split("/")


def _source(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CouldNotRun(f"{path.name} is not UTF-8: {error}. Save it as UTF-8.") from error


def _folders(files: tuple[str, ...]) -> Iterator[str]:
    yield "."
    for name in files:
        while name := posixpath.dirname(name):
            yield name


def _myst_roots(project: Project) -> list[str]:
    """Return the folders whose Markdown is Sphinx's source, read by MyST."""
    found = [name for name in project.files if posixpath.basename(name) == "conf.py"]
    return [
        posixpath.dirname(name) for name in found if b"myst_" in (project.root / name).read_bytes()
    ]


def _is_of_sphinx(name: str, target: str, roots: list[str], known: set[str]) -> bool:
    """Whether a link is one of MyST's: to a page without its ending, or to a label by its name.

    Labels are left to Sphinx, which knows those of other projects, too, and warns of missing ones.
    """
    root = next((one for one in roots if not one or name.startswith(f"{one}/")), None)
    path = unquote(target.partition("#")[0])
    if root is None:
        return False
    if "/" not in path:
        return posixpath.splitext(path)[1] not in _ENDINGS
    start = root if path.startswith("/") else posixpath.dirname(name)
    page = posixpath.normpath(posixpath.join(start, path.lstrip("/")))
    return any(f"{page}{ending}" in known for ending in ("", *_PAGES))


_PAGES = (".md", ".rst", ".txt")
_ENDINGS = (*_PAGES, ".html", ".png", ".jpg", ".jpeg", ".gif", ".svg", ".pdf", ".py")


def _judged(place: Location, target: str, known: set[str], page_of: Any) -> Iterator[Finding]:
    try:
        parts = urlsplit(target)
    except ValueError:
        return
    if parts.scheme or parts.netloc:
        return
    path = unquote(parts.path)
    if path.startswith("/"):
        # GitHub takes the repository's root for the beginning.
        found = posixpath.normpath(path.lstrip("/") or ".")
    else:
        found = posixpath.normpath(posixpath.join(posixpath.dirname(place.path), path))
    found = found if path else place.path
    if found not in known:
        message = f"{place.path} links to {target}, and there is no {found}"
        yield GONE.finding(place, message, "correct the path, or take the link out")
    elif parts.fragment and found.lower().endswith((".md", ".markdown")):
        anchors = page_of(found).anchors
        if unquote(parts.fragment).lower() not in anchors:
            message = f"{place.path} links to {target}, and {found} has no such heading"
            hint = f"it has: {', '.join(sorted(anchors)) or 'none'}"
            yield NO_ANCHOR.finding(place, message, hint)


def read_page(source: str) -> Page:
    """Return what a Markdown text links to, and its anchors; code in it is neither."""
    from markdown_it import MarkdownIt

    tokens = MarkdownIt("commonmark").enable("table").parse(source)
    links: list[tuple[str, int]] = []
    anchors: dict[str, int] = {}
    named: set[str] = set()
    for before, token in zip([None, *tokens], tokens, strict=False):
        line = (token.map[0] if token.map else 0) + 1
        if token.type == "html_block":
            links += [(target, line) for target in _HTML_LINK.findall(token.content)]
            named |= set(_HTML_ANCHOR.findall(token.content))
        for child in token.children or ():
            if child.type == "html_inline":
                links += [(target, line) for target in _HTML_LINK.findall(child.content)]
                named |= set(_HTML_ANCHOR.findall(child.content))
            target = child.attrGet("href") or child.attrGet("src")
            if target:
                links.append((str(target), line))
        if before is not None and before.type == "heading_open":
            anchor = _anchor(token)
            count = anchors[anchor] = anchors.get(anchor, -1) + 1
            named.add(f"{anchor}-{count}" if count else anchor)
    return Page(tuple(links), frozenset(name.lower() for name in named))


def _anchor(heading: Any) -> str:
    kinds = ("text", "code_inline", "image")
    text = "".join(child.content for child in heading.children if child.type in kinds)
    return _NOT_IN_ANCHOR.sub("", text.strip().lower()).replace(" ", "-")


GATE = Gate(
    name="docs-links",
    summary="What a Markdown file of the project links to is there.",
    reason="A file is moved, a heading is put better, and nobody opens every page that links to "
    "it. Links to other sites are not fetched: whether they answer is not this change's doing.",
    check=check,
    rules=(GONE, NO_ANCHOR),
)
