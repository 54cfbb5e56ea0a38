"""Gate `docs-links`: what a Markdown file of the project links to is there."""

import os
import posixpath
import re
from collections.abc import Iterator
from functools import cache, cached_property
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from quality_harness.changes import ask_git
from quality_harness.finding import Finding, Location, Rule
from quality_harness.gate import Checked, CouldNotRun, Gate, Project, is_below
from quality_harness.gates._markdown import read_page

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

NO_LABEL = Rule(
    code="LNK003",
    name="undefined-label",
    summary="A link names a label that its page does not define.",
    reason="The reader sees the brackets, and no link.",
    instead="Define the label on the same page, or write the target into the link.",
    bad="[the guide][giude]",
    good="[the guide][guide]\n\n[guide]: docs/guide.md",
)


def check(project: Project) -> Checked:
    """Look for the target of every relative link; absolute ones are not fetched."""
    names = [name for name in project.files if _is_page(name)]
    tree = _Tree(project)
    roots = _myst_roots(project)
    page_of = cache(lambda name: read_page(_source(project.root / name)))
    findings: list[Finding] = []
    links = 0
    for name in names:
        page = page_of(name)
        links += len(page.links)
        for target, line in page.links:
            if not _is_of_sphinx(name, target, roots, tree.known):
                findings += _judged(Location(name, line), target, tree, page_of)
        if not _builds_labels(project, name, roots):
            findings += [_no_label(Location(name, line), label) for label, line in page.undefined]
    note = f"{links} links"
    return Checked(tuple(findings), len(names), "pages", note)


class _Tree:
    """What links can lead to: files and folders, also through links of folders, and submodules."""

    def __init__(self, project: Project) -> None:
        self.known = {*project.files, *_folders(project.files)}
        self._root = project.root

    @cached_property
    def _submodules(self) -> tuple[str, ...]:
        listed = os.fsdecode(ask_git(self._root, "ls-files", "-z", "--stage"))
        return tuple(one.partition("\t")[2] for one in listed.split("\0") if one[:6] == "160000")

    def find(self, name: str) -> str | None:
        """Return the path of what a normal path leads to; None where there is nothing.

        What lies in a submodule is of another repository, and is not looked at.
        """
        if name in self.known:
            return name
        root = os.path.realpath(self._root)
        real = posixpath.relpath(os.path.realpath(os.path.join(root, name)), root)
        if real in self.known or any(is_below(real, one) for one in self._submodules):
            return real
        return None


def _is_page(name: str) -> bool:
    """Whether a file is a page of the repository; below templates/ it is one of the site's."""
    return _is_markdown(name) and "templates" not in name.split("/")


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


def _builds_labels(project: Project, name: str, roots: list[str]) -> bool:
    """Whether a page's labels may be defined elsewhere: MyST and plugins of MkDocs do that."""
    below = any(not root or is_below(name, root) for root in roots)
    return below or any(posixpath.basename(one).startswith("mkdocs.") for one in project.files)


def _no_label(place: Location, label: str) -> Finding:
    message = f"{place.path} has a link to the label [{label}], and does not define it"
    hint = f"write a line '[{label}]: target' below, or put the target in round brackets"
    return NO_LABEL.finding(place, message, hint)


def _judged(place: Location, target: str, tree: _Tree, page_of: Any) -> Iterator[Finding]:
    try:
        parts = urlsplit(target)
    except ValueError:
        return
    if parts.scheme or parts.netloc:
        return
    path = unquote(parts.path)
    if path.startswith("/"):
        # GitHub takes the repository's root for the beginning.
        wanted = posixpath.normpath(path.lstrip("/") or ".")
    else:
        wanted = posixpath.normpath(posixpath.join(posixpath.dirname(place.path), path))
    wanted = wanted if path else place.path
    found = tree.find(wanted)
    if found is None:
        if not _OF_GITHUB.match(wanted):
            message = f"{place.path} links to {target}, and there is no {wanted}"
            yield GONE.finding(place, message, "correct the path, or take the link out")
    elif found in tree.known and _is_markdown(found) and not _is_line(parts):
        anchors = page_of(found).anchors
        if unquote(parts.fragment).lower() not in {*anchors, "", "top"}:
            message = f"{place.path} links to {target}, and {found} has no such heading"
            hint = f"it has: {', '.join(sorted(anchors)) or 'none'}"
            yield NO_ANCHOR.finding(place, message, hint)


# GitHub's own pages of a repository lie above its files: ../../issues.
_OF_GITHUB = re.compile(
    r"(?:\.\./)+(?:issues|pulls?|wiki|releases|discussions|actions|security|projects|milestones?"
    r"|labels|tags|branches|commits?|compare|blob|tree|raw|graphs|packages)(?:/|$)"
)


def _is_markdown(name: str) -> bool:
    return name.lower().endswith((".md", ".markdown"))


def _is_line(parts: SplitResult) -> bool:
    """Whether a link is to a line of a page's source, as GitHub shows it with ?plain=1."""
    return "plain=1" in parts.query and parts.fragment.startswith("L")


GATE = Gate(
    name="docs-links",
    summary="What a Markdown file of the project links to is there.",
    reason="A file is moved, a heading is put better, and nobody opens every page that links to "
    "it. Links to other sites are not fetched: whether they answer is not this change's doing. Nor "
    "are GitHub's own pages above the files (../../issues), or what lies in a submodule. Comments, "
    "front matter and what <pre> shows hold no links, and labels are left to MyST and MkDocs where "
    "those build the pages, since they know more of them.",
    check=check,
    rules=(GONE, NO_ANCHOR, NO_LABEL),
)
