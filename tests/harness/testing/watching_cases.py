"""Runs test cases inside of a test, watched, and tells what the watches say."""

import json
import tempfile
import unittest
from pathlib import Path

from quality_harness.testing.watched_cases import watched
from quality_harness.testing.watches import watches_of
from quality_harness.testing.watching import Watcher

ROOT = Path(__file__).resolve().parents[3]


def found_by(
    watch: str, *cases: type[unittest.TestCase], result: unittest.TestResult | None = None
) -> dict[str, list[str]]:
    """Run test cases and return what one watch has against each of them.

    Args:
        watch: its name, as in `strict`.
        cases: classes of tests.
        result: gets the outcome; one that may fail.

    Returns:
        Code and message of each problem, by the name of the test or class; no entry without one.
    """
    asked = result or unittest.TestResult()
    # The suite that runs outside is watched itself: those watches are told of nothing in here.
    with tempfile.TemporaryDirectory() as folder:
        record = Path(folder, "watched.jsonl")
        loader = unittest.defaultTestLoader
        suite = unittest.TestSuite(map(loader.loadTestsFromTestCase, cases))
        with watched(Watcher(watches_of([watch]), ROOT, record)):
            suite.run(asked)
        if result is None and not asked.wasSuccessful():
            raise AssertionError([text for _, text in [*asked.errors, *asked.failures]])
        lines = [json.loads(line) for line in record.read_text(encoding="utf-8").splitlines()]
    return {
        line["name"].rpartition("<locals>.")[2]: [
            f"{each[0]} {each[1]}" for each in line["problems"]
        ]
        for line in lines
        if line["problems"]
    }
