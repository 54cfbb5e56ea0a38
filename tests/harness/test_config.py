import unittest
from dataclasses import dataclass
from pathlib import Path

from quality_harness.config import Config, did_you_mean, project_root, read_config
from quality_harness.gate import CouldNotRun
from tests.harness.projects import ProjectCase


@dataclass(frozen=True)
class Options:
    threshold: float = 95.0
    folders: tuple[str, ...] = ()
    strict: bool = False


TABLES = {"coverage": Options, "test-collection": Options}


class ReadConfigTests(ProjectCase):
    def read(self, toml: str) -> Config:
        self.write({"pyproject.toml": toml})
        return read_config(self.root, TABLES)

    def refusal(self, toml: str) -> str:
        with self.assertRaises(CouldNotRun) as caught:
            self.read(toml)
        return str(caught.exception)

    def test_a_project_without_pyproject_has_the_defaults(self):
        config = read_config(self.root, TABLES)

        self.assertEqual(config.gates, ())
        self.assertEqual(config.options["coverage"], Options())

    def test_the_table_of_a_gate_fills_its_options(self):
        config = self.read("""
            [tool.quality_harness]
            gates = ["coverage"]
            [tool.quality_harness.coverage]
            threshold = 98
            folders = ["src"]
            strict = true
            """)

        self.assertEqual(config.gates, ("coverage",))
        self.assertEqual(config.options["coverage"], Options(98.0, ("src",), True))

    def test_a_dash_in_a_gates_name_is_an_underscore_in_its_table(self):
        config = self.read("[tool.quality_harness.test_collection]\nstrict = true\n")

        self.assertTrue(config.options["test-collection"].strict)

    def test_an_unknown_key_is_refused_with_the_nearest_one(self):
        refusal = self.refusal("[tool.quality_harness]\ngate = []\n")

        self.assertIn("Unknown key 'gate' in [tool.quality_harness]", refusal)
        self.assertIn("Did you mean 'gates'?", refusal)

    def test_an_unknown_key_of_a_gate_is_refused(self):
        refusal = self.refusal("[tool.quality_harness.coverage]\nlimit = 3\n")

        self.assertIn("Unknown key 'limit' in [tool.quality_harness.coverage]", refusal)

    def test_a_value_of_the_wrong_type_is_refused(self):
        refusal = self.refusal('[tool.quality_harness.coverage]\nthreshold = "high"\n')

        self.assertEqual(
            refusal, "tool.quality_harness.coverage.threshold must be a float, not 'high'."
        )

    def test_a_true_is_no_number(self):
        self.assertIn("float", self.refusal("[tool.quality_harness.coverage]\nthreshold = true\n"))

    def test_a_string_is_no_list_of_strings(self):
        refusal = self.refusal('[tool.quality_harness]\ngates = "coverage"\n')

        self.assertIn("must be a list of strings", refusal)

    def test_a_gates_table_that_is_a_value_is_refused(self):
        refusal = self.refusal("[tool.quality_harness]\ncoverage = 95\n")

        self.assertIn("[tool.quality_harness.coverage] must be a table", refusal)

    def test_our_table_that_is_a_value_is_refused(self):
        self.assertIn("is not a table", self.refusal("[tool]\nquality_harness = 1\n"))

    def test_a_tool_table_that_is_a_value_is_refused(self):
        self.assertIn("is not a table", self.refusal("tool = 1\n"))

    def test_a_pyproject_that_cannot_be_read_is_refused(self):
        (self.root / "pyproject.toml").mkdir()

        with self.assertRaisesRegex(CouldNotRun, "cannot be read: Is a directory"):
            read_config(self.root, TABLES)

    def test_paths_are_written_as_git_writes_them(self):
        self.write({"samples/a.py": ""})

        config = self.read('[tool.quality_harness]\nexclude = ["./samples/"]\n')

        self.assertEqual(config.exclude, ("samples",))

    def test_toml_that_does_not_parse_is_refused(self):
        self.assertIn("is not valid TOML", self.refusal("[tool.quality_harness\n"))

    def test_an_excluded_path_must_exist(self):
        refusal = self.refusal('[tool.quality_harness]\nexclude = ["samples"]\n')

        self.assertIn("exclude names 'samples', which does not exist", refusal)


class ProjectRootTests(ProjectCase):
    def test_the_nearest_pyproject_is_the_root(self):
        self.write({"backend/pyproject.toml": "", "backend/blog/models.py": ""})

        self.assertEqual(project_root(self.root / "backend/blog"), self.root / "backend")

    def test_without_pyproject_the_repository_is_the_root(self):
        self.write({"blog/models.py": ""})

        self.assertEqual(project_root(self.root / "blog"), self.root)

    def test_a_folder_outside_of_any_project_is_refused(self):
        with self.assertRaisesRegex(CouldNotRun, "Run quality-harness inside your project"):
            project_root(Path("/"))


class DidYouMeanTests(unittest.TestCase):
    def test_a_word_near_none_is_told_all(self):
        self.assertEqual(did_you_mean("zzz", ["format", "lint"]), "Known: format, lint.")

    def test_the_case_of_a_word_does_not_matter(self):
        self.assertEqual(did_you_mean("mig31", ["MIG031", "lint"]), "Did you mean 'MIG031'?")

    def test_a_word_near_none_is_told_what_is_listed(self):
        self.assertEqual(did_you_mean("zzz", ["MIG031", "lint"], ["lint"]), "Known: lint.")

    def test_with_nothing_known_it_says_so(self):
        self.assertEqual(did_you_mean("zzz", []), "Known: none.")
