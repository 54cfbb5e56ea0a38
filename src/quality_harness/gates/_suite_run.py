"""Runs the suite by one of the runners and reads what came of it, for the gates that do so."""

import json
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from pathlib import Path

from quality_harness.config import did_you_mean
from quality_harness.gate import CouldNotRun, Project
from quality_harness.testing.outcome import Failure, Outcome, read_django, read_junit
from quality_harness.testing.told import read_told
from quality_harness.tool import OUTCOME, digest, last_line

RUNNERS = ("pytest", "django")
# All passed; some failed; pytest collected none. Any other code is a run that did not end.
_WHOLE_RUN = (0, 1, 5)


def check_runner(runner: str) -> None:
    """Refuse a runner that there is not."""
    if runner not in RUNNERS:
        raise CouldNotRun(f"There is no runner '{runner}'. {did_you_mean(runner, RUNNERS)}")


def run_suite(
    runner: str,
    arguments: Sequence[str],
    execute: Callable[[Sequence[str]], subprocess.CompletedProcess[str]],
) -> Outcome:
    """Run the suite and return its outcome.

    Args:
        runner: one of `RUNNERS`.
        arguments: the runner's.
        execute: runs a command, given as a module and its arguments.

    Raises:
        CouldNotRun: the run did not come to its end.
    """
    with tempfile.TemporaryDirectory() as folder:
        report, told = Path(folder, "report"), Path(folder, "told")
        if runner == "django":
            command = ["quality_harness.testing.run_django", str(report)]
        else:
            family = ("-o", "junit_family=xunit1")
            command = ["pytest", "-q", "--color=no", *family, f"--junit-xml={report}"]
            command += ["-p", "quality_harness", f"--quality-harness-told={told}"]
        done = execute([*command, *arguments])
        if not report.exists():
            raise _stopped(runner, done)
        if runner == "django":
            outcome = read_django(report)
        else:
            outcome = _with_told(read_junit(report), *read_told(told))
    whole = done.returncode in _WHOLE_RUN and (done.returncode != 1 or outcome.failures)
    if not whole and not outcome.unimportable:
        raise _stopped(runner, done)
    return outcome


def _with_told(
    outcome: Outcome, left_out: tuple[Failure, ...], rewritten: tuple[Failure, ...]
) -> Outcome:
    """Return an outcome with what pytest's report does not tell."""
    failures = [
        replace(one, message=f"{one.message}; a hook of the project has it reported as passed")
        for one in rewritten
    ]
    return replace(outcome, failures=(*outcome.failures, *failures), left_out=left_out)


def leave_outcome(
    project: Project, runner: str, arguments: Sequence[str], outcome: Outcome
) -> None:
    """Leave what came of the gate `tests`."""
    document = {"run": _run_of(project, runner, arguments), "outcome": asdict(outcome)}
    (project.root / OUTCOME).write_text(json.dumps(document), encoding="utf-8")


def left_outcome(project: Project, runner: str, arguments: Sequence[str]) -> Outcome | None:
    """Return what the gate `tests` has left of the same run of the same files, if it has."""
    try:
        document = json.loads((project.root / OUTCOME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    same = document["run"] == _run_of(project, runner, arguments)
    return Outcome.read(document["outcome"]) if same else None


def _run_of(project: Project, runner: str, arguments: Sequence[str]) -> list[str]:
    return [digest(project.root, project.python_files()), runner, *arguments]


def _stopped(runner: str, done: subprocess.CompletedProcess[str]) -> CouldNotRun:
    output = done.stdout + done.stderr
    errors = [line.strip() for line in output.splitlines() if "rror" in line]
    reason = errors[-1] if errors else last_line(output) or "it said nothing"
    return CouldNotRun(f"{runner} ended with exit code {done.returncode}: {reason}")
