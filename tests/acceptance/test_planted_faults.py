import contextlib
import io
import unittest

from tests.acceptance.planted_faults import FAULTS, chosen_faults


class ChosenFaultsTests(unittest.TestCase):
    def refuse(self, *argv: str) -> tuple[int | str | None, str]:
        """Return the exit code and what was printed."""
        printed = io.StringIO()
        with (
            contextlib.redirect_stdout(printed),
            contextlib.redirect_stderr(printed),
            self.assertRaises(SystemExit) as ended,
        ):
            chosen_faults(argv)
        return ended.exception.code, printed.getvalue()

    def test_all_without_a_name(self):
        self.assertEqual(chosen_faults([]), list(FAULTS))

    def test_those_that_are_named(self):
        names = [fault.name for fault in chosen_faults(["new-route", "dead-link"])]

        self.assertEqual(names, ["new-route", "dead-link"])

    def test_an_unknown_name_is_refused_with_those_there_are(self):
        code, printed = self.refuse("new-route", "new-rout")

        self.assertEqual(code, 2)
        self.assertIn("no fault is called new-rout; NAME is one of: unformatted-file,", printed)

    def test_help_plants_nothing(self):
        code, printed = self.refuse("--help")

        self.assertEqual(code, 0)
        self.assertIn('make faults [ARGS="NAME ..."]', printed)
