from quality_harness.testing.collection_rules import RULES
from tests.harness.testing.suites import ScenarioCase


def _files_of(sample: str) -> dict[str, str]:
    """Return the sample's file under the name that its first line may give, and test_post.py."""
    sample = sample.replace("from tests", "from .").replace("..test_post", ".test_post")
    first, _, rest = sample.partition("\n")
    if first.startswith("# tests/"):
        return {first.removeprefix("# tests/"): rest}
    post = "class PostTests(TestCase):\n    def test_title(self): ..."
    return {"test_sample.py": sample, "test_post.py": post}


class SampleTests(ScenarioCase):
    """Every rule's own samples."""

    scenarios = {f"{rule.code}_bad": _files_of(rule.bad) for rule in RULES} | {
        f"{rule.code}_good": _files_of(rule.good) for rule in RULES
    }

    def test_codes_and_names_are_unique(self) -> None:
        self.assertEqual(len({rule.code for rule in RULES}), len(RULES))
        self.assertEqual(len({rule.name for rule in RULES}), len(RULES))

    def test_each_bad_sample_is_one_finding_of_its_rule(self) -> None:
        for rule in RULES:
            with self.subTest(rule.name):
                found = [one.code for one in self.findings(f"{rule.code}_bad")]
                self.assertEqual(found, [rule.code])

    def test_no_good_sample_is_a_finding(self) -> None:
        for rule in RULES:
            with self.subTest(rule.name):
                self.assertEqual(self.findings(f"{rule.code}_good"), [])
