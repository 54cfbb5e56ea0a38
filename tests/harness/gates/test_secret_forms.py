import base64
import unittest

from quality_harness.gates import _secret_lines
from quality_harness.gates._added_lines import Added
from quality_harness.gates._secret_forms import is_text, readings
from quality_harness.gates._secret_values import looks_drawn

# Put together here: in one piece they would be findings of this repository's own gate.
DRAWN = "hT9vQ2xLmP4sRw" * 2
DJANGO = "5*9f5q57mq&lz2#f$x1h76" + "&jxy#yortjl1v+l*6hd18$d*yx#0"
PEM = "-----BEGIN {} KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC"


def found(path: str, text: str) -> list[tuple[int, str]]:
    """Return the line and kind of each secret in a file's text."""
    lines = [Added(path, number, line) for number, line in enumerate(text.split("\n"), start=1)]
    read = list(readings(lines))
    secrets = _secret_lines.found([reading for _, reading in read])
    return sorted({(read[index][0].line, kind) for index, kinds in secrets for kind, _ in kinds})


class FallbackTests(unittest.TestCase):
    FORMS = (
        'SECRET_KEY = os.environ.get("SECRET_KEY", "VALUE")',
        'os.environ.setdefault("SECRET_KEY", "VALUE")',
        "x = env.str('API_TOKEN', default='VALUE')",
        'x = config("DB_PASSWORD", cast=str, default="VALUE")',
        'x = os.environ["DB_PASSWORD"] or "VALUE"',
        'x = os.getenv("DB_PASSWORD") or "VALUE"',
        "const x = process.env.API_KEY || 'VALUE';",
        'env = Env(DB_PASSWORD=(str, "VALUE"))',
        'secret_key: SecretStr = SecretStr("VALUE")',
        'secret_key = Field(default="VALUE")',
        'password: str | None = "VALUE"',
        "  key: ${DB_PASSWORD:-VALUE}",
        'x = os.environ.get(\n    "SECRET_KEY", "VALUE"\n)',
        'x = os.environ.get(\n    "SECRET_KEY",\n    "VALUE",\n)',
    )

    def test_a_value_that_was_drawn_is_found(self):
        for form in self.FORMS:
            with self.subTest(form):
                before, _, _ = form.partition("VALUE")
                line = before.count("\n") + 1

                self.assertEqual(
                    found("a.py", form.replace("VALUE", DRAWN)), [(line, "Secret Keyword")]
                )

    def test_words_are_left_alone(self):
        values = ("", "test", "development", "django-insecure-" + DRAWN, "change-me-" + DRAWN[:9])
        for form in self.FORMS:
            for value in values:
                # detect-secrets itself takes any value between quotes behind the name.
                if not form.startswith(("password", "secret_key:")):
                    with self.subTest(form, value=value):
                        self.assertEqual(found("a.py", form.replace("VALUE", value)), [])

    def test_what_is_no_name_of_a_secret_is_left_alone(self):
        text = f"""
            x = os.environ.get("COMMIT", "{DRAWN}")
            x = request.POST.get("password", "{DRAWN}")
            x = os.environ.get("SECRET_KEY", OTHER)
            x = os.environ.get("SECRET_KEY", "SECRET_KEY_2")
            x = config(
            y = 1
            """

        self.assertEqual(found("a.py", text), [])

    def test_lines_of_another_place_do_not_go_on(self):
        lines = [
            Added("a.py", 1, "x = os.environ.get("),
            Added("a.py", 9, f'    "SECRET_KEY", "{DRAWN}"'),
        ]

        self.assertEqual([text for _, text in readings(lines)], [line.text for line in lines])


class UnquotedTests(unittest.TestCase):
    def test_a_value_without_quotes_is_found(self):
        files = {
            "deploy/values.yaml": f"db:\n  password: {DRAWN}",
            "deploy/secret.yml": f"stringData:\n  db-password: {DJANGO}",
            "deploy/token.yml": f"stringData:\n  token: {DRAWN}",
            "compose.yaml": f"environment:\n  - DB_PASSWORD={DRAWN}",
            "run.sh": f"#!/bin/sh\nPGPASSWORD={DRAWN} psql",
            ".envrc": f"\nexport SECRET_KEY={DRAWN}",
            ".pypirc": f"[pypi]\npassword = {DRAWN}",
            ".aws/credentials": f"[default]\naws_secret_access_key = {DRAWN}",
            "Dockerfile": f"FROM scratch\nENV SECRET_KEY={DRAWN}",
            ".pgpass": f"\ndb.example.com:5432:shop:shop:{DRAWN}",
            ".netrc": f"machine x.org login me\npassword {DRAWN}",
        }

        for path, text in files.items():
            with self.subTest(path):
                self.assertEqual(found(path, text), [(2, "Secret Keyword")])

    def test_references_words_and_names_are_left_alone(self):
        text = """
            password: ${{ secrets.DB_PASSWORD_1A2B3C }}
            password: $DB_PASSWORD
            - DB_PASSWORD=${DB_PASSWORD}
            password: {{ .Values.password1a2b3c }}
            password: postgres16
            POSTGRES_PASSWORD: postgres
            secretName: shop-tls-2026
            secret: true
            password: none
            password_file: /run/secrets/db1a2b3c4
            password: $(pass show shop/db1a2b3c4)
            password: get_password1a2b3c(x)
            password: ENC[AES256_GCM,data:1a2b3c4d5e]
            secret_arn: arn:aws:secretsmanager:eu-west-1:123:secret:db-a1B2c3d4
            password: string
            secretKeyRef: 1
            image: shop@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
            """

        self.assertEqual(found("deploy/values.yaml", text), [])

    def test_a_file_of_settings_needs_no_drawn_value_but_for_tokens(self):
        self.assertEqual(len(found(".env", "DB_PASSWORD=swordfish")), 1)
        self.assertEqual(found(".env", "API_TOKEN=swordfish"), [])
        self.assertEqual(len(found(".env", f"API_TOKEN={DRAWN}")), 1)

    def test_other_files_need_quotes(self):
        for path in ("a.md", "docs/openapi.yaml"):
            self.assertEqual(found(path, f"password: {DRAWN}"), [])

    def test_a_token_between_quotes_is_left_to_its_form(self):
        self.assertEqual(found("a.py", f'access_token = "{DRAWN}"'), [])


class EncodedTests(unittest.TestCase):
    def test_quotes_of_json_are_read(self):
        self.assertEqual(
            found("a.ipynb", f'"password = \\"{DRAWN}\\"\\n",'), [(1, "Secret Keyword")]
        )
        self.assertEqual(found("a.ipynb", '"password = input(\\"Password\\")"'), [])

    def test_a_private_key_in_base64_is_found_and_a_certificate_is_left_alone(self):
        key, certificate = PEM.format("RSA PRIVATE"), PEM.replace("{} KEY", "CERTIFICATE")
        for text, kinds in ((key, [(1, "Private Key")]), (certificate, [])):
            encoded = base64.b64encode(text.encode()).decode()

            self.assertEqual(found("deploy/ca.yaml", f"  data: {encoded}"), kinds)

    def test_binary_private_keys_are_found_and_other_binary_files_are_left_alone(self):
        keys = ("308204a40201000282010100", "30770201010420", "30820a1f020103308209e5")
        others = ("3082010a0282010100c3", "3082033930820221021401", "504b030414000000")
        texts = [bytes.fromhex(data).decode("utf-8", "replace") for data in (*keys, *others)]

        self.assertEqual(
            [found("key.bin", text) for text in texts], [[(1, "Private Key")]] * 3 + [[]] * 3
        )
        self.assertEqual(found("key.bin", f"x\n{texts[0]}"), [])

    def test_a_line_of_text_may_hold_a_nul(self):
        self.assertEqual(found("a.json", f'{{"api_key": "{DRAWN}", "x": "\0"}}')[0][0], 1)
        self.assertFalse(is_text(Added("a.bin", 1, "a\0\ufffd")))

    def test_a_long_line_is_looked_at_in_pieces(self):
        filler = "x = 1; " * 1000
        for start in range(400, 600, 10):
            text = f'{filler}{"a " * start}; password = "{DRAWN}"; {filler}'

            self.assertEqual(found("a.js", text), [(1, "Secret Keyword")])


class NoSecretTests(unittest.TestCase):
    def test_labels_sentences_and_placeholders_are_left_alone(self):
        text = """
            PASSWORD_LABEL = "Password:"
            errors = {"password": "Enter a password"}
            errors = {"password": "Use 8 letters, or more!"}
            secret_name = "shop/db"
            "password": "Either 'none' or a word",
            "passwordPlaceholder": "Passwort",
            password = "changeme"
            password = "<your-password>"
            SECRET_KEY = "your-secret-key"
            """

        self.assertEqual(found("a.py", text), [])
        self.assertEqual(found(".env.example", "DB_PASSWORD=changeme"), [])

    def test_a_secret_is_found_whatever_its_name_ends_with(self):
        self.assertEqual(len(found("a.py", f'PASSWORD_TEXT = "{DRAWN}"')), 1)
        self.assertEqual(len(found("a.py", 'password_profile = "hun' + 'ter"')), 1)

    def test_a_key_that_holds_its_value_is_no_constant(self):
        self.assertEqual(len(found("a.py", "'REDHAT_PASSWORD': 'redhat_" + "pass',")), 1)

    def test_what_looks_drawn(self):
        for value in (DRAWN, DJANGO, "hunter2" * 2, "aHVudGVyMmh1bnRlcjI="):
            self.assertTrue(looks_drawn(value), value)
        for value in ("short1x", "postgres16", "shop-tls-2026", "x1" * 101, "test-1a2b3c4d"):
            self.assertFalse(looks_drawn(value), value)
