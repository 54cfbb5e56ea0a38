"""What the probe takes for a migration, on the reference app and on the sample set.

The server is started before. The start of the Python process does not count, with the import of
the probe and of Django; all else does, the project's own imports too.
"""

import argparse
import os
import re
import statistics
import sys
import tempfile
from collections.abc import Collection, Sequence
from importlib.util import find_spec
from pathlib import Path

from rich.console import Console

from benchmarks._probe_trees import probe_tree
from benchmarks.figures import Figure, conclude, print_table
from quality_harness import services
from quality_harness.changes import find_changes
from quality_harness.finding import Finding, Severity
from quality_harness.gate import Changes, CouldNotRun
from quality_harness.migrations.checking import base_of, check, used_on
from quality_harness.migrations.probe.command import ask, joined
from quality_harness.migrations.probe.databases import serving
from quality_harness.migrations.probe.evidence import Answer, Wish
from quality_harness.migrations.reader.file import read_tree

ROOT = Path(__file__).resolve().parents[1]
MOST_MS = 100.0
LEAST_RECALL = 1.0
MOST_FALSE = 0.01


def main(argv: Sequence[str]) -> int:
    """Run the benchmark; see `figures.conclude` for the exit code."""
    parser = argparse.ArgumentParser(prog="probe", description=__doc__.partition("\n")[0])
    parser.add_argument("--only", default="", help="samples whose names have this expression")
    parser.add_argument("--repeat", type=int, default=1, help="each so often; the least counts")
    arguments = parser.parse_args(argv)
    console = Console(file=sys.stderr)
    url = services.database_url("probe", ROOT)
    figures = [] if arguments.only else [_reference_app(console, url, arguments.repeat)]
    if find_spec("benchmarks.sample_reader"):
        figures += _samples(console, url, re.compile(arguments.only), arguments.repeat)
    return conclude(figures)


def _reference_app(console: Console, url: str, repeat: int) -> Figure:
    names = sorted(
        path.relative_to(ROOT).as_posix()
        for path in ROOT.glob("reference_app/*/migrations/*.py")
        if path.name != "__init__.py"
    )
    environment = {
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "PYTHONPATH": os.pathsep.join([str(ROOT / "reference_app"), str(ROOT)]),
    }
    wish = Wish(str(ROOT), url, tuple(names), together=False)
    answers = [ask(wish, environment, lambda: url) for _ in range(repeat)]
    answer = min(answers, key=lambda each: each.seconds)
    rows = [(proof.path, f"{proof.seconds * 1000:.0f}") for proof in answer.proofs]
    print_table(console, "reference app", ["migration", "ms"], rows)
    each = answer.seconds * 1000 / len(answer.proofs)
    return Figure("probe_ms_per_migration_of_the_reference_app", round(each, 1), MOST_MS, "at_most")


def _samples(console: Console, url: str, only: re.Pattern[str], repeat: int) -> list[Figure]:
    # Imported once, and not in each forked process.
    import django.urls
    import django.utils.log  # noqa: F401

    from benchmarks.sample_reader import read_samples
    from benchmarks.sample_repository import write
    from quality_harness.migrations.probe import session  # noqa: F401

    times: list[float] = []
    caught: list[bool] = []
    alarms: list[bool] = []
    wrong: list[tuple[str, str]] = []
    with serving(url) as server:
        database = server.make()
        for sample in filter(lambda each: only.search(each.name), read_samples()):
            with tempfile.TemporaryDirectory() as folder:
                root = Path(folder).resolve()
                changes = find_changes(root, write(sample, root), "")
                answers = [
                    probe_tree(root, sample.base, sample.after, url, database)
                    for _ in range(repeat)
                ]
                answer = min(answers, key=lambda each: each.seconds)
                # Where nothing could be proved, nothing was timed.
                times += [answer.seconds / len(answer.proofs) * 1000] if answer.proofs else []
                codes = _codes(root, changes, sample.after, answer)
            (caught if sample.destructive else alarms).append(bool(codes))
            if bool(codes) is not sample.destructive:
                wrong.append((sample.name, " ".join(codes)))
    print_table(console, "judged otherwise", ["sample", "codes"], wrong)
    spread = [min(times), statistics.median(times), statistics.mean(times), max(times)]
    print_table(
        console,
        f"{len(times)} samples, ms a migration",
        ["", "least", "median", "mean", "most"],
        [("", *(f"{each:.0f}" for each in spread))],
    )
    figures = [Figure("probe_ms_per_sample", round(statistics.mean(times), 1), MOST_MS, "at_most")]
    if caught:
        recall = round(statistics.mean(caught), 4)
        figures.append(Figure("recall_with_probe", recall, LEAST_RECALL, "at_least"))
    if alarms:
        rate = round(statistics.mean(alarms), 4)
        figures.append(Figure("false_alarms_with_probe", rate, MOST_FALSE, "at_most"))
    return figures


def _codes(root: Path, changes: Changes, after: Collection[str], answer: Answer) -> list[str]:
    """Return the codes of what the static rules and the probe say together."""
    if answer.problem:
        return ["could-not-run"]
    reading = read_tree(root, after)
    used = used_on(root, changes.base, reading)
    try:
        static = check(reading, changes.kinds, used, base_of(root, changes)).findings
    except CouldNotRun:
        return ["could-not-run"]
    proved = {proof.path for proof in answer.proofs}
    tried = [each for each in static if each.location.path in proved]
    findings: list[Finding] = [each for each in static if each.location.path not in proved]
    findings += joined(tried, answer.proofs, reading.migrations)
    return [each.code for each in findings if each.severity is not Severity.INFO]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
