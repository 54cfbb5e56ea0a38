"""What holds for every command of the app; the tests of each stand beside what it is about."""

from io import StringIO
from unittest import mock

from django.core.management import CommandError, call_command, get_commands, load_command_class
from django.test import SimpleTestCase

APPS = ("accounts", "author", "blog", "common")


class CommandTests(SimpleTestCase):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        ours = {name: app for name, app in get_commands().items() if app in APPS}
        cls.commands = {name: load_command_class(app, name) for name, app in ours.items()}

    def test_they_are_the_ones_that_the_documentation_names(self) -> None:
        self.assertLessEqual({"add_second_factor", "make_roles", "seed"}, set(self.commands))

    def test_each_says_what_it_does(self) -> None:
        for name, command in self.commands.items():
            self.assertTrue(command.help.endswith("."), name)

    def test_each_explains_its_arguments(self) -> None:
        for name, command in self.commands.items():
            for action in command.create_parser("manage.py", name)._actions:
                self.assertTrue(action.help, f"{name} {action.dest}")

    def test_an_argument_that_there_is_not_is_refused(self) -> None:
        for name in self.commands:
            with self.subTest(name), self.assertRaisesRegex(CommandError, "^Error: "):
                call_command(name, "--surprise", "1", "2", "3", stdout=StringIO())

    def test_what_is_wrong_is_told_in_one_sentence_and_not_in_a_traceback(self) -> None:
        command, stderr = self.commands["seed"], StringIO()
        with (
            mock.patch.object(command, "stderr", stderr),
            mock.patch.object(command, "requires_system_checks", []),
            self.assertRaises(SystemExit) as ended,
        ):
            command.run_from_argv(["manage.py", "seed", "--blogs", "-1"])
        self.assertEqual(ended.exception.code, 1)
        self.assertEqual(
            stderr.getvalue(),
            "CommandError: --blogs -1 makes nothing. Give a number from zero up.",
        )
