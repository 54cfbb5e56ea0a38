"""What is kept in the store, who makes it, and when it is worth nothing."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier, Event
from unittest import mock

from django.db import connection, transaction
from django.test import TransactionTestCase

from common import store
from common.caching import Outcome, Place, entries, epochs, invalidate, invalidation, obtain
from common.caching import obtaining
from common.models import CacheEpoch
from common.store import StoreAway

from ..helpers import CommittingTests, no_store

PLACE = Place("place", ("tag", "other"))


def away(*arguments: object) -> None:
    raise StoreAway("It is away.")


@contextmanager
def store_is_away() -> Iterator[None]:
    with mock.patch.object(store.Store, "run", away):
        yield


class CachingTestCase(CommittingTests, TransactionTestCase):
    def obtain(self, value: bytes | None = b"new") -> tuple[str, bytes | None]:
        found = obtain(PLACE, lambda: value)
        return found.outcome.value, found.payload


class ObtainTests(CachingTestCase):
    def test_what_was_made_is_kept(self) -> None:
        self.assertEqual(self.obtain(b"one\ntwo"), ("miss", b"one\ntwo"))
        self.assertEqual(self.obtain(), ("hit", b"one\ntwo"))

    def test_a_store_that_has_forgotten_the_scripts_is_told_them_again(self) -> None:
        store.default()._client().script_flush()
        self.assertEqual(self.obtain(b"kept"), ("miss", b"kept"))
        self.assertEqual(self.obtain(), ("hit", b"kept"))

    def test_another_place_is_another_value(self) -> None:
        self.obtain(b"here")
        self.assertEqual(obtain(Place("there", ("tag",)), lambda: b"x").outcome, Outcome.MISS)

    def test_a_hit_makes_no_query_and_one_round_trip(self) -> None:
        self.obtain(b"kept")
        connected = store.default()._client().connection
        wrapped = mock.patch.object(
            connected, "send_packed_command", wraps=connected.send_packed_command
        )
        with wrapped as send, self.assertNumQueries(0):
            self.assertEqual(self.obtain(), ("hit", b"kept"))
        self.assertEqual(send.call_count, 1)

    def test_what_is_not_to_be_kept_is_made_again(self) -> None:
        self.assertEqual(self.obtain(None), ("miss", None))
        self.assertEqual(self.obtain(b"now"), ("alone", b"now"))
        self.assertEqual(self.obtain(), ("hit", b"now"))

    def test_an_error_is_the_callers_and_holds_up_nobody(self) -> None:
        def fail() -> bytes:
            raise ValueError("broken")

        with self.assertRaisesMessage(ValueError, "broken"):
            obtain(PLACE, fail)
        self.assertEqual(self.obtain(), ("alone", b"new"))

    def test_what_a_transaction_reads_is_nobody_elses(self) -> None:
        self.obtain(b"kept")
        with transaction.atomic():
            self.assertEqual(self.obtain(b"own"), ("private", b"own"))
        self.assertEqual(self.obtain(), ("hit", b"kept"))

    def test_without_a_store_the_value_is_made(self) -> None:
        with no_store(), self.assertLogs("common.store"):
            self.assertEqual(self.obtain(), ("away", b"new"))

    def test_a_store_that_goes_away_in_between_makes_no_difference(self) -> None:
        for name in ("lease", "fill"):
            with self.subTest(name), mock.patch.object(entries, name, away):
                self.assertEqual(self.obtain(b"made")[1], b"made")

    def test_an_entry_is_kept_for_five_minutes(self) -> None:
        self.obtain()
        client = store.default()._client()
        left = client.pttl(entries.value_keys(client, PLACE)[0])
        self.assertTrue(290_000 < left <= 300_000, left)

    def test_what_an_earlier_start_of_the_server_kept_is_not_shown(self) -> None:
        self.obtain(b"before")
        connected = store.default()._client().connection
        with mock.patch.object(connected, "start", "another"):
            self.assertEqual(self.obtain(b"after"), ("miss", b"after"))


class InvalidateTests(CachingTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.obtain(b"old")

    def generation_left(self) -> int:
        client = store.default()._client()
        return client.pttl(entries.generation_keys(client, ("tag",))[0])

    def test_either_tag_makes_it_worth_nothing(self) -> None:
        for tag in PLACE.tags:
            invalidate(tag)
            self.assertEqual(self.obtain(tag.encode()), ("miss", tag.encode()))

    def test_another_tag_does_not(self) -> None:
        invalidate("unrelated")
        self.assertEqual(self.obtain(), ("hit", b"old"))

    def test_before_the_commit_the_old_value_is_shown(self) -> None:
        # However long the commit takes here.
        long = mock.patch.object(invalidation, "UNCERTAIN_MS", 60_000)
        with long, transaction.atomic():
            invalidate("tag")
            with ThreadPoolExecutor(1) as threads:
                self.assertEqual(threads.submit(self.elsewhere).result(), ("hit", b"old"))
        self.assertEqual(self.obtain(), ("miss", b"new"))

    def elsewhere(self) -> tuple[str, bytes | None]:
        try:
            return self.obtain(b"elsewhere")
        finally:
            connection.close()
            store.default().close()

    def test_what_was_read_before_the_commit_is_not_kept_after_it(self) -> None:
        def make() -> bytes:
            invalidate("tag")  # Somebody commits while the old row is on its way.
            return b"old row"

        invalidate("tag")
        self.assertEqual(obtain(PLACE, make).payload, b"old row")
        self.assertEqual(self.obtain(), ("miss", b"new"))

    def test_what_comes_too_late_takes_no_newer_ones_place(self) -> None:
        def make() -> bytes:
            invalidate("tag")
            self.obtain(b"newer")
            return b"old row"

        invalidate("tag")
        obtain(PLACE, make)
        self.assertEqual(self.obtain(), ("hit", b"newer"))

    def test_several_changes_of_a_transaction_are_one(self) -> None:
        wrapped = mock.patch.object(invalidation, "_renew", wraps=invalidation._renew)
        with wrapped as renew, transaction.atomic():
            invalidate("tag")
            invalidate("other", "tag")
        self.assertEqual(renew.call_count, 1)
        self.assertEqual(self.obtain(), ("miss", b"new"))

    def test_after_the_commit_a_generation_lives_on(self) -> None:
        invalidate("tag")
        self.assertGreater(self.generation_left(), 80_000_000)

    def test_a_writer_that_died_is_found_out(self) -> None:
        with transaction.atomic():
            invalidate("tag")
            transaction.set_rollback(True)
        self.assertLessEqual(self.generation_left(), 100)
        time.sleep(0.11)
        self.assertEqual(self.obtain(b"again"), ("miss", b"again"))
        # It may still commit, for all that anybody knows.
        self.assertLessEqual(self.generation_left(), 100)

    def test_who_commits_does_not_vouch_for_who_does_not(self) -> None:
        with transaction.atomic():
            invalidate("tag")
            another = mock.patch.object(invalidation, "_announced", invalidation._Announced())
            commits = mock.patch.object(transaction, "on_commit", lambda run, robust: run())
            with another, commits:
                invalidate("tag")
            self.assertLessEqual(self.generation_left(), 100)

    def test_what_a_rolled_back_transaction_announced_is_made_up_for(self) -> None:
        with transaction.atomic():
            invalidate("tag")
            transaction.set_rollback(True)
        invalidate("unrelated")
        self.assertGreater(self.generation_left(), 80_000_000)
        self.assertEqual(self.obtain(), ("miss", b"new"))


class AwayTests(CachingTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.obtain(b"old")

    def test_a_change_that_the_store_was_not_told_begins_an_epoch(self) -> None:
        with store_is_away():
            invalidate("tag")
            invalidate("tag")
        self.assertEqual(CacheEpoch.objects.get().number, 2)
        self.assertEqual(self.obtain(), ("miss", b"new"))
        self.assertEqual(self.obtain(), ("hit", b"new"))

    def test_everything_of_the_earlier_epoch_is_gone(self) -> None:
        with store_is_away():
            invalidate("unrelated")
        self.assertEqual(self.obtain(), ("miss", b"new"))

    def test_an_epoch_of_a_transaction_that_is_rolled_back_never_was(self) -> None:
        with store_is_away(), transaction.atomic():
            invalidate("tag")
            transaction.set_rollback(True)
        self.assertFalse(CacheEpoch.objects.exists())

    def test_the_answer_waits_until_nobody_believes_the_earlier_epoch(self) -> None:
        begun = time.monotonic()
        with store_is_away():
            invalidate("tag")
        self.assertGreaterEqual(time.monotonic() - begun, epochs.BELIEVED)

    def test_a_store_that_dies_during_the_commit_forgets_by_itself(self) -> None:
        begun = time.monotonic()
        with transaction.atomic():
            invalidate("tag")
            self.enterContext(mock.patch.object(invalidation, "_renew", away))
        self.assertGreaterEqual(time.monotonic() - begun, invalidation.FORGOTTEN_AFTER)
        self.assertEqual(self.obtain(), ("miss", b"new"))
        self.assertFalse(CacheEpoch.objects.exists())

    def test_without_a_known_epoch_nothing_is_believed(self) -> None:
        with mock.patch.object(epochs, "current", lambda: None):
            self.assertEqual(self.obtain(), ("away", b"new"))

    def test_what_a_later_epoch_kept_is_shown_to_who_does_not_know_it_yet(self) -> None:
        with mock.patch.object(epochs, "current", lambda: -1):
            self.assertEqual(self.obtain(), ("hit", b"old"))


class StampedeTests(CachingTestCase):
    """Many at once, each in a thread with its own connections."""

    READERS = 20

    def setUp(self) -> None:
        super().setUp()
        # A busy machine is no reason to count a maker as dead.
        self.enterContext(mock.patch.object(entries, "LEASE_MS", 60_000))
        self.enterContext(mock.patch.object(obtaining, "PATIENCE", 60))

    def all_at_once(self, make) -> list[tuple[str, bytes | None]]:
        barrier = Barrier(self.READERS, timeout=60)

        def read() -> tuple[str, bytes | None]:
            try:
                barrier.wait()
                found = obtain(PLACE, make)
                return found.outcome.value, found.payload
            finally:
                store.default().close()

        with ThreadPoolExecutor(self.READERS) as threads:
            return [each.result() for each in [threads.submit(read) for _ in range(self.READERS)]]

    def test_a_value_is_made_once(self) -> None:
        made = []

        def make() -> bytes:
            made.append(1)
            time.sleep(0.05)
            return b"made"

        for _ in range(3):
            invalidate("tag")
            found = self.all_at_once(make)
            self.assertEqual({payload for _, payload in found}, {b"made"})
        self.assertEqual(len(made), 3)

    def test_nobody_waits_for_long(self) -> None:
        begun, stop = Event(), Event()
        self.addCleanup(stop.set)
        first = iter([True])

        def make() -> bytes:
            if next(first, False):
                begun.set()
                stop.wait(60)
            return b"made"

        with mock.patch.object(obtaining, "PATIENCE", 0.1), ThreadPoolExecutor(1) as threads:
            slow = threads.submit(self.slowly, make)
            begun.wait(60)
            self.assertEqual(obtain(PLACE, make).outcome, Outcome.ALONE)
            stop.set()
            slow.result()
        self.assertEqual(self.obtain(), ("hit", b"made"))

    def slowly(self, make) -> None:
        try:
            obtain(PLACE, make)
        finally:
            store.default().close()

    def test_who_died_is_replaced(self) -> None:
        with mock.patch.object(entries, "LEASE_MS", 50):
            entries.lease(PLACE, 0)  # and never heard of again
        found = self.all_at_once(lambda: b"made")
        self.assertEqual([outcome for outcome, _ in found].count("miss"), 1, found)

    def test_where_there_is_no_value_nobody_waits_for_one(self) -> None:
        begun = time.monotonic()
        found = self.all_at_once(lambda: None)
        self.assertEqual({payload for _, payload in found}, {None})
        self.assertLess(time.monotonic() - begun, 30)

    def test_nobody_waits_for_what_was_changed_meanwhile(self) -> None:
        entries.lease(PLACE, 0)
        invalidate("tag")
        self.assertEqual(self.obtain(), ("miss", b"new"))
