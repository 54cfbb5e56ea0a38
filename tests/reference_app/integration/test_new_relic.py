"""What is reported to New Relic."""

import json
import os
import subprocess
import sys
from types import ModuleType
from unittest import mock

from django.conf import settings
from django.test import SimpleTestCase, tag

from config import new_relic

from ..new_relic_probe import SECRET
from ..unit.test_settings import PRODUCTION, load

ON = {"NEW_RELIC_LICENSE_KEY": "0" * 40}


@tag("slow")
class ReportTests(SimpleTestCase):
    """The real agent, in the process of a server under production settings."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        # What the environment asks for does not undo what the app leaves out.
        cls.found = cls.run_with(
            **ON,
            NEW_RELIC_DEVELOPER_MODE="true",
            NEW_RELIC_ATTRIBUTES_INCLUDE="request.headers.* request.parameters.*",
            NEW_RELIC_CAPTURE_PARAMS="true",
        )

    @staticmethod
    def run_with(**environment: str):
        """Return what the probe prints, with these variables on top of those of production."""
        root = settings.BASE_DIR.parent
        ran = subprocess.run(
            [sys.executable, "-m", "tests.reference_app.new_relic_probe"],
            cwd=root,
            env={
                "PATH": os.environ["PATH"],
                "PYTHONPATH": os.pathsep.join([str(root), str(settings.BASE_DIR)]),
                **PRODUCTION,
                **environment,
            },
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert ran.returncode == 0, ran.stderr
        return json.loads(ran.stdout)

    def test_an_error_in_a_view_and_one_in_a_task_are_reported_once_each(self) -> None:
        self.assertEqual(
            self.found["errors"],
            [
                ["WebTransaction/Function/accounts.api:LoginView.post", "builtins:ValueError"],
                [
                    "OtherTransaction/Celery/accounts.tasks.mail_password_reset",
                    "builtins:ValueError",
                ],
            ],
        )

    def test_no_secret_is_reported(self) -> None:
        self.assertIn("'request.uri': '/v1/accounts/login/'", self.found["text"])
        self.assertNotIn(SECRET, self.found["text"])
        self.assertNotIn("request.headers", self.found["text"])

    def test_without_a_key_nothing_is_imported(self) -> None:
        self.assertIsNone(self.run_with())


class SwitchTests(SimpleTestCase):
    def test_it_is_off_unless_the_environment_has_a_key(self) -> None:
        with mock.patch("config.new_relic.start") as start:
            for environment in (PRODUCTION, {**PRODUCTION, "NEW_RELIC_LICENSE_KEY": ""}):
                load("production", environment)
            start.assert_not_called()
            load("production", {**PRODUCTION, **ON})
        start.assert_called_once_with()

    def test_the_agent_is_not_imported_before_it_is_started(self) -> None:
        load("production", PRODUCTION)
        self.assertNotIn("newrelic", sys.modules)

    def test_what_is_left_out_is_set_behind_the_agents_own_configuration(self) -> None:
        options = mock.MagicMock()
        agent = mock.Mock(global_settings=lambda: options)
        # As if a file of the agent's own asked for it.
        agent.initialize.side_effect = lambda: setattr(options.attributes, "include", {"*"})
        package = ModuleType("newrelic")
        package.agent = agent
        with mock.patch.dict(sys.modules, {"newrelic": package}):
            new_relic.start()
        agent.initialize.assert_called_once_with()
        self.assertEqual(options.attributes.include, set())
        self.assertIs(options.strip_exception_messages.enabled, True)
        self.assertIs(options.application_logging.forwarding.enabled, False)
        self.assertIs(options.browser_monitoring.enabled, False)
        self.assertEqual(options.transaction_tracer.record_sql, "obfuscated")
