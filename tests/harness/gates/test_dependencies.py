import json
from unittest import mock

from django.test import tag

from quality_harness.gate import Checked, CouldNotRun
from quality_harness.gates import dependencies
from quality_harness.gates.dependencies import GATE, Options
from tests.harness.projects import ProjectCase, places

HASH = " --hash=sha256:00"


class DependenciesGateTests(ProjectCase):
    def judge(self, text: str, *, source: str = "", **options: object) -> Checked:
        self.write({"requirements/base.txt": text})
        if source:
            self.write({"requirements/base.in": source})
        return self.check(GATE, options=Options(**options))

    def test_what_is_pinned_with_hashes_is_left_alone(self):
        checked = self.judge("""
            # compiled
            --index-url https://example.org/simple
            django==5.2.9 ; python_version >= "3.11" \\
                --hash=sha256:00 \\
                --hash=sha256:01
                # via -r base.in
            requests[socks]==2.0 --hash=sha256:02
            """)

        self.assertEqual((checked.findings, checked.checked), ((), 2))
        self.assertIn("audit = false", checked.note)

    def test_a_package_without_a_version_is_found(self):
        text = f"a>=1{HASH}\nb==1.*{HASH}\nc{HASH}\nd @ https://example.org/d.whl{HASH}\n"

        self.assertEqual(
            places(self.judge(text)),
            [("DEP001", "requirements/base.txt", line) for line in (1, 2, 3, 4)],
        )

    def test_a_package_without_a_hash_is_found(self):
        checked = self.judge(f"a==1{HASH}\n\nb==2\n")

        self.assertEqual(places(checked), [("DEP002", "requirements/base.txt", 3)])

    def test_a_package_that_the_compiled_file_lacks_is_found(self):
        checked = self.judge(f"a==1{HASH}\n", source="a\nPillow  # pictures\n")

        self.assertEqual(places(checked), [("DEP003", "requirements/base.in", 2)])
        self.assertEqual(
            checked.findings[0].message,
            "requirements/base.in asks for Pillow, and requirements/base.txt does not have it",
        )

    def test_a_version_that_the_source_refuses_is_found_and_one_that_it_allows_is_not(self):
        checked = self.judge(f"a==1{HASH}\nb==2{HASH}\n", source="a>=1.5\nB<3\n")

        self.assertEqual(places(checked), [("DEP003", "requirements/base.in", 1)])

    def test_what_an_included_source_asks_for_counts(self):
        self.write({"requirements/more.in": "b\n"})

        checked = self.judge(f"a==1{HASH}\n", source="-r more.in\na\n")

        self.assertEqual(places(checked), [("DEP003", "requirements/more.in", 1)])

    def test_sources_that_include_one_another_could_not_run(self):
        self.write({"requirements/more.in": "-r base.in\n"})

        with self.assertRaisesRegex(CouldNotRun, "more.in:1 includes requirements/base.in"):
            self.judge(f"a==1{HASH}\n", source="-r more.in\n")

    def test_another_version_and_a_missing_package_are_found_in_the_environment(self):
        text = f"a==1{HASH}\nb==2{HASH}\nc==3{HASH}\nd==4 ; python_version < '3'{HASH}\ne{HASH}\n"
        installed = {"a": "1.0", "b": "2.1"}

        with mock.patch.object(dependencies, "_installed", return_value=installed):
            checked = self.judge(text, installed="requirements/base.txt")

        found = [finding for finding in checked.findings if finding.code == "DEP004"]
        self.assertEqual([finding.location.line for finding in found], [2, 3])
        self.assertIn("b is locked at 2, and 2.1 is installed for", found[0].message)
        self.assertIn("and it is not installed", found[1].message)

    def test_the_packages_of_this_interpreter_are_known(self):
        self.assertIn("packaging", dependencies._installed())

    def test_without_a_compiled_file_it_could_not_run(self):
        with self.assertRaisesRegex(CouldNotRun, "No file is called like requirements.txt"):
            self.check(GATE)

    def test_an_empty_compiled_file_could_not_run(self):
        with self.assertRaisesRegex(CouldNotRun, "names no package"):
            self.judge("# nothing\n")

    def test_what_cannot_be_read_could_not_run(self):
        for text, problem in (
            ("not a requirement\n", "base.txt:1 is no requirement"),
            ("-e .\n", "base.txt:1 installs a folder in place"),
            ("-r gone.txt\n", "requirements/gone.txt cannot be read"),
        ):
            with self.assertRaisesRegex(CouldNotRun, problem):
                self.judge(text)

    def test_odd_names_are_found(self):
        self.write({'requirements/a "b"\nc.txt': "a==1\n"})

        self.assertEqual(places(self.check(GATE)), [("DEP002", 'requirements/a "b"\nc.txt', 1)])


@tag("slow")
class AuditTests(ProjectCase):
    def audit(self) -> Checked:
        self.write({"requirements.txt": f"django==5.2.1{HASH}\n"})
        return self.check(GATE, options=Options(audit=True))

    def test_a_database_that_does_not_answer_could_not_run(self):
        nowhere = {"HTTPS_PROXY": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9"}
        with (
            mock.patch.dict("os.environ", nowhere),
            self.assertRaisesRegex(CouldNotRun, "pip-audit did not look requirements.txt up: .+"),
        ):
            self.audit()

    def test_a_known_vulnerability_is_found(self):
        vulnerable = {"id": "PYSEC-1", "fix_versions": ["5.2.2"]}
        answer = {"dependencies": [{"name": "django", "version": "5.2.1", "vulns": [vulnerable]}]}
        done = mock.Mock(stdout=json.dumps(answer))
        with mock.patch.object(dependencies, "run_module", return_value=done):
            checked = self.audit()

        self.assertEqual(places(checked), [("DEP005", "requirements.txt", 1)])
        self.assertEqual(checked.findings[0].message, "django 5.2.1 has PYSEC-1; mended in: 5.2.2")
        self.assertEqual(checked.note, "")
