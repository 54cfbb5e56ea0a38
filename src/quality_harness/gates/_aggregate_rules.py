"""Whether the one job that branch protection asks for refuses what it should."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from quality_harness.finding import Rule
from quality_harness.gates._yaml import items, mappings, names, texts

HOLLOW_AGGREGATE = Rule(
    code="WFL003",
    name="hollow-aggregate",
    summary="The one job that branch protection asks for passes although a job did not succeed.",
    reason="A job that is skipped counts as a success. Without `if: always()` the aggregate job is "
    "skipped when a job that it needs fails, and one that only asks for failures passes when they "
    "are cancelled.",
    instead="Let it always run, need every other job, and compare each result with `success`.",
    bad="all-green:\n  needs: [lint, tests]\n  steps:\n    - run: echo ok",
    good="all-green:\n  if: always()\n  needs: [lint, tests]\n  env:\n"
    "    RESULTS: ${{ join(needs.*.result, ' ') }}\n  steps:\n"
    '    - run: for one in $RESULTS; do test "$one" = success || exit 1; done',
)

_ANY_RESULT = re.compile(r"needs\.[\w*-]+\.result|toJSON\(needs\)")
_ALL_RESULTS = re.compile(r"needs\.\*\.result|toJSON\(needs\)")
_FAILED = ("failure", "cancelled", "skipped")
# What tells somebody of results does not stand for them.
_TELLS = re.compile(r"\b(curl|wget|gh|mail|sendmail|aws|gcloud|az|kubectl|docker)\s")
_NEUTRAL_ACTIONS = ("actions/", "re-actors/alls-green")
_EXPRESSION = re.compile(r"\s*\$\{\{(.*)\}\}\s*", re.DOTALL)
_ALWAYS = re.compile(r"[\s(]*always\(\s*\)[\s)]*", re.IGNORECASE)
# What a pull request cannot make false: those of forks, too, run in the repository.
_ON_REQUESTS = re.compile(
    r"\s*github\.(event_name\s*(==\s*'pull_request(_target)?'"
    r"|!=\s*'(push|schedule|workflow_dispatch|release)')"
    r"|repository(_owner)?\s*==\s*'[^']+')\s*"
)
_COMMENT = re.compile(r"(^|\s)#[^\n]*")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_ECHO = re.compile(r"\b(?:echo|printf)\b(?:[ \t]+(?:\"[^\"]*\"|'[^']*'|[^\s;&|]+))*")
_CASE = re.compile(r"(\bin|;;)\s+[\w|*\" ]+\)")
_COMMAND = re.compile(r"[^\n;&|(){}]+")
_KEYWORDS = re.compile(r"\s*(?:(?:if|elif|while|until|then|else|do|!)\s+)*")
_NO_WORK = frozenset(
    (
        *("echo", "printf", "test", "[", "[[", "]]", "exit", "true", "false", ":", "for", "case"),
        *("if", "then", "elif", "else", "fi", "while", "until", "do", "done", "esac", "set"),
        *("export", "continue", "break", "return", "jq", "grep", "cat", "tr", "sort", "wc"),
    )
)


def is_aggregate(job: Mapping[str, Any]) -> bool:
    """Whether a job stands for others: it asks for all results, or needs several and does no work.

    One that needs several and asks for the result of any stands for them, too; one that tells
    somebody of results does not.
    """
    if "uses" in job:
        return False
    several = len(names(job.get("needs"))) > 1
    asked = _asks(job, _ANY_RESULT if several else _ALL_RESULTS)
    return (asked and not _tells(job)) or (several and "outputs" not in job and _is_idle(job))


def aggregate_problems(job: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with such a job, and what mends it."""
    condition = str(job.get("if", ""))
    if _may_be_skipped(condition):
        problem = "it is skipped, which counts as success, when one of them fails"
        if re.search(r"\balways\(", condition):
            problem = f"it is skipped, which counts as success, unless {condition.strip()}"
        yield problem, "write: if: always()"
    said = _said(job)
    if not _asks(job, _ANY_RESULT) and not _ANY_RESULT.search(condition):
        yield "it never asks for their results", "compare each of needs.*.result with success"
    elif "success" not in said and (_is_idle(job) or "toJSON(needs)" not in said):
        missing = [word for word in _FAILED if word not in said]
        if missing:
            problem = f"it passes where one of them is {' or '.join(missing)}"
            yield problem, "compare each of needs.*.result with success"


def _steps(job: Mapping[str, Any]) -> list[dict[Any, Any]]:
    return [mappings(one) for one in items(job.get("steps"))]


def _asks(job: Mapping[str, Any], results: re.Pattern[str]) -> bool:
    below = [
        text for key, value in job.items() if key not in ("needs", "if") for text in texts(value)
    ]
    return any(results.search(text) for text in below)


def _tells(job: Mapping[str, Any]) -> bool:
    used = [str(step["uses"]) for step in _steps(job) if "uses" in step]
    return any(not one.startswith(_NEUTRAL_ACTIONS) for one in used) or any(
        _TELLS.search(str(step.get("run", ""))) for step in _steps(job)
    )


def _is_idle(job: Mapping[str, Any]) -> bool:
    """Whether a job's steps only compare, print and end."""
    return all("uses" not in step and _no_work(str(step.get("run", ""))) for step in _steps(job))


def _no_work(script: str) -> bool:
    plain = _CASE.sub(";", _QUOTED.sub("Q", _COMMENT.sub("", script)))
    commands = [_KEYWORDS.sub("", one, count=1).split() for one in _COMMAND.findall(plain)]
    return all(words[0] in _NO_WORK or "=" in words[0] for words in commands if words)


def _said(job: Mapping[str, Any]) -> str:
    """Return what a job compares results with; what it only prints is not among that."""
    parts = [*texts(job.get("env")), str(job.get("if", ""))]
    for step in _steps(job):
        parts += [str(step.get("if", "")), *texts(step.get("env")), *texts(step.get("with"))]
        parts.append(_ECHO.sub("", _COMMENT.sub("", str(step.get("run", "")))))
    return "\n".join(parts)


def _may_be_skipped(condition: str) -> bool:
    inside = _EXPRESSION.fullmatch(condition)
    text = inside[1] if inside else condition
    if any(_ALWAYS.fullmatch(one) for one in _split(text, "||")):
        return False
    parts = _split(text, "&&")
    others = [one for one in parts if not _ALWAYS.fullmatch(one)]
    return len(others) == len(parts) or not all(map(_is_harmless, others))


def _is_harmless(term: str) -> bool:
    """Whether a term is true for pull requests, or for all results that are to be refused."""
    refused = re.search(r"!=\s*'success'", term) or all(word in term for word in _FAILED)
    return bool(_ON_REQUESTS.fullmatch(term) or (_ANY_RESULT.search(term) and refused))


def _split(text: str, sign: str) -> list[str]:
    """Return the parts of an expression between signs that stand in no brackets."""
    parts, depth = [""], 0
    for piece in re.split(r"('[^']*'|\|\||&&|[()])", text):
        depth += (piece == "(") - (piece == ")")
        if piece == sign and not depth:
            parts.append("")
        else:
            parts[-1] += piece
    return parts
