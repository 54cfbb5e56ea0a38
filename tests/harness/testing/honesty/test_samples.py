"""Every rule flags its bad samples and stays silent on their look-alikes."""

import ast
import unittest
from collections.abc import Callable
from pathlib import Path

from quality_harness.finding import Finding
from quality_harness.testing.honesty.checking import check_module
from quality_harness.testing.honesty.module import Module
from quality_harness.testing.honesty.rules import all_rules

SAMPLES = Path(__file__).parents[3] / "honesty_rules"
FEWEST = 3
PATH = "tests/test_sample.py"


def module_of(text: str) -> Module:
    return Module(PATH, ast.parse(text))


def found(sample: Path) -> list[Finding]:
    """Return what the sample's rule finds in it."""
    name = sample.parent.name.replace("_", "-")
    findings = check_module(module_of(sample.read_text(encoding="utf-8")))
    return [finding for finding in findings if finding.rule == name]


def samples_in(file: Path) -> dict[str, range]:
    """Return the lines of each test function of a file."""
    tests = module_of(file.read_text(encoding="utf-8")).tests
    return {test.name: range(test.lineno, (test.end_lineno or 0) + 1) for test in tests}


class SamplesTest(unittest.TestCase):
    """Two methods a rule; they are added below."""


def flags(file: Path) -> Callable[[SamplesTest], None]:
    def test(self: SamplesTest) -> None:
        lines = [finding.location.line for finding in found(file)]
        silent = [
            name for name, place in samples_in(file).items() if not any(n in place for n in lines)
        ]
        self.assertEqual([], silent, "these are not flagged")

    return test


def stays_silent(file: Path) -> Callable[[SamplesTest], None]:
    def test(self: SamplesTest) -> None:
        self.assertEqual([], [(one.location.line, one.message) for one in found(file)])

    return test


for one in sorted(SAMPLES.glob("*/*.py")):
    verb = flags if one.stem.startswith("flags_") else stays_silent
    setattr(SamplesTest, f"test_{one.parent.name}_{one.stem}", verb(one))


class SampleFoldersTest(unittest.TestCase):
    def test_every_rule_has_a_folder_and_every_folder_a_rule(self) -> None:
        folders = {folder.name for folder in SAMPLES.iterdir() if folder.is_dir()} - {"__pycache__"}
        self.assertEqual({rule.RULE.name.replace("-", "_") for rule in all_rules()}, folders)

    def test_every_rule_has_enough_of_both_kinds(self) -> None:
        for rule in all_rules():
            for kind in ("flags", "silent"):
                with self.subTest(rule=rule.RULE.name, kind=kind):
                    folder = SAMPLES / rule.RULE.name.replace("-", "_")
                    count = sum(len(samples_in(file)) for file in folder.glob(f"{kind}_*.py"))
                    self.assertGreaterEqual(count, FEWEST)


class RuleTextsTest(unittest.TestCase):
    """What `explain` shows of a rule is true."""

    def codes(self, text: str) -> set[str]:
        if not text.startswith(("def test", "class ")):
            text = "def test_sample(self):\n" + "".join(
                f"    {line}\n" for line in text.split("\n")
            )
        return {finding.code for finding in check_module(module_of(f"import unittest\n{text}"))}

    def test_bad_samples_are_flagged(self) -> None:
        for rule in all_rules():
            with self.subTest(rule=rule.RULE.name):
                self.assertIn(rule.RULE.code, self.codes(rule.RULE.bad))

    def test_good_samples_are_silent(self) -> None:
        for rule in all_rules():
            with self.subTest(rule=rule.RULE.name):
                self.assertEqual(set(), self.codes(rule.RULE.good))

    def test_a_rule_is_named_like_its_file(self) -> None:
        for rule in all_rules():
            with self.subTest(rule=rule.RULE.name):
                module = rule.__name__.rpartition(".")[2]
                self.assertEqual(module.replace("_", "-"), rule.RULE.name)
                self.assertRegex(rule.RULE.code, r"^HON\d{3}$")
