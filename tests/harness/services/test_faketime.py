import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from quality_harness.gate import CouldNotRun
from quality_harness.services import faketime
from quality_harness.services.location import clock_file


class PreloadTests(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def told(self, variables: dict[str, str]) -> float:
        """Return the seconds since 1970 that a program of these variables sees."""
        done = subprocess.run(
            [sys.executable, "-S", "-c", "import time; print(time.time())"],
            env=variables,
            capture_output=True,
            text=True,
            check=True,
        )
        return float(done.stdout)

    def test_a_program_sees_the_time_that_the_file_tells(self) -> None:
        variables = dict(faketime.preload(self.folder))
        true = self.told({})
        self.assertAlmostEqual(self.told(variables), true, delta=60)

        clock_file(self.folder).write_text("+1000000.500000\n")
        self.assertAlmostEqual(self.told(variables) - 1_000_000, true, delta=60)

        clock_file(self.folder).write_text("-1000000\n")
        self.assertAlmostEqual(self.told(variables) + 1_000_000, true, delta=60)

    def test_without_the_package_that_is_said(self) -> None:
        for found in (None, mock.Mock(submodule_search_locations=None)):
            with (
                mock.patch("importlib.util.find_spec", return_value=found),
                self.assertRaisesRegex(CouldNotRun, "libfaketime is not installed, so PostgreSQL"),
            ):
                faketime.preload(self.folder)

    def test_a_library_of_another_platform_is_refused(self) -> None:
        other = self.folder / "package" / faketime._LIBRARY
        other.parent.mkdir(parents=True)
        other.write_text("no library")
        found = mock.Mock(submodule_search_locations=[str(self.folder / "package")])

        with (
            mock.patch("importlib.util.find_spec", return_value=found),
            self.assertRaisesRegex(CouldNotRun, "libfaketime does not work as .*, so PostgreSQL"),
        ):
            faketime.preload(self.folder)

    def test_a_program_that_cannot_start_sees_nothing(self) -> None:
        with mock.patch.object(sys, "executable", "/bin/false"):
            self.assertFalse(faketime._works(self.folder / "library"))
