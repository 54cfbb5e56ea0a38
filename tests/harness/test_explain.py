import tempfile
import unittest
from pathlib import Path

from quality_harness import engine, explain
from quality_harness.explain import pages
from quality_harness.gate import CouldNotRun

DOCS = Path(__file__).parents[2] / "docs" / "rules"


class ExplainTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.gates = engine.discover_gates()

    def explain(self, word: str) -> str:
        return explain.explain(word, self.gates)

    def test_a_gate_is_explained_with_its_options_and_rules(self):
        page = self.explain("coverage")

        self.assertIn("## Options: `[tool.quality_harness.coverage]`", page)
        self.assertIn(
            "- `threshold`: least share of lines and branches that tests run, in percent.", page
        )
        self.assertIn("- `COV001` uncovered-code: ", page)

    def test_an_option_described_in_two_lines_is_one_item(self):
        page = self.explain("tests")

        self.assertRegex(page, "- `services`: .*; an address that does not answer")

    def test_a_rule_is_explained_by_its_code_in_any_case_and_by_its_name(self):
        page = self.explain("cov001")

        self.assertIn("## Why", page)
        self.assertEqual(page, self.explain("uncovered-code"))

    def test_a_rule_about_suppressions_is_explained(self):
        self.assertIn("Gate `suppressions`", self.explain("SUP001"))

    def test_a_rule_about_the_baseline_is_explained(self):
        self.assertIn("Gate `baseline`", self.explain("BSL002"))

    def test_a_code_of_an_outside_tool_names_its_gate(self):
        self.assertIn("the gate `lint`", self.explain("F401"))

    def test_an_unknown_word_is_refused_with_the_nearest_one(self):
        with self.assertRaisesRegex(CouldNotRun, "Did you mean 'coverage'?"):
            self.explain("coverag")


class RuleTests(unittest.TestCase):
    def test_no_two_rules_share_a_code_or_a_name(self):
        rules = [rule for gate in engine.discover_gates() for rule in gate.rules]

        self.assertEqual(len({rule.code for rule in rules}), len(rules))
        self.assertEqual(len({rule.name for rule in rules}), len(rules))


class PagesTests(unittest.TestCase):
    def test_the_pages_in_docs_are_those_of_the_rules(self):
        written = {path.name: path.read_text(encoding="utf-8") for path in DOCS.glob("*.md")}

        self.assertEqual(
            written, pages(engine.discover_gates()), "docs/rules is stale. Run: make docs"
        )

    def test_writing_again_removes_the_page_of_a_rule_that_is_gone_and_no_other(self):
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "OLD001-gone.md").write_text("")

            explain.main(folder)
            explain.main(folder)

            names = {path.name for path in Path(folder).iterdir()}
        self.assertNotIn("OLD001-gone.md", names)
        self.assertIn("FMT001-unformatted-file.md", names)
