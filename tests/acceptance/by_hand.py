"""Repositories that are not as the gates would have them: a clear verdict, never a blind pass."""

import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.acceptance.bad_ci import SECRET
from tests.acceptance.events import IDENTITY
from tests.acceptance.machine import Machine, Tools, run
from tests.acceptance.scenario import Branch, Seed

STATIC = ("format", "lint", "secrets", "large-files", "docs-links")
ALL_LOOK = dict.fromkeys(STATIC, "pass")


@dataclass(frozen=True)
class Repository:
    """A repository, what is asked of it, and what must be answered.

    Attributes:
        name: in the table.
        make: changes the clone.
        code: the exit code.
        verdicts: each gate's; none where the run must end before any of them.
        said: a word of the answer.
        names: the gates that are asked for.
    """

    name: str
    make: Callable[[Branch], None]
    code: int
    verdicts: dict[str, str]
    said: str = ""
    names: Sequence[str] = STATIC


def _with_a_secret(branch: Branch) -> None:
    branch.write({"production.env": SECRET})


def _no_remote(branch: Branch) -> None:
    branch.git("remote", "remove", "origin")
    _with_a_secret(branch)
    branch.commit("feat: a key")


def _no_default_branch(branch: Branch) -> None:
    _no_remote(branch)
    branch.git("branch", "--move", "main", "trunk")


def _no_commit(branch: Branch) -> None:
    shutil.rmtree(branch.root / ".git")
    branch.git("init", "--quiet", "--initial-branch=main")
    _with_a_secret(branch)


def _no_repository(branch: Branch) -> None:
    shutil.rmtree(branch.root / ".git")


def _no_python(branch: Branch) -> None:
    branch.git("rm", "--quiet", "-r", "--", "*.py")
    branch.commit("chore: no Python")


def _detached(branch: Branch) -> None:
    _with_a_secret(branch)
    branch.commit("feat: a key")
    branch.git("switch", "--quiet", "--detach")


def _no_page(branch: Branch) -> None:
    branch.git("rm", "--quiet", "-r", "--", "*.md")
    branch.commit("chore: no pages")


SEEN = ALL_LOOK | {"secrets": "fail"}
NONE = "could-not-run"
REPOSITORIES = (
    Repository("no remote", _no_remote, 1, SEEN),
    Repository("no default branch", _no_default_branch, 2, {}, "default branch cannot be found"),
    Repository("no commit yet", _no_commit, 1, SEEN),
    Repository("no repository", _no_repository, 2, {}, "git init"),
    Repository("detached HEAD", _detached, 1, SEEN),
    Repository("no Python", _no_python, 2, ALL_LOOK | {"format": NONE, "lint": NONE}),
    Repository("no page", _no_page, 2, ALL_LOOK | {"docs-links": NONE}),
)


def check(seed: Seed, machine: Machine, repository: Repository) -> tuple[list[str], str]:
    """Run the gates by hand in such a repository; return what is wrong, and a log."""
    folder = machine.folder / "case"
    folder.mkdir()
    try:
        _, branch = seed.copy(folder)
        repository.make(branch)
        report = folder / "report.json"
        asked = ["quality-harness", "gate", "--format=json", f"--output={report}"]
        variables = machine.variables(Tools(), folder) | IDENTITY
        done = run([*asked, *repository.names], branch.root, variables)
        answer = json.loads(report.read_text(encoding="utf-8")) if report.exists() else {}
    finally:
        shutil.rmtree(folder)
    verdicts = {gate["name"]: gate["verdict"] for gate in answer.get("gates", [])}
    verdicts.pop("suppressions", None)
    wrong = []
    if done.code != repository.code:
        wrong.append(f"exit code {done.code} in place of {repository.code}")
    if verdicts != repository.verdicts:
        wrong.append(f"{verdicts} in place of {repository.verdicts}")
    if repository.said not in done.output:
        wrong.append(f"does not say '{repository.said}'")
    return wrong, done.output
