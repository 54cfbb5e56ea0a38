"""Which samples were run on PostgreSQL and are what they say, by a digest of each one's file.

    python -m tests.benchmarks.proven       # runs what is new or changed, and writes the list

Running all of them takes minutes, and what a file shows does not change while the file does not.
"""

import hashlib
import json
import subprocess
import sys
from collections.abc import Iterable, Sequence

from benchmarks.sample_reader import FOLDER, Sample, read_samples
from quality_harness import services

LIST = FOLDER / "proven.json"


def digest(sample: Sample) -> str:
    """Return the digest of a sample's file."""
    content = (FOLDER / f"{sample.name}.txt").read_bytes()
    return hashlib.sha256(content).hexdigest()[:16]


def unproven(samples: Iterable[Sample]) -> list[Sample]:
    """Return the samples that are not on the list as they are now."""
    known = json.loads(LIST.read_text(encoding="utf-8")) if LIST.exists() else {}
    return [sample for sample in samples if known.get(sample.name) != digest(sample)]


def run(samples: Sequence[Sample]) -> dict[str, str]:
    """Run samples on PostgreSQL; return what is not as they say, by name.

    Raises:
        CalledProcessError: the run came to no end.
    """
    if not samples:
        return {}
    names = [sample.name for sample in samples]
    command = [sys.executable, "-m", "tests.benchmarks.running", services.database_url(), *names]
    done = subprocess.run(
        command, cwd=FOLDER.parents[1], capture_output=True, text=True, check=True
    )
    results = {line.pop("name"): line for line in map(json.loads, done.stdout.splitlines())}
    judged = {sample.name: _problem(sample, results[sample.name]) for sample in samples}
    return {name: problem for name, problem in judged.items() if problem}


def _problem(sample: Sample, errors: dict[str, str]) -> str:
    """Return what is wrong with a sample, or an empty text."""
    if not sample.runs:
        return json.dumps(errors) if errors else ""
    if not {"head", "empty"} & set(errors):
        return "migrate succeeds on the head, and `Runs: no` says that it fails"
    others = set(errors) - {"head", "empty"}
    return f"fails on {', '.join(sorted(others))} as well" if others else ""


def main() -> int:
    """Run what is not on the list, and write it; return 1 where a sample is not what it says."""
    samples = read_samples()
    problems = run(unproven(samples))
    for name, problem in problems.items():
        print(f"{name}: {problem}")
    good = {each.name: digest(each) for each in samples if each.name not in problems}
    LIST.write_text(json.dumps(good, indent=0, sort_keys=True) + "\n", encoding="utf-8")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
