"""Gate `test-collection`: every test that stands in the source is collected by every runner."""

import os
import re
import tempfile
import tokenize
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from subprocess import CompletedProcess

from quality_harness.gate import Checked, CouldNotRun, Gate, Project
from quality_harness.testing.collected import Collected, read_collected
from quality_harness.testing.collection_rules import RULES
from quality_harness.testing.comparison import NAMES, compare, real_tests
from quality_harness.testing.sources import TEST_FILE, read_sources
from quality_harness.tool import last_line, run_module

TABLE = "[tool.quality_harness.test_collection]"
# What pytest exits with where it collected all there is: 5 says that this is nothing.
COMPLETE = (0, 5)
# What shows one module's error in full.
ALONE = {"pytest": "pytest --collect-only", "django": "python manage.py test"}
# A frame of a traceback, as Python prints it and as pytest does.
FRAME = re.compile(
    r"""^(?:INTERNALERROR>|E)?[ \t]*(?:File "(?P<file>[^"\n]+)", line (?P<line>\d+)"""
    r"""|(?P<short_file>[^\s:][^:\n]*):(?P<short_line>\d+): in )""",
    re.MULTILINE,
)
ERROR_LINE = re.compile(r"^(?:INTERNALERROR>|ERROR:?|E|\S+: error:) +(\S.*)$", re.MULTILINE)
# Folders below the root with code that is not the project's.
INSTALLED = {".venv", "site-packages", "dist-packages"}


@dataclass(frozen=True)
class Options:
    """`[tool.quality_harness.test_collection]`.

    Attributes:
        paths: folders that hold tests; files elsewhere count where their names say test.
        exclude: folders and files of samples, which are no tests.
        runners: those that must collect every test, of "pytest" and "django".
    """

    paths: tuple[str, ...] = ("tests",)
    exclude: tuple[str, ...] = ()
    runners: tuple[str, ...] = ("pytest", "django")


def check(project: Project) -> Checked:
    """Compare the source with what the runners collect; no test runs, no database is needed."""
    _check_options(project)
    files = read_sources({name: _read(project, name) for name in _test_files(project)})
    if not any(file.tests for file in files):
        raise CouldNotRun(
            f"There is no test function in {', '.join(project.options.paths)}. "
            f"Name the folders that hold tests: {TABLE} paths = [...]"
        )
    runs = _collect(project)
    count = sum(len(real_tests(file, runs)) for file in files)
    if not count:
        raise CouldNotRun(
            "No runner collects anything, and nothing in the source is clearly a test. "
            "Try it: pytest --collect-only"
        )
    # A test that is inherited or has parameters stands once in the source and runs many times.
    collected = ", ".join(f"{NAMES[run.runner]} collects {len(run.cases)}" for run in runs)
    note = f"in the source; {collected}"
    return Checked(tuple(compare(files, runs)), count, "tests", note)


def _check_options(project: Project) -> None:
    options: Options = project.options
    for runner in options.runners:
        if runner not in RUNNERS:
            raise CouldNotRun(f"{TABLE} runners names {runner!r}; known: {', '.join(RUNNERS)}")
    if not options.runners:
        raise CouldNotRun(f"{TABLE} runners is empty; known: {', '.join(RUNNERS)}")
    named = {"exclude": options.exclude}
    if options.paths != Options.paths:
        named["paths"] = options.paths
    for key, paths in named.items():
        for path in paths:
            if not (project.root / path).exists():
                raise CouldNotRun(f"{TABLE} {key} names {path!r}, which does not exist. Remove it.")


def _test_files(project: Project) -> list[str]:
    options: Options = project.options
    return [
        name
        for name in project.python_files()
        if not any(PurePosixPath(name).is_relative_to(path) for path in options.exclude)
        and (
            any(PurePosixPath(name).is_relative_to(path) for path in options.paths)
            or TEST_FILE.fullmatch(PurePosixPath(name).stem)
        )
    ]


def _read(project: Project, name: str) -> str:
    try:
        # As Python itself reads it: a byte order mark or a coding line may name the encoding.
        with tokenize.open(project.root / name) as file:
            return file.read()
    except (OSError, UnicodeDecodeError, SyntaxError) as error:
        raise CouldNotRun(f"{name} cannot be read: {error}") from None


def _collect(project: Project) -> list[Collected]:
    """Let each configured runner collect, side by side."""
    runners = project.options.runners
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(len(runners)) as pool:
        return list(pool.map(lambda name: _run(project, name, Path(folder, name)), runners))


def _run(project: Project, runner: str, file: Path) -> Collected:
    done = RUNNERS[runner](project, file)
    if not file.exists():
        raise CouldNotRun(f"{runner} could not collect: {_reason(project, done)}")
    collected = read_collected(file)
    for module, error in collected.errors:
        # Only pytest prints the traceback; its headline names the file of a class too.
        _, _, text = done.stdout.partition(f"ERROR collecting {module.partition('::')[0]} ")
        place = _place(project, text.partition("ERROR collecting ")[0])
        raise CouldNotRun(
            f"{runner} cannot import {module}: {place}{error}. Try it: {ALONE[runner]} {module}"
        )
    if done.returncode not in COMPLETE:
        raise CouldNotRun(
            f"{runner} broke off the collection with exit code {done.returncode}: "
            f"{_reason(project, done)}. Try it: pytest --collect-only"
        )
    return collected


def _reason(project: Project, done: CompletedProcess[str]) -> str:
    """Return the last error that a runner printed, after the place in the project."""
    # pytest tells its own crash on stdout, and what precedes the collection on stderr.
    text = f"{done.stdout}\n{done.stderr}"
    errors = ERROR_LINE.findall(text)
    said = errors[-1] if errors else last_line(done.stderr) or last_line(done.stdout)
    return _place(project, text) + (said or "no reason given")


def _place(project: Project, text: str) -> str:
    """Return "file:line: " of the last frame in a printed traceback that is the project's own."""
    root = project.root.resolve()
    place = ""
    for frame in FRAME.finditer(text):
        path = (root / (frame["file"] or frame["short_file"])).resolve()
        inside = path.is_relative_to(root) and path.is_file()
        if inside and not INSTALLED & set(path.relative_to(root).parts):
            place = f"{path.relative_to(root).as_posix()}:{frame['line'] or frame['short_line']}: "
    return place


def _run_pytest(project: Project, file: Path) -> CompletedProcess[str]:
    arguments = ["-p", "quality_harness", "--collect-only", "-q"]
    arguments.append(f"--quality-harness-collected={file}")
    return run_module(
        "pytest", arguments, cwd=project.root, extra="test", environment=project.environment()
    )


def _run_django(project: Project, file: Path) -> CompletedProcess[str]:
    environment = project.environment()
    if "DJANGO_SETTINGS_MODULE" not in {**os.environ, **environment}:
        raise CouldNotRun(
            'Django\'s runner needs settings: set [tool.quality_harness] settings = "..." or '
            f'DJANGO_SETTINGS_MODULE, or drop it: {TABLE} runners = ["pytest"]'
        )
    return run_module(
        "quality_harness.testing.collect_django",
        [str(file)],
        cwd=project.root,
        extra="test",
        environment=environment,
    )


RUNNERS: dict[str, Callable[[Project, Path], CompletedProcess[str]]] = {
    "pytest": _run_pytest,
    "django": _run_django,
}

GATE = Gate(
    name="test-collection",
    summary="Every test that stands in the source is collected by every configured runner.",
    reason=(
        "A test that is never collected cannot fail. A wrong file name, a class without a "
        "TestCase, a slip in a name or a second definition takes tests away in silence, and no "
        "coverage figure tells. The gate compares what the source says with what the runners "
        "really collect. Definitions under an `if` are left out: they need not exist here."
    ),
    check=check,
    rules=RULES,
    options=Options,
    remembered=True,
)
