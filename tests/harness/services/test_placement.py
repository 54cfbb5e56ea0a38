import os
import tempfile
from pathlib import Path
from unittest import mock

from quality_harness.gate import CouldNotRun
from quality_harness.services import placement
from quality_harness.services.home import Account, Home
from quality_harness.services.location import Location, write_location
from tests.harness.services.homes import HomeCase

ROOT = Account(0, 0)
USER = Account(1000, 100)
STAND_IN = Account(65533, 65533)


class FindNobodyTests(HomeCase):
    def test_finds_an_account_that_is_not_root(self) -> None:
        self.assertNotEqual(placement.find_nobody().uid, 0)

    def test_a_machine_without_it_gets_a_message(self) -> None:
        with (
            mock.patch.object(placement.pwd, "getpwnam", side_effect=KeyError),
            self.assertRaisesRegex(CouldNotRun, "has no user `nobody`"),
        ):
            placement.find_nobody()


class ServerAccountTests(HomeCase):
    def test_an_ordinary_user_runs_it_himself(self) -> None:
        self.assertEqual(placement.server_account(1000, USER), USER)

    def test_an_ordinary_user_does_so_in_the_folder_of_another_too(self) -> None:
        self.assertEqual(placement.server_account(1001, USER), Account(1001, os.getegid()))

    def test_root_has_the_owner_run_it(self) -> None:
        self.assertEqual(placement.server_account(0, USER), USER)

    def test_root_has_nobody_run_what_is_its_own(self) -> None:
        self.assertEqual(placement.server_account(0, ROOT, lambda: STAND_IN), STAND_IN)


class PlaceTests(HomeCase):
    """As `STAND_IN` is never who runs the tests, they hold for root and for a user."""

    def setUp(self) -> None:
        super().setUp()
        self.home.make()
        self.owner = self.home.owner

    def test_an_ordinary_user_keeps_all_inside(self) -> None:
        location = placement.place(self.home, self.owner.uid, self.owner, self.owner)

        inside = self.home.directory / "postgres"
        self.assertEqual(
            location, Location(inside / "data", inside / "socket", self.home.directory)
        )

    def test_all_stays_inside_where_the_server_can_enter(self) -> None:
        self.root.chmod(0o711)

        location = placement.place(self.home, self.owner.uid, self.owner, STAND_IN)

        self.assertEqual(location.base, self.home.directory)

    def test_who_runs_it_himself_keeps_all_inside_whatever_lets_him_enter(self) -> None:
        self.root.chmod(0o700)

        location = placement.place(self.home, STAND_IN.uid, self.owner, STAND_IN)

        self.assertEqual(location.base, self.home.directory)

    def test_all_is_outside_where_the_server_cannot_enter(self) -> None:
        self.root.chmod(0o700)

        location = placement.place(self.home, self.owner.uid, self.owner, STAND_IN)

        self.assertRegex(str(location.base), rf"/quality-harness-{self.owner.uid}-[0-9a-f]{{16}}$")
        self.assertEqual(location.data, location.base / "postgres" / "data")
        self.assertEqual(location.socket, location.base / "postgres" / "socket")

    def test_only_the_socket_is_outside_where_its_path_would_be_too_long(self) -> None:
        deep = Home(self.root / ("d" * 80), "test")

        location = placement.place(deep, self.owner.uid, self.owner, self.owner)

        self.assertEqual(location.data, deep.directory / "postgres" / "data")
        self.assertEqual(location.socket, location.base / "postgres" / "socket")

    def test_the_longest_path_that_fits_stays_inside(self) -> None:
        rest = len("/.services/test/postgres/socket/.s.PGSQL.5432")
        longest = Path("/" + "d" * (placement.LONGEST_SOCKET_PATH - rest - 1))

        inside = placement.place(Home(longest, "test"), 1, USER, Account(1, 1))
        outside = placement.place(Home(Path(f"{longest}d"), "test"), 1, USER, Account(1, 1))

        self.assertEqual(inside.base, longest / ".services" / "test")
        self.assertNotEqual(outside.base, longest / ".services" / "test")

    def place_of_the_probe(self, memory: Path) -> Location:
        """Return where the probe's server is placed where `memory` is the folder in memory."""
        probe = Home(self.root, "probe")
        with mock.patch.object(placement, "MEMORY", memory):
            return placement.place(probe, self.owner.uid, self.owner, self.owner)

    def test_the_data_of_the_probe_are_in_memory(self) -> None:
        with mock.patch.object(placement, "ROOM", 0):
            location = self.place_of_the_probe(self.root)

        self.assertEqual(location.base.parent, self.root)
        self.assertEqual(location.data, location.base / "postgres" / "data")
        self.assertEqual(location.socket, location.base / "postgres" / "socket")

    def test_the_data_of_other_profiles_are_not(self) -> None:
        with mock.patch.multiple(placement, MEMORY=self.root, ROOM=0):
            location = placement.place(self.home, self.owner.uid, self.owner, self.owner)

        self.assertEqual(location.base, self.home.directory)

    def test_where_memory_has_no_room_they_are_inside(self) -> None:
        with mock.patch.object(placement, "ROOM", 1 << 80):
            location = self.place_of_the_probe(self.root)

        self.assertEqual(location.base, self.root / ".services/probe")

    def test_where_nothing_may_run_in_memory_they_are_inside(self) -> None:
        system = mock.Mock(f_flag=os.ST_NOEXEC, f_bavail=1 << 40, f_frsize=4096)
        with mock.patch.object(os, "statvfs", return_value=system):
            location = self.place_of_the_probe(self.root)

        self.assertEqual(location.base, self.root / ".services/probe")

    def test_where_there_is_no_such_folder_they_are_inside(self) -> None:
        location = self.place_of_the_probe(self.root / "missing")

        self.assertEqual(location.base, self.root / ".services/probe")

    def test_each_profile_has_its_own_folder_outside(self) -> None:
        run = Home(self.root, "run")

        self.assertNotEqual(
            placement.outside_folder(self.home, self.owner, self.owner),
            placement.outside_folder(run, self.owner, self.owner),
        )

    def test_the_first_usable_temporary_folder_is_taken(self) -> None:
        folders = (self.root / "missing", self.root)
        with mock.patch.object(placement, "temporary_folders", return_value=folders):
            outside = placement.outside_folder(self.home, self.owner, self.owner)

        self.assertEqual(outside.parent, self.root)

    def test_without_a_usable_temporary_folder_there_is_a_message(self) -> None:
        missing = self.root / "missing"
        with (
            mock.patch.object(placement, "temporary_folders", return_value=(missing, missing)),
            self.assertRaisesRegex(CouldNotRun, "cannot be used in its place"),
        ):
            placement.outside_folder(self.home, self.owner, self.owner)

    def test_the_temporary_folders_follow_the_environment(self) -> None:
        self.assertIn(Path(tempfile.gettempdir()), placement.temporary_folders())


class MakeFoldersTests(HomeCase):
    def setUp(self) -> None:
        super().setUp()
        self.home.make()
        self.owner = self.home.owner
        self.base = self.root / "outside"
        folder = self.base / "postgres"
        self.outside = Location(folder / "data", folder / "socket", self.base)

    def make(self, location: Location) -> None:
        placement.make_folders(self.home, location, self.owner, self.owner)

    def test_nobody_else_can_enter_the_folder_of_the_socket(self) -> None:
        self.make(self.outside)

        self.assertEqual(self.outside.socket.stat().st_mode & 0o777, 0o700)
        self.assertEqual(self.base.stat().st_mode & 0o777, 0o711)

    def test_inside_of_the_project_needs_no_folder_outside(self) -> None:
        folder = self.home.directory / "postgres"

        self.make(Location(folder / "data", folder / "socket", self.home.directory))

        self.assertEqual(folder.stat().st_mode & 0o777, 0o700)
        self.assertTrue((folder / "socket").is_dir())

    def test_the_data_directory_is_not_made(self) -> None:
        self.make(self.outside)

        self.assertFalse(self.outside.data.exists())

    def test_data_whose_home_was_removed_is_removed_too(self) -> None:
        self.outside.data.mkdir(parents=True)

        self.make(self.outside)

        self.assertFalse(self.outside.data.exists())

    def test_data_of_this_home_stays(self) -> None:
        self.outside.data.mkdir(parents=True)
        write_location(self.home, self.outside)

        self.make(self.outside)

        self.assertTrue(self.outside.data.exists())

    def test_a_link_in_the_folders_place_is_refused_and_left_alone(self) -> None:
        target = self.root / "target"
        (target / "postgres").mkdir(parents=True)
        self.base.symlink_to(target)

        with self.assertRaisesRegex(CouldNotRun, "belongs to another user or is a link"):
            self.make(self.outside)

        self.assertTrue((target / "postgres").exists())

    def test_a_folder_of_someone_else_is_refused_and_left_alone(self) -> None:
        self.base.mkdir()
        someone = Account(self.owner.uid + 1, self.owner.gid)

        with self.assertRaisesRegex(CouldNotRun, "belongs to another user or is a link"):
            placement.make_folders(self.home, self.outside, someone, self.owner)

        self.assertTrue(self.base.exists())
