"""Gate `secrets`: no line that the change adds holds a secret, not even one that is gone again."""

import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from quality_harness.changes import ask_git
from quality_harness.finding import Finding, Location, Rule
from quality_harness.gate import Checked, CouldNotRun, Gate, Project
from quality_harness.gates._added_lines import (
    Added,
    lines_of_commits,
    lines_of_messages,
    lines_of_working_tree,
    split_lines,
)
from quality_harness.gates._secret_forms import LONGEST, is_text, readings
from quality_harness.tool import last_line, run_module

SECRET = Rule(
    code="SEC001",
    name="secret",
    summary="A line that the change adds holds a password, a token or a private key.",
    reason="Whoever can read the repository, now or ever, has the secret. Deleting it does not "
    "take it out of the history.",
    instead="Read it from the environment, take the commit that added it out of the branch, and "
    "replace the secret where it was valid.",
    bad="AWS_ACCESS_KEY_ID=AKIA...  # a real one, in .env",
    good="AWS_ACCESS_KEY_ID=  # in .env.example; each host has its own",
)
NO_REASON = Rule(
    code="SEC002",
    name="accepted-secret-without-reason",
    summary="A row of the file of accepted secrets gives no reason.",
    reason="Nobody can tell whether a row that says nothing is still right, or ever was.",
    instead="Write the reason into the row.",
    bad='{"path": "tests/test_mail.py", "digest": "5baa61e4...", "reason": ""}',
    good='{"path": "tests/test_mail.py", "digest": "5baa61e4...", "reason": "of no real server"}',
)


@dataclass(frozen=True)
class Options:
    """`[tool.quality_harness.secrets]`.

    Attributes:
        accepted: the file of false alarms: JSON, `{"accepted": [{"path", "digest", "reason"}]}`,
            with the secret's SHA-1 as a finding names it.
    """

    accepted: str = "accepted-secrets.json"


@dataclass(frozen=True)
class _Row:
    path: str
    digest: str
    reason: str


@dataclass(frozen=True)
class _Found:
    """A secret of one file, in the first of the lines that hold it."""

    added: Added
    kind: str
    digest: str


def check(project: Project) -> Checked:
    """Scan what each commit of the change adds, and the working tree."""
    rows = _accepted(project)
    added = [*lines_of_working_tree(project), *lines_of_commits(project)]
    own = [line for line in added if not project.is_excluded(line.path)]
    texts = [line for line in own if is_text(line)]
    place = Location(project.options.accepted)
    findings = [_without_reason(row, place) for row in rows if not row.reason.strip()]
    known = {(row.path, row.digest) for row in rows if row.reason.strip()}
    found = _unlike(_found(project, [*own, *lines_of_messages(project)]))
    lines_of = cache(lambda path: _lines(project.root / path))
    findings += [
        _finding(one, lines_of(one.added.path), project.options.accepted)
        for one in found
        if (one.added.path, one.digest) not in known
    ]
    paths = frozenset({line.path for line in own} | {place.path})
    if not texts:
        note = f"no line is new against {project.changes.label}"
        return Checked(tuple(findings), 0, "lines", note, nothing_new=True, paths=paths)
    note, problem = project.changes.label, _too_long(texts)
    return Checked(tuple(findings), len(texts), "lines", note, paths=paths, problem=problem)


def _too_long(lines: Iterable[Added]) -> str:
    """Return that some line was not looked at, in a sentence; empty where all were."""
    long = next((line for line in lines if len(line.text) > LONGEST), None)
    if long is None:
        return ""
    where = f"commit {long.commit[:7]}" if long.commit else "the working tree"
    return (
        f"line {long.line} of {long.path}, which {where} adds, has {len(long.text):,} characters; "
        f"no line of more than {LONGEST:,} is looked at for secrets. Break it into lines, or name "
        f'the file in pyproject.toml: [tool.quality_harness] exclude = ["{long.path}"]'
    )


@dataclass(frozen=True)
class Standing:
    """What looks like a secret in a project as it is.

    Attributes:
        text: the file that accepts it, JSON; empty where nothing does.
        places: where each stands, such as "shop/settings.py:3".
    """

    text: str = ""
    places: tuple[str, ...] = ()


def accept_standing(project: Project, reason: str) -> Standing:
    """Return what stands in the project today, with the file that accepts it.

    Args:
        project: the project, with this gate's options.
        reason: what each row says.
    """
    empty = ask_git(project.root, "hash-object", "-t", "tree", "--stdin").decode().strip()
    added = [*lines_of_working_tree(project, empty), *lines_of_commits(project)]
    own = [line for line in added if not project.is_excluded(line.path)]
    own += lines_of_messages(project)
    found = sorted(_unlike(_found(project, own)), key=lambda one: (one.added.path, one.digest))
    if not found:
        return Standing()
    rows = [{"path": one.added.path, "digest": one.digest, "reason": reason} for one in found]
    text = json.dumps({"accepted": rows}, indent=2, ensure_ascii=False) + "\n"
    nearby = sorted({one.added for one in found}, key=lambda one: (one.path, one.line))
    return Standing(text, tuple(map(_place, nearby)))


def _place(added: Added) -> str:
    """Return where a line stands, for people: those of commits may be gone from the tree."""
    if not added.path:
        return f"the message of commit {added.commit[:7]}"
    return (
        f"{added.path} in commit {added.commit[:7]}"
        if added.commit
        else f"{added.path}:{added.line}"
    )


def _accepted(project: Project) -> tuple[_Row, ...]:
    name = project.options.accepted
    try:
        data = json.loads((project.root / name).read_text(encoding="utf-8"))
        rows = tuple(_Row(**row) for row in data["accepted"])
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise CouldNotRun(f"{name} cannot be read: {error}. {_FORM}") from error
    if not all(isinstance(text, str) for row in rows for text in asdict(row).values()):
        raise CouldNotRun(f"{name} holds a value that is no text. {_FORM}")
    return rows


_FORM = 'Write it as {"accepted": [{"path": "...", "digest": "...", "reason": "..."}]}'


def _found(project: Project, added: Sequence[Added]) -> Iterator[_Found]:
    by_text: dict[str, list[Added]] = {}
    for line, text in readings(added):
        by_text.setdefault(text, []).append(line)
    texts = list(by_text)
    for index, secrets in _scan(project, texts) if texts else ():
        for line in by_text[texts[index]]:
            # In the prose of a message a name and a colon say nothing.
            kinds = [one for one in secrets if line.path or one[0] != _BY_NAME]
            yield from (_Found(line, kind, digest) for kind, digest in kinds)


# detect-secrets' word; its modules are not imported here, since they start slowly.
_BY_NAME = "Secret Keyword"


def _scan(project: Project, texts: list[str]) -> Any:
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "lines.json"), Path(folder, "found.json")
        source.write_text(json.dumps(texts), encoding="utf-8")
        done = run_module(
            "quality_harness.gates._secret_lines",
            [str(source), str(target)],
            cwd=project.root,
            extra="secrets",
        )
        if done.returncode:
            problem = last_line(done.stderr) or "no reason given"
            raise CouldNotRun(
                f"detect-secrets failed: {problem}. "
                "Install it: pip install 'django-quality-harness[secrets]'"
            )
        return json.loads(target.read_text(encoding="utf-8"))


def _unlike(found: Iterable[_Found]) -> Iterable[_Found]:
    """Return each secret of each file once, from the working tree or the newest commit."""
    first: dict[tuple[str, str], _Found] = {}
    for one in found:
        first.setdefault((one.added.path, one.digest), one)
    return first.values()


def _lines(path: Path) -> Mapping[str, int]:
    """Return the number of each line of a file as it is now; none where it is gone."""
    if not path.is_file():
        return {}
    texts = split_lines(path.read_bytes())
    return {text: number for number, text in enumerate(texts, start=1)}


def _finding(found: _Found, lines: Mapping[str, int], accepted: str) -> Finding:
    added = found.added
    row = json.dumps({"path": added.path, "digest": found.digest, "reason": "..."})
    mend = "read it from the environment and replace it where it was valid"
    if not added.path:
        message = f"the message of commit {added.commit[:7]} holds what looks like a secret"
        edit = f"git rebase --interactive {added.commit[:7]}~1, and 'reword' in its line"
        hint = f"write the message anew ({edit}), and replace the secret where it was valid"
        alarm = f"{hint}; a false alarm is a row of {accepted}: {row}"
        return SECRET.finding(Location(""), f"{message} ({found.kind})", alarm)
    line = lines.get(added.text, 0)
    where = f"commit {added.commit[:7]}" if added.commit else "the working tree"
    gone = "" if line else "; a later change has taken it away, but the history keeps it"
    message = f"{where} adds to {added.path} what looks like a secret ({found.kind}){gone}"
    if added.commit:
        mend = f"take it out of its commit (git rebase --interactive {added.commit[:7]}~1), {mend}"
    hint = f"{mend}; a false alarm is a row of {accepted}: {row}"
    return SECRET.finding(Location(added.path, line), message, hint)


def _without_reason(row: _Row, place: Location) -> Finding:
    message = f"no reason is given for the secret {row.digest[:7]} of {row.path}"
    return NO_REASON.finding(place, message, "write the reason into the row")


GATE = Gate(
    name="secrets",
    summary="No line that the change adds holds a secret.",
    reason="A secret that was pushed once is known, also when the next commit deletes it. So the "
    "gate has detect-secrets look at what every commit of the change adds, and at its message. "
    "Passwords by their names, and keys and tokens by their form, are found; words that only look "
    "random are not, since every digest does. Without quotes, and as what stands in for a missing "
    "variable, a value is found if it looks drawn by lot: digits among its letters. What says of "
    "itself that it is none (change-me, a sentence, PASSWORD_LABEL) is left alone. A line of more "
    "than 4,000,000 characters is not looked at, and then the gate could not run. Comments of "
    "detect-secrets accept nothing: they need no reason.",
    check=check,
    rules=(SECRET, NO_REASON),
    options=Options,
    reads_changes=True,
)
