"""What a host tells a job of the event that it runs for, and what it has in its repository."""

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.acceptance.machine import Refused

IDENTITY = {
    "GIT_AUTHOR_NAME": "A",
    "GIT_AUTHOR_EMAIL": "a@example.org",
    "GIT_COMMITTER_NAME": "A",
    "GIT_COMMITTER_EMAIL": "a@example.org",
    "GIT_AUTHOR_DATE": "2026-01-02T03:04:05Z",
    "GIT_COMMITTER_DATE": "2026-01-02T03:04:05Z",
    # No configuration of the machine's own reaches what is made here.
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
}


@dataclass(frozen=True)
class Event:
    """What has happened in a repository.

    Attributes:
        kind: "pull_request", "merge_queue" or "push".
        branch: the pull request's, or the one pushed to.
        target: the branch that it is to be merged into.
        fork: whether the branch is in a fork, so that the repository has its commits alone.
    """

    kind: str = "pull_request"
    branch: str = "feat/change"
    target: str = "main"
    fork: bool = False


def git(folder: Path, *arguments: str) -> str:
    """Run git and return what it printed, without the machine's configuration."""
    done = subprocess.run(
        ["git", *arguments],
        cwd=folder,
        env={**os.environ, **IDENTITY},
        capture_output=True,
        text=True,
        errors="surrogateescape",
        check=False,
    )
    if done.returncode:
        raise Refused(f"git {' '.join(arguments)} failed in {folder}: {done.stderr.strip()}")
    return done.stdout.strip()


@dataclass(frozen=True)
class Published:
    """The repository at the host, after the event.

    Attributes:
        bare: its folder.
        event: what has happened.
        head: the commit at the tip of the branch.
        merged: the commit that GitHub builds: a merge for pull requests.
    """

    bare: Path
    event: Event
    head: str
    merged: str


def publish(work: Path, bare: Path, event: Event) -> Published:
    """Push what is committed in a working tree as the event's branch, and add the host's refs.

    Raises:
        Refused: the branch cannot be merged, so that the host would not run anything.
    """
    head = git(work, "rev-parse", "HEAD")
    if event.kind == "push":
        git(work, "push", "--quiet", "--force", str(bare), f"HEAD:refs/heads/{event.target}")
        return Published(bare, event, head, head)
    if not event.fork:
        git(work, "push", "--quiet", "--force", str(bare), f"HEAD:refs/heads/{event.branch}")
    for ref in ("refs/pull/1/head", "refs/merge-requests/1/head"):
        git(work, "push", "--quiet", "--force", str(bare), f"HEAD:{ref}")
    merged = _merge(bare, event, head)
    git(bare, "update-ref", "refs/pull/1/merge", merged)
    if event.kind == "merge_queue":
        git(bare, "update-ref", f"refs/heads/{_queue(event)}", merged)
    return Published(bare, event, head, merged)


def _merge(bare: Path, event: Event, head: str) -> str:
    base = git(bare, "rev-parse", f"refs/heads/{event.target}")
    if not _related(bare, base, head):
        # The host shows "no common commits" and builds the head alone.
        return head
    tree = git(bare, "merge-tree", "--write-tree", base, head).splitlines()[0]
    message = f"Merge {head} into {base}"
    return git(bare, "commit-tree", tree, "-p", base, "-p", head, "-m", message)


def _related(bare: Path, one: str, other: str) -> bool:
    try:
        return bool(git(bare, "merge-base", one, other))
    except Refused:
        return False


def _queue(event: Event) -> str:
    return f"gh-readonly-queue/{event.target}/pr-1-0123456"


def github_variables(of: Published) -> dict[str, str]:
    """Return the variables that GitHub sets."""
    event = of.event
    variables = {
        "GITHUB_ACTIONS": "true",
        "GITHUB_REPOSITORY": "shop/shop",
        "GITHUB_SHA": of.merged,
        "GITHUB_HEAD_REF": "",
        "GITHUB_BASE_REF": "",
        "RUNNER_OS": "Linux",
    }
    if event.kind == "pull_request":
        return variables | {
            "GITHUB_EVENT_NAME": "pull_request",
            "GITHUB_HEAD_REF": event.branch,
            "GITHUB_BASE_REF": event.target,
            "GITHUB_REF": "refs/pull/1/merge",
            "GITHUB_REF_NAME": "1/merge",
        }
    name, kind = (
        (_queue(event), "merge_group") if event.kind == "merge_queue" else (event.target, "push")
    )
    return variables | {
        "GITHUB_EVENT_NAME": kind,
        "GITHUB_REF": f"refs/heads/{name}",
        "GITHUB_REF_NAME": name,
    }


def gitlab_variables(of: Published) -> dict[str, str]:
    """Return the variables that GitLab sets. It has merge trains, whose commit is the merge."""
    event = of.event
    variables = {
        "GITLAB_CI": "true",
        "CI_DEFAULT_BRANCH": "main",
        "CI_COMMIT_SHA": gitlab_commit(of),
        "CI_PROJECT_PATH": "shop/shop",
    }
    if event.kind == "push":
        return variables | {
            "CI_PIPELINE_SOURCE": "push",
            "CI_COMMIT_BRANCH": event.target,
            "CI_COMMIT_REF_NAME": event.target,
        }
    kind = "merge_train" if event.kind == "merge_queue" else "detached"
    return variables | {
        "CI_PIPELINE_SOURCE": "merge_request_event",
        "CI_MERGE_REQUEST_EVENT_TYPE": kind,
        "CI_MERGE_REQUEST_IID": "1",
        "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME": event.branch,
        "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": event.target,
        "CI_COMMIT_REF_NAME": event.branch,
    }


def gitlab_commit(of: Published) -> str:
    """Return the commit that GitLab builds: the head, and on a merge train the merge."""
    return of.merged if of.event.kind == "merge_queue" else of.head


def without_variables(variables: Mapping[str, str], names: tuple[str, ...]) -> dict[str, str]:
    """Return the variables with some of them emptied."""
    return {name: "" if name in names else text for name, text in variables.items()}
