import argparse
import contextlib
import io
import os
from unittest import mock

from quality_harness.services import command
from tests.harness.services.homes import HomeCase


class EnvTests(HomeCase):
    def test_prints_what_a_shell_can_evaluate(self) -> None:
        parser = argparse.ArgumentParser()
        command.add_arguments(parser)
        variables = {"DATABASE_URL": "postgresql://u@h/n?a=1&b=2", "REDIS_URL": "redis://h/0"}

        with (
            mock.patch.dict(os.environ, variables),
            contextlib.redirect_stdout(io.StringIO()) as printed,
        ):
            code = command.run(parser.parse_args(["env", "--profile", "run"]))

        self.assertEqual(code, 0)
        self.assertEqual(
            printed.getvalue(),
            "export DATABASE_URL='postgresql://u@h/n?a=1&b=2'\nexport REDIS_URL=redis://h/0\n",
        )
