"""Homes of services in temporary folders, for the tests of the services."""

import os
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from quality_harness import services
from quality_harness.services.home import Home
from quality_harness.services.location import Location

VARIABLES = ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE")


def bare_environment() -> dict[str, str]:
    """Return this process's variables without those that name servers."""
    return {name: value for name, value in os.environ.items() if name not in VARIABLES}


class HomeCase(unittest.TestCase):
    """A test with a project of its own and no server yet: `self.root`, `self.home`."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name).resolve()
        self.home = Home(self.root, "test")
        patched = mock.patch.dict(os.environ, bare_environment(), clear=True)
        patched.start()
        self.addCleanup(patched.stop)

    def location(self) -> Location:
        """Make the home's folders and return a place for PostgreSQL inside of it."""
        self.home.make()
        folder = self.home.directory / "postgres"
        location = Location(folder / "data", folder / "socket", self.home.directory)
        location.data.mkdir(parents=True)
        location.socket.mkdir()
        return location

    def stop_services(self) -> None:
        """End what a test may have started."""
        services.stop(self.root)
