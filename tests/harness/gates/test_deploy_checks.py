import json
import tempfile
from pathlib import Path
from unittest import mock

import django
from django.test import SimpleTestCase, override_settings

from quality_harness.gates import _deploy_checks


class DeployChecksTests(SimpleTestCase):
    def answer(self) -> dict[str, object]:
        with tempfile.TemporaryDirectory() as folder:
            target = Path(folder, "checks.json")
            _deploy_checks.main(str(target))
            return json.loads(target.read_text(encoding="utf-8"))

    def test_what_the_checks_say_is_written(self):
        with override_settings(SESSION_COOKIE_SECURE=False):
            answer = self.answer()

        ids = [message["id"] for message in answer["messages"]]
        self.assertIn("security.W012", ids)
        self.assertGreater(answer["checks"], 10)
        self.assertTrue(answer["file"].endswith("config/settings/test.py"))

    def test_what_is_silenced_is_left_out(self):
        silenced = ["security.W012"]
        with override_settings(SESSION_COOKIE_SECURE=False, SILENCED_SYSTEM_CHECKS=silenced):
            answer = self.answer()

        self.assertNotIn("security.W012", [message["id"] for message in answer["messages"]])
        self.assertEqual([message["id"] for message in answer["silenced"]], silenced)

    def test_where_the_settings_stand_is_told(self):
        with override_settings(ALLOWED_HOSTS=["*"]):
            answer = self.answer()

        self.assertTrue(answer["any_host"])
        self.assertTrue(answer["files"][0].endswith("config/settings/test.py"))
        self.assertEqual(len(answer["files"]), len(set(answer["files"])))

    def test_what_a_check_is_about_is_named(self):
        message = mock.Mock(id=None, level=30, msg="Bad.", hint=None, obj="shop")

        row = _deploy_checks._as_row(message)

        self.assertEqual((row["id"], row["hint"], row["about"]), ("", "", "shop"))

    def test_a_project_that_cannot_be_loaded_is_a_problem(self):
        with mock.patch.object(django, "setup", side_effect=RuntimeError("no key")):
            answer = self.answer()

        self.assertRegex(answer["problem"], "RuntimeError: no key$")
