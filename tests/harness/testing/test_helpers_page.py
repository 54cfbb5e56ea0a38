"""docs/testing-helpers.md quotes tests that run."""

import re
from pathlib import Path

from django.test import SimpleTestCase

ROOT = Path(__file__).resolve().parents[3]
PAGE = ROOT / "docs" / "testing-helpers.md"
EXAMPLES = ROOT / "tests" / "reference_app" / "examples"
QUOTED = re.compile(r"\[The example\]\(\.\./([^)]+)\):\n\n```python\n(.*?)```", re.S)


class HelpersPageTests(SimpleTestCase):
    def setUp(self) -> None:
        self.text = PAGE.read_text(encoding="utf-8")

    def test_every_example_is_quoted_as_it_is(self) -> None:
        for path, code in QUOTED.findall(self.text):
            with self.subTest(path):
                self.assertEqual(code, (ROOT / path).read_text(encoding="utf-8"))

    def test_every_example_is_quoted_once(self) -> None:
        quoted = [path for path, _ in QUOTED.findall(self.text)]
        files = [str(file.relative_to(ROOT)) for file in EXAMPLES.glob("test_*.py")]
        self.assertCountEqual(quoted, files)

    def test_no_code_stands_there_that_nobody_runs(self) -> None:
        self.assertEqual(self.text.count("```python"), len(QUOTED.findall(self.text)))

    def test_every_helper_is_there(self) -> None:
        for module, name in re.findall(r"`(\w+)\.(\w+)`", self.text.partition("\n## ")[0]):
            if module != "quality_harness":
                source = ROOT / "src" / "quality_harness" / "testing" / f"{module}.py"
                self.assertRegex(
                    source.read_text(encoding="utf-8"), rf"(?m)^(?:def|class) {name}\b"
                )
