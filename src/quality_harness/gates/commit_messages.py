"""Gate `commit-messages`: the messages of the change's commits are conventional."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from quality_harness.changes import ask_git
from quality_harness.finding import Finding, Location, Rule
from quality_harness.gate import Checked, CouldNotRun, Gate, Project
from quality_harness.gates._commits import new_commits

UNCONVENTIONAL = Rule(
    code="CMT001",
    name="unconventional-message",
    summary="A commit's message is not of the form `type(scope): what it does`.",
    reason="The changelog and the next version's number are made from the messages. One that no "
    "program understands is missing from both.",
    instead="Write the message as Conventional Commits has it: a type, a scope if it helps, a "
    "colon, a space, and what the commit does.",
    bad="fixed stuff",
    good="fix(cart): count returned items",
)
UNFINISHED = Rule(
    code="CMT002",
    name="unfinished-commit",
    summary="A commit is meant to be melted into another one (fixup!, squash!, amend!).",
    reason="Its author has announced that it is not to be merged as it stands.",
    instead="Melt it: `git rebase --interactive --autosquash`.",
    bad="fixup! fix(cart): count returned items",
    good="fix(cart): count returned items",
)

# https://www.conventionalcommits.org/en/v1.0.0/: a type, maybe a scope, maybe !, then the text.
_HEADER = re.compile(r"(?P<type>[A-Za-z]+)(\([^()\r\n]+\))?!?: \S")
_UNFINISHED = ("fixup! ", "squash! ", "amend! ")
# What git itself writes for `git revert`.
_REVERT = re.compile(r'(Revert|Reapply) "')


@dataclass(frozen=True)
class Options:
    """`[tool.quality_harness.commit_messages]`.

    Attributes:
        types: the types that a message may begin with.
        bots: names of authors whose messages are not judged, beside those that end in "[bot]".
    """

    types: tuple[str, ...] = (
        "build",
        "bump",
        "chore",
        "ci",
        "docs",
        "feat",
        "fix",
        "perf",
        "refactor",
        "revert",
        "style",
        "test",
    )
    bots: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Commit:
    commit: str
    parents: int
    author: str
    message: str

    @property
    def header(self) -> str:
        return self.message.partition("\n")[0]


def check(project: Project) -> Checked:
    """Judge the message of every commit that the change brings, but for merges and bots."""
    if not project.options.types:
        raise CouldNotRun("types is empty, so that no message can be right. Name some.")
    commits = list(_commits(project))
    own = [one for one in commits if one.parents < 2 and not _is_bot(one.author, project)]
    findings = tuple(finding for one in own for finding in _judged(one, project.options.types))
    if not own:
        others = f"; of merges and bots: {len(commits)}" if commits else ""
        note = f"no commit of a person's is new against {project.changes.label}{others}"
        return Checked((), 0, "commits", note, nothing_new=True)
    return Checked(findings, len(own), "commits", project.changes.label)


def _commits(project: Project) -> Iterator[_Commit]:
    given = "".join(f"{commit}\n" for commit in new_commits(project)).encode()
    if not given:
        return
    form = "--format=%H%x00%P%x00%an%x00%B%x00"
    printed = ask_git(project.root, "log", "--no-walk=unsorted", "--stdin", form, given=given)
    fields = printed.decode("utf-8", "replace").split("\0")
    for commit, parents, author, message in zip(*[iter(fields)] * 4, strict=False):
        yield _Commit(commit.strip(), len(parents.split()), author, message)


def _is_bot(author: str, project: Project) -> bool:
    return author.endswith("[bot]") or author in project.options.bots


def _judged(commit: _Commit, types: tuple[str, ...]) -> Iterator[Finding]:
    header = commit.header
    name = f"commit {commit.commit[:7]} '{header}'"
    if header.startswith(_UNFINISHED):
        message = f"{name} is meant to be melted into another one"
        hint = "melt it: git rebase --interactive --autosquash BASE"
        yield UNFINISHED.finding(Location(""), message, hint)
        return
    match = _HEADER.match(header)
    if _REVERT.match(header) or (match and match["type"] in types):
        return
    problem = f"begins with the type '{match['type']}'" if match else "has no type"
    message = f"{name} {problem}; known types: {', '.join(types)}"
    hint = (
        f"write it as 'type(scope): what it does': git rebase --interactive {commit.commit[:7]}~1, "
        "and 'reword' in its line"
    )
    yield UNCONVENTIONAL.finding(Location(""), message, hint)


GATE = Gate(
    name="commit-messages",
    summary="The messages of the change's commits are conventional.",
    reason="Changelog and version come from the messages, and a message cannot be mended once it "
    "is merged. Merge commits and bots are left alone, and so is what `git revert` writes. The "
    "form is checked by an expression of our own: it is one line, and commitizen takes seconds to "
    "start.",
    check=check,
    rules=(UNCONVENTIONAL, UNFINISHED),
    options=Options,
    reads_changes=True,
)
