"""Gate `branch-name`: the branch is called as the project wants it."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

from quality_harness.changes import ask_git
from quality_harness.finding import Location, Rule
from quality_harness.gate import Checked, CouldNotRun, Gate, Project

MISNAMED = Rule(
    code="BRN001",
    name="misnamed-branch",
    summary="The branch's name is not of the project's form.",
    reason="Names of one form tell what a branch is for, sort well, and let programs act on them.",
    instead="Rename it: `git branch --move fix/cart-total`.",
    bad="patch-1",
    good="fix/cart-total",
)


@dataclass(frozen=True)
class Options:
    r"""`[tool.quality_harness.branch_name]`.

    Attributes:
        pattern: a regular expression that the whole name matches.
        exempt: patterns of names that are not judged, beside the default branch's: long-lived
            branches and those of bots.
    """

    pattern: str = (
        r"(build|chore|ci|docs|feat|feature|fix|hotfix|perf|refactor|release|revert|style|test)"
        r"/[a-z0-9][a-z0-9._/-]*"
    )
    exempt: tuple[str, ...] = ("main", "master", "dependabot/*", "renovate/*", "revert-*")


@dataclass(frozen=True)
class _Branch:
    """What is built: a branch by its name, or something that has none, by what it is."""

    name: str = ""
    instead: str = ""
    source: str = ""


def check(project: Project) -> Checked:
    """Judge the branch's name, in CI that of the pull request's head."""
    pattern = _compiled(project.options.pattern)
    branch = _branch(project, os.environ)
    if branch.instead:
        return Checked((), 0, "branches", f"{branch.instead} has no branch", nothing_new=True)
    if _is_exempt(project, branch.name):
        note = f"{branch.name} is exempt"
        return Checked((), 1, "branches", note)
    if pattern.fullmatch(branch.name):
        return Checked((), 1, "branches", f"{branch.name} ({branch.source})")
    message = f"the branch '{branch.name}' ({branch.source}) does not match {pattern.pattern}"
    hint = (
        "rename it: git branch --move fix/what-it-does; a branch that was pushed is pushed again "
        "under its new name"
    )
    return Checked((MISNAMED.finding(Location(""), message, hint),), 1, "branches")


def _compiled(pattern: str) -> re.Pattern[str]:
    try:
        return re.compile(pattern)
    except re.error as error:
        raise CouldNotRun(f"pattern is no regular expression: {error}. Correct it.") from error


def _branch(project: Project, variables: Mapping[str, str]) -> _Branch:
    """Return what is built. A runner checks out a commit, so there the variables tell."""
    if variables.get("GITHUB_ACTIONS") == "true":
        found = _on_github(variables)
    elif variables.get("GITLAB_CI") == "true":
        found = _on_gitlab(variables)
    else:
        return _in_clone(project)
    if not (found.name or found.instead):
        raise CouldNotRun(
            "The job's environment names no branch: GITHUB_HEAD_REF and GITHUB_REF, or on GitLab "
            "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME and CI_COMMIT_BRANCH, are empty. Pass them on."
        )
    return found


def _on_github(variables: Mapping[str, str]) -> _Branch:
    head, ref = variables.get("GITHUB_HEAD_REF", ""), variables.get("GITHUB_REF", "")
    if head:
        return _Branch(head, source="GITHUB_HEAD_REF")
    if ref.startswith("refs/heads/gh-readonly-queue/"):
        return _Branch(instead="a merge queue's commit")
    if ref.startswith("refs/tags/"):
        return _Branch(instead="a tag")
    if ref.startswith("refs/heads/"):
        return _Branch(ref.removeprefix("refs/heads/"), source="GITHUB_REF")
    return _Branch()


def _on_gitlab(variables: Mapping[str, str]) -> _Branch:
    for name in ("CI_MERGE_REQUEST_SOURCE_BRANCH_NAME", "CI_COMMIT_BRANCH"):
        if variables.get(name):
            return _Branch(variables[name], source=name)
    return _Branch(instead="a tag" if variables.get("CI_COMMIT_TAG") else "")


def _in_clone(project: Project) -> _Branch:
    # This command alone answers also before the first commit, and says HEAD where none is out.
    name = _symbolic(project, "HEAD")
    if not name:
        raise CouldNotRun(
            "HEAD is detached and no CI variable names the branch (GITHUB_HEAD_REF, "
            "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME). Check a branch out: git switch NAME"
        )
    return _Branch(name, source="checked out")


def _is_exempt(project: Project, name: str) -> bool:
    remote = _symbolic(project, "refs/remotes/origin/HEAD").removeprefix("origin/")
    default = {remote, os.environ.get("CI_DEFAULT_BRANCH", "")} - {""}
    return name in default or any(fnmatchcase(name, pattern) for pattern in project.options.exempt)


def _symbolic(project: Project, ref: str) -> str:
    """Return the branch that a symbolic ref stands for, or an empty string."""
    try:
        answer = ask_git(project.root, "symbolic-ref", "--quiet", "--short", ref)
    except CouldNotRun:
        # A detached HEAD, or a remote without a default branch. A root outside of git is told.
        ask_git(project.root, "rev-parse", "--git-dir")
        return ""
    return os.fsdecode(answer).removesuffix("\n")


GATE = Gate(
    name="branch-name",
    summary="The branch is called as the project wants it.",
    reason="A runner checks out a commit and no branch, where many checks pass without a word. "
    "This one takes the name of the pull request's head from the job's environment, leaves the "
    "default branch, merge queues and tags alone, and cannot run where no name can be told.",
    check=check,
    rules=(MISNAMED,),
    options=Options,
)
