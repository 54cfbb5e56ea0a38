"""What CI does with the gates' exit code: where it is thrown away, nothing is ever refused."""

import re
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

from quality_harness.finding import Finding, Location, Rule
from quality_harness.gates._workflow_rules import Workflow, triggers
from quality_harness.gates._yaml import is_tagged, items, line_of, mappings, names, texts

POWERLESS = Rule(
    code="WFL009",
    name="powerless-gates",
    summary="CI runs the gates, and goes on whatever they say.",
    reason="What they find then stands in a log that nobody opens; the check is green.",
    instead="Let the command's exit code be that of its step, and the step's that of its job, on "
    "every pull request.",
    bad="- run: quality-harness gate || true",
    good="- run: quality-harness gate",
)

_GATES = re.compile(
    r"\b(?:quality-harness|quality_harness)\s+(?:gate|migrations|prove)\b"
    r"|\bmake\s(?:[^\n;&|]*\s)?gate(?![\w.-])"
)
_COMMENT = re.compile(r"(^|\s)#[^\n]*")
_QUOTED = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'|\d?>&\d")
_GIVEN_UP = re.compile(r"[^|;&]*\|\|\s*(?:true|:|/bin/true|echo|printf|exit\s+0)(?![\w.-])")
_PIPED = re.compile(r"[^|;&]*\|(?!\|)")
_CODE = re.compile(r"\$\?|PIPESTATUS")
_SHIPPED = re.compile(r"/quality-gates(\.ya?ml)?@")
_ON_REQUESTS = ("pull_request", "pull_request_target")


def swallowed(script: str, *, stops: bool = True, pipefail: bool = False) -> str:
    """Return what throws the gates' exit code away in a script; empty where nothing does.

    Args:
        script: the shell's.
        stops: whether the shell stops at a command that fails (`-e`).
        pipefail: whether a pipe fails with its first command.
    """
    plain = _QUOTED.sub("Q", _COMMENT.sub("", script.replace("\\\n", " ")))
    for match in _GATES.finditer(plain):
        before, (line, _, after) = plain[: match.start()], plain[match.end() :].partition("\n")
        if (found := _GIVEN_UP.match(line)) and not re.search(r"\bexit\s+[1-9]", line):
            return f"'{found[0][found[0].index('||') :]}' takes its exit code"
        if _PIPED.match(line) and not pipefail and "pipefail" not in before:
            return "its exit code is lost in a pipe: add set -o pipefail"
        ends = re.findall(r"\bset\s+([-+])\w*e", before)
        goes_on = ends[-1] == "+" if ends else not stops
        more = line.partition(";")[2] + after
        if goes_on and more.strip() and not _CODE.search(more):
            return "the shell goes on after it (set +e), and its last command has the word"
    return ""


class Runs:
    """Which of a project's workflows and actions run the gates, by themselves or by another."""

    def __init__(self, documents: Mapping[str, Any]) -> None:
        """Take the documents by their paths."""
        self.documents = documents

    def file(self, path: str, seen: frozenset[str] = frozenset()) -> bool:
        """Whether a file runs them."""
        document = mappings(self.documents.get(path))
        jobs = [*mappings(document.get("jobs")).values(), document.get("runs")]
        return path not in seen and any(self.job(mappings(job), seen | {path}) for job in jobs)

    def job(self, job: Mapping[str, Any], seen: frozenset[str] = frozenset()) -> bool:
        """Whether a job runs them."""
        steps = map(mappings, items(job.get("steps")))
        return self._used(job, seen) or any(self.step(step, seen) for step in steps)

    def step(self, step: Mapping[str, Any], seen: frozenset[str] = frozenset()) -> bool:
        """Whether a step runs them."""
        script = _COMMENT.sub("", str(step.get("run", "")))
        return bool(_GATES.search(script)) or self._used(step, seen)

    def _used(self, node: Mapping[str, Any], seen: frozenset[str]) -> bool:
        used = str(node.get("uses", ""))
        return bool(_SHIPPED.search(used)) or any(
            self.file(path, seen) for path in used_files(used)
        )


def used_files(used: str) -> tuple[str, ...]:
    """Return the paths that `uses: ./ci/setup` or `$/ci/setup` may mean; none of another's."""
    if not used.startswith(("./", "$/")):
        return ()
    path = used[2:].strip("/")
    return (path, *(f"{path}/action.{ending}".lstrip("/") for ending in ("yml", "yaml")))


def powerless(workflow: Workflow, runs: Runs) -> Iterator[Finding]:
    """Yield where a workflow throws away what the gates say."""
    path, above = workflow.path, _default_shell(workflow.document)
    for name, job in workflow.jobs.items():
        who = f"the job '{name}'"
        if runs.job(job):
            yield from _overlooked(path, who, job, False)
        yield from _powerless_steps(path, who, job, runs, _default_shell(job) or above)


def powerless_action(path: str, document: Any, runs: Runs) -> Iterator[Finding]:
    """Yield where a composite action throws away what the gates say."""
    yield from _powerless_steps(path, "the action", mappings(document.get("runs")), runs, "")


def _powerless_steps(
    path: str, who: str, job: Mapping[str, Any], runs: Runs, shell: str
) -> Iterator[Finding]:
    for step in (mappings(one) for one in items(job.get("steps"))):
        if runs.step(step):
            # A later step may ask what became of it.
            asked = f"steps.{step.get('id')}.outcome"
            told = any(asked in text for text in texts(job))
            yield from _overlooked(path, f"a step of {who}", step, told)
            if problem := _swallowing(str(step.get("run", "")), str(step.get("shell") or shell)):
                message = f"a step of {who} runs the gates, and {problem}"
                place = Location(path, line_of(step, "run"))
                hint = "let the gates' exit code be that of the step"
                yield POWERLESS.finding(place, message, hint)


def _default_shell(node: Any) -> str:
    return str(mappings(mappings(node.get("defaults")).get("run")).get("shell", ""))


def _swallowing(script: str, shell: str) -> str:
    stops = "{0}" not in shell or bool(re.search(r"\s-\w*e", shell))
    return swallowed(script, stops=stops, pipefail=shell == "bash" or "pipefail" in shell)


def _overlooked(path: str, who: str, node: Mapping[str, Any], told: bool) -> Iterator[Finding]:
    if _is(node.get("continue-on-error"), "true") and not told:
        place = Location(path, line_of(node, "continue-on-error"))
        message = f"{who} runs the gates, and may fail (continue-on-error)"
        yield POWERLESS.finding(place, message, "take continue-on-error out")
    if _is(node.get("if"), "false"):
        place = Location(path, line_of(node, "if"))
        yield POWERLESS.finding(place, f"{who} runs the gates, and never runs", "take if: out")


def _is(value: Any, word: str) -> bool:
    return re.sub(r"[\s${}]", "", str(value)).casefold() == word


def judges_requests(document: Any, target: str) -> bool:
    """Whether a workflow runs on every pull request.

    Args:
        document: the workflow.
        target: the branch that pull requests go into; empty where it is not known.
    """
    events = triggers(document)
    given = [mappings(events[event]) for event in _ON_REQUESTS if event in events]
    if any(_has_requests(one, target) for one in given):
        return True
    push = mappings(events.get("push"))
    return "push" in events and not push.keys() & {"branches", "tags", "branches-ignore"}


def _has_requests(given: Mapping[str, Any], target: str) -> bool:
    types = names(given.get("types"))
    if types and "synchronize" not in types:
        return False
    wanted = "branches" not in given
    for pattern in names(given.get("branches")):
        if fnmatchcase(target, pattern.removeprefix("!")):
            wanted = not pattern.startswith("!")
    ignored = any(fnmatchcase(target, one) for one in names(given.get("branches-ignore")))
    return not target or (wanted and not ignored)


def powerless_on_gitlab(path: str, document: Any, jobs: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield where a GitLab pipeline throws away what the gates say.

    Args:
        path: the file.
        document: what it holds.
        jobs: the jobs of all files of the pipeline, for `extends`.
    """
    for name, job in document.items():
        if not isinstance(job, dict) or is_tagged(job):
            continue
        for key in ("before_script", "script"):
            lines = "\n".join(names(job.get(key)))
            if not _GATES.search(_COMMENT.sub("", lines)):
                continue
            message = f"the job '{name}' runs the gates, and "
            for told, why, hint in _allowances(job, jobs):
                place = Location(path, line_of(job, told))
                yield POWERLESS.finding(place, message + why, hint)
            if problem := swallowed(lines, pipefail=True):
                hint = "let the gates' exit code be that of the job"
                place = Location(path, _command_line(job, key))
                yield POWERLESS.finding(place, message + problem, hint)


def _command_line(job: Any, key: str) -> int:
    """Return the line of the command in a job's script whose exit code is thrown away."""
    script = job[key]
    commands = [(at, one) for at, one in enumerate(items(script)) if isinstance(one, str)]
    ends = range(1, len(commands) + 1)
    parts = ["\n".join(one for _, one in commands[:end]) for end in ends]
    first = [end for end in ends if swallowed(parts[end - 1], pipefail=True)][0]
    lines = [
        line_of(script, at)
        for at, one in commands[:first]
        if isinstance(script, list) and _GATES.search(_COMMENT.sub("", one))
    ]
    return (lines or [line_of(job, key)])[-1]


def _allowances(job: Any, jobs: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    allowed = _inherited(job, jobs, "allow_failure")
    rules = [mappings(one) for one in items(_inherited(job, jobs, "rules"))]
    if allowed is True or any(one.get("allow_failure") is True for one in rules):
        yield "allow_failure", "may fail (allow_failure)", "write: allow_failure: false"
    if _inherited(job, jobs, "when") == "manual" and allowed is not False:
        yield "when", "waits for somebody to start it (when: manual)", "take when: manual out"


def _inherited(job: Any, jobs: Mapping[str, Any], key: str, depth: int = 9) -> Any:
    """Return what a job has under a key, by itself or by what it extends."""
    if key in job or not depth:
        return job.get(key)
    below = [mappings(jobs.get(name)) for name in names(job.get("extends"))]
    found = (_inherited(one, jobs, key, depth - 1) for one in reversed(below))
    return next((value for value in found if value is not None), None)
