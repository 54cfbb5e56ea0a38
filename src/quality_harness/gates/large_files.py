"""Gate `large-files`: no commit brings a file over the limit, not even one that is gone again."""

import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatch

from quality_harness.changes import ask_git
from quality_harness.finding import Finding, Location, Rule
from quality_harness.gate import ChangeKind, Checked, CouldNotRun, Gate, Project
from quality_harness.gates._commits import new_commits

LARGE = Rule(
    code="LRG001",
    name="large-file",
    summary="A new or changed file is larger than the limit.",
    reason="Git keeps every version of a file for ever, and everyone who clones gets them all.",
    instead="Keep it in Git LFS or an object store, or make it smaller. Where it belongs into the "
    "repository, name it in `allowed`.",
    bad="docs/film.mp4  # 48,000 KiB",
    good="docs/film.md  # a link to where the film is",
)
LARGE_IN_HISTORY = Rule(
    code="LRG002",
    name="large-file-in-history",
    summary="A commit of the change holds a file over the limit that a later commit takes away.",
    reason="What a later commit deletes stays in the history, and so in every clone.",
    instead="Take the file out of the commit that brought it, with `git rebase --interactive`.",
    bad="commit 1: adds dump.sql (90,000 KiB)\ncommit 2: deletes dump.sql",
    good="one commit, made of both: dump.sql was never there",
)


@dataclass(frozen=True)
class Options:
    """`[tool.quality_harness.large_files]`.

    Attributes:
        limit_kib: the size, in KiB, that a file may have.
        allowed: patterns of paths that may be larger, such as "docs/*.png".
    """

    limit_kib: int = 500
    allowed: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Version:
    """One version of a file in one commit."""

    path: str
    blob: str
    commit: str


def check(project: Project) -> Checked:
    """Measure the changed files, and every version that the change's commits brought."""
    if project.options.limit_kib < 1:
        raise CouldNotRun(f"limit_kib is a size in KiB, not {project.options.limit_kib}.")
    changed = [
        path for path, kind in project.changes.kinds.items() if kind is not ChangeKind.DELETED
    ]
    versions = list(_versions(project))
    findings = list(_now(project, changed))
    findings += _earlier(project, versions, {finding.location.path for finding in findings})
    paths = frozenset([*project.changes.kinds, *(version.path for version in versions)])
    note = f"limit {project.options.limit_kib} KiB, {project.changes.label}"
    if not paths:
        note = f"no file is new or changed against {project.changes.label}"
    return Checked(tuple(findings), len(paths), "files", note, nothing_new=not paths, paths=paths)


def _now(project: Project, changed: Iterable[str]) -> Iterator[Finding]:
    sizes = {
        path: os.lstat(project.root / path).st_size for path in changed if _is_there(project, path)
    }
    large = [path for path, size in sizes.items() if _is_large(project, path, size)]
    known = _on_base(project) if large else set()
    for path in large:
        # A file that is only moved is in the history already.
        blob = ask_git(project.root, "hash-object", "--", path).decode().strip()
        if blob not in known:
            message = f"{path} is {_kib(sizes[path])}, the limit is {_limit(project)}"
            hint = (
                "keep it in Git LFS or outside of the repository; where it belongs here: "
                f'[tool.quality_harness.large_files] allowed = ["{path}"]'
            )
            yield LARGE.finding(Location(path), message, hint)


def _is_there(project: Project, path: str) -> bool:
    """Whether it is a file: a submodule is a folder."""
    return (project.root / path).is_file()


def _earlier(project: Project, versions: Collection[_Version], told: set[str]) -> Iterator[Finding]:
    sizes = _sizes(project, {version.blob for version in versions})
    large = [one for one in versions if _is_large(project, one.path, sizes[one.blob])]
    known = _on_base(project) if large else set()
    for version in large:
        if version.blob in known or version.path in told:
            continue
        told.add(version.path)
        message = (
            f"commit {version.commit[:7]} holds {version.path} with {_kib(sizes[version.blob])}, "
            f"the limit is {_limit(project)}; it stays in the history"
        )
        hint = f"take it out of that commit: git rebase --interactive {version.commit[:7]}~1"
        yield LARGE_IN_HISTORY.finding(Location(version.path), message, hint)


def _is_large(project: Project, path: str, size: int) -> bool:
    allowed = any(fnmatch(path, pattern) for pattern in project.options.allowed)
    return size > project.options.limit_kib * 1024 and not allowed


def _kib(size: int) -> str:
    return f"{-(-size // 1024):,} KiB"


def _limit(project: Project) -> str:
    return f"{project.options.limit_kib:,} KiB"


def _versions(project: Project) -> Iterator[_Version]:
    """Yield what each new commit holds that none of its parents does."""
    commits = "".join(f"{commit}\n" for commit in new_commits(project)).encode()
    asked = ["--stdin", "-r", "-z", "-c", "--root", "--no-renames", "--no-abbrev", "--relative"]
    fields = iter(
        os.fsdecode(ask_git(project.root, "diff-tree", *asked, given=commits)).split("\0")
    )
    commit = ""
    for field in fields:
        if not field.startswith(":"):
            commit = field
            continue
        path = next(fields)
        # A merge has a colon, a mode and an id for each parent; the result's follow them.
        parents = len(field) - len(field.lstrip(":"))
        parts = field.lstrip(":").split(" ")
        mode, blob = parts[parents], parts[2 * parents + 1]
        if mode in _FILE_MODES and not project.is_excluded(path):
            yield _Version(path, blob, commit)


_FILE_MODES = ("100644", "100755", "120000")


def _sizes(project: Project, blobs: Collection[str]) -> Mapping[str, int]:
    asked = "".join(f"{blob}\n" for blob in blobs).encode()
    form = "--batch-check=%(objectname) %(objectsize)"
    rows = ask_git(project.root, "cat-file", form, given=asked).decode().splitlines()
    sizes = dict(row.split(" ") for row in rows)
    for blob, size in sizes.items():
        if size == "missing":
            raise CouldNotRun(
                f"This clone lacks the object {blob[:7]} of the change's commits. "
                "Fetch it: git fetch --refetch --no-filter"
            )
    return {blob: int(size) for blob, size in sizes.items()}


def _on_base(project: Project) -> set[str]:
    """Return the ids of all files of the base."""
    base = project.changes.base
    if base is None:
        return set()
    rows = ask_git(project.root, "ls-tree", "-r", "-z", "--full-tree", base).split(b"\0")
    return {row.split(b"\t")[0].split(b" ")[2].decode() for row in rows if row}


GATE = Gate(
    name="large-files",
    summary="No commit of the change brings a file over the limit.",
    reason="A large file cannot be taken back once it is merged: it stays in every clone. So the "
    "gate also looks at what a commit of the change added and a later one deleted.",
    check=check,
    rules=(LARGE, LARGE_IN_HISTORY),
    options=Options,
    reads_changes=True,
)
