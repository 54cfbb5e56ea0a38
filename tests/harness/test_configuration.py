"""A change that configures its own gates otherwise than the base is told, and passes."""

from quality_harness import engine
from quality_harness.engine import Request
from quality_harness.finding import Location
from quality_harness.gate import Checked, CouldNotRun, Gate, Project, Report, Verdict
from quality_harness.gates import large_files
from tests.harness.projects import ProjectCase
from tests.harness.test_engine import RULE

TABLE = '[tool.quality_harness]\ngates = ["first", "large-files"]\n'
ROW = '{"rows": [{"gate": "first", "path": "a.py", "code": "AAA001", "what": "message", '
ROW += '"count": 1, "reason": "old"}]}\n'


def failing(project: Project) -> Checked:
    finding = RULE.finding(Location("a.py", 1), "message", "hint")
    return Checked((finding,), 1, "files")


def passing(project: Project) -> Checked:
    return Checked((), 1, "files")


class ConfigurationCase(ProjectCase):
    def setUp(self) -> None:
        super().setUp()
        self.commit({"pyproject.toml": TABLE, "a.py": "x = 1\n"})

    def judge(self, check=passing) -> Report:
        first = Gate("first", "summary", "reason", check, rules=(RULE,), reads_changes=True)
        gates = (first, large_files.GATE)
        return engine.run(Request(self.root, ("first",), base="HEAD"), gates)

    def told(self, files: dict[str, str]) -> list[tuple[str, str]]:
        """Return where and what the report tells of the configuration after a change."""
        self.write(files)
        report = self.judge()
        self.assertEqual(report.verdict, Verdict.PASS)
        rows = [row for row in report.results if row.gate == "configuration"]
        self.assertEqual([row.checked for row in rows], [len(row.findings) for row in rows])
        return [(one.location.path, one.message) for row in rows for one in row.findings]


class PyprojectTest(ConfigurationCase):
    def message(self, text: str) -> str:
        ((path, message),) = self.told({"pyproject.toml": text})
        self.assertEqual(path, "pyproject.toml")
        return message

    def test_a_gate_that_is_taken_out(self) -> None:
        self.assertEqual(
            self.message(TABLE.replace(', "large-files"', "")),
            "the change takes large-files out of tool.quality_harness.gates",
        )

    def test_all_gates_that_are_taken_out(self) -> None:
        self.assertEqual(
            self.message("[tool.other]\n"),
            "the change takes first, large-files out of tool.quality_harness.gates",
        )

    def test_a_gate_that_comes_new_with_its_options_is_not_told(self) -> None:
        self.commit({"pyproject.toml": TABLE.replace(', "large-files"', "")})
        options = "[tool.quality_harness.large_files]\nlimit_kib = 900\n"
        self.assertEqual(self.told({"pyproject.toml": TABLE + options}), [])

    def test_an_option_of_a_gate_that_was_on(self) -> None:
        options = "[tool.quality_harness.large_files]\nlimit_kib = 900\n"
        self.assertEqual(
            self.message(TABLE + options),
            "the change makes tool.quality_harness.large_files.limit_kib 900; "
            "on the base it is not set",
        )

    def test_an_option_that_goes_back_to_its_default(self) -> None:
        self.commit({"pyproject.toml": f'{TABLE}exclude = ["a.py"]\n'})
        self.assertEqual(
            self.message(TABLE),
            "the change makes tool.quality_harness.exclude not set; on the base it is ['a.py']",
        )

    def test_an_exclusion_of_the_configuration_itself(self) -> None:
        self.assertIn("exclude", self.message(f'{TABLE}exclude = ["pyproject.toml"]\n'))

    def test_the_table_of_a_tool_that_a_gate_calls(self) -> None:
        self.assertIn(
            "tool.black.extend-exclude 'a'",
            self.message(f"{TABLE}[tool.black]\nextend-exclude = 'a'\n"),
        )

    def test_a_list_that_is_longer_and_shorter(self) -> None:
        self.commit({"pyproject.toml": f'{TABLE}[tool.coverage.run]\nomit = ["a.py", "b.py"]\n'})
        self.assertEqual(
            self.message(f'{TABLE}[tool.coverage.run]\nomit = ["b.py", "c.py"]\n'),
            "the change takes a.py out of and adds c.py to tool.coverage.run.omit",
        )

    def test_a_list_in_another_order(self) -> None:
        self.commit({"pyproject.toml": f'{TABLE}[tool.importlinter]\nlayers = ["a", "b"]\n'})
        self.assertIn(
            "['b', 'a']; on", self.message(f'{TABLE}[tool.importlinter]\nlayers = ["b", "a"]\n')
        )

    def test_a_table_of_a_list_is_told_by_its_name(self) -> None:
        contract = "[[tool.importlinter.contracts]]\nname = 'layers'\nexhaustive = {}\n"
        self.commit({"pyproject.toml": TABLE + contract.format("true")})
        self.assertIn(
            "tool.importlinter.contracts[layers].exhaustive False",
            self.message(TABLE + contract.format("false")),
        )

    def test_other_tables_are_not_told(self) -> None:
        self.assertEqual(self.told({"pyproject.toml": f"{TABLE}[tool.mypy]\nstrict = false\n"}), [])

    def test_a_long_value_is_cut(self) -> None:
        names = ", ".join(['"a.py"'] * 40)
        self.assertRegex(self.message(f"{TABLE}python_path = [{names}]\n"), r"^.{60,160}…; on the")

    def test_a_project_that_had_no_gates_is_not_told_of_its_first_ones(self) -> None:
        self.commit({"pyproject.toml": "[tool.black]\nline-length = 99\n"})
        self.assertEqual(self.told({"pyproject.toml": TABLE}), [])

    def test_a_change_that_mends_the_file_is_not_held_up(self) -> None:
        for text in ("[tool\n", "tool = 1\n", "[tool]\nquality_harness = 1\n"):
            with self.subTest(text):
                self.commit({"pyproject.toml": text})
                self.assertEqual(self.told({"pyproject.toml": TABLE}), [])

    def test_a_change_of_something_else(self) -> None:
        self.assertEqual(self.told({"a.py": "x = 2\n"}), [])

    def test_a_configuration_that_is_gone(self) -> None:
        (self.root / "pyproject.toml").unlink()
        self.assertIn("takes first, large-files out", self.told({})[0][1])

    def test_all_of_the_project_cannot_be_excluded(self) -> None:
        for name in (".", "./", "../" + self.root.name):
            with self.subTest(name=name):
                self.write({"pyproject.toml": f'{TABLE}exclude = ["{name}"]\n'})
                with self.assertRaisesRegex(CouldNotRun, "all of the project"):
                    self.judge()


class FileTest(ConfigurationCase):
    def test_a_file_of_a_tool(self) -> None:
        told = self.told({".flake8": "[flake8]\nexclude = a.py\n"})
        self.assertEqual(
            told, [(".flake8", "the change edits .flake8, which says what lint looks at")]
        )

    def test_a_file_of_a_tool_that_is_excluded_and_edited(self) -> None:
        text = f'{TABLE}exclude = [".coveragerc"]\n'
        self.commit({"pyproject.toml": text, ".coveragerc": "[run]\n"})
        self.assertEqual(self.told({}), [])
        self.assertEqual(self.told({".coveragerc": "[run]\nomit = a.py\n"})[0][0], ".coveragerc")

    def test_a_file_of_a_tool_that_is_deleted(self) -> None:
        self.commit({"zizmor.yml": "rules: {}\n"})
        (self.root / "zizmor.yml").unlink()
        self.assertEqual(self.told({})[0][0], "zizmor.yml")

    def test_of_a_shared_file_the_sections_of_the_tools_count(self) -> None:
        self.commit({"setup.cfg": "[metadata]\nversion = 1\n[flake8]\nexclude = b\n"})
        self.assertEqual(
            self.told({"setup.cfg": "[metadata]\nversion = 2\n[flake8]\nexclude = b\n"}), []
        )
        self.assertEqual(
            self.told({"setup.cfg": "[metadata]\nversion = 1\n[flake8]\nexclude = a\n"})[0][0],
            "setup.cfg",
        )

    def test_a_shared_file_that_cannot_be_read_is_told(self) -> None:
        self.assertEqual(self.told({"tox.ini": "no section\n"})[0][0], "tox.ini")


class BaselineTest(ConfigurationCase):
    def test_one_that_comes_new(self) -> None:
        self.write({"quality-baseline.json": ROW})
        report = self.judge(failing)
        self.assertEqual(report.verdict, Verdict.PASS)
        (found,) = (one for one in report.findings if one.gate == "configuration")
        self.assertEqual(
            found.message, "the change brings a baseline, and its 1 rows accept what is found"
        )

    def test_one_under_a_new_name_may_not_accept_more(self) -> None:
        self.commit({"quality-baseline.json": '{"rows": []}\n'})
        self.write({"other.json": ROW, "pyproject.toml": f'{TABLE}baseline = "other.json"\n'})
        report = self.judge(failing)
        self.assertEqual(report.verdict, Verdict.FAIL)
        self.assertIn("BSL003", {one.code for one in report.findings})

    def test_one_that_is_renamed_and_accepts_the_same(self) -> None:
        self.commit({"quality-baseline.json": ROW})
        self.write({"other.json": ROW, "pyproject.toml": f'{TABLE}baseline = "other.json"\n'})
        self.assertNotIn("BSL003", {one.code for one in self.judge(failing).findings})
