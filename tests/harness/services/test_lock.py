import fcntl
import os
from unittest import mock

from quality_harness.gate import CouldNotRun
from quality_harness.services import lock
from quality_harness.services.home import Account
from tests.harness.services.homes import HomeCase

OWNER = Account(os.geteuid(), os.getegid())


def lowest_free_descriptor() -> int:
    descriptor = os.open(os.devnull, os.O_RDONLY)
    os.close(descriptor)
    return descriptor


class LockedTests(HomeCase):
    def setUp(self) -> None:
        super().setUp()
        self.path = self.root / "lock"

    def test_names_its_holder(self) -> None:
        with lock.locked(self.path, OWNER):
            self.assertEqual(self.path.read_text(), str(os.getpid()))

    def test_is_free_again_afterwards(self) -> None:
        with lock.locked(self.path, OWNER):
            pass

        with lock.locked(self.path, OWNER, patience=0):
            self.assertTrue(self.path.exists())

    def refused(self) -> str:
        """Return what someone who may not wait is told."""
        with self.assertRaises(CouldNotRun) as caught, lock.locked(self.path, OWNER, patience=0):
            self.fail("the lock was given twice")
        return str(caught.exception)

    def test_who_waits_too_long_learns_who_holds_it(self) -> None:
        with lock.locked(self.path, OWNER):
            self.assertEqual(
                self.refused(),
                f"Process {os.getpid()} has been starting or stopping the services for more than "
                f"0 seconds (lock: {self.path}). Wait for it or end it, then try again.",
            )

    def test_a_holder_that_did_not_sign_is_of_unknown_id(self) -> None:
        with self.path.open("w") as holder:
            fcntl.flock(holder, fcntl.LOCK_EX)

            self.assertIn("Process of unknown id has been starting", self.refused())

    def test_who_is_refused_leaves_no_file_open(self) -> None:
        with lock.locked(self.path, OWNER):
            before = lowest_free_descriptor()
            self.refused()

            self.assertEqual(lowest_free_descriptor(), before)

    def test_waits_for_the_holder(self) -> None:
        holder = os.open(self.path, os.O_RDWR | os.O_CREAT)
        fcntl.flock(holder, fcntl.LOCK_EX)

        def let_go(_: float) -> None:
            os.close(holder)

        with (
            mock.patch.object(lock.time, "sleep", side_effect=let_go) as slept,
            lock.locked(self.path, OWNER, patience=60),
        ):
            self.assertEqual(slept.call_count, 1)

    def test_a_lock_file_that_is_removed_meanwhile_does_not_count(self) -> None:
        removals = [self.path.unlink]

        def take(descriptor: int, operation: int) -> None:
            if removals:
                removals.pop()()

        with (
            mock.patch.object(lock.fcntl, "flock", side_effect=take) as flock,
            lock.locked(self.path, OWNER, patience=60),
        ):
            self.assertTrue(self.path.exists())

        self.assertEqual(flock.call_count, 2)
