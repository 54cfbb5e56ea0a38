import os
import subprocess
import unittest
import zipfile

from django.test import tag
from ruamel.yaml import YAML

from tests.ci_templates.shipped import TEMPLATES
from tests.harness.projects import ProjectCase

FOLDER = TEMPLATES / "elastic-beanstalk"
HASHED = "django==5.2 --hash=sha256:0\n"
# Answers as AWS does, out of files: what it is asked to do is written down, and what it then says
# is what a test has put there.
AWS = """\
#!/usr/bin/env bash
echo "$*" >> "$FAKE/asked"
case "$*" in
  *describe-environments*Environments\\[0\\].Status) cat "$FAKE/status" ;;
  *describe-environments*VersionLabel) cat "$FAKE/version" ;;
  *describe-environments*Health) cat "$FAKE/health.$(cat "$FAKE/version")" ;;
  *create-storage-location*) echo bucket ;;
  *create-application-version*) test ! -e "$FAKE/refused" ;;
  *update-environment*)
    label=$(sed -E "s/.*--version-label ([^ ]+).*/\\1/" <<< "$*")
    test -e "$FAKE/stuck.$label" || echo "$label" > "$FAKE/version" ;;
esac
"""
CURL = '#!/usr/bin/env bash\ntest ! -e "$FAKE/down.$(cat "$FAKE/version")"\n'


class ScriptCase(ProjectCase):
    """A script of the folder, run with programs of the test's own in front of the others."""

    def run_script(self, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run a script of the folder and return what it said."""
        path = f"{self.root / 'bin'}{os.pathsep}{os.environ['PATH']}"
        return subprocess.run(
            [FOLDER / words[0], *words[1:]],
            cwd=self.root,
            env={**os.environ, "PATH": path, **variables},
            capture_output=True,
            text=True,
            check=False,
        )


@tag("slow")
class BundleTests(ScriptCase):
    def setUp(self) -> None:
        super().setUp()
        self.commit({"shop/manage.py": "committed\n", "locked.txt": HASHED})

    def bundle(self, host: str = "www.example.com") -> subprocess.CompletedProcess[str]:
        return self.run_script("bundle.sh", "shop", "locked.txt", host, "out.zip")

    def test_it_holds_the_committed_app_and_all_that_the_platform_reads(self):
        self.write({"shop/manage.py": "not committed\n", "shop/.env": "SECRET_KEY=x\n"})

        done = self.bundle()

        self.assertEqual(done.returncode, 0, done.stderr)
        with zipfile.ZipFile(self.root / "out.zip") as packed:
            files = {name: packed.read(name).decode() for name in packed.namelist()}
        self.assertEqual(
            {name for name in files if not name.endswith("/")},
            {
                "manage.py",
                "requirements.txt",
                "Procfile",
                ".ebextensions/01-release.config",
                ".platform/nginx/conf.d/elasticbeanstalk/01_health.conf",
            },
        )
        self.assertEqual((files["manage.py"], files["requirements.txt"]), ("committed\n", HASHED))
        health = files[".platform/nginx/conf.d/elasticbeanstalk/01_health.conf"]
        self.assertIn("proxy_set_header Host www.example.com;", health)

    def test_requirements_without_hashes_are_refused(self):
        self.write({"locked.txt": "django\n"})

        done = self.bundle()

        self.assertEqual(done.returncode, 2)
        self.assertIn("locked.txt has no hashes", done.stderr)

    def test_what_is_no_name_of_a_host_is_refused(self):
        for host in ("", "a; return 200", "a/b"):
            self.assertEqual(self.bundle(host).returncode, 2, host)

    def test_too_few_words_are_refused(self):
        self.assertEqual(self.run_script("bundle.sh", "shop").returncode, 2)


@tag("slow")
class DeployTests(ScriptCase):
    def setUp(self) -> None:
        super().setUp()
        self.write(
            {"bin/aws": AWS, "bin/curl": CURL, "status": "Ready\n", "version": "v1\n"}
            | {"health.v1": "Green\n", "health.v2": "Green\n"}
        )
        for name in ("aws", "curl"):
            (self.root / "bin" / name).chmod(0o755)

    def deploy(self) -> subprocess.CompletedProcess[str]:
        return self.run_script(
            *("deploy.sh", "bundle.zip", "v2"),
            **{"EB_APPLICATION": "shop", "EB_ENVIRONMENT": "shop-production"},
            **{"HEALTH_URL": "https://www.example.com/ht/", "FAKE": str(self.root)},
            **{"HEALTH_ATTEMPTS": "2", "HEALTH_PAUSE": "0"},
        )

    def put(self) -> list[str]:
        """Return the versions that were brought to the environment, in order."""
        asked = (self.root / "asked").read_text(encoding="utf-8").splitlines()
        return [line.rpartition(" ")[2] for line in asked if "update-environment" in line]

    def test_a_version_that_serves_stays(self):
        done = self.deploy()

        self.assertEqual((done.returncode, self.put()), (0, ["v2"]), done.stderr)

    def test_a_version_whose_health_page_fails_is_taken_back(self):
        self.write({"down.v2": ""})

        done = self.deploy()

        self.assertEqual((done.returncode, self.put()), (1, ["v2", "v1"]))
        self.assertIn("Going back to v1", done.stderr)

    def test_a_version_that_turns_the_environment_red_is_taken_back(self):
        self.write({"health.v2": "Red\n"})

        self.assertEqual((self.deploy().returncode, self.put()), (1, ["v2", "v1"]))

    def test_an_update_that_ends_with_the_version_before_is_no_success(self):
        self.write({"stuck.v2": ""})

        self.assertEqual((self.deploy().returncode, self.put()), (1, ["v2", "v1"]))

    def test_going_back_in_vain_says_so(self):
        self.write({"down.v2": "", "down.v1": ""})

        done = self.deploy()

        self.assertEqual(done.returncode, 3)
        self.assertIn("Look at shop-production now", done.stderr)

    def test_an_environment_that_is_busy_is_left_alone(self):
        self.write({"status": "Updating\n"})

        done = self.deploy()

        self.assertEqual((done.returncode, self.put()), (2, []))
        self.assertIn("It is Updating, not Ready", done.stderr)

    def test_a_version_that_is_refused_changes_nothing(self):
        self.write({"refused": ""})

        self.assertEqual((self.deploy().returncode, self.put()), (2, []))


class ShippedTests(unittest.TestCase):
    def test_migrations_run_once_and_before_anything_serves(self):
        config = YAML(typ="safe").load(FOLDER / ".ebextensions/01-release.config")
        commands = config["container_commands"]

        self.assertIs(commands["02_migrate"]["leader_only"], True)
        self.assertNotIn("leader_only", commands["01_collectstatic"])

    def test_every_variable_that_production_needs_is_given_and_secrets_by_their_address(self):
        text = (FOLDER / "environment.yaml").read_text(encoding="utf-8")
        given = "aws:elasticbeanstalk:application:environment"

        for name in ("ALLOWED_HOSTS", "FRONTEND_URL"):
            self.assertIn(f'"{given}", OptionName: {name},', text)
        for name in ("SECRET_KEY", "DATABASE_URL", "REDIS_URL", "ADMIN_PATH"):
            self.assertIn(f'"{given}secrets", OptionName: {name},', text)
