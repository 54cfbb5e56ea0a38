import json
import os
import re
import subprocess
import sys
import threading
import unittest
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

from django.test import tag
from ruamel.yaml import YAML

from tests.ci_templates.shipped import ROOT, TEMPLATES

FOLDER = TEMPLATES / "docker"
DOCKERFILES = ("Dockerfile", "Dockerfile.load")


def copied(name: str) -> list[str]:
    """Return what a Dockerfile copies out of the repository, its variables filled in."""
    text = (FOLDER / name).read_text(encoding="utf-8")
    values = dict(re.findall(r"^ARG (\w+)=(\S+)$", text, re.MULTILINE))
    lines = re.findall(r"^COPY (?!--from)(.+)$", text, re.MULTILINE)
    words = [word for line in lines for word in line.split()[:-1]]
    return [re.sub(r"\$\{(\w+)\}", lambda match: values[match[1]], word) for word in words]


class HealthPage(BaseHTTPRequestHandler):
    """Answers as the server is told, and remembers the names under which it was asked."""

    def do_GET(self) -> None:
        self.server.hosts.append(f"{self.headers['Host']}{self.path}")
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *arguments: Any) -> None:
        """Say nothing."""


@tag("slow")
class HealthCheckTests(unittest.TestCase):
    def ask(self, status: int, hosts: str) -> tuple[int, list[str]]:
        """Return the exit code of the image's own command, and what its server was asked."""
        server = HTTPServer(("127.0.0.1", 0), HealthPage)
        server.status, server.hosts = status, []
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        text = (FOLDER / "Dockerfile").read_text(encoding="utf-8")
        command = json.loads(re.search(r"HEALTHCHECK [^\[]+(\[.+\])", text)[1])
        done = subprocess.run(
            [sys.executable, *command[1:]],
            env={**os.environ, "PORT": str(server.server_port), "ALLOWED_HOSTS": hosts},
            capture_output=True,
            check=False,
        )
        return done.returncode, server.hosts

    def test_it_asks_under_a_name_that_django_allows(self):
        for hosts in ("www.example.com,localhost", ".www.example.com"):
            self.assertEqual(self.ask(200, hosts), (0, ["www.example.com/ht/"]))

    def test_a_page_that_says_that_something_fails_fails(self):
        self.assertEqual(self.ask(500, "localhost")[0], 1)


class ContextTests(unittest.TestCase):
    def test_what_is_copied_is_there_and_seen_by_the_build(self):
        for name in DOCKERFILES:
            lines = (FOLDER / f"{name}.dockerignore").read_text(encoding="utf-8").splitlines()
            seen = {line[1:] for line in lines if line.startswith("!")}
            with self.subTest(name):
                self.assertIn("*", lines)
                self.assertEqual(seen, set(copied(name)))
                self.assertEqual([one for one in seen if not (ROOT / one).exists()], [])


class ComposeTests(unittest.TestCase):
    def setUp(self) -> None:
        self.document = YAML().load(FOLDER / "compose.yaml")

    def test_whoever_needs_a_service_waits_until_it_is_ready(self):
        services = self.document["services"]
        for name, service in services.items():
            for needed, how in service.get("depends_on", {}).items():
                with self.subTest(f"{name} needs {needed}"):
                    self.assertIn(needed, services)
                    self.assertIn("condition", how)
        for name in ("web", "worker", "beat"):
            self.assertEqual(
                services[name]["depends_on"]["migrate"]["condition"],
                "service_completed_successfully",
            )

    def test_what_is_waited_for_says_how_it_is(self):
        services = self.document["services"]
        for name in ("postgres", "valkey", "worker", "beat"):
            self.assertIn("test", services[name]["healthcheck"], name)

    def test_no_service_may_do_more_than_it_needs(self):
        for name, service in self.document["services"].items():
            with self.subTest(name):
                self.assertEqual(service["cap_drop"], ["ALL"])
                self.assertEqual(service["security_opt"], ["no-new-privileges:true"])

    def test_the_commands_that_are_not_the_images_own_are_those_of_beanstalk(self):
        procfile = (TEMPLATES / "elastic-beanstalk/Procfile").read_text(encoding="utf-8")
        dockerfile = (FOLDER / "Dockerfile").read_text(encoding="utf-8")
        commands = dict(line.split(": ", 1) for line in procfile.splitlines())
        services = self.document["services"]

        self.assertIn(f"CMD {json.dumps(commands['web'].split())}", dockerfile)
        for name in ("worker", "beat"):
            self.assertEqual(" ".join(services[name]["command"]), commands[name])


class PinTests(unittest.TestCase):
    def test_each_image_and_action_has_one_digest_everywhere(self):
        files: list[Path] = [
            *(ROOT / ".github/workflows").iterdir(),
            *(one for one in TEMPLATES.rglob("*") if one.is_file()),
        ]
        pin = re.compile(r"([\w./-]+(?::[\w.-]+)?)@((?:sha256:)?[0-9a-f]{40,64})")
        pins = {match for one in files for match in pin.findall(one.read_text(encoding="utf-8"))}

        self.assertGreater(len(pins), 5)
        self.assertEqual(len(pins), len({name for name, _ in pins}), sorted(pins))


class ActionTests(unittest.TestCase):
    def test_it_runs_what_the_workflow_runs(self):
        workflow = YAML().load(TEMPLATES / "github/quality-gates.yml")
        action = YAML().load(TEMPLATES / "github/action.yml")

        def scripts(steps: Any) -> list[str]:
            return [step["run"] for step in steps if "run" in step]

        inputs = workflow["on"]["workflow_call"]["inputs"]
        self.assertEqual(
            scripts(action["runs"]["steps"]), scripts(workflow["jobs"]["gates"]["steps"])
        )
        self.assertEqual(
            {name: one["default"] for name, one in action["inputs"].items()},
            {name: one["default"] for name, one in inputs.items()},
        )
