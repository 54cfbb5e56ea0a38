"""What the probe takes for a migration, on the reference app and on the sample set.

The server is started before; all else counts but the start of the Python process.
"""

import os
import statistics
import sys
import tempfile
import time
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
from quality_harness.migrations.reader import read_tree

ROOT = Path(__file__).resolve().parents[1]
MOST_MS = 100.0
LEAST_RECALL = 1.0
MOST_FALSE = 0.01


def main(argv: Sequence[str]) -> int:
    """Run the benchmark; see `figures.conclude` for the exit code."""
    console = Console(file=sys.stderr)
    url = services.database_url("test", ROOT)
    figures = [_reference_app(console, url)]
    if find_spec("benchmarks.sample_reader"):
        figures += _samples(console, url)
    return conclude(figures)


def _reference_app(console: Console, url: str) -> Figure:
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
    answer = ask(Wish(str(ROOT), url, tuple(names), together=False), environment, lambda: url)
    rows = [(proof.path, f"{proof.seconds * 1000:.0f}") for proof in answer.proofs]
    print_table(console, "reference app", ["migration", "ms"], rows)
    each = answer.seconds * 1000 / len(answer.proofs)
    return Figure("probe_ms_per_migration_of_the_reference_app", round(each, 1), MOST_MS, "at_most")


def _samples(console: Console, url: str) -> list[Figure]:
    import django.db.models  # noqa: F401  # Imported once, and not in each forked process.

    from benchmarks.sample_reader import read_samples
    from benchmarks.sample_repository import write

    times: list[float] = []
    caught: list[bool] = []
    alarms: list[bool] = []
    wrong: list[tuple[str, str]] = []
    with serving(url) as server:
        database = server.make()
        for sample in read_samples():
            with tempfile.TemporaryDirectory() as folder:
                root = Path(folder).resolve()
                changes = find_changes(root, write(sample, root), "")
                started = time.perf_counter()
                answer = probe_tree(root, sample.base, sample.after, url, database)
                times.append((time.perf_counter() - started) / max(len(answer.proofs), 1) * 1000)
                codes = _codes(root, changes, sample.after, answer)
            (caught if sample.destructive else alarms).append(bool(codes))
            if bool(codes) is not sample.destructive:
                wrong.append((sample.name, " ".join(codes)))
    print_table(console, "judged otherwise", ["sample", "codes"], wrong)
    return [
        Figure("probe_ms_per_sample", round(statistics.mean(times), 1), MOST_MS, "at_most"),
        Figure("recall_with_probe", round(statistics.mean(caught), 4), LEAST_RECALL, "at_least"),
        Figure("false_alarms_with_probe", round(statistics.mean(alarms), 4), MOST_FALSE, "at_most"),
    ]


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
