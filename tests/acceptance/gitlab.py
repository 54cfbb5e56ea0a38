"""Runs a GitLab pipeline as it is: its jobs' scripts in a clean clone.

What is not understood is refused, never left out. `image` and `interruptible` are read and not
emulated; service containers are servers of this machine.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from tests.acceptance.events import Published, git, gitlab_commit, gitlab_variables
from tests.acceptance.machine import Done, Machine, Refused, Tools, run

_TOP = {"variables", "workflow", "include"}
_JOB = {
    *("image", "interruptible", "timeout", "allow_failure", "rules", "services", "variables"),
    *("before_script", "script", "artifacts"),
}
_ARTIFACTS = {"when", "paths", "expire_in"}
_MINUTES = re.compile(r"(\d+) minutes?")
_SERVICES = ("postgres", "valkey/valkey")
_TERM = re.compile(
    r"""\s*\$(?P<name>\w+)"""
    r"""(?:\s*(?P<sign>==|!=)\s*(?:"(?P<text>[^"]*)"|\$(?P<other>\w+)|(?P<null>null)))?\s*"""
)


class NoPipeline(Exception):
    """No job's rules ask for it: the host makes no pipeline, and nothing was judged."""


@dataclass
class JobRun:
    """What came of one job: success or failure, what its script said, and its artifacts."""

    result: str
    done: Done
    artifacts: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Call:
    """How a pipeline is started.

    Attributes:
        published: the repository and the event.
        variables: what the project's settings add.
        tools: which tools the machine has.
        emptied: variables of the event that the job does not get.
    """

    published: Published
    variables: Mapping[str, str] = field(default_factory=dict)
    tools: Tools = Tools()
    emptied: tuple[str, ...] = ()


def read_pipeline(path: Path) -> dict[str, Any]:
    """Return a pipeline with what it includes from its own repository.

    Raises:
        Refused: it is not YAML, or has a key that is not known.
    """
    try:
        document = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    except (YAMLError, UnicodeDecodeError, OSError) as error:
        raise Refused(f"{path.name} is no YAML: {str(error).splitlines()[0]}") from error
    if not isinstance(document, dict):
        raise Refused(f"{path.name} is no mapping")
    whole: dict[str, Any] = {}
    for include in document.pop("include", []):
        if set(include) != {"local"}:
            raise Refused(f"{path.name} includes {include}")
        whole |= read_pipeline(path.parent / include["local"].lstrip("/"))
    whole |= document
    for name in jobs_of(whole):
        if not isinstance(whole[name], dict) or (unknown := set(whole[name]) - _JOB):
            raise Refused(f"the job {name} has {', '.join(sorted(unknown))}")
    if set(whole.get("workflow", {})) - {"auto_cancel"}:
        raise Refused(f"workflow has {', '.join(whole['workflow'])}")
    return whole


def jobs_of(document: Mapping[str, Any]) -> list[str]:
    """Return the names of a pipeline's jobs."""
    return [name for name in document if name not in _TOP]


def run_pipeline(path: Path, machine: Machine, folder: Path, call: Call) -> dict[str, JobRun]:
    """Run the jobs whose rules ask for it and return what came of each, by its name.

    Raises:
        Refused: something is not understood.
        NoPipeline: no job runs.
    """
    document = read_pipeline(path)
    runs = {}
    for name in jobs_of(document):
        told = _variables(document, document[name], call)
        if _is_asked_for(document[name], told):
            runs[name] = _run_job(document[name], machine, folder / name, call, told)
    if not runs:
        raise NoPipeline("no job's rules ask for it")
    return runs


def _variables(document: Mapping[str, Any], job: Mapping[str, Any], call: Call) -> dict[str, str]:
    """Return the variables, the stronger ones last: the project's settings win."""
    told = gitlab_variables(call.published) | dict.fromkeys(call.emptied, "")
    given = {**document.get("variables", {}), **job.get("variables", {})}
    if not all(isinstance(text, str) for text in given.values()):
        raise Refused(f"a variable that is no text: {given}")
    return {**told, **given, **call.variables}


def _is_asked_for(job: Mapping[str, Any], variables: Mapping[str, str]) -> bool:
    for rule in job.get("rules", [{"if": "$GITLAB_CI"}]):
        if set(rule) != {"if"}:
            raise Refused(f"the rule {rule}")
        if holds(rule["if"], variables):
            return True
    return False


def holds(source: str, variables: Mapping[str, str]) -> bool:
    """Return whether a rule's condition holds.

    Raises:
        Refused: it is not understood.
    """
    return any(
        all(_term_holds(term, variables) for term in part.split("&&"))
        for part in source.split("||")
    )


def _term_holds(term: str, variables: Mapping[str, str]) -> bool:
    match = _TERM.fullmatch(term)
    if match is None:
        raise Refused(f"the condition '{term.strip()}'")
    value = variables.get(match["name"])
    if not match["sign"]:
        return bool(value)
    if match["null"]:
        other = None
    else:
        other = variables.get(match["other"]) if match["other"] else match["text"]
    return (value == other) is (match["sign"] == "==")


def _run_job(
    job: Mapping[str, Any], machine: Machine, folder: Path, call: Call, told: Mapping[str, str]
) -> JobRun:
    if job.get("allow_failure", False):
        raise Refused("a job that is allowed to fail")
    for service in job.get("services", []):
        if service["name"].partition("@")[0].partition(":")[0] not in _SERVICES:
            raise Refused(f"the service {service['name']}")
    home = folder / "home"
    home.mkdir(parents=True)
    work = _clone(call.published, folder / "work", int(told.get("GIT_DEPTH", "20")))
    variables = machine.variables(call.tools, home) | machine.with_services(_expanded(told))
    # One shell runs all lines, and ends with the first that fails.
    lines = ["set -eo pipefail", *job.get("before_script", []), *job["script"]]
    script = home / "script.sh"
    script.write_text("\n".join(lines) + "\n", encoding="utf-8")
    minutes = _MINUTES.fullmatch(job.get("timeout", "60 minutes"))
    if minutes is None:
        raise Refused(f"the timeout {job['timeout']}")
    done = run(["bash", str(script)], work, variables, float(minutes[1]))
    artifacts = dict(_artifacts(job.get("artifacts", {}), work, done))
    return JobRun("failure" if done.code else "success", done, artifacts)


def _expanded(told: Mapping[str, str]) -> dict[str, str]:
    """Return the variables; one that names another is refused, none here does."""
    for name, text in told.items():
        if "$" in text:
            raise Refused(f"the variable {name} holds '$': {text}")
    return dict(told)


def _clone(published: Published, work: Path, depth: int) -> Path:
    """As GitLab's runner: a fetch of the pipeline's commit, and without a depth of all branches."""
    commit = gitlab_commit(published)
    git(published.bare, "config", "uploadpack.allowAnySHA1InWant", "true")
    work.mkdir()
    git(work, "init", "--quiet", "--initial-branch=master")
    git(work, "remote", "add", "origin", f"file://{published.bare}")
    wanted = [f"+{commit}:refs/pipelines/1"]
    if depth:
        git(work, "fetch", "--quiet", "--no-tags", f"--depth={depth}", "origin", *wanted)
    else:
        branches = ["+refs/heads/*:refs/remotes/origin/*", "+refs/tags/*:refs/tags/*"]
        git(work, "fetch", "--quiet", "origin", *branches, *wanted)
    git(work, "checkout", "--quiet", "--force", "--detach", commit)
    return work


def _artifacts(given: Mapping[str, Any], work: Path, done: Done) -> Iterator[tuple[str, str]]:
    if set(given) - _ARTIFACTS or given.get("when", "on_success") not in ("always", "on_success"):
        raise Refused(f"the artifacts {dict(given)}")
    if done.code and given.get("when") != "always":
        return
    for pattern in given.get("paths", []):
        for path in work.glob(pattern):
            if path.is_file():
                yield path.name, path.read_text(encoding="utf-8", errors="replace")
