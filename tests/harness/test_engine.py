import subprocess
import sys
import threading

from quality_harness import engine
from quality_harness.engine import Request
from quality_harness.finding import Location, Rule, Severity
from quality_harness.gate import Checked, CouldNotRun, Gate, Project, Report, Verdict
from tests.harness.projects import ProjectCase
from tests.harness.test_config import Options

RULE = Rule("AAA001", "rule", "summary", "reason", "instead", "bad", "good")
WARNING = Rule("AAA002", "hunch", "summary", "reason", "instead", "bad", "good", Severity.WARNING)


def gate(check, name: str = "first", **values) -> Gate:
    return Gate(name, "summary", "reason", check, rules=(RULE, WARNING), **values)


def passing(project: Project) -> Checked:
    return Checked((), len(project.files), "files")


def failing(project: Project) -> Checked:
    finding = RULE.finding(Location("a.py", 1), "message", "hint")
    return Checked((finding,), 1, "files", paths=frozenset({"a.py"}))


class EngineCase(ProjectCase):
    def setUp(self) -> None:
        super().setUp()
        self.write({"a.py": "x = 1\n"})

    def run_gates(self, *gates: Gate, **request) -> Report:
        names = request.pop("names", tuple(one.name for one in gates))
        return engine.run(Request(self.root, names, **request), gates)

    def verdict(self, check) -> Verdict:
        return self.run_gates(gate(check)).verdict


class VerdictTests(EngineCase):
    def test_no_finding_is_a_pass(self):
        self.assertEqual(self.verdict(passing), Verdict.PASS)

    def test_a_finding_is_a_fail_and_carries_its_gate(self):
        report = self.run_gates(gate(failing))

        self.assertEqual(report.verdict, Verdict.FAIL)
        self.assertEqual(report.findings[0].gate, "first")

    def test_a_warning_does_not_fail(self):
        warning = WARNING.finding(Location("a.py"), "message", "hint")

        self.assertEqual(self.verdict(lambda project: Checked((warning,), 1, "f")), Verdict.PASS)

    def test_nothing_to_check_is_could_not_run(self):
        report = self.run_gates(gate(lambda project: Checked((), 0, "tests", "None is there.")))

        self.assertEqual(report.verdict, Verdict.COULD_NOT_RUN)
        self.assertEqual(
            report.results[0].note, "there is nothing to check: 0 tests. None is there."
        )

    def test_a_problem_is_could_not_run_and_the_findings_are_told(self):
        def broken(project: Project) -> Checked:
            finding = RULE.finding(Location("a.py", 1), "message", "hint")
            return Checked((finding,), 1, "files", "a note", problem="The graph is a circle.")

        (result,) = self.run_gates(gate(broken)).results

        self.assertEqual(result.verdict, Verdict.COULD_NOT_RUN)
        self.assertEqual(result.note, "The graph is a circle.")
        self.assertEqual([one.code for one in result.findings], ["AAA001"])

    def test_less_than_nothing_is_could_not_run(self):
        self.assertEqual(self.verdict(lambda project: Checked((), -1, "t")), Verdict.COULD_NOT_RUN)

    def test_nothing_new_is_a_pass_that_says_so(self):
        def nothing_new(project: Project) -> Checked:
            return Checked((), 0, "migrations", "no migration is new", nothing_new=True)

        report = self.run_gates(gate(nothing_new))

        self.assertEqual(report.verdict, Verdict.PASS)
        self.assertEqual(report.results[0].note, "no migration is new")

    def test_a_gate_that_says_so_could_not_run(self):
        def refuse(project: Project) -> Checked:
            raise CouldNotRun("black is not installed")

        report = self.run_gates(gate(refuse))

        self.assertEqual(report.verdict, Verdict.COULD_NOT_RUN)
        self.assertEqual(report.results[0].note, "black is not installed")

    def test_a_library_that_ends_the_process_is_could_not_run(self):
        def end(project: Project) -> Checked:
            raise SystemExit(0)

        report = self.run_gates(gate(end), gate(passing, "second"))

        verdicts = [result.verdict for result in report.results]
        self.assertEqual(verdicts, [Verdict.COULD_NOT_RUN, Verdict.PASS])
        self.assertIn("SystemExit: 0", report.results[0].note)

    def test_a_crash_is_could_not_run_and_the_other_gates_still_run(self):
        def crash(project: Project) -> Checked:
            raise KeyError("boom")

        report = self.run_gates(gate(crash), gate(passing, "second"))

        self.assertEqual(report.verdict, Verdict.COULD_NOT_RUN)
        self.assertRegex(report.results[0].note, r"crashed at test_engine.py:\d+: KeyError: 'boom'")
        self.assertEqual(report.results[1].verdict, Verdict.PASS)

    def test_could_not_run_is_worse_than_a_fail(self):
        def crash(project: Project) -> Checked:
            raise KeyError("boom")

        report = self.run_gates(gate(failing), gate(crash, "second"))

        self.assertEqual(report.verdict.exit_code, 2)

    def test_a_report_without_a_result_is_no_pass(self):
        self.assertEqual(Report(()).verdict, Verdict.COULD_NOT_RUN)


class DiscoveryTests(EngineCase):
    def test_no_framework_is_imported_for_it(self):
        code = (
            "import sys; from quality_harness.engine import discover_gates; discover_gates(); "
            "print({name.partition('.')[0] for name in sys.modules} & "
            "{'celery', 'django', 'locust', 'pytest', 'rich'})"
        )
        command = [sys.executable, "-c", code]
        done = subprocess.run(command, capture_output=True, text=True, check=True)

        self.assertEqual(done.stdout, "set()\n")


class SelectionTests(EngineCase):
    def test_an_unknown_gate_is_refused_with_the_nearest_one(self):
        with self.assertRaisesRegex(CouldNotRun, "no gate 'fist'. Did you mean 'first'?"):
            self.run_gates(gate(passing), names=("fist",))

    def test_without_names_the_configured_gates_run(self):
        self.write({"pyproject.toml": '[tool.quality_harness]\ngates = ["second"]\n'})

        report = self.run_gates(gate(passing), gate(passing, "second"), names=())

        self.assertEqual([result.gate for result in report.results], ["second"])

    def test_without_names_and_configuration_it_says_what_to_write(self):
        with self.assertRaisesRegex(CouldNotRun, r"gates = \[...\].*There are: first"):
            self.run_gates(gate(passing), names=())

    def test_a_gate_named_twice_runs_once(self):
        report = self.run_gates(gate(passing), names=("first", "first"))

        self.assertEqual(len(report.results), 1)

    def test_every_module_of_the_folder_is_a_gate(self):
        names = [one.name for one in engine.discover_gates()]

        self.assertEqual(names, sorted(names))
        self.assertLessEqual(
            {"coverage", "format", "imports", "lint", "migrations", "missing-migrations"},
            set(names),
        )


class OrderTests(EngineCase):
    def test_independent_gates_run_at_the_same_time(self):
        both_are_here = threading.Barrier(2, timeout=20)

        def meet(project: Project) -> Checked:
            both_are_here.wait()
            return Checked((), 1, "files")

        report = self.run_gates(gate(meet), gate(meet, "second"))

        self.assertEqual(report.verdict, Verdict.PASS)

    def test_a_gate_waits_for_the_one_that_it_reads(self):
        ended = []

        def note(name: str):
            def check(project: Project) -> Checked:
                ended.append(name)
                return Checked((), 1, "files")

            return check

        third = gate(note("third"), "third", after=("second",))
        second = gate(note("second"), "second", after=("first",))
        report = self.run_gates(third, second, gate(note("first")))

        self.assertEqual(ended, ["first", "second", "third"])
        self.assertEqual([result.gate for result in report.results], ["third", "second", "first"])

    def test_a_gate_does_not_wait_for_one_that_does_not_run(self):
        report = self.run_gates(gate(passing, after=("tests",)))

        self.assertEqual(report.verdict, Verdict.PASS)

    def test_a_gate_that_reads_one_that_could_not_run_could_not_run(self):
        def refuse(project: Project) -> Checked:
            raise CouldNotRun("no pytest")

        report = self.run_gates(gate(passing, "second", after=("first",)), gate(refuse))

        self.assertEqual(report.results[0].verdict, Verdict.COULD_NOT_RUN)
        self.assertIn("first could not run", report.results[0].note)

    def test_each_result_is_told_as_it_ends(self):
        told = []

        engine.run(Request(self.root, ("first",)), [gate(passing)], told.append)

        self.assertEqual([result.gate for result in told], ["first"])


class ProjectTests(EngineCase):
    def test_excluded_folders_are_not_looked_at(self):
        self.write(
            {
                "samples/b.py": "",
                "samples_too/c.py": "",
                "pyproject.toml": '[tool.quality_harness]\nexclude = ["samples"]\n',
            }
        )
        seen = []

        def look(project: Project) -> Checked:
            seen.extend([*project.files, *project.changes.kinds])
            return Checked((), 1, "files")

        self.run_gates(gate(look, reads_changes=True))

        self.assertEqual(seen, ["a.py", "pyproject.toml", "samples_too/c.py"] * 2)

    def test_a_gate_is_given_its_own_options(self):
        seen = []

        def look(project: Project) -> Checked:
            seen.append(project.options)
            return Checked((), 1, "files")

        self.write({"pyproject.toml": "[tool.quality_harness.first]\nthreshold = 7\n"})
        self.run_gates(gate(look, options=Options))

        self.assertEqual(seen, [Options(threshold=7.0)])

    def changes_of(self, **request):
        seen = []

        def look(project: Project) -> Checked:
            seen.append(project.changes)
            return Checked((), 1, "files")

        self.run_gates(gate(look, reads_changes=True), **request)
        return seen[0]

    def test_a_gate_that_reads_changes_is_given_them(self):
        first = self.commit()
        self.commit({"b.py": ""})

        changes = self.changes_of()

        self.assertEqual(changes.base, first)
        self.assertEqual(list(changes.kinds), ["b.py"])

    def test_the_lines_that_are_added_are_told_where_that_is_asked_for(self):
        self.commit({"a.py": "x = 1\ny = 2\n"})
        base = self.git("rev-parse", "HEAD")
        self.write({"a.py": "x = 1\nz = 3\ny = 2\n", "new.py": "a = 1\n"})

        asked = self.run_gates(gate(passing), base=base, changed_lines=True)
        silent = self.run_gates(gate(passing), base=base)

        self.assertEqual(asked.changed, {("a.py", 2), ("new.py", 1)})
        self.assertEqual(silent.changed, frozenset())

    def test_without_a_base_no_line_is_added(self):
        self.assertEqual(self.run_gates(gate(passing), changed_lines=True).changed, frozenset())

    def test_everything_asked_for_is_all_new(self):
        self.commit()
        self.commit({"b.py": ""})

        self.assertEqual(list(self.changes_of(everything=True).kinds), ["a.py", "b.py"])

    def test_a_project_in_a_subfolder_knows_its_place_in_the_repository(self):
        self.write({"back/pyproject.toml": "", "back/b.py": ""})
        self.root = self.root / "back"

        self.assertEqual(self.run_gates(gate(passing)).prefix, "back/")

    def test_a_base_that_does_not_exist_ends_the_run_even_where_everything_is_looked_at(self):
        with self.assertRaisesRegex(CouldNotRun, "The base 'nowhere' does not exist"):
            self.run_gates(gate(passing), base="nowhere", everything=True)

    def test_everything_asked_for_with_a_base_is_all_new(self):
        self.commit()

        self.assertEqual(list(self.changes_of(everything=True, base="HEAD").kinds), ["a.py"])

    def test_a_base_that_does_not_exist_ends_the_run(self):
        with self.assertRaisesRegex(CouldNotRun, "The base 'nowhere' does not exist"):
            self.run_gates(gate(passing), base="nowhere")


class SuppressionTests(EngineCase):
    def report(self, comment: str, *gates: Gate) -> Report:
        self.write({"a.py": f"x = 1  # quality-harness: ignore[{comment}\n"})
        return self.run_gates(*gates)

    def test_an_accepted_finding_passes(self):
        report = self.report("AAA001]: why", gate(failing))

        self.assertEqual(report.verdict, Verdict.PASS)
        self.assertEqual(report.findings[0].suppressed, "why")

    def test_without_a_reason_both_the_finding_and_the_comment_fail(self):
        report = self.report("AAA001]", gate(failing))

        self.assertEqual([one.code for one in report.findings if one.counts], ["AAA001", "SUP001"])

    def test_a_stale_suppression_fails(self):
        report = self.report("AAA001]: why", gate(passing))

        self.assertEqual(report.verdict, Verdict.FAIL)
        self.assertEqual(report.findings[0].code, "SUP003")
        self.assertEqual(report.results[1].gate, "suppressions")

    def test_a_suppression_in_a_file_that_the_gate_left_alone_is_not_stale(self):
        def other_file(project: Project) -> Checked:
            return Checked((), 1, "files", paths=frozenset({"b.py"}))

        self.assertEqual(self.report("AAA001]: why", gate(other_file)).verdict, Verdict.PASS)

    def test_a_suppression_of_a_gate_that_could_not_run_is_not_stale(self):
        def refuse(project: Project) -> Checked:
            raise CouldNotRun("black is not installed")

        report = self.report("AAA001]: why", gate(refuse))

        self.assertEqual(report.results[1].verdict, Verdict.PASS)

    def test_a_code_of_an_outside_tool_is_known(self):
        report = self.report("F401]: why", gate(passing, outside_codes=("F",)))

        self.assertEqual(report.findings[0].code, "SUP003")

    def test_an_unknown_code_fails(self):
        report = self.report("ZZZ999]: why", gate(passing))

        self.assertEqual(report.findings[0].code, "SUP002")
