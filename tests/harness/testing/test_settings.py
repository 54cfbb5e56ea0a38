from quality_harness.gate import CouldNotRun
from quality_harness.testing.settings import SuiteSettings, load_settings
from tests.harness.testing.suites import SuiteCase


class LoadSettingsTests(SuiteCase):
    def test_reads_the_table(self) -> None:
        self.write({"pyproject.toml": """
                [tool.quality_harness.testing]
                seed = "shop.public:seed"
                paths = ["checks", "more"]
                """})
        expected = SuiteSettings(seed="shop.public:seed", paths=("checks", "more"))
        self.assertEqual(load_settings(self.root), expected)

    def test_without_a_file_gives_the_defaults(self) -> None:
        (self.root / "pyproject.toml").unlink()
        self.assertEqual(load_settings(self.root), SuiteSettings(seed="", paths=("tests",)))

    def test_leaves_a_broken_file_that_never_names_us_to_others(self) -> None:
        self.write({"pyproject.toml": "[tool.other"})
        self.assertEqual(load_settings(self.root), SuiteSettings())

    def test_refuses_a_broken_file_that_names_us(self) -> None:
        self.write({"pyproject.toml": "[tool.quality_harness.testing"})
        with self.assertRaisesRegex(CouldNotRun, "not valid TOML"):
            load_settings(self.root)

    def test_refuses_an_unknown_key(self) -> None:
        self.write({"pyproject.toml": '[tool.quality_harness.testing]\nsead = "a:b"'})
        with self.assertRaisesRegex(CouldNotRun, "'sead' in .*testing"):
            load_settings(self.root)
