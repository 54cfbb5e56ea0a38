"""Every rule flags its bad samples and stays silent on their look-alikes."""

import ast
import re
import tempfile
import unittest
from collections.abc import Callable
from pathlib import Path
from unittest import mock

from quality_harness.finding import Finding
from quality_harness.gate import ChangeKind
from quality_harness.migrations import checking
from quality_harness.migrations.checking import check
from quality_harness.migrations.rules import RuleModule, all_rules, rules_about

from . import base
from .sample_trees import Tree, is_tree
from .trees import HEADER, TreeCase

SAMPLES = Path(__file__).parents[2] / "rules"
FEWEST = 3
# What code on the base uses, as far as samples ask.
USED_ON_BASE = {"subtitle", "Blog"}
# A sample may say where it lies and what happened to it: "# path: ...", "# change: D". What
# stands above a line "# --- new" is a migration that the base has already.
DIRECTIVE = re.compile(r"^# (path|change): (\S+)$", re.MULTILINE)
NEW = "# --- new\n"
EARLIER = "blog/migrations/0002_earlier.py"


def folder_of(rule: RuleModule) -> Path:
    return SAMPLES / rule.RULE.name.replace("-", "_")


class SampleCase(TreeCase):
    def found(self, sample: Path) -> list[Finding]:
        """Return what the sample's rule finds in it."""
        name = sample.parent.name.replace("_", "-")
        if is_tree(sample.read_text()):
            tree = Tree(sample.read_text())
            return [each for each in tree.findings(self.root) if each.rule == name]
        earlier, new, text = sample.read_text().rpartition(NEW)
        ast.parse(text)
        self.write(base.PATH, base.TEXT)
        if new:
            ast.parse(earlier)
            self.write(EARLIER, earlier)
        directives = dict(DIRECTIVE.findall(text))
        path = directives.get("path", f"blog/migrations/0003_{sample.stem}.py")
        kind = ChangeKind(directives.get("change", "A"))
        if kind is not ChangeKind.DELETED:
            self.write(path, text)
        judgement = check(self.reading(), {path: kind}, lambda word: word in USED_ON_BASE)
        return [finding for finding in judgement.findings if finding.rule == name]


class SamplesTest(SampleCase):
    """One method a sample; they are added below."""


def flags(sample: Path) -> Callable[[SamplesTest], None]:
    def test(self: SamplesTest) -> None:
        self.assertTrue(self.found(sample), f"{sample} is not flagged")

    return test


def stays_silent(sample: Path) -> Callable[[SamplesTest], None]:
    def test(self: SamplesTest) -> None:
        self.assertEqual([], self.found(sample))

    return test


class HintTest(SampleCase):
    """A hint does not advise what is done already."""

    def hint(self, sample: str) -> str:
        (finding,) = self.found(SAMPLES / "new_check" / sample)
        return finding.hint

    def test_check_that_is_not_valid_is_advised_no_not_valid(self) -> None:
        for sample in ("flags_not_valid.py", "flags_sql_not_valid.py"):
            with self.subTest(sample=sample):
                self.assertNotIn("AddConstraintNotValid", self.hint(sample))
                self.assertIn("release code that keeps to it first", self.hint(sample))

    def test_other_check_is(self) -> None:
        for sample in ("flags_constraint.py", "flags_sql.py"):
            with self.subTest(sample=sample):
                self.assertIn("AddConstraintNotValid", self.hint(sample))


for file in sorted(SAMPLES.glob("*/*.py")):
    verb = flags if file.stem.startswith("flags_") else stays_silent
    setattr(SamplesTest, f"test_{file.parent.name}_{file.stem}", verb(file))


class SampleFoldersTest(unittest.TestCase):
    def test_every_rule_has_a_folder_and_every_folder_a_rule(self) -> None:
        folders = {folder.name for folder in SAMPLES.iterdir() if folder.is_dir()}
        self.assertEqual({folder_of(rule).name for rule in all_rules()}, folders - {"__pycache__"})

    def test_every_file_says_what_it_is(self) -> None:
        odd = [
            file.name
            for file in SAMPLES.glob("*/*.py")
            if not file.name.startswith(("flags_", "silent_"))
        ]
        self.assertEqual([], odd)

    def test_every_rule_has_enough_of_both_kinds(self) -> None:
        for rule in all_rules():
            for kind in ("flags", "silent"):
                with self.subTest(rule=rule.RULE.name, kind=kind):
                    found = list(folder_of(rule).glob(f"{kind}_*.py"))
                    self.assertGreaterEqual(len(found), FEWEST)


class AskedRulesTest(TreeCase):
    def test_a_rule_finds_nothing_without_its_operations(self) -> None:
        for number, file in enumerate(sorted(SAMPLES.glob("*/*.py"))):
            self.write(f"project_{number}/{base.PATH}", base.TEXT)
            self.write(f"project_{number}/blog/migrations/0003_x.py", file.read_text())
        reading = self.reading()
        asked = check(reading).findings
        with mock.patch.object(checking, "rules_about", return_value=all_rules()):
            self.assertEqual(check(reading).findings, asked)
        self.assertEqual(reading.unreadable, ())

    def test_what_compares_with_a_base_is_asked_where_there_is_one(self) -> None:
        without = rules_about(frozenset(), has_base=False)
        names = [each.RULE.name for each in all_rules() if each not in without]
        asked = [each.RULE.name for each in rules_about(frozenset(), has_base=True)]
        for name in ("deleted-migration", "edited-migration", "renamed-migration"):
            self.assertIn(name, names)
            self.assertIn(name, asked)


OPERATIONS = (
    "from django.contrib.postgres.operations import "
    "AddConstraintNotValid, AddIndexConcurrently, ValidateConstraint\n"
)


class RuleTextsTest(TreeCase):
    """What `explain` shows of a rule is true."""

    def found_in(self, rule: RuleModule, text: str) -> list[str]:
        if is_tree(text):
            found = Tree(text).findings(Path(self.enterContext(tempfile.TemporaryDirectory())))
            return [each.code for each in found if each.code == rule.RULE.code]
        if "class Migration" not in text:
            lines = "".join(f"    {line}\n" for line in text.splitlines())
            text = f"class Migration(migrations.Migration):\n{lines}"
        path = "blog/migrations/0002_x.py"
        self.write(base.PATH, base.TEXT)
        self.write(path, f"{HEADER}{OPERATIONS}\n{text}")
        found = check(self.reading(), {path: ChangeKind.ADDED}).findings
        return [each.code for each in found if each.code == rule.RULE.code]

    def test_bad_samples_are_flagged(self) -> None:
        for rule in all_rules():
            if rule.RULE.name != "deleted-migration":
                with self.subTest(rule=rule.RULE.name):
                    self.assertEqual([rule.RULE.code], self.found_in(rule, rule.RULE.bad))

    def test_good_samples_are_silent(self) -> None:
        for rule in all_rules():
            if rule.RULE.name != "deleted-migration":
                with self.subTest(rule=rule.RULE.name):
                    self.assertEqual([], self.found_in(rule, rule.RULE.good))

    def test_codes_are_there_once(self) -> None:
        codes = [rule.RULE.code for rule in all_rules()]
        self.assertEqual(sorted(set(codes)), codes)
        for code in codes:
            self.assertRegex(code, r"^MIG\d{3}$")

    def test_a_rule_is_named_like_its_file(self) -> None:
        for rule in all_rules():
            module = rule.__name__.rpartition(".")[2]
            self.assertEqual(module.replace("_", "-"), rule.RULE.name)
