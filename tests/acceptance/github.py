"""Runs a GitHub workflow as it is: its jobs in order, their `run:` steps in a clean clone.

What is not understood is refused, never left out. Emulated are the actions in `actions.py` and the
service containers in `SERVICES`, by servers of this machine. Triggers are looked up, not proved;
permissions, concurrency and caches are not emulated.
"""

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from tests.acceptance.actions import ACTIONS, Place
from tests.acceptance.events import Published, git, github_variables
from tests.acceptance.expressions import Context, condition, fill, value_of
from tests.acceptance.machine import Done, Machine, Refused, Tools, run

_TOP = {"name", "on", "permissions", "concurrency", "env", "jobs"}
_JOB = {
    *("name", "if", "needs", "runs-on", "timeout-minutes", "permissions", "services", "env"),
    *("steps", "strategy", "outputs"),
}
_STEP = {"id", "name", "if", "uses", "with", "run", "env", "shell", "working-directory"}
_STRATEGY = {"matrix", "fail-fast", "max-parallel"}
_EVENTS = {"merge_queue": "merge_group"}
SERVICES = ("postgres", "valkey/valkey")


@dataclass
class JobRun:
    """What came of one job, over all of its matrix.

    Attributes:
        result: success, failure, cancelled or skipped.
        steps: each step that ran, by its name, and how it ended.
        outputs: what it gives to the jobs that need it.
        summary: the text of its summary.
    """

    result: str
    steps: list[tuple[str, Done]] = field(default_factory=list)
    outputs: dict[str, str] = field(default_factory=dict)
    summary: str = ""


@dataclass(frozen=True)
class Call:
    """How a workflow is started.

    Attributes:
        published: the repository and the event.
        inputs: what a calling workflow gives; None where the event itself starts it.
        tools: which tools the machine has.
        emptied: variables of the event that the job does not get.
        cancelled: jobs that somebody cancels.
    """

    published: Published
    inputs: Mapping[str, str] | None = None
    tools: Tools = Tools()
    emptied: tuple[str, ...] = ()
    cancelled: tuple[str, ...] = ()


def read_workflow(path: Path) -> dict[str, Any]:
    """Return a workflow.

    Raises:
        Refused: it is not YAML, or has a key that is not known.
    """
    try:
        document = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    except (YAMLError, UnicodeDecodeError, OSError) as error:
        raise Refused(f"{path.name} is no YAML: {str(error).splitlines()[0]}") from error
    _known(document, _TOP, path.name)
    for name, job in document["jobs"].items():
        _known(job, _JOB, f"the job {name}")
        _known(job.get("strategy", {}), _STRATEGY, f"the strategy of {name}")
        for step in job["steps"]:
            _known(step, _STEP, f"a step of {name}")
            if ("run" in step) == ("uses" in step):
                raise Refused(f"a step of {name} needs either run or uses: {step}")
    return dict(document)


def _known(mapping: Any, keys: set[str], where: str) -> None:
    if not isinstance(mapping, dict):
        raise Refused(f"{where} is no mapping")
    if unknown := set(mapping) - keys:
        raise Refused(f"{where} has {', '.join(sorted(map(str, unknown)))}")


def run_workflow(path: Path, machine: Machine, folder: Path, call: Call) -> dict[str, JobRun]:
    """Run all jobs of a workflow and return what came of each, by its name.

    Args:
        path: the workflow.
        machine: where it runs.
        folder: an empty one, for clones and files.
        call: the event and its circumstances.

    Raises:
        Refused: something in it is not understood.
    """
    document = read_workflow(path)
    _triggered(document["on"], call)
    runs: dict[str, JobRun] = {}
    waiting = dict(document["jobs"])
    while waiting:
        ready = [name for name, job in waiting.items() if not set(_needs(job)) & set(waiting)]
        if not ready:
            raise Refused(f"the jobs {', '.join(waiting)} wait for one another")
        for name in ready:
            workflow_run = _Job(document, name, machine, folder / name, call, runs)
            runs[name] = workflow_run.whole()
            del waiting[name]
    return runs


def _triggered(triggers: Any, call: Call) -> None:
    """Refuse an event that the workflow does not run for, and filters of it."""
    kind = call.published.event.kind
    wanted = "workflow_call" if call.inputs is not None else _EVENTS.get(kind, kind)
    if not isinstance(triggers, dict) or wanted not in triggers:
        raise Refused(f"the workflow does not run for {wanted}")
    given = triggers[wanted] or {}
    if wanted == "workflow_call":
        unknown = set(call.inputs or ()) - set(given.get("inputs", {}))
        if unknown or set(given) - {"inputs"}:
            raise Refused(f"workflow_call with {sorted(unknown) or sorted(given)}")
    elif set(given) - {"branches"}:
        raise Refused(f"the trigger {wanted} has {', '.join(given)}")
    elif "branches" in given and call.published.event.target not in given["branches"]:
        raise Refused(f"the workflow does not run for {wanted} on {call.published.event.target}")


def _needs(job: Mapping[str, Any]) -> list[str]:
    needs = job.get("needs", [])
    return [needs] if isinstance(needs, str) else list(needs)


@dataclass
class _Job:
    document: Mapping[str, Any]
    name: str
    machine: Machine
    folder: Path
    call: Call
    runs: Mapping[str, JobRun]

    @property
    def job(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.document["jobs"][self.name]
        return found

    def whole(self) -> JobRun:
        """Run the job once for each of its matrix; the worst result is its own."""
        if self.name in self.call.cancelled:
            return JobRun("cancelled")
        needed = [self.runs[name].result for name in _needs(self.job)]
        context = self._context({}, succeeded=all(one == "success" for one in needed))
        if not condition(self.job.get("if", "success()"), context):
            return JobRun("skipped")
        for service in self.job.get("services", {}).values():
            image = service["image"].partition("@")[0].partition(":")[0]
            if image not in SERVICES:
                raise Refused(f"the service {image}")
        parts = [self._once(row, number) for number, row in enumerate(self._matrix())]
        result = "success" if all(part.result == "success" for part in parts) else "failure"
        steps = [step for part in parts for step in part.steps]
        return JobRun(result, steps, parts[-1].outputs, "".join(part.summary for part in parts))

    def _matrix(self) -> Iterator[dict[str, Any]]:
        matrix = self.job.get("strategy", {}).get("matrix", {})
        if set(matrix) == {"include"}:
            yield from map(dict, matrix["include"])
            return
        if {"include", "exclude"} & set(matrix) or not all(
            isinstance(values, list) for values in matrix.values()
        ):
            raise Refused(f"the matrix of {self.name}: {matrix}")
        for values in itertools.product(*matrix.values()):
            yield dict(zip(matrix, values, strict=True))

    def _context(self, row: Mapping[str, Any], *, succeeded: bool, index: int = 0) -> Context:
        variables = github_variables(self.call.published)
        github = {
            name.removeprefix("GITHUB_").lower(): text
            for name, text in variables.items()
            if name.startswith("GITHUB_")
        }
        github |= {
            "actor": "a",
            "workflow": self.document.get("name", ""),
            "event": self._payload(),
        }
        needs = {
            name: {"result": self.runs[name].result, "outputs": self.runs[name].outputs}
            for name in _needs(self.job)
        }
        values = {
            "github": github,
            "inputs": dict(self.call.inputs or {}),
            "needs": needs,
            "matrix": dict(row),
            "strategy": {"job-index": index},
            "env": {},
            "steps": {},
            "runner": {"os": "Linux", "temp": str(self.folder / "temp")},
        }
        return Context(values, succeeded=succeeded)

    def _payload(self) -> Mapping[str, Any]:
        event = self.call.published.event
        built_on = f"{self.call.published.merged}^" if event.kind == "merge_queue" else ""
        # GitHub gives an empty text for what an event does not have.
        queue = {
            "base_sha": git(self.call.published.bare, "rev-parse", built_on) if built_on else ""
        }
        if event.kind != "pull_request":
            return {"merge_group": queue}
        head = {"ref": event.branch, "sha": self.call.published.head}
        pull_request = {"number": 1, "head": head, "base": {"ref": event.target}}
        return {"pull_request": pull_request, "merge_group": queue}

    def _once(self, row: Mapping[str, Any], number: int) -> JobRun:
        return _Steps(self, self._context(row, succeeded=True, index=number), number).run()


@dataclass
class _Steps:
    """One row of a job's matrix, step by step."""

    of: _Job
    context: Context
    number: int
    done: JobRun = field(default_factory=lambda: JobRun("success"))

    def __post_init__(self) -> None:
        self.place = self.of.folder / str(self.number)
        self.work, self.temp = self.place / "work", self.place / "temp"
        self.work.mkdir(parents=True)
        self.temp.mkdir()
        call = self.of.call
        told = github_variables(call.published)
        told |= dict.fromkeys(call.emptied, "")
        self.files = {
            name: self.temp / name.lower()
            for name in ("GITHUB_OUTPUT", "GITHUB_ENV", "GITHUB_PATH", "GITHUB_STEP_SUMMARY")
        }
        for file in self.files.values():
            file.touch()
        self.variables = {
            **self.of.machine.variables(call.tools, self.temp),
            **told,
            **{name: str(path) for name, path in self.files.items()},
            "GITHUB_WORKSPACE": str(self.work),
            "RUNNER_TEMP": str(self.temp),
        }
        self._extend(self.of.document.get("env", {}))
        self._extend(self.of.job.get("env", {}))

    def _extend(self, given: Mapping[str, Any]) -> None:
        filled = {name: fill(_text(text), self.context) for name, text in given.items()}
        self.context.values["env"].update(filled)
        self.variables |= self.of.machine.with_services(filled)

    def run(self) -> JobRun:
        minutes = float(self.of.job.get("timeout-minutes", 360))
        for step in self.of.job["steps"]:
            if not condition(step.get("if", "success()"), self.context):
                continue
            name = fill(str(step.get("name") or step.get("uses") or step["run"]), self.context)
            ended = self._action(step) if "uses" in step else self._shell(step, minutes)
            self.done.steps.append((name, ended))
            if ended.code:
                self.context.succeeded = False
            self._collect(step)
        self.done.result = "success" if self.context.succeeded else "failure"
        self.done.summary = self.files["GITHUB_STEP_SUMMARY"].read_text(encoding="utf-8")
        for name, text in self.of.job.get("outputs", {}).items():
            self.done.outputs[name] = fill(text, self.context)
        return self.done

    def _shell(self, step: Mapping[str, Any], minutes: float) -> Done:
        # Without `shell:` GitHub leaves pipefail out.
        shells = {
            None: ["bash", "-e"],
            "bash": ["bash", "--noprofile", "--norc", "-eo", "pipefail"],
        }
        if step.get("shell") not in shells:
            raise Refused(f"the shell {step['shell']}")
        given = step.get("env", {})
        filled = {name: fill(_text(text), self.context) for name, text in given.items()}
        variables = self.variables | self.of.machine.with_services(filled)
        script = self.temp / "step.sh"
        script.write_text(fill(step["run"], self.context), encoding="utf-8")
        folder = self.work / step.get("working-directory", ".")
        return run([*shells[step.get("shell")], str(script)], folder, variables, minutes)

    def _action(self, step: Mapping[str, Any]) -> Done:
        action = str(step["uses"]).partition("@")[0]
        if action not in ACTIONS:
            raise Refused(f"the action {step['uses']}")
        if set(step) & {"env", "run", "shell", "working-directory"}:
            raise Refused(f"a step that uses {action} and has more than id, name, if and with")
        given = step.get("with", {})
        store = self.of.folder.parent / "artifacts"
        place = Place(self.of.call.published, self.work, store, self.variables)
        filled = {name: value_of(_text(text), self.context) for name, text in given.items()}
        return ACTIONS[action](place, filled)

    def _collect(self, step: Mapping[str, Any]) -> None:
        """Take over what the step has written for those after it."""
        if "id" in step:
            outputs = dict(_assignments(self.files["GITHUB_OUTPUT"]))
            self.context.values["steps"][step["id"]] = {"outputs": outputs}
        self._extend(dict(_assignments(self.files["GITHUB_ENV"])))
        added = self.files["GITHUB_PATH"].read_text(encoding="utf-8").split()
        self.variables["PATH"] = ":".join([*reversed(added), self.variables["PATH"]])
        for name in ("GITHUB_OUTPUT", "GITHUB_ENV", "GITHUB_PATH"):
            self.files[name].write_text("", encoding="utf-8")


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _assignments(path: Path) -> Iterator[tuple[str, str]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        name, sign, text = line.partition("=")
        if not sign or "<<" in name:
            raise Refused(f"{path.name}: {line}")
        yield name, text
