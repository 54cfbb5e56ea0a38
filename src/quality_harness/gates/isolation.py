"""Gate `isolation`: tests leave nothing behind, and nothing of Django's is quietly left out."""

import fcntl
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from quality_harness.config import TABLE, did_you_mean, read_options, read_table
from quality_harness.finding import Finding, Location
from quality_harness.gate import Checked, CouldNotRun, Gate, Project
from quality_harness.gates._isolation_rules import (
    ORDER_DEPENDENT,
    RULES,
    SLOW_HASHER,
    UNCONNECTED,
)
from quality_harness.gates.tests import Options as TestsOptions
from quality_harness.testing.connecting import Connecting, connecting_places
from quality_harness.testing.polluters import Dependence
from quality_harness.testing.reordering import Answer, Request, read_answer
from quality_harness.testing.settings import load_settings
from quality_harness.testing.sources import TEST_FILE
from quality_harness.testing.watched import left_by_tests
from quality_harness.testing.watches import rules_of, watch_module, watch_names
from quality_harness.testing.watching import RECORD
from quality_harness.tool import last_line, run_module, work_folder

NAME = "isolation"
# One password takes MD5 0.03 ms, and what production uses a quarter of a second.
SLOW = 0.01


@dataclass(frozen=True)
class Options:
    """`[tool.quality_harness.isolation]`.

    Attributes:
        order: run the suite once more in another order, and look for tests that depend on one
            another; it takes as long as the suite takes in one process.
        seed: of that order; 0 reverses the tests.
        seconds: how long all of this may take.
    """

    order: bool = False
    seed: int = 0
    seconds: int = 1200


def check(project: Project) -> Checked:
    """Read what the gate `tests` has seen, and look at a process that only starts Django."""
    _check_watches(project.root)
    options: Options = project.options
    watched = left_by_tests(project)
    process = _fresh_process(project)
    findings = [*watched.of([NAME]), *_hasher(project, process), *_eager(project, process)]
    findings += _receivers(project, process)
    note = ""
    if options.order:
        answer = _reordered(project, options)
        findings += [_dependence(project, each) for each in answer.dependences]
        how = f"shuffled with seed {options.seed}" if options.seed else "reversed"
        note = f"{answer.tests} tests run again, {how}"
    return Checked(tuple(findings), watched.tests, "tests", note)


def _check_watches(root: Path) -> None:
    own = [name for name in watch_names() if watch_module(name).GATE == NAME]
    if not set(own) & set(load_settings(root).strict):
        raise CouldNotRun(
            "Nothing is watched while the tests run. Name at least one of "
            f"{', '.join(own)}: [{TABLE}.testing] strict = [...]"
        )


def _fresh_process(project: Project) -> dict[str, Any]:
    """Return what a process has after django.setup()."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder, "process.json")
        done = run_module(
            "quality_harness.gates._fresh_process",
            [str(target)],
            cwd=project.root,
            extra="test",
            environment=project.environment(),
        )
        if not target.exists():
            raise CouldNotRun(
                f"A process that starts Django ended with exit code {done.returncode}: "
                f"{last_line(done.stderr) or 'no reason given'}. Try it: python manage.py check"
            )
        found: dict[str, Any] = json.loads(target.read_text(encoding="utf-8"))
    if "problem" in found:
        raise CouldNotRun(
            f"Django cannot be set up: {found['problem']}. Try it: python manage.py check"
        )
    return found


def _hasher(project: Project, process: dict[str, Any]) -> Iterator[Finding]:
    if process["hasher"] and process["hasher"][1] > SLOW:
        algorithm, seconds = process["hasher"]
        yield SLOW_HASHER.finding(
            _settings_place(project, process, "PASSWORD_HASHERS"),
            f"Each password that a test sets takes {seconds * 1000:.0f} ms: the settings of the "
            f"tests hash with {algorithm}.",
            'PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]',
        )


def _eager(project: Project, process: dict[str, Any]) -> Iterator[Finding]:
    if process["eager"] and not process["propagates"]:
        (rule,) = (rule for rule in rules_of(NAME) if rule.name == "swallowed-task-error")
        yield rule.finding(
            _settings_place(project, process, "ALWAYS_EAGER"),
            "Celery runs tasks at once and keeps their errors to itself: task_always_eager is on "
            "and task_eager_propagates is off.",
            "Set task_eager_propagates = True beside it.",
        )


def _settings_place(project: Project, process: dict[str, Any], word: str) -> Location:
    """Return the line of the settings that holds a word; 0 where it stands elsewhere."""
    file = Path(process["settings"])
    if not file.is_relative_to(project.root):
        return Location("")
    lines = file.read_text(encoding="utf-8").splitlines()
    line = next((number for number, text in enumerate(lines, 1) if word in text.upper()), 0)
    return Location(file.relative_to(project.root).as_posix(), line)


def _receivers(project: Project, process: dict[str, Any]) -> Iterator[Finding]:
    imported, connected = set(process["imported"]), set(process["connected"])
    for place in _connecting(project):
        location = Location(place.path, place.line)
        if place.on_import and str((project.root / place.path).resolve()) not in imported:
            module = PurePosixPath(place.path).stem
            yield UNCONNECTED.finding(
                location,
                f"{place.receiver} receives no signal in a process that only starts Django: "
                "nothing imports this module.",
                f"Import it in `ready` of the app's AppConfig: from . import {module}",
            )
        elif not place.on_import and place.receiver not in connected:
            yield UNCONNECTED.finding(
                location,
                f"{place.receiver} receives no signal after django.setup(): this `ready` does "
                "not run.",
                "Name this AppConfig in INSTALLED_APPS, or let it be the only one in its module.",
            )


def _connecting(project: Project) -> Iterator[Connecting]:
    """Return the places in the project's code, tests left out, that connect receivers."""
    for name in project.python_files():
        path = PurePosixPath(name)
        is_test = TEST_FILE.fullmatch(path.stem) or path.stem == "conftest"
        if not is_test and not {"tests", "test", "migrations"} & set(path.parts):
            try:
                yield from connecting_places(name, (project.root / name).read_text("utf-8"))
            except (SyntaxError, UnicodeDecodeError) as error:
                raise CouldNotRun(f"{name} cannot be read: {error}") from None


def _reordered(project: Project, options: Options) -> Answer:
    """Run the suite in another order, in one process and its forks."""
    table = read_table(project.root).get("tests", {})
    tests: TestsOptions = read_options(table, TestsOptions, f"{TABLE}.tests")
    if tests.runner not in COMMANDS:
        raise CouldNotRun(
            f"There is no runner '{tests.runner}'. {did_you_mean(tests.runner, COMMANDS)}"
        )
    with tempfile.TemporaryDirectory() as folder:
        request = Request(str(Path(folder, "answer.json")), options.seed, options.seconds)
        # What the watches find is known already: it must not make a test fail here.
        environment = {**project.environment(), **request.variables(), RECORD: os.devnull}
        module, *arguments = COMMANDS[tests.runner]
        with _alone(project.root):
            done = run_module(
                module,
                [*arguments, *tests.arguments, *_one_process(tests)],
                cwd=project.root,
                extra="test",
                environment=environment,
                tests=True,
            )
        if not Path(request.file).exists():
            said = last_line(done.stderr) or last_line(done.stdout) or "no reason given"
            raise CouldNotRun(
                f"The tests could not be run in another order: exit code {done.returncode}: {said}"
            )
        answer = read_answer(Path(request.file))
    if answer.problem or not answer.tests:
        raise CouldNotRun(f"{answer.problem or 'There are no tests'}. {_LATER}")
    return answer


COMMANDS = {
    "django": ("quality_harness.testing.reorder_django",),
    "pytest": ("pytest", "-q", "-p", "quality_harness.testing.reorder_pytest"),
}
_LATER = f"Give it more time: [{TABLE}.isolation] seconds = ..., or order = false"


def _one_process(tests: TestsOptions) -> tuple[str, ...]:
    """Return the arguments that take several processes back."""
    several = ("-n", "--numprocesses")
    asks = tests.runner == "pytest" and any(each.startswith(several) for each in tests.arguments)
    return ("--numprocesses", "0") if asks else ()


@contextmanager
def _alone(root: Path) -> Iterator[None]:
    """Wait until nobody runs the tests of this checkout: all of them use one test database."""
    with open(work_folder(root) / "tests.lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _dependence(project: Project, found: Dependence) -> Finding:
    if not found.other:
        message = f"{found.test} fails in another order: {found.message} ({found.note})"
        hint = "Run it alone, after others, and last, and compare."
    else:
        word = "unless it runs after" if found.is_needed else "after"
        message = f"{found.test} fails {word} {found.other}: {found.message}"
        mend = "Let the first one set up itself what it needs" if found.is_needed else _PUT_BACK
        hint = f"{mend}. Both in one run show it: {found.other} {found.test}"
    return ORDER_DEPENDENT.finding(Location(_file_of(project, found.test)), message, hint)


_PUT_BACK = "Let the second one put back what it changes"


def _file_of(project: Project, test: str) -> str:
    """Return the file of a test's id, which is pytest's, with a path, or unittest's, with dots."""
    path, colons, _ = test.partition("::")
    if colons:
        return path
    parts = test.split(".")
    for end in range(len(parts), 0, -1):
        for folder in project.python_path:
            name = PurePosixPath(folder, *parts[:end]).with_suffix(".py").as_posix()
            if name in project.files:
                return name
    return ""


GATE = Gate(
    name=NAME,
    summary="Tests leave nothing behind, and nothing that waits for a commit is dropped unseen.",
    reason=(
        "What a test leaves changed decides whether another one passes. And a test rolls back, so "
        "that callbacks of a commit, tasks sent too early and receivers that nobody connects go "
        "unnoticed until production."
    ),
    check=check,
    rules=(*rules_of(NAME), *RULES),
    options=Options,
    after=("tests",),
)
