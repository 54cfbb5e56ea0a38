import contextlib
import io
import json
import textwrap
import unittest
from unittest import mock

from django.test import tag
from ruamel.yaml.constructor import SafeConstructor

from quality_harness.gate import CouldNotRun
from quality_harness.gates import (
    _compose_rules,
    _dockerfile,
    _dockerfile_rules,
    _schema_run,
    containers,
)
from quality_harness.gates._yaml import read_yaml
from quality_harness.gates.containers import GATE, Options
from tests.harness.projects import ProjectCase, places

GOOD = """\
FROM python:3.13-slim AS build
RUN pip install --no-cache-dir --require-hashes -r requirements.txt

FROM python:3.13-slim
RUN useradd --system --uid 10001 app
USER 10001
HEALTHCHECK CMD ["python", "health_check.py"]
CMD ["gunicorn", "shop.wsgi"]
"""


@tag("slow")
class ContainersGateTests(ProjectCase):
    def found(self, text: str, name: str = "Dockerfile") -> list[tuple[str, str, int]]:
        self.write({name: text})
        return places(self.check(GATE))

    def test_a_good_dockerfile_is_left_alone(self):
        self.assertEqual(self.found(GOOD), [])

    def test_a_last_stage_of_root_is_found(self):
        self.assertEqual(
            self.found(GOOD.replace("USER 10001\n", "")), [("CNT001", "Dockerfile", 4)]
        )
        for user in ("0:0", "root"):
            codes = [code for code, *_ in self.found(GOOD.replace("USER 10001", f"USER {user}"))]
            self.assertIn("CNT001", codes)

    def test_a_user_of_an_earlier_stage_alone_is_found(self):
        text = GOOD.replace("USER 10001\n", "").replace("AS build\n", "AS build\nUSER 10001\n")

        self.assertEqual([code for code, *_ in self.found(text)], ["CNT001"])

    def test_a_stage_begins_with_the_user_of_the_stage_that_it_is_made_from(self):
        self.assertEqual(
            self.found(
                GOOD + "FROM python:3.13-slim AS base\nUSER 10001\nHEALTHCHECK NONE\nFROM base\n"
            ),
            [],
        )

    def test_a_last_stage_without_a_health_check_is_found(self):
        line = 'HEALTHCHECK CMD ["python", "health_check.py"]\n'
        earlier = GOOD.replace(line, "").replace("AS build\n", "AS build\n" + line)

        self.assertEqual(self.found(GOOD.replace(line, "")), [("CNT004", "Dockerfile", 4)])
        self.assertEqual(self.found(earlier), [("CNT004", "Dockerfile", 5)])

    def test_a_stage_that_says_that_it_has_no_health_check_is_left_alone(self):
        self.assertEqual(self.found(GOOD.replace('CMD ["python", "health_check.py"]', "NONE")), [])

    def test_what_a_build_leaves_out_is_no_dockerfile(self):
        self.write({"Dockerfile.dockerignore": "*\n!src\n"})

        self.assertEqual(self.found(GOOD), [])

    def test_an_image_without_a_version_is_found(self):
        text = GOOD.replace("python:3.13-slim\nRUN user", "python:latest\nRUN user")

        self.assertEqual(self.found(text), [("DL3007", "Dockerfile", 4)])
        self.assertEqual(self.found(text.replace(":latest", "")), [("DL3006", "Dockerfile", 4)])

    def test_hadolints_own_comments_are_heeded(self):
        text = GOOD.replace(
            "FROM python:3.13-slim\nRUN u", "# hadolint ignore=DL3007\nFROM p:latest\nRUN u"
        )

        self.assertEqual(self.found(text), [])

    def test_what_hadolint_only_notes_does_not_count(self):
        self.write({"Dockerfile": GOOD.replace("USER 10001", "USER app")})

        (finding,) = self.check(GATE).findings

        self.assertEqual((finding.code, finding.counts), ("DL3066", False))

    def test_a_dockerfile_that_cannot_be_read_could_not_run(self):
        with self.assertRaisesRegex(CouldNotRun, "hadolint cannot read Dockerfile:1"):
            self.found("nonsense\n")

    def test_compose_files_are_judged(self):
        text = """
            services:
              db:
                image: postgres
              cache:
                image: registry.example.org:5000/valkey:latest
              web:
                imge: shop:1
            """

        self.assertEqual(
            self.found(text, "deploy/compose.yaml"),
            [
                ("CNT003", "deploy/compose.yaml", 6),
                ("CNT002", "deploy/compose.yaml", 3),
                ("CNT002", "deploy/compose.yaml", 5),
            ],
        )

    def test_good_images_in_a_compose_file_are_left_alone(self):
        text = f"""
            services:
              db:
                image: postgres:18
              cache:
                image: valkey/valkey@sha256:{"0" * 64}
              web:
                image: shop
                build: .
              worker:
                image: ${{IMAGE}}
              other:
                build: .
            """

        self.assertEqual(self.found(text, "compose.yaml"), [])

    def test_a_secret_in_a_compose_file_is_found(self):
        text = """
            services:
              db:
                environment:
                  POSTGRES_PASSWORD: summer
                  POSTGRES_USER: shop
              web:
                environment:
                  - DATABASE_URL=postgresql://shop:summer@db/shop
                  - SECRET_KEY=${SECRET_KEY:-summer}
                  - DEBUG=no
            """

        self.assertEqual(
            self.found(text, "compose.yaml"), [("CNT005", "compose.yaml", n) for n in (4, 8, 9)]
        )

    def test_secrets_from_elsewhere_are_left_alone(self):
        text = """
            x-app: &app
              environment: &environment
                SECRET_KEY: ${SECRET_KEY:?set it in .env}
                DATABASE_URL: postgresql://shop:${POSTGRES_PASSWORD:?set it in .env}@db/shop
                TOKEN:
                API_KEY: $API_KEY
            services:
              db:
                environment:
                  POSTGRES_PASSWORD_FILE: /run/secrets/password
                  ALLOW_EMPTY_PASSWORD: "yes"
              web:
                <<: *app
                environment:
                  <<: *environment
                  TOKEN_SECONDS: 3600
            """

        self.assertEqual(self.found(text, "compose.yaml"), [])

    def test_what_an_anchor_brings_is_found_at_the_service(self):
        text = """
            x-app: &app
              image: shop
            services:
              web:
                <<: *app
                command: serve
            """

        self.assertEqual(self.found(text, "compose.yaml"), [("CNT002", "compose.yaml", 5)])

    def test_a_port_on_every_interface_is_found(self):
        text = """
            services:
              db:
                ports:
                  - 5432:5432
                  - "0.0.0.0:5433:5432"
                  - 5432
                  - "[::]:${PORT:-5434}:5432"
                  - target: 5432
                    published: 5435
            """

        self.assertEqual(
            self.found(text, "compose.yaml"),
            [("CNT006", "compose.yaml", n) for n in (4, 5, 6, 7, 8)],
        )

    def test_ports_of_one_interface_and_of_the_web_are_left_alone(self):
        text = """
            services:
              db:
                ports:
                  - 127.0.0.1:5432:5432
                  - "[::1]:5432:5432"
                  - ${ADDRESS}:5432:5432
                  - target: 5432
                    host_ip: 127.0.0.1
              proxy:
                ports: ["80:8080", "443:8443/udp"]
            """

        self.assertEqual(self.found(text, "compose.yaml"), [])

    def test_an_environment_that_is_a_number_is_found_by_the_schema(self):
        found = self.found("services:\n  web:\n    environment: 7\n", "compose.yaml")

        self.assertEqual({code for code, *_ in found}, {"CNT003"})

    def test_a_service_that_is_no_mapping_is_left_to_the_schema(self):
        found = self.found("services:\n  web: shop\n", "compose.yaml")

        self.assertEqual({code for code, *_ in found}, {"CNT003"})

    def test_composes_own_tags_are_known_and_what_they_hold_is_judged(self):
        text = """
            services:
              web:
                image: !reset null
                privileged: !reset null
                volumes: !reset null
                ports: !override
                  - 127.0.0.1:8000:8000
                dns: [!reset null]
                environment: !override
                  A: !override b
                  B: !reset null
            """

        self.assertEqual(self.found(text, "compose.override.yaml"), [])
        wrong = text.replace("- 127.0.0.1:8000:8000", "- x: 1")
        found = [code for code, *_ in self.found(wrong, "compose.override.yaml")]
        self.assertEqual(found, ["CNT003", "CNT003", "CNT006"])

    def test_composes_own_tags_are_read_in_one_process_with_the_schema(self):
        text = "services:\n  web:\n    image: !reset null\n"
        text += "    ports: !override [!reset 1, !override 2]\n"
        text += "    environment: !override\n      A: !reset null\n      B: !override c\n"
        self.write({"compose.yaml": text, "bad.yaml": text.replace("B: !", "B: !other ")})
        asked = ["--builtin-schema=vendor.compose-spec", "--output-format=json", "--"]
        calls = [[*asked, str(self.root / name)] for name in ("compose.yaml", "bad.yaml")]
        with (
            mock.patch.dict(SafeConstructor.yaml_constructors),
            contextlib.redirect_stdout(io.StringIO()) as said,
        ):
            _schema_run.main(json.dumps(calls))

        good, bad = map(json.loads, json.loads(said.getvalue()))
        self.assertEqual((good["status"], good["errors"]), ("ok", []))
        self.assertEqual(len(bad["parse_errors"]), 1)

    def test_a_compose_file_that_is_not_yaml_could_not_run(self):
        with self.assertRaisesRegex(CouldNotRun, "compose.yml is not valid YAML"):
            self.found("a: [", "compose.yml")

    def test_odd_names_are_judged(self):
        name = 'a "b"\nc/Dockerfile'

        self.assertEqual(self.found(GOOD.replace("USER 10001\n", ""), name), [("CNT001", name, 4)])

    def test_windows_line_ends_change_nothing(self):
        (self.root / "Dockerfile").write_bytes(GOOD.replace("\n", "\r\n").encode())

        self.assertEqual(places(self.check(GATE)), [])

    def test_without_a_file_it_could_not_run(self):
        with self.assertRaisesRegex(CouldNotRun, "There is no Dockerfile"):
            self.check(GATE)

    def test_hadolint_that_says_nothing_could_not_run(self):
        silent = mock.Mock(stdout="", stderr="")
        with (
            mock.patch.object(containers, "run_binary", return_value=silent),
            self.assertRaisesRegex(CouldNotRun, "hadolint failed: it said nothing"),
        ):
            self.found(GOOD)


class NamesTests(unittest.TestCase):
    def test_what_is_called_a_dockerfile_is_one_in_any_folder(self):
        for name in (
            "Dockerfile", "dockerfile", "a/b/Dockerfile.dev", "prod.Dockerfile", "web.dockerfile",
            "Dockerfile-prod", "Containerfile", "deploy/Containerfile.web", "web.Containerfile",
        ):  # fmt: skip
            self.assertEqual(containers.dockerfiles_of([name], Options()), [name])

    def test_what_tells_of_a_dockerfile_or_is_made_into_one_is_left_alone(self):
        names = (
            "docs/Dockerfile.md", "deploy/Dockerfile.j2", "Dockerfile.d/readme.txt",
            "Dockerfile.dockerignore", ".github/workflows/dockerfile.yml", "mydockerfile",
            "{{ name }}/Dockerfile", "Dockerfiles/a.py", "containerfiles",
        )  # fmt: skip

        self.assertEqual(containers.dockerfiles_of(names, Options()), [])

    def test_what_is_called_a_compose_file_is_one_in_any_folder(self):
        for name in (
            "compose.yaml", "a/b/compose.dev.yml", "compose-prod.yml", "docker-compose.yml",
            "deploy/docker-compose_test.yaml", "compose/production/compose.yml",
        ):  # fmt: skip
            self.assertEqual(containers.compose_files_of([name], Options()), [name])

    def test_other_files_are_no_compose_files(self):
        names = (
            "compose/production/traefik/traefik.yml", "shop/fixtures/composers.yaml",
            "docker-compose/a.yml", "composed.yml", "{{ name }}/compose.yml", "compose.json",
        )  # fmt: skip

        self.assertEqual(containers.compose_files_of(names, Options()), [])


class DockerfileTests(unittest.TestCase):
    def found(self, text: str) -> list[tuple[str, int]]:
        found = _dockerfile_rules.judge("Dockerfile", text)
        return [(one.code, one.location.line) for one in found]

    def with_user(self, lines: str) -> list[tuple[str, int]]:
        return self.found(GOOD.replace("USER 10001", lines))

    def test_a_user_or_a_health_check_that_is_a_line_of_something_else_is_none(self):
        for lines in (
            "RUN echo \\\nUSER 10001",
            "RUN echo \\\n# then\n\nUSER 10001",
            "RUN <<EOF\nUSER 10001\nEOF",
            "COPY <<-'EOF' /a\n\tUSER 10001\n\tEOF",
            "# USER 10001",
        ):
            self.assertEqual(self.with_user(lines), [("CNT001", 4)], lines)
        checked = GOOD.replace("HEALTHCHECK", "RUN echo \\\nHEALTHCHECK")
        self.assertEqual(self.found(checked), [("CNT004", 4)])

    def test_a_user_after_such_lines_is_one(self):
        for lines in (
            "RUN echo \\\n  hi\nUSER 10001",
            "RUN <<EOF\necho hi\nEOF\nUSER 10001",
            "RUN test $((1<<2))\nuser\t10001",
            "LABEL a='<<EOF '\nUSER \\\n  10001",
        ):
            self.assertEqual(self.with_user(lines), [], lines)

    def test_another_escape_is_heeded(self):
        text = "# escape=`\n" + GOOD.replace("USER", "RUN dir C:\\\nUSER")

        self.assertEqual(self.found(text), [])

    def test_a_text_that_never_ends_ends_with_the_file(self):
        (run,) = _dockerfile.instructions("RUN <<EOF\nUSER 1 \\\n")

        self.assertEqual((run.line, run.keyword, run.text), (1, "RUN", "<<EOF"))
        self.assertEqual([one.text for one in _dockerfile.instructions("RUN a \\")], ["a"])

    def test_root_is_found_behind_a_variable_and_as_any_zero(self):
        for lines in (
            "ARG U=root\nUSER $U",
            "ENV U=0\nUSER ${U}:0",
            "USER ${U:-root}",
            "USER 00:00",
            'USER "root"',
        ):
            (found,) = self.with_user(lines)
            self.assertEqual(found[0], "CNT001", lines)
        above = "ARG U=root\n" + GOOD.replace("USER 10001", "ARG U\nUSER $U")
        self.assertEqual(self.found(above), [("CNT001", 8)])

    def test_another_user_behind_a_variable_and_one_that_is_not_known_are_left_alone(self):
        for lines in (
            "ARG U=app\nUSER $U",
            "ENV U app\nUSER $U",
            "ARG U\nUSER $U",
            "USER ${U:-10001}",
            "USER ${U:+10001}",
            "USER 10001:0",
        ):
            self.assertEqual(self.with_user(lines), [], lines)

    def test_an_image_that_brings_its_user_needs_no_other(self):
        text = "FROM gcr.io/distroless/python3-debian12:nonroot\nHEALTHCHECK NONE\n"

        self.assertEqual(self.found(text), [])
        self.assertEqual(self.found(text.replace(":nonroot", ":debug-nonroot")), [])
        self.assertEqual(self.found(text.replace(":nonroot", ":debug")), [("CNT001", 1)])

    def test_an_image_behind_a_variable_or_a_flag_is_judged(self):
        last = GOOD.rindex("FROM python:3.13-slim")
        for line in (
            "FROM ${BASE}",
            "FROM --platform=linux/amd64 python:${TAG:-latest}",
            "FROM x:1\nCOPY --chown=1 --from=node:latest /a /b",
            "FROM x:1\nCOPY --from=ghcr.io/astral-sh/uv /uv /bin/",
            "FROM x:1\nRUN --mount=type=bind,from=node:latest,target=/a make",
        ):
            text = "ARG BASE=python:latest\n" + GOOD[:last] + line + GOOD[last + 21 :]
            (found,) = self.found(text)
            self.assertEqual(found[0], "CNT002", line)

    def test_images_with_a_version_stages_and_what_is_not_known_are_left_alone(self):
        last = GOOD.rindex("FROM python:3.13-slim")
        for line in (
            "FROM ${BASE}",
            "FROM python:$PYTHON",
            "FROM $STAGE",
            "FROM $LOCAL",
            "FROM $UNKNOWN",
            "FROM x:1\nCOPY --from=build /a /b",
            "FROM x:1\nCOPY --from=0 /a /b",
            "FROM x:1\nCOPY --from=context /a /b",
            "FROM x:1\nRUN --mount=type=cache,target=/a make --from=node:latest",
        ):
            known = "ARG BASE=python:3.13\nARG PYTHON=3.13\nARG STAGE=build\nARG LOCAL=shop_base\n"
            text = known + GOOD[:last] + line + GOOD[last + 21 :]
            self.assertEqual(self.found(text), [], line)


class ComposeTests(ProjectCase):
    def found(self, service: str, name: str = "compose.yaml") -> list[tuple[str, int]]:
        """Return what is found at a service that is written in one line or several."""
        self.write({name: f"services:\n  db:\n{textwrap.indent(service, ' ' * 4)}\n"})
        found = _compose_rules.judge(name, read_yaml(self.root, name, "containers"))
        return [(one.code, one.location.line) for one in found]

    def test_a_default_of_an_image_is_judged(self):
        for image in ("postgres:${TAG:-latest}", "${IMAGE:-postgres}", "postgres:${TAG-latest}"):
            self.assertEqual(self.found(f"image: {image}"), [("CNT002", 3)], image)
        for image in ("postgres:${TAG:-18}", "postgres:${TAG:?set it}", "$IMAGE", "p:${TAG}"):
            self.assertEqual(self.found(f"image: {image}"), [], image)

    def test_more_names_of_secrets_are_known(self):
        for name in ("PGPASSWORD", "DB_PASS", "MYSQL_PWD", "ENCRYPTION_KEY", "GPG_PASSPHRASE"):
            self.assertEqual(self.found(f"environment:\n  {name}: x1"), [("CNT005", 4)], name)
        for name in ("PWD", "BYPASS", "PASS_THROUGH", "KEY", "PGPASSFILE"):
            self.assertEqual(self.found(f"environment:\n  {name}: x1"), [], name)

    def test_a_secret_among_a_builds_arguments_is_found(self):
        text = "build:\n  context: .\n  args:\n    NPM_TOKEN: x1"

        self.assertEqual(self.found(text), [("CNT005", 6)])
        self.assertEqual(self.found(text.replace("x1", "${NPM_TOKEN:?set it}")), [])

    def test_a_secret_in_a_command_is_found(self):
        for text in (
            "command: valkey-server --requirepass x1",
            "command: [valkey-server, --requirepass, x1]",
            "command: serve --db-password=x1",
            "entrypoint: sh -c 'PGPASSWORD=x1 psql'",
            "command: celery -b amqp://" + "shop:x1" + "@rabbit",
            "healthcheck: {test: [CMD, curl, --token, x1, db]}",
        ):
            self.assertEqual(self.found(text), [("CNT005", 3)], text)

    def test_a_secret_that_a_command_takes_from_elsewhere_is_left_alone(self):
        for text in (
            "command: valkey-server --requirepass ${PASSWORD:?set it}",
            "command: valkey-server --requirepass $$PASSWORD",
            "command: valkey-server --requirepass ''",
            'command: sh -c "serve --password \\"$$(cat /run/secrets/p)\\""',
            "command: serve --password-file /run/secrets/p",
            "command: pg_basebackup --no-password -h db",
            "command: mysql --password --host db",
            "command: serve --reload A=b",
        ):
            self.assertEqual(self.found(text), [], text)

    def test_a_port_on_zero_is_on_every_interface(self):
        self.assertEqual(self.found("ports: ['0:5432:5432']"), [("CNT006", 3)])

    def test_a_service_that_owns_its_host_is_found(self):
        for text in (
            "privileged: true",
            'volumes: ["/var/run/docker.sock:/var/run/docker.sock:ro"]',
            "volumes: [{type: bind, source: /run/docker.sock, target: /a}]",
            "network_mode: host",
            "pid: host",
            "user: root",
            'user: "0:0"',
            "user: 0",
        ):
            self.assertEqual(self.found(text), [("CNT007", 3)], text)

    def test_a_service_that_does_not_and_files_of_ones_own_machine_are_left_alone(self):
        for text in (
            "privileged: false",
            "volumes: [/var/run/postgresql:/run]",
            "network_mode: service:web",
            "user: '10001:0'",
            "user: ${UID:-1000}",
        ):
            self.assertEqual(self.found(text), [], text)
        for name in (
            "docker-compose.dev.yml",
            "compose.override.yaml",
            ".devcontainer/compose.yml",
            "docker-compose-test.yml",
        ):
            self.assertEqual(self.found("privileged: true", name), [], name)
        self.assertEqual(self.found("privileged: true", "devices/compose.yml"), [("CNT007", 3)])

    def test_odd_shapes_are_left_to_the_schema(self):
        keys = ("image", "build", "environment", "command", "healthcheck", "ports", "volumes")
        found = []
        for key in (*keys, "user", "privileged", "entrypoint", "network_mode"):
            for value in ("7", "{a: 1}", "[[1]]", "[{a: [1]}]", "null", "2.5"):
                found += self.found(f"{key}: {value}")
                found += self.found(f"build:\n  args: {value}\nhealthcheck:\n  test: {value}")

        # Ports that cannot be read may be on every interface.
        self.assertEqual({code for code, _ in found}, {"CNT006"})
