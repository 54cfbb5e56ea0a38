import json
import os
import sys
from dataclasses import replace
from importlib import metadata
from unittest import mock

from freezegun import freeze_time

from quality_harness import passed
from quality_harness.finding import Location
from quality_harness.gate import Checked, Gate, Project
from tests.harness.projects import ProjectCase
from tests.harness.test_engine import RULE


class PassedCase(ProjectCase):
    def setUp(self) -> None:
        super().setUp()
        for name in ("CI", "DATABASE_URL", "REDIS_URL"):
            os.environ.pop(name, None)
        # Where the tests of this package run, it is itself installed from a folder.
        self.installed: list[str] = []
        self.patch(passed, "distributions", lambda: metadata.distributions(path=self.installed))
        self.patch(sys, "path", [path for path in sys.path if path.startswith(sys.prefix)])
        self.commit({"a.py": "x = 1\n", ".gitignore": ".env\nleft\ncache/\n"})
        self.runs = 0
        self.answer = Checked((), 3, "tests", "2 skipped")

    def patch(self, owner: object, name: str, value: object) -> None:
        patched = mock.patch.object(owner, name, value)
        patched.start()
        self.addCleanup(patched.stop)

    def install(self, url: str = "", **origin) -> None:
        """Install a package; where a URL is given, it says that it came from there."""
        folder = self.root / "cache" / "there-1.dist-info"
        folder.mkdir(parents=True)
        (folder / "METADATA").write_text("Name: there\nVersion: 1\n")
        if url:
            (folder / "direct_url.json").write_text(json.dumps({"url": url, **origin}))
        self.installed.append(str(folder.parent))

    def gate(self, **values) -> Gate:
        def check(project: Project) -> Checked:
            self.runs += 1
            return self.answer

        return Gate("first", "summary", "reason", check, **{"remembered": True, **values})

    def run_gate(self, *, fresh: bool = False, **values) -> Checked:
        return passed.check(self.gate(**values), replace(self.project(), fresh=fresh))

    def assert_run(self, times: int) -> None:
        self.run_gate()
        self.assertEqual(self.runs, times)


class RecallTests(PassedCase):
    @freeze_time("2026-03-01 12:00")
    def test_an_unchanged_project_is_not_checked_again(self):
        self.run_gate()

        known = self.run_gate()

        self.assertEqual(self.runs, 1)
        self.assertEqual((known.checked, known.unit, known.findings), (3, "tests", ()))
        self.assertEqual(
            known.note, "2 skipped; unchanged since it passed at 12:00 (--fresh runs it again)"
        )

    def test_without_a_note_of_its_own_it_has_no_semicolon(self):
        self.answer = Checked((), 3, "tests")
        self.run_gate()

        self.assertTrue(self.run_gate().note.startswith("unchanged since it passed at "))

    def test_other_gates_always_run(self):
        self.run_gate(remembered=False)
        self.run_gate(remembered=False)

        self.assertEqual(self.runs, 2)

    def test_each_gate_has_a_memory_of_its_own(self):
        self.run_gate()
        passed.check(replace(self.gate(), name="second"), self.project())

        self.assertEqual(self.runs, 2)

    def test_a_verdict_that_could_not_be_given_is_not_kept(self):
        self.answer = Checked((), 3, "tests", problem="the graph has a circle")
        self.run_gate()

        self.assert_run(2)

    def test_fresh_runs_it_again(self):
        self.run_gate()
        self.run_gate(fresh=True)

        self.assertEqual(self.runs, 2)

    def test_a_finding_is_not_remembered(self):
        self.answer = Checked((RULE.finding(Location("a.py"), "message", "hint"),), 3, "tests")
        self.run_gate()

        self.assert_run(2)

    def test_nothing_checked_is_not_remembered(self):
        self.answer = Checked((), 0, "tests")
        self.run_gate()

        self.assert_run(2)

    def test_a_crash_forgets_the_pass_before(self):
        self.run_gate()
        broken = replace(self.gate(), check=mock.Mock(side_effect=ValueError))
        with self.assertRaises(ValueError):
            passed.check(broken, replace(self.project(), fresh=True))

        self.assert_run(2)

    def test_a_failure_forgets_the_pass_of_what_was_there_before(self):
        self.run_gate()
        self.write({"a.py": "x = 2\n"})
        self.answer = Checked((RULE.finding(Location("a.py"), "message", "hint"),), 3, "tests")
        self.run_gate()
        self.write({"a.py": "x = 1\n"})

        self.assert_run(3)

    def test_what_is_edited_meanwhile_was_not_looked_at(self):
        def check(project: Project) -> Checked:
            self.write({"a.py": "x = 2\n"})
            return self.answer

        passed.check(replace(self.gate(), check=check), self.project())

        self.assert_run(1)

    def test_what_it_left_for_others_has_to_be_there_still(self):
        self.answer = replace(self.answer, leaves=("left",))
        self.write({"left": "data"})
        self.run_gate()
        self.assert_run(1)
        (self.root / "left").unlink()

        self.assert_run(2)

    def test_a_damaged_memory_is_none(self):
        self.run_gate()
        for text in ("{", '{"state": 1}', "[]", '"text"'):
            with self.subTest(text):
                self.write({".quality_harness/first-passed.json": text})
                self.runs = 0
                self.assert_run(1)


class StateTests(PassedCase):
    def setUp(self) -> None:
        super().setUp()
        self.before = passed.project_state(self.root)
        self.assertIsNotNone(self.before)

    def assert_changed(self) -> None:
        self.assertNotEqual(passed.project_state(self.root), self.before)

    def assert_unchanged(self) -> None:
        self.assertEqual(passed.project_state(self.root), self.before)

    def test_nothing_differs(self):
        self.assert_unchanged()

    def test_a_commit_alone_changes_nothing(self):
        self.commit()
        self.assert_unchanged()

    def test_a_changed_file(self):
        self.write({"a.py": "x = 2\n"})
        self.assert_changed()

    def test_a_new_file(self):
        self.write({"b.txt": ""})
        self.assert_changed()

    def test_a_deleted_file(self):
        (self.root / "a.py").unlink()
        self.assert_changed()

    def test_an_ignored_file(self):
        self.write({".env": "KEY=1\n"})
        self.assert_changed()

    def test_an_edit_of_an_ignored_file(self):
        self.write({".env": "KEY=1\n"})
        os.utime(self.root / ".env", ns=(0, 0))
        self.before = passed.project_state(self.root)
        os.utime(self.root / ".env", ns=(0, 1))
        self.assert_changed()

    def test_an_ignored_link_to_nothing(self):
        (self.root / ".env").symlink_to("nowhere")
        self.assert_changed()

    def test_an_ignored_folder_is_not_looked_into(self):
        self.write({"cache/b.py": "x = 1\n"})
        self.assert_unchanged()

    def test_a_variable(self):
        for name in ("BLOG_SETTING", "TERMS_VERSION", "BLOG_SESSION_AGE", "SSH_KEY", "PATH"):
            value = f"{os.environ.get(name, '')}:/7"
            with self.subTest(name), mock.patch.dict(os.environ, {name: value}):
                self.assert_changed()

    def test_what_tells_a_shell_or_a_terminal_from_another(self):
        for name in ("SHLVL", "TERM", "TERM_PROGRAM_VERSION", "SSH_TTY", "XDG_SESSION_ID"):
            with self.subTest(name), mock.patch.dict(os.environ, {name: "/7"}):
                self.assert_unchanged()

    def test_the_next_day(self):
        with freeze_time("2036-01-01"):
            first = passed.project_state(self.root)
        with freeze_time("2036-01-02"):
            self.assertNotEqual(passed.project_state(self.root), first)

    def test_another_interpreter(self):
        with mock.patch.object(sys, "version", "3.99"):
            self.assert_changed()

    def test_another_version_of_a_package(self):
        self.install()
        self.before = passed.project_state(self.root)
        metadata_file = self.root / "cache" / "there-1.dist-info" / "METADATA"
        metadata_file.write_text("Name: there\nVersion: 2\n")
        self.assert_changed()

    def test_another_package(self):
        self.install()
        self.assert_changed()


class UnknownStateTests(PassedCase):
    def assert_never_remembered(self) -> None:
        self.run_gate()
        self.assert_run(2)

    def test_in_ci_it_always_runs(self):
        os.environ["CI"] = "true"
        self.assert_never_remembered()

    def test_a_server_of_ones_own_may_have_changed(self):
        for name in ("DATABASE_URL", "REDIS_URL"):
            with self.subTest(name), mock.patch.dict(os.environ, {name: "scheme://host"}):
                self.runs = 0
                self.assert_never_remembered()

    def test_code_in_a_folder_elsewhere_may_have_changed(self):
        self.install("file:///elsewhere", dir_info={"editable": True})
        self.assert_never_remembered()

    def test_code_on_a_path_elsewhere_may_have_changed(self):
        sys.path.append("/elsewhere")
        self.assert_never_remembered()

    def test_code_on_a_path_in_the_project_is_known(self):
        sys.path.append(str(self.root / "apps"))
        self.run_gate()
        self.assert_run(1)

    def test_code_in_the_project_is_known(self):
        self.install(f"file://{self.root}", dir_info={"editable": True})
        self.run_gate()
        self.assert_run(1)

    def test_code_that_was_copied_does_not_change(self):
        self.install("file:///elsewhere", dir_info={})
        self.run_gate()
        self.assert_run(1)

    def test_code_from_an_archive_does_not_change(self):
        self.install("https://example.org/there-1.zip", archive_info={})
        self.run_gate()
        self.assert_run(1)
