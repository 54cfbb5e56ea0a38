"""Plants mistakes into each template that is shipped: a gate refuses each by its own rule."""

from dataclasses import dataclass

from django.test import tag

from quality_harness.gate import Checked, Gate
from quality_harness.gates import containers, workflows
from tests.ci_templates.shipped import TEMPLATES
from tests.harness.projects import ProjectCase

CHECKOUT = "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1  # v7.0.1"
CREDENTIALS = (
    "aws-actions/configure-aws-credentials" "@e6de054238d6b7531b4efff3b6587d9aade6a06c  # v6.2.3"
)
SLIM = (
    "python:3.11-slim-bookworm"
    "@sha256:a36c24f9cbdf4fd0f52d67f0823eeac19c2028c637cecc392d97f980d4fec56b"
)
POSTGRES = "postgres:18@sha256:86c951e05bf56c93d95d397747fb8820ac76cc3bedb78f43abd83eedbe3666ae"

HEALTHCHECK = "HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \\\n    CMD"


@dataclass(frozen=True)
class Template:
    """A file that is shipped, where a project puts it, and the gate that judges it there."""

    name: str
    place: str
    gate: Gate


@dataclass(frozen=True)
class Mistake:
    """A change to a template, and what the gate says of it.

    Attributes:
        old: what stands in the template.
        new: what is planted in its place.
        code: of the one rule that finds it.
        message: a part of what that rule says.
    """

    old: str
    new: str
    code: str
    message: str


QUALITY_GATES = Template(
    "github/quality-gates.yml", ".github/workflows/quality-gates.yml", workflows.GATE
)
ACTION = Template("github/action.yml", ".github/actions/quality-gates/action.yml", workflows.GATE)
DEPLOY = Template("elastic-beanstalk/deploy.yml", ".github/workflows/deploy.yml", workflows.GATE)
GITLAB = Template("gitlab/quality-gates.yml", ".gitlab-ci.yml", workflows.GATE)
DOCKERFILE = Template("docker/Dockerfile", "Dockerfile", containers.GATE)
LOAD = Template("docker/Dockerfile.load", "Dockerfile.load", containers.GATE)
COMPOSE = Template("docker/compose.yaml", "compose.yaml", containers.GATE)

TITLE = 'run: echo "${{ github.event.pull_request.title }}"'
UNQUOTED = "          # shellcheck disable=SC2086\n"
MISTAKES: dict[Template, tuple[Mistake, ...]] = {
    QUALITY_GATES: (
        Mistake(CHECKOUT, "actions/checkout@v7", "WFL002", "unpinned-uses"),
        Mistake('run: bash -e -c "$INSTALL"', TITLE, "WFL002", "template-injection"),
        Mistake("permissions: {}\n", "permissions: write-all\n", "WFL002", "excessive-permissions"),
        Mistake("persist-credentials: false", "fetch-tags: true", "WFL002", "artipacked"),
        Mistake("  pull_request:\n", "  pull_request_target:\n", "WFL002", "dangerous-triggers"),
        Mistake(f"image: {POSTGRES}", "image: postgres:18", "WFL002", "unpinned-images"),
        Mistake("    if: always()\n", "", "WFL003", "is skipped"),
        Mistake("= success", "!= failure", "WFL003", "is cancelled or skipped"),
        Mistake("needs: [gates]\n", "needs: [gates, gate]\n", "WFL008", "'gate'"),
        Mistake("runs-on: ubuntu-24.04", "runs-on: ubuntu-24.4", "WFL004", "'ubuntu-24.4'"),
        Mistake("run: bash -e", "rn: bash -e", "WFL001", "steps[2]"),
        Mistake("    timeout-minutes: 20\n", "", "WFL007", "no timeout-minutes"),
        Mistake("  pull_request:\n", "  pull_request:\n    paths: [src/**]\n", "WFL006", "paths"),
        Mistake("inputs.python-version ||", "matrix.python ||", "WFL005", "matrix.python"),
        Mistake(UNQUOTED, "", "SC2086", "Double quote"),
    ),
    ACTION: (
        Mistake("@5fda3b95a4ea91299a34e894583c3862153e4b97  # v7.0.0", "@v7", "WFL002", "unpinned"),
        Mistake(
            'bash -e -c "$INSTALL"', "bash -c '${{ inputs.install }}'", "WFL002", "template-inj"
        ),
        Mistake("using: composite", "uses: composite", "WFL001", "using"),
        Mistake("        # shellcheck disable=SC2086\n", "", "SC2086", "Double quote"),
    ),
    DEPLOY: (
        Mistake(CREDENTIALS, "aws-actions/configure-aws-credentials@main", "WFL002", "unpinned"),
        Mistake("permissions: {}\n", "permissions: write-all\n", "WFL002", "excessive-permissions"),
        Mistake(
            "id-token: write  # for the role that AWS gives to this workflow",
            "id-token: write",
            "WFL002",
            "undocumented-permissions",
        ),
        Mistake("    timeout-minutes: 60\n", "", "WFL007", "no timeout-minutes"),
        Mistake("concurrency:", "concurency:", "WFL001", "concurency"),
    ),
    GITLAB: (
        Mistake("  script:\n", "  scripts:\n", "WFL001", "quality-gates"),
        Mistake("      # shellcheck disable=SC2086\n", "", "SC2086", "Double quote"),
        Mistake('"$INSTALL"', "$INSTALL", "SC2086", "Double quote"),
    ),
    DOCKERFILE: (
        Mistake("USER 10001:10001\n", "", "CNT001", "runs as root"),
        Mistake(SLIM, "python:latest", "DL3007", "latest"),
        Mistake(SLIM, "python", "DL3006", "version"),
        Mistake(HEALTHCHECK, "ENTRYPOINT", "CNT004", "HEALTHCHECK"),
        Mistake(" --no-cache-dir", "", "DL3042", "cache"),
        Mistake("WORKDIR /app", "WORKDIR app", "DL3000", "absolute"),
        Mistake("COPY ${APP} /app", "ADD ${APP} /app", "DL3020", "COPY"),
        Mistake('["gunicorn", "--config", ', "gunicorn --config [", "DL3025", "JSON"),
    ),
    LOAD: (
        Mistake("USER 10001:10001\n", "", "CNT001", "runs as root"),
        Mistake("HEALTHCHECK NONE\n", "", "CNT004", "HEALTHCHECK"),
        Mistake("COPY loadtests /load/loadtests", "ADD loadtests /load/loadtests", "DL3020", ""),
    ),
    COMPOSE: (
        Mistake(POSTGRES, "postgres:latest", "CNT002", "postgres:latest"),
        Mistake(
            "POSTGRES_PASSWORD: ${POSTGRES_PASSWORD:?make the file .env, as compose.yaml says}",
            "POSTGRES_PASSWORD: summer",
            "CNT005",
            "'postgres' has the value of POSTGRES_PASSWORD",
        ),
        Mistake(
            "app:${POSTGRES_PASSWORD:?make the file .env, as compose.yaml says}@",
            "app:summer@",
            "CNT005",
            "DATABASE_URL",
        ),
        Mistake('"127.0.0.1:${WEB_PORT', '"${WEB_PORT', "CNT006", "port 8000"),
        Mistake(
            '["127.0.0.1:${WEB_PORT:-8000}:8000"]\n',
            '["127.0.0.1:8000:8000"]\n    port: 1\n',
            "CNT003",
            "port",
        ),
        Mistake("condition: service_healthy", "condition: healthy", "CNT003", "healthy"),
    ),
}


@tag("slow")
class PlantedMistakeTests(ProjectCase):
    def judge(self, template: Template, mistake: Mistake | None = None) -> Checked:
        """Return what a gate says of a template, with a mistake in its first place or without."""
        text = (TEMPLATES / template.name).read_text(encoding="utf-8")
        if mistake is not None:
            self.assertIn(mistake.old, text, "the template no longer holds it: mend the mistake")
            text = text.replace(mistake.old, mistake.new, 1)
        for path in self.root.rglob("*.y*ml"):
            path.unlink()
        place = self.root / template.place
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
        return self.check(template.gate)

    def refuse(self, template: Template) -> None:
        """Assert that each mistake is found by its rule, and by no other one."""
        self.assertEqual(self.judge(template).findings, ())
        for mistake in MISTAKES[template]:
            with self.subTest(f"{mistake.code} {mistake.message}"):
                found = [one for one in self.judge(template, mistake).findings if one.counts]
                self.assertEqual({one.code for one in found}, {mistake.code}, found)
                self.assertIn(mistake.message, " ".join(one.message for one in found))

    def test_the_github_workflow(self):
        self.refuse(QUALITY_GATES)

    def test_the_github_action(self):
        self.refuse(ACTION)

    def test_the_deployment(self):
        self.refuse(DEPLOY)

    def test_the_gitlab_pipeline(self):
        self.refuse(GITLAB)

    def test_the_dockerfile(self):
        self.refuse(DOCKERFILE)

    def test_the_dockerfile_of_the_load_generators(self):
        self.refuse(LOAD)

    def test_the_compose_file(self):
        self.refuse(COMPOSE)
