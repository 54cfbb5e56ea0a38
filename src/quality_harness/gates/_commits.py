"""The commits that a change brings."""

from quality_harness.changes import ask_git
from quality_harness.gate import CouldNotRun, Project


def new_commits(project: Project) -> tuple[str, ...]:
    """Return the ids of the commits from the base to HEAD, newest first.

    Without a base these are all commits of HEAD; before the first commit there are none.

    Raises:
        CouldNotRun: a shallow clone has cut some of them off.
    """
    if not has_head(project):
        return ()
    base = project.changes.base
    asked = ["HEAD", f"^{base}"] if base else ["HEAD"]
    ids = tuple(ask_git(project.root, "rev-list", *asked, "--").decode().split())
    if _cut_off(project) & set(ids):
        raise CouldNotRun(
            "This is a shallow clone that lacks some of the change's commits. "
            "Fetch the history: git fetch --unshallow (in CI: fetch-depth: 0)"
        )
    return ids


def has_head(project: Project) -> bool:
    """Whether anything is committed yet."""
    answer = ask_git(project.root, "cat-file", "--batch-check", given=b"HEAD\n")
    return not answer.endswith(b"missing\n")


def _cut_off(project: Project) -> set[str]:
    """Return the ids of the commits whose parents a shallow clone does not have."""
    named = ask_git(project.root, "rev-parse", "--git-path", "shallow").decode().strip()
    path = project.root / named
    return set(path.read_text(encoding="ascii").split()) if path.is_file() else set()
