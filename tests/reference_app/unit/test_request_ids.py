"""The ids of requests."""

from uuid import UUID

from django.test import SimpleTestCase

from celery.signals import before_task_publish, task_postrun, task_prerun

from common import request_ids
from config import celery_app


class RequestIdTests(SimpleTestCase):
    def setUp(self) -> None:
        self.addCleanup(request_ids.end)

    def test_the_callers_id_is_kept(self) -> None:
        self.assertEqual(request_ids.begin("abc-12345"), "abc-12345")
        self.assertEqual(request_ids.current_request_id(), "abc-12345")

    def test_without_one_it_is_new(self) -> None:
        first, second = request_ids.begin(None), request_ids.begin(None)
        self.assertNotEqual(UUID(first), UUID(second))

    def test_an_id_that_could_forge_a_line_of_the_log_is_replaced(self) -> None:
        offered = "abc-12345\nERROR forged"
        self.assertNotEqual(request_ids.begin(offered), offered)

    def test_an_id_that_is_too_long_is_replaced(self) -> None:
        self.assertNotEqual(request_ids.begin("x" * 65), "x" * 65)

    def test_it_is_forgotten_at_the_end(self) -> None:
        request_ids.begin("abc-12345")
        request_ids.end()
        self.assertEqual(request_ids.current_request_id(), "")


class TaskTests(SimpleTestCase):
    """A worker goes on under the id of the request that started the task."""

    def setUp(self) -> None:
        self.addCleanup(request_ids.end)
        self.task = celery_app.tasks["author.tasks.mail_publication"]

    def run_as_worker(self, eager: bool = False, **headers: str) -> tuple[str, str]:
        """Return the ids inside of the task and behind it."""
        self.task.push_request(is_eager=eager, **headers)
        self.addCleanup(self.task.pop_request)
        task_prerun.send(sender=self.task, task=self.task)
        inside = request_ids.current_request_id()
        task_postrun.send(sender=self.task, task=self.task)
        return inside, request_ids.current_request_id()

    def test_a_task_carries_it(self) -> None:
        headers: dict[str, str] = {}
        request_ids.begin("abc-12345")
        before_task_publish.send(sender=self.task.name, headers=headers)
        self.assertEqual(headers, {"request_id": "abc-12345"})

    def test_a_worker_goes_on_under_it_and_forgets_it(self) -> None:
        self.assertEqual(self.run_as_worker(request_id="abc-12345"), ("abc-12345", ""))

    def test_a_task_that_no_request_started_has_its_own(self) -> None:
        first, _ = self.run_as_worker()
        self.assertEqual(str(UUID(first)), first)

    def test_a_worker_writes_its_lines_as_the_web_server_does(self) -> None:
        self.assertIs(celery_app.conf.worker_hijack_root_logger, False)

    def test_a_task_run_inside_of_a_request_leaves_it_alone(self) -> None:
        request_ids.begin("abc-12345")
        self.assertEqual(self.run_as_worker(eager=True), ("abc-12345", "abc-12345"))
