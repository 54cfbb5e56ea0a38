"""What is told of rows that the old code cannot delete."""

from types import SimpleNamespace
from unittest import mock

from django.contrib.auth.models import Group, Permission
from django.db import Error
from django.test import SimpleTestCase

from quality_harness.migrations.probe import exercise
from quality_harness.migrations.probe.exercise import _Attempts


def error(sqlstate: str) -> Error:
    found = Error("refused")
    found.__cause__ = Error()
    found.__cause__.diag = SimpleNamespace(sqlstate=sqlstate, column_name=None)
    return found


class DeleteTests(SimpleTestCase):
    def told(self, group: str, permission: str, *, circle: bool = True) -> list[str]:
        """Return the models that are told of where all together, and then each, fail."""
        errors = iter([error("23503"), error(permission), error(group)])
        attempts = _Attempts(mock.Mock(), str, mock.Mock())
        with (
            mock.patch.object(exercise, "_error_of", lambda *_: next(errors)),
            mock.patch.object(exercise, "refers", return_value=circle),
        ):
            attempts.delete({Group: 1, Permission: 1})
        return [each.model.__name__ for each in attempts.failures]

    def test_what_holds_others_is_told_alone(self) -> None:
        self.assertEqual(self.told("23503", "42P01"), ["Permission"])

    def test_what_nobody_refers_to_is_told(self) -> None:
        self.assertEqual(self.told("23503", "23503", circle=False), ["Permission", "Group"])

    def test_a_circle_is_told(self) -> None:
        self.assertEqual(self.told("23503", "23001"), ["Permission", "Group"])
