"""What requests did is taken back, and what slows them down is off."""

import logging
import sys
from unittest import mock

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import SimpleTestCase, TestCase, override_settings
from django.urls import path
from rest_framework.views import APIView

from quality_harness.testing.endpoints.surroundings import HASHER, cheap
from quality_harness.testing.endpoints.undoing import QueryCounter, go_back, undone
from tests.harness.testing.endpoint_projects import POST_OWNER, MatrixCase, posted

GOOD_HASHER = "django.contrib.auth.hashers.PBKDF2PasswordHasher"


class GoBackTests(TestCase):
    def test_what_was_made_is_gone_as_often_as_need_be(self) -> None:
        Group.objects.create(name="before")
        with undone():
            for _ in range(2):
                Group.objects.create(name="once")
                go_back(touched=True)
                self.assertFalse(Group.objects.filter(name="once").exists())
                self.assertTrue(Group.objects.filter(name="before").exists())

    def test_where_nothing_was_asked_no_statement_is_sent(self) -> None:
        with undone(), self.assertNumQueries(0):
            go_back(touched=False)

    def test_a_transaction_that_is_marked_as_failed_goes_on(self) -> None:
        with undone():
            transaction.set_rollback(True)
            go_back(touched=False)
            self.assertTrue(Group.objects.create(name="once").pk)

    def test_what_waits_for_the_commit_is_forgotten(self) -> None:
        with undone():
            transaction.on_commit(mock.Mock())
            go_back(touched=True)
            self.assertEqual(connection.run_on_commit, [])


class QueryCounterTests(TestCase):
    def test_queries_are_counted_inside_alone(self) -> None:
        with QueryCounter().installed() as queries:
            Group.objects.count()
            Group.objects.count()
        Group.objects.count()
        self.assertEqual(queries.count, 2)


class SeriesTests(MatrixCase):
    def test_what_a_role_or_a_body_made_is_not_there_for_the_next(self) -> None:
        seen = set()

        def view(request: HttpRequest) -> HttpResponse:
            seen.add(Group.objects.count())
            Group.objects.create(name="once")
            return HttpResponse(status=201)

        self.assert_found(self.found([path("a/", posted(view), name="it")], POST_OWNER))
        self.assertEqual(seen, {0})

    def test_a_view_that_only_marks_the_transaction_as_failed_stops_no_other(self) -> None:
        def view(request: HttpRequest) -> HttpResponse:
            transaction.set_rollback(True)
            return HttpResponse(status=201)

        self.assert_found(self.found([path("a/", posted(view), name="it")], POST_OWNER))


class CheapTests(SimpleTestCase):
    @override_settings(PASSWORD_HASHERS=[GOOD_HASHER])
    def test_passwords_are_hashed_in_no_time_and_old_ones_still_hold(self) -> None:
        with cheap():
            self.assertTrue(make_password("x").startswith("md5$"))
            self.assertEqual(settings.PASSWORD_HASHERS, [HASHER, GOOD_HASHER])
        self.assertEqual(settings.PASSWORD_HASHERS, [GOOD_HASHER])

    def test_nothing_is_logged_until_the_end(self) -> None:
        before = logging.root.manager.disable
        with cheap():
            self.assertFalse(logging.getLogger("django.request").isEnabledFor(logging.CRITICAL))
        self.assertEqual(logging.root.manager.disable, before)

    def test_nobody_is_throttled(self) -> None:
        throttle = mock.Mock()
        throttle.return_value.allow_request.return_value = False
        view = APIView()
        view.throttle_classes = [throttle]
        with cheap():
            view.check_throttles(mock.Mock())
        throttle.return_value.allow_request.assert_not_called()

    def test_a_project_without_the_rest_framework_needs_none(self) -> None:
        with mock.patch.dict(sys.modules):
            del sys.modules["rest_framework.views"]
            with cheap():
                self.assertTrue(make_password("x").startswith("md5$"))
