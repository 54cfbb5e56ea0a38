import os
import tempfile
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from unittest import mock

from quality_harness.gate import CouldNotRun
from quality_harness.services.home import (
    Account,
    find_home,
    find_root,
    make_directory,
    new_owner,
    write_file,
)
from tests.harness.services.homes import HomeCase


def current_account() -> Account:
    return Account(os.geteuid(), os.getegid())


class FindHomeTests(HomeCase):
    def test_takes_the_root_that_is_given(self) -> None:
        home = find_home(self.root, "run")

        self.assertEqual(home.directory, self.root / ".services" / "run")

    def test_resolves_links_so_that_every_way_leads_to_the_same_home(self) -> None:
        link = self.root / "link"
        link.symlink_to(self.root)

        self.assertEqual(find_home(link, "test"), self.home)

    def test_refuses_an_unknown_profile(self) -> None:
        with self.assertRaisesRegex(
            CouldNotRun, "no profile 'prod'. The profiles are test, run, clock"
        ):
            find_home(self.root, "prod")

    def test_without_a_root_finds_the_project_of_the_current_folder(self) -> None:
        (self.root / "pyproject.toml").touch()
        (self.root / "inner").mkdir()

        with mock.patch.object(Path, "cwd", return_value=self.root / "inner"):
            home = find_home(None, "test")

        self.assertEqual(home, self.home)


class FindRootTests(HomeCase):
    def test_a_git_worktree_is_a_project(self) -> None:
        (self.root / "a" / "b").mkdir(parents=True)
        (self.root / "a" / ".git").write_text("gitdir: elsewhere\n")

        self.assertEqual(find_root(self.root / "a" / "b"), self.root / "a")

    def test_the_nearest_project_wins(self) -> None:
        (self.root / ".git").mkdir()
        (self.root / "inner").mkdir()
        (self.root / "inner" / "pyproject.toml").touch()

        self.assertEqual(find_root(self.root / "inner"), self.root / "inner")

    def test_outside_of_any_project_there_is_a_message(self) -> None:
        with self.assertRaisesRegex(CouldNotRun, "/nowhere/at/all is in no project"):
            find_root(Path("/nowhere/at/all"))


class MakeTests(HomeCase):
    def test_git_ignores_the_folder_in_any_project(self) -> None:
        self.home.make()

        self.assertEqual((self.home.services / ".gitignore").read_text(), "*\n")

    def test_making_it_again_changes_nothing(self) -> None:
        self.home.make()
        (self.home.services / ".gitignore").write_text("mine\n")

        self.home.make()

        self.assertEqual((self.home.services / ".gitignore").read_text(), "mine\n")

    def test_the_owner_is_who_made_it(self) -> None:
        self.home.make()

        self.assertEqual(self.home.owner.uid, os.geteuid())


class MakeDirectoryTests(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name) / "made"

    def test_the_mode_holds_whatever_the_umask(self) -> None:
        self.addCleanup(os.umask, os.umask(0o077))

        make_directory(self.path, current_account(), 0o711)

        self.assertEqual(self.path.stat().st_mode & 0o777, 0o711)

    def test_a_folder_that_exists_stays_as_it_is(self) -> None:
        self.path.mkdir(mode=0o750)

        make_directory(self.path, current_account(), 0o711)

        self.assertEqual(self.path.stat().st_mode & 0o777, 0o750)


class WriteFileTests(HomeCase):
    def test_several_that_write_the_same_file_at_once_all_succeed(self) -> None:
        folder = self.enterContext(tempfile.TemporaryDirectory())
        path, owner = Path(folder, "record"), Account(os.getuid(), os.getgid())
        texts = [str(number % 10) * 500 for number in range(400)]

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda text: write_file(path, text, owner), texts))

        self.assertIn(path.read_text(), texts)
        self.assertEqual(path.stat().st_mode & 0o777, 0o600)
        self.assertEqual(os.listdir(folder), ["record"])


class NewOwnerTests(unittest.TestCase):
    def test_root_gives_what_it_makes_to_the_owner(self) -> None:
        self.assertEqual(new_owner(0, Account(1000, 100)), (1000, 100))

    def test_a_user_keeps_what_he_makes(self) -> None:
        self.assertEqual(new_owner(1000, Account(1000, 100)), (-1, -1))
