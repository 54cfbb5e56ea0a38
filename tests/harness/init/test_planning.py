from dataclasses import replace
from unittest import mock

from quality_harness.gate import CouldNotRun
from quality_harness.init import tools
from quality_harness.init.choosing import Choice
from quality_harness.init.found import Found, Packages, Said
from quality_harness.init.marking import marked_file
from quality_harness.init.planning import Plan, Planned, plan, read_text
from tests.harness.projects import ProjectCase

CHOICES = (Choice("format"), Choice("lint", "not here"))


class PlanCase(ProjectCase):
    def plan(self, choices: tuple[Choice, ...] = CHOICES, **values: object) -> Plan:
        return plan(replace(Found(self.root, ("a.py",)), **values), choices)

    def file(self, planned: Plan, path: str) -> Planned:
        return next(one for one in planned.files if one.path == path)


class FileTests(PlanCase):
    def test_a_bare_project_on_github_gets_every_file(self):
        self.assertEqual(
            [*self.plan(hosts=("github",)).texts()],
            [
                "pyproject.toml",
                "quality-requirements.txt",
                ".github/workflows/quality-gates.yml",
                "lefthook.yml",
            ],
        )

    def test_gitlab_gets_a_pipeline_that_includes_the_gates(self):
        planned = self.plan(hosts=("gitlab",))

        self.assertIn("quality-gates.yml", planned.texts())
        self.assertIn("- local: quality-gates.yml", planned.texts()[".gitlab-ci.yml"])

    def test_a_pipeline_of_theirs_is_left_alone_and_the_edit_told(self):
        self.write({".gitlab-ci.yml": "test:\n  script: make test\n"})

        root = self.file(self.plan(hosts=("gitlab",)), ".gitlab-ci.yml")

        self.assertFalse(root.is_written)
        self.assertIn("include:\n  - local: quality-gates.yml", root.advice)

    def test_a_pipeline_that_includes_the_gates_is_right_as_it_is(self):
        self.write({".gitlab-ci.yml": "include: [{local: quality-gates.yml}]\n"})

        root = self.file(self.plan(hosts=("gitlab",)), ".gitlab-ci.yml")

        self.assertEqual((root.is_written, root.advice), (False, ""))

    def test_files_of_theirs_are_left_alone(self):
        self.write({"lefthook.yml": "theirs\n", "pyproject.toml": "[tool.quality_harness]\n"})
        self.write({"pyproject.toml": "[tool.quality_harness]\ngates = []\n"})
        self.write({".github/workflows/quality-gates.yml": "theirs\n"})

        planned = self.plan(hosts=("github",), hooks=Said("lefthook", "lefthook.yml"))

        self.assertEqual([*planned.texts()], ["quality-requirements.txt"])
        self.assertIn("pre-push", self.file(planned, "lefthook.yml").advice)
        self.assertIn('"format"', self.file(planned, "pyproject.toml").advice)

    def test_what_init_wrote_is_updated(self):
        self.write({"lefthook.yml": marked_file("of an older version\n")})

        planned = self.file(self.plan(), "lefthook.yml")

        self.assertTrue(planned.is_written)
        self.assertIn("quality-harness gate", planned.after)

    def test_what_is_as_it_would_be_written_is_not_written(self):
        for name, text in self.plan().texts().items():
            self.write({name: text})

        self.assertEqual(self.plan().texts(), {})

    def test_a_link_is_not_written_through(self):
        self.write({"elsewhere.yml": marked_file("")})
        (self.root / "lefthook.yml").symlink_to("elsewhere.yml")

        self.assertNotIn("lefthook.yml", self.plan().texts())

    def test_a_text_in_another_encoding_is_refused(self):
        (self.root / "pyproject.toml").write_bytes(b"\xff")

        with self.assertRaisesRegex(CouldNotRun, "is not UTF-8"):
            read_text(self.root, "pyproject.toml")


class InstallTests(PlanCase):
    def workflow(self, *gates: str) -> str:
        packages = Packages("uv", "uv.lock", "pip install uv")
        choices = tuple(map(Choice, gates))
        planned = self.plan(choices, hosts=("github",), packages=packages)
        return planned.texts()[".github/workflows/quality-gates.yml"]

    def test_static_gates_do_not_install_the_project(self):
        self.assertIn("default: pip install -r quality-requirements.txt", self.workflow("format"))

    def test_gates_that_load_the_project_do(self):
        text = self.workflow("tests")

        self.assertIn("default: pip install uv && pip install -r quality-requirements.txt", text)
        self.assertIn("services:", text)


class NoteTests(PlanCase):
    def notes(self, **values: object) -> str:
        return "\n".join(self.plan(**values).notes)

    def test_hooks_of_pre_commit_are_left_alone_and_the_edit_told(self):
        planned = self.plan(hooks=Said("pre-commit", ".pre-commit-config.yaml"))

        self.assertNotIn("lefthook.yml", planned.texts())
        self.assertIn("entry: quality-harness gate", "\n".join(planned.notes))

    def test_other_hooks_are_left_alone(self):
        self.assertIn("Let pre-push run", self.notes(hooks=Said("husky", ".husky/pre-commit")))
        self.assertIn("Let pre-push run", self.notes(hooks=Said("lefthook", ".lefthook.toml")))

    def test_a_ci_without_a_template_is_told_what_to_run(self):
        self.assertIn("a step that runs", self.notes(other_ci=".circleci/config.yml"))

    def test_a_project_without_ci_is_told(self):
        self.assertIn("No CI was found", self.notes())
        self.assertNotIn("CI was found", self.notes(hosts=("github",)))

    def test_where_the_package_comes_from_is_told_with_the_file_that_names_it(self):
        with mock.patch.object(tools, "about_source", return_value="It comes from here."):
            self.assertIn("It comes from here.", self.notes(hosts=("github",)))

            self.write({"quality-requirements.txt": "theirs\n"})
            self.assertNotIn("It comes from here.", self.notes(hosts=("github",)))

    def test_another_python_is_told_with_what_to_do(self):
        self.assertIn("runs on Python >=4.1, and this is 3.", self.notes(python=">=4.1"))

    def test_in_a_folder_of_a_repository_ci_and_hooks_are_left_to_its_root(self):
        planned = self.plan(hosts=("github",), is_repository=False)

        self.assertEqual([*planned.texts()], ["pyproject.toml", "quality-requirements.txt"])
        self.assertIn("the repository's root", "\n".join(planned.notes))
