from unittest import mock

from django.test import tag

from quality_harness.gate import Checked, CouldNotRun
from quality_harness.gates import deploy_settings
from quality_harness.gates.deploy_settings import GATE, Options
from tests.harness.projects import ProjectCase, places

GOOD = """
    import os

    SECRET_KEY = os.environ["SHOP_KEY"]
    ALLOWED_HOSTS = os.environ["SHOP_HOSTS"].split(",")
    INSTALLED_APPS = []
    MIDDLEWARE = [
        "django.middleware.security.SecurityMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ]
    SECURE_HSTS_SECONDS = 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    SECURE_SSL_REDIRECT = CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE = True
    """
GIVEN = {"settings": "shop_live", "variables": ("SHOP_HOSTS=a.org",), "generated": ("SHOP_KEY",)}


@tag("slow")
class DeploySettingsGateTests(ProjectCase):
    def judge(self, text: str, **options: object) -> Checked:
        self.write({"conf/shop_live.py": text})
        return self.check(GATE, options=Options(**GIVEN | options), python_path=("conf",))

    def test_an_unsafe_setting_is_found(self):
        checked = self.judge(
            GOOD.replace("SECURE_SSL_REDIRECT = ", "SECURE_SSL_REDIRECT = False; ")
        )

        (finding,) = checked.findings
        self.assertEqual((finding.code, finding.location.path), ("DPL001", "conf/shop_live.py"))
        self.assertRegex(finding.message, "^security.W008 Your SECURE_SSL_REDIRECT")

    def test_safe_settings_are_left_alone(self):
        checked = self.judge(GOOD)

        self.assertEqual(checked.findings, ())
        self.assertGreater(checked.checked, 10)

    def silence(self, text: str) -> Checked:
        return self.judge(GOOD.replace("SECURE_HSTS_SECONDS = 3600", text))

    def test_a_check_that_is_silenced_with_a_reason_is_left_alone_and_named(self):
        for text in (
            'SILENCED_SYSTEM_CHECKS = ["security.W004"]  # nginx sends it',
            '# nginx sends it\n    SILENCED_SYSTEM_CHECKS = ["security.W004"]',
            'SILENCED_SYSTEM_CHECKS = [\n        "security.W004",  # nginx sends it\n    ]',
        ):
            with self.subTest(text=text):
                checked = self.silence(text)

                self.assertEqual(checked.findings, ())
                self.assertEqual(checked.note, "shop_live, silenced: security.W004")

    def test_a_check_that_is_silenced_without_a_reason_is_found(self):
        checked = self.silence('SILENCED_SYSTEM_CHECKS = ["security.W004"]  # noqa: E501')

        self.assertEqual(places(checked), [("DPL002", "conf/shop_live.py", 11)])
        self.assertRegex(
            checked.findings[0].message, "^security.W004 is silenced, and no comment says why: You"
        )

    def test_one_that_no_line_of_the_settings_names_is_found_in_them(self):
        checked = self.silence(
            'SILENCED_SYSTEM_CHECKS = [f"security.W{number}" for number in ["004"]]'
        )

        self.assertEqual(places(checked), [("DPL002", "conf/shop_live.py", 0)])

    def test_settings_that_let_every_host_in_are_found(self):
        self.write({"conf/shop_base.py": "if True:\n    ALLOWED_HOSTS = ['*']\n"})
        inherited = GOOD.replace("import os\n", "import os\n    from shop_base import *\n")
        silent = self.judge(inherited)
        found = self.judge(inherited.replace("    ALLOWED_HOSTS =", "    HOSTS ="))
        given = self.judge(GOOD, variables=("SHOP_HOSTS=*",))

        self.assertEqual(places(found), [("DPL003", "conf/shop_base.py", 2)])
        self.assertEqual([*places(silent), *places(given)], [])

    def test_a_variable_that_is_not_given_could_not_run(self):
        with self.assertRaisesRegex(CouldNotRun, "'shop_live' cannot be loaded: .*SHOP_HOSTS"):
            self.judge(GOOD, variables=())

    def test_settings_that_are_not_there_could_not_run(self):
        with self.assertRaisesRegex(CouldNotRun, "'gone' cannot be loaded"):
            self.judge(GOOD, settings="gone")

    def test_without_settings_it_could_not_run(self):
        with self.assertRaisesRegex(CouldNotRun, "No production settings are named"):
            self.check(GATE)

    def test_a_variable_without_a_value_could_not_run(self):
        for entry in ("SHOP_HOSTS", "=x"):
            with self.assertRaisesRegex(CouldNotRun, f"variables has '{entry}'"):
                self.judge(GOOD, variables=(entry,))

    def test_a_process_that_breaks_off_could_not_run(self):
        with self.assertRaisesRegex(CouldNotRun, "broke off with exit code 3: no reason given"):
            self.judge("import os\nos._exit(3)\n")


class WordingTests(ProjectCase):
    def found(self, **values: object) -> tuple[str, str, str]:
        message = {"id": "a.W1", "level": 30, "text": "Bad.", "hint": "", "about": "Shop"} | values
        answer = {"checks": 1, "file": None, "messages": [message]}
        answer |= {"silenced": [], "any_host": False, "files": []}
        with mock.patch.object(deploy_settings, "_answer", return_value=answer):
            (finding,) = self.check(GATE).findings
        return finding.location.path, finding.message, finding.hint

    def test_what_a_check_is_about_is_named(self):
        path, message, hint = self.found()

        self.assertEqual((path, message), ("", "a.W1 Shop: Bad."))
        self.assertIn("SILENCED_SYSTEM_CHECKS", hint)

    def test_a_note_is_no_finding(self):
        with self.assertRaises(ValueError):
            self.found(level=20)
