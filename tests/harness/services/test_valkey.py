from unittest import mock

from quality_harness import services
from quality_harness.gate import CouldNotRun
from quality_harness.services import valkey, wheels
from tests.harness.services.homes import HomeCase


class FailureTests(HomeCase):
    """A Valkey that is a small script."""

    def setUp(self) -> None:
        super().setUp()
        self.program = self.root / "valkey-server"
        patched = mock.patch.object(wheels, "valkey_program", return_value=self.program)
        patched.start()
        self.addCleanup(patched.stop)

    def message(self, script: str) -> str:
        self.program.write_text(f"#!/bin/sh\n{script}\n")
        self.program.chmod(0o755)
        with self.assertRaises(CouldNotRun) as caught:
            services.redis_url(root=self.root)
        return str(caught.exception)

    def test_a_server_that_does_not_start_shows_the_end_of_its_log(self) -> None:
        log = self.home.directory / "valkey" / "server.log"

        self.assertEqual(
            self.message("echo FATAL CONFIG FILE ERROR; exit 1"),
            f"Valkey does not start. The end of its log, {log}:\n  FATAL CONFIG FILE ERROR",
        )

    def test_a_port_that_is_taken_is_replaced_until_patience_ends(self) -> None:
        tried = self.root / "tried"

        message = self.message(f"grep port valkey.conf >>{tried}; echo {valkey.TAKEN}; exit 1")

        self.assertIn("Valkey found every port taken, 5 times in a row.", message)
        self.assertEqual(len(tried.read_text().splitlines()), 5)
        self.assertGreater(len(set(tried.read_text().splitlines())), 1)

    def test_only_its_owner_can_read_the_password(self) -> None:
        self.message("exit 1")

        settings = self.home.directory / "valkey" / "valkey.conf"
        self.assertEqual(settings.stat().st_mode & 0o777, 0o600)
        self.assertIn("\nrequirepass ", settings.read_text())
