"""Compares the tests in the source with what the runners collected: one finding for a cause."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatch
from pathlib import PurePosixPath

from quality_harness.finding import Finding, Location
from quality_harness.testing import collection_rules as rules
from quality_harness.testing.collected import Collected
from quality_harness.testing.sources import SourceFile, SourceTest

NAMES = {"pytest": "pytest", "django": "Django's runner"}
NAMED_IN_A_MESSAGE = 3


def real_tests(file: SourceFile, runs: Sequence[Collected]) -> list[SourceTest]:
    """Return the file's tests: those that say so, and those that some runner takes for one."""
    return [test for test in file.tests if test.sure or any(test.id in run.defined for run in runs)]


def compare(files: Iterable[SourceFile], runs: Sequence[Collected]) -> list[Finding]:
    """Return the findings.

    Args:
        files: what stands in the source.
        runs: what each configured runner collected.
    """
    findings: list[Finding] = []
    for file in files:
        of_runs = [*_compare_file(file, runs)]
        # What is wrong with the file or with a class explains its counts as well.
        if not of_runs and len(runs) > 1:
            of_runs = [*_counts_differ(file, runs)]
        findings += [*of_runs, *_misnamed(file, runs), *_shadowed(file)]
    return findings


def _compare_file(file: SourceFile, runs: Sequence[Collected]) -> Iterator[Finding]:
    tests = real_tests(file, runs)
    if not tests:
        return
    closed = [run for run in runs if _is_closed(file.path, tests, run)]
    if closed:
        yield _misnamed_file(file.path, len(tests), closed)
    opened = [run for run in runs if run not in closed and file.path not in run.skipped]
    if not opened:
        return
    by_class: dict[str, list[SourceTest]] = defaultdict(list)
    for test in tests:
        by_class[test.id.owner].append(test)
    for owned in by_class.values():
        yield from _uncollected(owned, opened)
        yield from _one_runner_only(owned, opened)


def _is_closed(path: str, tests: Iterable[SourceTest], run: Collected) -> bool:
    """Whether `run` never looked into the file, nor inherited a test from it."""
    if path in run.opened or path in run.skipped:
        return False
    return not any(test.id in run.defined for test in tests)


def _misnamed_file(path: str, count: int, closed: Sequence[Collected]) -> Finding:
    name = PurePosixPath(path)
    unmatched = [run for run in closed if not any(fnmatch(name.name, p) for p in run.patterns)]
    runners = " and ".join(NAMES[run.runner] for run in closed)
    message = f"{path} holds {_count(count)}, never collected by {runners}"
    if unmatched:
        patterns = " and ".join(f"`{', '.join(run.patterns)}`" for run in unmatched)
        message += f": the file's name does not match {patterns}"
        hint = f"git mv {path} {name.with_name(_good_name(name))}"
    else:
        message += ", although its name matches"
        hint = (
            "Put an __init__.py into each folder on the way, and see that the folder is among "
            "those searched (pytest's testpaths, the labels of manage.py test)."
        )
    return rules.MISNAMED_FILE.finding(Location(path), message, hint)


def _good_name(path: PurePosixPath) -> str:
    words = [word for word in path.stem.split("_") if word not in {"test", "tests"}]
    stem = "_".join(words) or path.parent.name
    return f"test_{stem.removeprefix('tests').removeprefix('test')}.py"


def _uncollected(owned: Sequence[SourceTest], runs: Sequence[Collected]) -> Iterator[Finding]:
    lost = [test for test in owned if not any(test.id in run.defined for run in runs)]
    if not lost:
        return
    runners = " or ".join(NAMES[run.runner] for run in runs)
    path, owner, _ = lost[0].id
    if owner and len(lost) == len(owned):
        yield rules.UNCOLLECTED_CLASS.finding(
            Location(path, lost[0].owner_line),
            f"class {owner} holds {_count(len(lost))}, none of them collected by {runners}",
            f"Derive {owner} from a TestCase, inherit it in a test class if it is a mixin, or "
            "set `__test__ = False` in it.",
        )
        return
    for test in lost:
        yield rules.UNCOLLECTED_TEST.finding(
            Location(path, test.line),
            f"{_named(test)} is not collected by {runners}",
            f"See what binds or deletes {test.id.name} again after its definition, or make it a "
            "method of a TestCase.",
        )


def _one_runner_only(owned: Sequence[SourceTest], runs: Sequence[Collected]) -> Iterator[Finding]:
    by_runners: dict[tuple[str, ...], list[SourceTest]] = defaultdict(list)
    for test in owned:
        by_runners[tuple(run.runner for run in runs if test.id in run.defined)].append(test)
    for having, tests in by_runners.items():
        if not having or len(having) == len(runs):
            continue
        missing = [run.runner for run in runs if run.runner not in having]
        names = ", ".join(_named(test) for test in tests[:NAMED_IN_A_MESSAGE])
        more = len(tests) - NAMED_IN_A_MESSAGE
        yield rules.ONE_RUNNER_ONLY.finding(
            Location(tests[0].id.path, tests[0].line),
            f"{names}{f' and {more} more' if more > 0 else ''}: collected by "
            f"{NAMES[having[0]]}, not by {NAMES[missing[0]]}",
            "Make them methods of a django.test.SimpleTestCase or TestCase.",
        )


def _counts_differ(file: SourceFile, runs: Sequence[Collected]) -> Iterator[Finding]:
    counts = [_count_by_class(file.path, run) for run in runs]
    for owner in sorted(set().union(*counts)):
        numbers = [count[owner] for count in counts]
        if len(set(numbers)) > 1:
            parts = (f"{NAMES[run.runner]} {n}" for run, n in zip(runs, numbers, strict=True))
            yield rules.COUNTS_DIFFER.finding(
                Location(file.path),
                f"class {owner} has a different number of tests in each runner: "
                f"{', '.join(parts)}",
                f"Look for a second module that imports {owner} by name, for `load_tests`, and "
                f"for `__test__`, which Django's runner does not know.",
            )


def _count_by_class(path: str, run: Collected) -> Counter[str]:
    places = (case.collected_as for case in run.cases)
    return Counter(place.owner for place in places if place.path == path and place.owner)


def _misnamed(file: SourceFile, runs: Sequence[Collected]) -> Iterator[Finding]:
    for suspect in file.suspects:
        if not any(suspect.id in run.defined for run in runs):
            yield rules.MISNAMED_TEST.finding(
                Location(file.path, suspect.line),
                f"{_named(suspect)} asserts something, but no runner takes the name for a test "
                "and nothing calls it",
                f"Rename {suspect.id.name} so that it begins with test_, or delete it.",
            )


def _shadowed(file: SourceFile) -> Iterator[Finding]:
    for lost in file.shadowed:
        yield rules.SHADOWED_TEST.finding(
            Location(file.path, lost.line),
            f"{lost.name} never runs: line {lost.by_line} defines the name again",
            "Give the two different names.",
        )


def _named(test: SourceTest) -> str:
    return f"{test.id.owner}.{test.id.name}" if test.id.owner else test.id.name


def _count(number: int) -> str:
    return "1 test" if number == 1 else f"{number} tests"
