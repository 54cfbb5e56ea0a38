import json
from unittest import mock

from django.test import tag

from quality_harness.gate import Checked, CouldNotRun
from quality_harness.changes import find_changes
from quality_harness.gates import _requirements_source, dependencies
from quality_harness.gates.dependencies import GATE, Options
from tests.harness.projects import ProjectCase, places

HASH = f" --hash=sha256:{'0' * 64}"


class DependenciesGateTests(ProjectCase):
    def judge(self, text: str, *, source: str = "", **options: object) -> Checked:
        self.write({"requirements/base.txt": text})
        if source:
            self.write({"requirements/base.in": source})
        return self.check(GATE, options=Options(**options))

    def test_what_is_pinned_with_hashes_is_left_alone(self):
        checked = self.judge(f"""
            # compiled
            --index-url https://example.org/simple
            django==5.2.9 ; python_version >= "3.11" \\
                --hash=sha256:{'0' * 64} \\
                --hash sha512:{'A' * 128}
                # via -r base.in
            requests[socks]==2.0{HASH}
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

    def test_what_pip_takes_for_no_digest_is_no_hash(self):
        text = f"a==1 --hash=sha256:xyz\nb==2 --hash=md5:{'0' * 32}\nc==3{HASH} --hash=sha256:0\n"

        checked = self.judge(text)

        self.assertEqual([code for code, _, _ in places(checked)], ["DEP002"] * 3)
        self.assertEqual(
            checked.findings[0].message, "a==1 has what is no SHA-2 digest: sha256:xyz"
        )

    def test_a_folder_and_a_repository_have_no_version_to_lock(self):
        checked = self.judge(f"a==1{HASH}\n-e .\ngit+https://example.org/b@v1#egg=b\n./c\n")

        self.assertEqual(
            places(checked), [("DEP001", "requirements/base.txt", line) for line in (2, 3, 4)]
        )
        self.assertEqual(checked.checked, 4)

    def test_a_folder_and_a_repository_in_a_source_are_left_alone(self):
        source = "-e .\n.\nlibs/b\nfile:./c\ngit+https://example.org/d@v1\na\n"

        self.assertEqual(places(self.judge(f"a==1{HASH}\n", source=source)), [])

    def test_places_that_nobody_checks_are_found(self):
        text = f"""
            --index-url http://{'me:secret'}@pypi.example.org/simple --trusted-host pypi.example.org
            -f http://files.example.org/
            a==1{HASH}
            """

        checked = self.judge(text, source="-i http://127.0.0.1:3141/root/pypi\n-f wheels\na\n")

        self.assertEqual(
            places(checked), [("DEP006", "requirements/base.txt", line) for line in (1, 1, 2)]
        )
        self.assertNotIn("secret", "".join(one.message for one in checked.findings))

    def test_this_machine_and_https_are_left_alone(self):
        source = "-i http://localhost:3141/root/pypi\n-f https://example.org/wheels\n--pre\na\n"

        self.assertEqual(places(self.judge(f"a==1{HASH}\n", source=source)), [])

    def test_a_second_index_is_a_warning(self):
        checked = self.judge(f"--extra-index-url https://pypi.example.org/simple\na==1{HASH}\n")

        self.assertEqual(places(checked), [("DEP007", "requirements/base.txt", 1)])
        self.assertFalse(checked.findings[0].counts)

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

    def test_what_is_for_another_platform_may_be_left_out(self):
        source = """
            a<2 ; sys_platform == "other"
            a>=1.5 ; sys_platform != "other"
            pywin32 ; sys_platform == "other"
            """
        locked = f"a==1.0 ; sys_platform == 'other'{HASH}\na==2 ; sys_platform != 'other'{HASH}\n"

        self.assertEqual(places(self.judge(locked, source=source)), [])

    def test_what_is_for_this_platform_may_not(self):
        source = 'a>=2 ; sys_platform != "other"\nb ; sys_platform != "other"\n'

        checked = self.judge(f"a==1{HASH}\n", source=source)

        self.assertEqual(
            places(checked), [("DEP003", "requirements/base.in", line) for line in (1, 2)]
        )

    def test_a_pin_that_a_constraint_refuses_is_found(self):
        self.write({"requirements/limits.txt": "a<2\nb<2 ; sys_platform == 'other'\nc\n"})
        source = "-c limits.txt\n-c https://example.org/limits.txt\na\nb\n"

        found = self.judge(f"a==2{HASH}\nb==2{HASH}\n", source=source)
        silent = self.judge(f"a==1{HASH}\nb==2{HASH}\n", source=source)

        self.assertEqual(places(found), [("DEP003", "requirements/limits.txt", 1)])
        self.assertEqual(
            found.findings[0].message,
            "requirements/limits.txt allows a<2, and requirements/base.txt has 2",
        )
        self.assertEqual((places(silent), silent.paths), ([], {"requirements/base.txt"}))

    def test_what_an_extra_needs_has_to_be_pinned(self):
        source = "django[argon2]\nnowhere[x]\nclick[none]\n"
        with (
            mock.patch.object(_requirements_source, "_installed", {"django": "5.2"}.get),
            mock.patch.object(
                _requirements_source.metadata,
                "requires",
                return_value=["Argon2_cffi; extra == 'argon2'", "bcrypt; extra == 'bcrypt'", "a"],
            ),
        ):
            locked = f"django==5.2{HASH}\nnowhere==1{HASH}\nclick==8{HASH}\n"
            found = self.judge(locked, source=source)
            silent = self.judge(f"{locked}argon2-cffi==1{HASH}\n", source=source)

        self.assertEqual(places(found), [("DEP003", "requirements/base.in", 1)])
        self.assertIn("argon2 needs", found.findings[0].message)
        self.assertEqual(places(silent), [])

    def test_only_what_is_installed_has_a_version(self):
        self.assertEqual(_requirements_source._installed("no-such-package"), "none")
        self.assertRegex(_requirements_source._installed("packaging"), r"\d")

    def test_a_pin_that_the_source_asks_for_needs_no_comment(self):
        locked = f"""
            a==1{HASH}
            b==1{HASH}
                # via -r requirements/base.in
            """

        self.assertEqual(self.judge(locked, source="a\nb\n").findings, ())

    def test_a_pin_that_nobody_asks_for_is_found(self):
        locked = f"""
            a==1{HASH}
                # via
                #   -r requirements/base.in
                #   b
            b==1{HASH}
                # via -r requirements/base.in
            c==1{HASH}
            d==1{HASH}
                # via -r requirements/base.in, -c requirements/limits.txt
            e==1{HASH}  # via b, -r elsewhere.in
            """

        checked = self.judge(locked, source="b\n")

        self.assertEqual(
            [(line, one.message) for one, (_, _, line) in zip(checked.findings, places(checked))],
            [
                (7, "nobody asks for c: no comment (# via ...) says who does"),
                (
                    8,
                    "d is pinned for -r requirements/base.in, -c requirements/limits.txt, which "
                    "asks for it no more",
                ),
            ],
        )

    def test_who_asks_is_not_told_without_comments_or_names(self):
        plain = self.judge(f"a==1{HASH}\nb==1{HASH}\n", source="a\n")
        unnamed = self.judge(
            f"a==1{HASH}  # via -r base.in\nb==1{HASH}  # via -r base.in\n", source="a\n./b\n"
        )
        other = self.judge(f"b==1{HASH}  # via -r other.in\n", source="pip\n")

        self.assertEqual([*places(plain), *places(unnamed), *places(other)], [])

    def test_a_new_file_that_is_not_read_is_found(self):
        base = self.commit({"requirements.txt": f"a==1{HASH}\n", "requirements-old.txt": "x\n"})
        self.write(
            {
                "requirements.txt": f"-r requirements/base.txt\na==1{HASH}\n",
                "requirements/base.txt": f"b==1{HASH}\n",
                "requirements/prod.txt": "x\n",
                "requirements-docs.txt": "x\n",
                "notes/requirements.txt": "x\n",
            }
        )
        options = Options(compiled=("requirements.txt",), left_out=("requirements-docs.txt",))
        changes = find_changes(self.root, base, "")

        checked = self.check(GATE, options=options, changes=changes)
        everything = self.check(GATE, options=options)

        self.assertEqual(places(checked), [("DEP008", "requirements/prod.txt", 0)])
        self.assertEqual(places(everything), [])

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
            ("-r gone.txt\n", "requirements/gone.txt cannot be read"),
            ("-r\n", "base.txt:1 is no option: argument -r/--requirement: expected one argument"),
            ("--index-url 'x\n", "base.txt:1 is no option: No closing quotation"),
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
