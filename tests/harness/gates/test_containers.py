from unittest import mock

from django.test import tag

from quality_harness.gate import CouldNotRun
from quality_harness.gates import containers
from quality_harness.gates.containers import GATE
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

    def test_a_service_that_is_no_mapping_is_left_to_the_schema(self):
        found = self.found("services:\n  web: shop\n", "compose.yaml")

        self.assertEqual({code for code, *_ in found}, {"CNT003"})

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
