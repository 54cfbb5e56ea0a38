"""Work that is shared out between processes."""

import multiprocessing
import os
import time
from unittest import mock

from django.test import SimpleTestCase

from quality_harness.gate import CouldNotRun
from quality_harness.testing.endpoints.sharing import Share, shared

PARTS = 20


def take(share: Share) -> list[int]:
    """Take parts, and leave the others time to take some."""
    taken = []
    for number in share.numbers(PARTS):
        taken.append(number)
        time.sleep(0.005)
    return taken


class SharedTests(SimpleTestCase):
    def setUp(self) -> None:
        super().setUp()
        # A worker of the test run is a daemon, and daemons may not have children.
        config = multiprocessing.current_process()._config
        self.enterContext(mock.patch.dict(config, daemon=False))

    def test_each_part_is_done_once(self) -> None:
        answers = shared(3, take)
        self.assertEqual(len(answers), 3)
        self.assertEqual(sorted(sum(answers, [])), list(range(PARTS)))

    def test_the_work_is_done_in_processes_of_which_this_is_the_first(self) -> None:
        answers = shared(2, lambda share: (share.process, os.getpid()))
        self.assertEqual([process for process, _ in answers], [0, 1])
        self.assertEqual(answers[0][1], os.getpid())
        self.assertNotEqual(answers[1][1], os.getpid())

    def test_one_process_forks_no_other(self) -> None:
        self.assertEqual(shared(1, take), [list(range(PARTS))])

    def test_a_process_that_dies_is_told(self) -> None:
        with self.assertRaisesRegex(CouldNotRun, "A process broke off with exit code 3"):
            shared(2, lambda share: share.process and os._exit(3))

    def test_where_this_process_fails_the_others_are_ended(self) -> None:
        def work(share: Share) -> None:
            if share.process:
                time.sleep(600)
            raise ValueError("broken")

        with self.assertRaisesRegex(ValueError, "broken"):
            shared(2, work)

    def test_a_process_whose_parent_is_gone_takes_no_more(self) -> None:
        parent = mock.Mock()
        parent.is_alive.side_effect = [True, True, False]
        share = Share(multiprocessing.Value("L", 0), 1)
        with mock.patch.object(multiprocessing, "parent_process", return_value=parent):
            self.assertEqual(list(share.numbers(PARTS)), [0, 1])
