"""How a process knows the epoch without asking for it during a request."""

import time
from unittest import mock

from django.db import DatabaseError, connections
from django.test import TransactionTestCase

from common.caching import epochs
from common.models import CacheEpoch

from ..helpers import CommittingTests


class EpochTests(CommittingTests, TransactionTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.reader = epochs._Reader()
        self.addCleanup(self.reader.stop)

    def wait_for(self, condition) -> None:
        deadline = time.monotonic() + 60
        while not condition():
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.005)

    def test_the_first_one_is_none(self) -> None:
        self.assertEqual(self.reader.number(), 0)

    def test_it_shows_its_number(self) -> None:
        self.assertEqual(str(CacheEpoch(number=3)), "3")

    def test_another_one_is_known_when_the_earlier_is_no_longer_believed(self) -> None:
        self.reader.number()
        epochs.begin_another()
        time.sleep(epochs.BELIEVED)
        self.assertEqual(self.reader.number(), 1)

    def test_it_is_read_ahead(self) -> None:
        self.reader.number()
        epochs.begin_another()
        self.wait_for(lambda: self.reader._number == 1)
        self.assertEqual(self.reader._number, 1)

    def test_without_requests_nobody_reads_it(self) -> None:
        with mock.patch.object(epochs, "IDLE_AFTER", 0.0):
            self.reader.number()
            self.wait_for(lambda: self.reader._thread is None)
        self.assertEqual(self.reader.number(), 0)

    def test_without_a_database_the_last_one_goes_on(self) -> None:
        self.reader.number()
        with mock.patch.object(self.reader, "_ask", side_effect=DatabaseError):
            time.sleep(2 * epochs.BELIEVED)
            self.assertEqual(self.reader.number(), 0)

    def test_without_a_database_the_first_one_is_not_known(self) -> None:
        with mock.patch.object(self.reader, "_ask", side_effect=DatabaseError):
            self.assertIsNone(self.reader.number())

    def test_where_the_database_hangs_it_is_not_known(self) -> None:
        with self.reader._lock, mock.patch.object(epochs, "PATIENCE", 0.01):
            self.assertIsNone(self.reader.number())

    def test_a_connection_that_was_lost_is_made_anew(self) -> None:
        self.reader.number()
        self.reader.stop()
        self.reader._select()
        self.reader._connection.close()
        self.assertEqual(self.reader._select(), 0)

    def test_who_waited_for_the_lock_takes_what_was_read_meanwhile(self) -> None:
        class Late:
            def acquire(lock, timeout: float) -> bool:
                self.reader._number, self.reader._believed_until = 7, time.monotonic() + 9
                return True

            def release(lock) -> None:
                pass

        self.reader._lock, self.reader._thread = Late(), mock.Mock()
        self.assertEqual(self.reader.number(), 7)

    def test_a_forked_process_reads_by_itself(self) -> None:
        before = epochs._reader
        self.addCleanup(setattr, epochs, "_reader", before)
        epochs._forget_parent()
        self.assertIsNot(epochs._reader, before)

    def test_its_connection_is_none_of_the_requests(self) -> None:
        connections["default"].ensure_connection()
        self.reader.number()
        self.assertIsNot(self.reader._connection, connections["default"].connection)
