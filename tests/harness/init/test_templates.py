import subprocess
import sysconfig
import tempfile
import unittest
import zipfile
from pathlib import Path
from unittest import mock

import yaml
from django.test import tag

from quality_harness.gate import CouldNotRun
from quality_harness.gates import workflows
from quality_harness.init import templates
from tests.harness.projects import ProjectCase, places

ROOT = Path(templates.__file__).resolve().parents[3]
SOURCES = {
    "github.yml": "ci-templates/github/quality-gates.yml",
    "gitlab.yml": "ci-templates/gitlab/quality-gates.yml",
    "lefthook.yml": "ci-templates/lefthook/lefthook.yml",
}


class SourceTests(unittest.TestCase):
    def test_what_is_shipped_is_what_stands_in_ci_templates(self):
        for name, source in SOURCES.items():
            with self.subTest(name):
                link = ROOT / "src/quality_harness/init/templates" / name

                self.assertTrue(link.is_symlink())
                self.assertEqual(link.resolve(), ROOT / source)


@tag("slow")
class WheelTests(unittest.TestCase):
    def test_the_wheel_holds_what_stands_in_ci_templates(self):
        uv = Path(sysconfig.get_path("scripts"), "uv")
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(
                [uv, "build", "--quiet", "--offline", "--wheel", "--out-dir", folder, ROOT],
                check=True,
            )
            (wheel,) = Path(folder).glob("*.whl")
            with zipfile.ZipFile(wheel) as archive:
                for name, source in SOURCES.items():
                    with self.subTest(name):
                        shipped = archive.read(f"quality_harness/init/templates/{name}")

                        self.assertEqual(shipped, (ROOT / source).read_bytes())


class GithubTests(unittest.TestCase):
    def test_it_installs_as_the_project_does(self):
        workflow = yaml.safe_load(templates.github("pip install -r a.txt", services=True))

        inputs = workflow[True]["workflow_call"]["inputs"]
        job = workflow["jobs"]["gates"]
        self.assertEqual(inputs["install"]["default"], "pip install -r a.txt")
        self.assertIn("|| 'pip install -r a.txt'", job["env"]["INSTALL"])
        self.assertEqual({*job["services"]}, {"postgres", "valkey"})

    def test_static_gates_start_no_server(self):
        workflow = yaml.safe_load(templates.github("pip install x", services=False))

        job = workflow["jobs"]["gates"]
        self.assertNotIn("services", job)
        self.assertEqual({*job["env"]}, {"INSTALL", "GATES", "QUEUE_BASE"})
        self.assertEqual({*workflow["jobs"]}, {"gates", "all-green"})

    def test_it_runs_on_the_python_of_the_trial(self):
        with mock.patch("sys.version_info", (3, 13)):
            text = templates.github("pip install x", services=False)

        self.assertIn("|| '3.13'", text)
        self.assertNotIn("3.11", text)

    def test_a_template_that_was_changed_is_told(self):
        with (
            mock.patch.object(templates, "_read", return_value="jobs: {}\n"),
            self.assertRaisesRegex(CouldNotRun, "A template of this installation has no"),
        ):
            templates.github("pip install x", services=True)


class GitlabTests(unittest.TestCase):
    def test_static_gates_start_no_server(self):
        pipeline = yaml.safe_load(templates.gitlab("pip install x", services=False))

        job = pipeline["quality-gates"]
        self.assertNotIn("services", job)
        self.assertEqual(job["variables"], {"GIT_DEPTH": "0"})
        self.assertEqual(pipeline["variables"]["INSTALL"], "pip install x")

    def test_the_image_is_pinned_where_the_python_is_the_templates(self):
        for version, image in (((3, 11), r"python:3\.11-.*@sha256"), ((3, 12), r"python:3\.12-")):
            with self.subTest(version), mock.patch("sys.version_info", version):
                text = templates.gitlab("pip install x", services=True)

                self.assertRegex(yaml.safe_load(text)["quality-gates"]["image"], image)


class LefthookTests(unittest.TestCase):
    def jobs(self, gates: list[str], accepted: list[str]) -> dict[str, str]:
        hooks = yaml.safe_load(templates.lefthook(gates, accepted))
        return {
            job["name"]: job["run"]
            for hook in ("pre-commit", "pre-push")
            for job in hooks.get(hook, {"jobs": []})["jobs"]
        }

    def test_only_jobs_of_gates_that_are_on(self):
        self.assertEqual([*self.jobs(["lint"], [])], ["lint", "gates"])

    def test_without_any_the_push_alone_is_judged(self):
        self.assertEqual([*self.jobs([], [])], ["gates"])

    def test_a_gate_with_old_findings_is_asked_itself(self):
        jobs = self.jobs(["format", "lint"], ["lint"])

        self.assertEqual(jobs["lint"], "quality-harness gate lint")
        self.assertEqual(jobs["format"], "black --check {staged_files}")


@tag("slow")
class WorkflowGateTests(ProjectCase):
    def test_it_finds_nothing_in_what_is_written(self):
        for services in (False, True):
            with self.subTest(services=services):
                self.write(
                    {
                        templates.GITHUB: templates.github("pip install x", services=services),
                        templates.GITLAB_ROOT: templates.INCLUDE,
                        templates.GITLAB: templates.gitlab("pip install x", services=services),
                    }
                )
                options = workflows.Options(gitlab=(templates.GITLAB_ROOT, templates.GITLAB))

                self.assertEqual(places(self.check(workflows.GATE, options=options)), [])
