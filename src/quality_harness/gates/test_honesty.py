"""Gate `test-honesty`: a test that passes has proved something."""

from dataclasses import dataclass
from pathlib import PurePosixPath

from quality_harness.gate import Checked, CouldNotRun, Gate, Project
from quality_harness.testing.honesty.checking import check_files
from quality_harness.testing.honesty.rules import all_rules
from quality_harness.testing.settings import load_settings
from quality_harness.testing.test_code import TestCode
from quality_harness.testing.watched import left_by_tests
from quality_harness.testing.watches import rules_of

NAME = "test-honesty"
TABLE = "[tool.quality_harness.test_honesty]"
WATCH = "assertions"


@dataclass(frozen=True)
class Options:
    """`[tool.quality_harness.test_honesty]`.

    Attributes:
        exclude: folders and files that look like test code and are none, such as samples.
    """

    exclude: tuple[str, ...] = ()


def check(project: Project) -> Checked:
    """Read the test code, and what the gate `tests` has seen while it ran."""
    names = _test_files(project)
    if not names:
        raise CouldNotRun(
            "There is no test code: no file or folder is named like one. Name the folders: "
            '[tool.quality_harness.testing] paths = ["..."]'
        )
    found = check_files(project.root, names)
    note = f"{len(names)} files of test code"
    try:
        _check_watched(project)
        watched = left_by_tests(project)
    except CouldNotRun as problem:
        return Checked(tuple(found), len(names), "files", note, problem=str(problem))
    return Checked((*watched.of([NAME]), *found), watched.tests, "tests", note)


def _check_watched(project: Project) -> None:
    strict = load_settings(project.root).strict
    if WATCH not in strict:
        names = ", ".join(f'"{name}"' for name in (*strict, WATCH))
        raise CouldNotRun(
            "Assertions are not counted while the tests run. Let them be: "
            f"[tool.quality_harness.testing] strict = [{names}]"
        )


def _test_files(project: Project) -> list[str]:
    options: Options = project.options
    for path in options.exclude:
        if not (project.root / path).exists():
            raise CouldNotRun(f"{TABLE} exclude names {path!r}, which does not exist. Remove it.")
    is_test_code = TestCode.of(project.root)
    return [
        name
        for name in project.python_files()
        if is_test_code.holds(name)
        and (project.root / name).is_file()
        and not any(PurePosixPath(name).is_relative_to(path) for path in options.exclude)
    ]


GATE = Gate(
    name=NAME,
    summary="A test that passes has proved something.",
    reason=(
        "A test that asserts nothing, or that compares a thing with itself, is green whatever the "
        "code does. Coverage counts its lines all the same, and everybody relies on it. The gate "
        "counts assertions while the tests run (plain `assert`, unittest, Django, mock, pytest, "
        "helpers of libraries whose names begin with assert), and reads test code for assertions "
        "that cannot fail."
    ),
    check=check,
    rules=(*rules_of(NAME), *(module.RULE for module in all_rules())),
    options=Options,
    after=("tests",),
)
