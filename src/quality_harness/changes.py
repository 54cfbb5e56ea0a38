"""What a change touches: the repository's files and the difference from the base, asked of git."""

import ast
import os
import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

from quality_harness.gate import ChangeKind, Changes, CouldNotRun


def repository_files(root: Path) -> tuple[str, ...]:
    """Return every file below `root` that git tracks or would track, POSIX, relative, sorted.

    Raises:
        CouldNotRun: git is missing, or `root` is not in a git repository.
    """
    listed = _git(root, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    names = {name for name in listed.split("\0") if name}
    return tuple(sorted(name for name in names if (root / name).is_file()))


def ignored_files(root: Path) -> tuple[str, ...]:
    """Return the files that git ignores one by one, not those in ignored folders; sorted.

    Raises:
        CouldNotRun: git is missing, or `root` is not in a git repository.
    """
    listed = _git(
        root, "ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--directory"
    )
    return tuple(sorted(name for name in listed.split("\0") if name and not name.endswith("/")))


def forced_files(root: Path) -> tuple[str, ...]:
    """Return the files that git tracks although it is told to ignore them; sorted.

    Raises:
        CouldNotRun: git is missing, or `root` is not in a git repository.
    """
    listed = _git(root, "ls-files", "-z", "--cached", "--ignored", "--exclude-standard")
    return tuple(sorted({name for name in listed.split("\0") if name}))


def find_changes(root: Path, base: str | None, default_branch: str) -> Changes:
    """Return what the working tree changes against the base.

    Args:
        root: a folder in the repository.
        base: a revision that the caller named, or None to find the base.
        default_branch: the configured default branch, or empty to find out.

    Raises:
        CouldNotRun: no git, a named base that does not exist or shares no history, or a
            shallow clone whose history does not reach the base.
    """
    if base is None:
        commit, label = _found_base(root, default_branch)
    else:
        commit, label = _named_base(root, base)
    if commit is None:
        return Changes.all_new(repository_files(root), label)
    return Changes(commit, label, *_kinds(root, commit))


def file_on(root: Path, commit: str, path: str) -> bytes | None:
    """Return what a file, named relative to `root`, holds in a commit; None where it is not."""
    done = _run(root, ("show", f"{commit}:./{path}"))
    return None if done.returncode else done.stdout


def ask_git(root: Path, *arguments: str, given: bytes = b"") -> bytes:
    """Return what git prints, as it is: a carriage return in a file's line is part of the line.

    Args:
        root: a folder in the repository.
        arguments: the command line.
        given: what git reads.

    Raises:
        CouldNotRun: git is missing, or it failed.
    """
    done = _run(root, arguments, given)
    if done.returncode:
        raise CouldNotRun(f"git {arguments[0]} failed in {root}: {_reason(root, done.stderr)}")
    return done.stdout


def repository_prefix(root: Path) -> str:
    """Return the path of `root` inside its repository, with a slash at its end, or empty."""
    return _git(root, "rev-parse", "--show-prefix").strip()


def mentions(root: Path, commit: str, word: str, without: Sequence[str]) -> bool:
    """Return whether a word stands in the code of a commit, below `root`.

    Tests do not count: they run with the code that they test. Comments and docstrings of Python
    do not count either.

    Args:
        root: a folder in the repository.
        commit: the commit's id.
        word: a name as Python, templates and SQL write it.
        without: folders, relative to `root`, that are not looked at.
    """
    kinds = [f":(glob)**/*.{ending}" for ending in _CODE]
    tests = [":(exclude,glob)**/tests/**", ":(exclude,glob)**/test_*.py"]
    folders = [f":(exclude,top){repository_prefix(root)}{folder}" for folder in without]
    wanted = ["-I", "-l", "-z", "--full-name", "-w", "-F", "-e", word]
    done = _run(root, ["grep", *wanted, commit, "--", *kinds, *tests, *folders])
    if done.returncode not in (0, 1):
        raise CouldNotRun(f"git grep failed in {root}: {_reason(root, done.stderr)}")
    names = [name for name in _text(done.stdout).split("\0") if name]
    # Other files settle it without being read.
    names.sort(key=lambda name: name.endswith(".py"))
    return any(not name.endswith(".py") or _uses(_git(root, "show", name), word) for name in names)


def _uses(source: str, word: str) -> bool:
    """Return whether Python code holds a word outside its comments and docstrings."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return True
    for node in ast.walk(tree):
        match node:
            case ast.Expr(value=ast.Constant(value=str()) as text):
                text.value = ""
    return re.search(rf"\b{re.escape(word)}\b", ast.unparse(tree)) is not None


_CODE = ("py", "html", "txt", "sql", "jinja", "jinja2", "j2", "graphql", "json", "js", "ts")


def _named_base(root: Path, name: str) -> tuple[str, str]:
    if not name:
        raise CouldNotRun("--base is empty. Name a revision, or leave the option out.")
    # The question that nearly always has an answer comes first; the others find out why not.
    merge_base = _merge_base(root, f"{name}^{{commit}}")
    if merge_base is not None:
        return merge_base, f"merge base with {name}, {merge_base[:7]}"
    commit = _commit(root, name)
    if commit is None:
        _git(root, "rev-parse", "--git-dir")  # says so where this is no repository
        raise CouldNotRun(
            f"The base '{name}' does not exist in this clone. "
            f"Name another one, or fetch it: git fetch origin {name.removeprefix('origin/')}"
        )
    if _commit(root, "HEAD") is None:
        return commit, f"{name}, {commit[:7]}"
    raise CouldNotRun(
        f"'{name}' and HEAD share no history in this clone. "
        "If it is a shallow one, fetch the rest: git fetch --unshallow"
    )


def _found_base(root: Path, default_branch: str) -> tuple[str | None, str]:
    head = _commit(root, "HEAD")
    if head is None:
        return None, "no commit yet: everything is new"
    name = _default_branch(root, default_branch)
    tip = _commit(root, name)
    merge_base = tip and _merge_base(root, tip)
    if tip and not merge_base:
        _refuse_shallow(root)
        return None, f"no history shared with {name}: everything is new"
    if merge_base and merge_base != head:
        return merge_base, f"merge base with {name}, {merge_base[:7]}"
    before = _commit(root, "HEAD~1")
    if before is not None:
        return before, f"the commit before, {before[:7]}"
    _refuse_shallow(root)
    return None, "the first commit: everything is new"


def _refuse_shallow(root: Path) -> None:
    if _git(root, "rev-parse", "--is-shallow-repository").strip() == "true":
        raise CouldNotRun(
            "This is a shallow clone whose history does not reach the base, so what is new cannot "
            "be told. Fetch the history: git fetch --unshallow (in CI: fetch-depth: 0)"
        )


def _default_branch(root: Path, configured: str) -> str:
    """Return the default branch, a remote's rather than the local one.

    Raises:
        CouldNotRun: it is not to be found; a guess could call what is new old.
    """
    heads = _refs(root, "refs/heads")
    remotes = _refs(root, "refs/remotes")
    wanted = [configured] if configured else ["HEAD", "main", "master"]
    for name in wanted:
        for candidate in [*(one for one in remotes if one.endswith(f"/{name}")), name]:
            if candidate in {*remotes, *heads}:
                return candidate
    if not configured and not remotes and len(heads) == 1:
        return heads[0]
    missing = f"'{configured}'" if configured else "one called main or master, or a remote's HEAD"
    raise CouldNotRun(
        f"The default branch cannot be found: this clone has no {missing}. Name it in "
        "pyproject.toml, [tool.quality_harness] default_branch, or give --base"
    )


def _refs(root: Path, folder: str) -> list[str]:
    """Return the branches below a folder of refs, by their names without it."""
    listed = _git(root, "for-each-ref", "--format=%(refname)", folder)
    return [name.removeprefix(f"{folder}/") for name in listed.splitlines()]


def _merge_base(root: Path, commit: str) -> str | None:
    return _try_git(root, "merge-base", commit, "HEAD").strip() or None


def _commit(root: Path, name: str) -> str | None:
    return _try_git(root, "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}").strip() or None


def _kinds(root: Path, commit: str) -> tuple[dict[str, ChangeKind], dict[str, str]]:
    """Return what happened to each changed path, and where renamed and copied ones come from."""
    diff = _git(root, "diff", "--name-status", "-z", "--find-renames", "--relative", commit, "--")
    fields = iter(diff.split("\0"))
    kinds: dict[str, ChangeKind] = {}
    origins: dict[str, str] = {}
    for status in fields:
        if not status:
            continue
        path = next(fields)
        if status[0] in "RC":
            origin, path = path, next(fields)
            origins[path] = origin
        kinds[path] = _KINDS.get(status[0], ChangeKind.MODIFIED)
    untracked = _git(root, "ls-files", "-z", "--others", "--exclude-standard")
    kinds.update({name: ChangeKind.ADDED for name in untracked.split("\0") if name})
    return kinds, origins


# A change of type (T) is a modification, a copy (C) adds a file; git reports no other letters here.
_KINDS = {kind.value: kind for kind in ChangeKind} | {"C": ChangeKind.ADDED}


def _git(root: Path, *arguments: str) -> str:
    return _text(ask_git(root, *arguments))


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def _reason(root: Path, data: bytes) -> str:
    """Return what git said, with the command that mends it."""
    said = _text(data)
    first = (said.strip().removeprefix("fatal: ").splitlines() or ["no reason given"])[0]
    if "dubious ownership" in said:
        return f"{first}. Trust it: git config --global --add safe.directory {root}"
    return f"{first}. The gates ask git which files are yours; if this is no repository: git init"


def _try_git(root: Path, *arguments: str) -> str:
    done = _run(root, arguments)
    return "" if done.returncode else _text(done.stdout)


# In a hook git exports these, and they name another repository than the one at `root`.
_OF_A_HOOK = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR")


def _run(
    root: Path, arguments: Sequence[str], given: bytes = b""
) -> subprocess.CompletedProcess[bytes]:
    environment = {name: text for name, text in os.environ.items() if name not in _OF_A_HOOK}
    try:
        return subprocess.run(
            ["git", *arguments],
            cwd=root,
            env={**environment, "LC_ALL": "C"},
            input=given,
            capture_output=True,
            check=False,
        )
    except FileNotFoundError as error:
        raise CouldNotRun("git is not installed, or not on PATH. Install it first.") from error
