"""Two requests at the same time, in two threads with a connection each."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError, local
from typing import Any
from unittest import mock

from django.core import mail
from django.db import connection, transaction
from django.db.transaction import atomic
from django.shortcuts import get_object_or_404
from django.test import TransactionTestCase, tag
from django.utils import timezone
from rest_framework.test import APIClient

from accounts import _jwt, _passwords, _social
from accounts import _private as accounts
from accounts._providers import Identity
from accounts.errors import AccountError
from accounts.models import SocialAccount, User
from accounts.tasks import mail_password_reset
from author.models import Author
from author.tasks import mail_publication
from blog import _private
from blog._publication import publish_due_blogs
from blog.errors import BlogError
from blog.models import MAX_PUBLICATIONS_A_DAY, Blog, DailyPublications

from ..factories import (
    PASSWORD,
    PUBLISHED_AT,
    AuthorFactory,
    BlogFactory,
    UserFactory,
    editor,
    token_of,
)
from ..helpers import OwnCacheTests, address, mailed_token


def both_at_once(run: Callable[[], Any]) -> list[Any]:
    """Return what `run` gives in each of two threads that start together."""
    barrier = Barrier(2, timeout=60)

    def start() -> Any:
        try:
            connection.ensure_connection()
            barrier.wait()
            return run()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        return [future.result() for future in [threads.submit(start) for _ in range(2)]]


def outcomes(responses: list[Any]) -> list[tuple[int, str]]:
    return sorted(
        (answer.status_code, answer.json().get("error", {}).get("code", "")) for answer in responses
    )


@tag("slow")
class ConcurrencyTests(OwnCacheTests, TransactionTestCase):
    def test_of_two_publications_one_wins_and_one_mail_is_sent(self) -> None:
        blog = BlogFactory(reviewed=True)
        token = token_of(editor())

        def publish():
            client = APIClient(HTTP_AUTHORIZATION=f"Token {token}")
            return client.post(address("blog:publish", uuid=blog.uuid))

        found = outcomes(both_at_once(publish))
        self.assertEqual(found, [(200, ""), (409, BlogError.ILLEGAL_TRANSITION.code)])
        self.assertEqual(len(mail.outbox), 1)

    def test_of_two_rejections_one_wins_and_the_other_is_a_conflict(self) -> None:
        blog = BlogFactory(submitted=True)
        token = token_of(editor())

        def reject():
            client = APIClient(HTTP_AUTHORIZATION=f"Token {token}")
            return client.post(address("blog:reject", uuid=blog.uuid))

        # Both have seen the blog before either has its lock.
        barrier, seen = Barrier(2, timeout=60), local()

        def get(*args, **kwargs):
            found = get_object_or_404(*args, **kwargs)
            if not hasattr(seen, "blog"):
                seen.blog = found
                barrier.wait()
            return found

        with mock.patch("blog._private.get_object_or_404", get):
            found = outcomes(both_at_once(reject))
        self.assertEqual(found, [(200, ""), (409, BlogError.ILLEGAL_TRANSITION.code)])

    def test_of_two_registrations_of_one_email_one_wins(self) -> None:
        body = {"email": "ann@example.com", "password": PASSWORD, "name": "Ann"}
        # Both find the email free: the check of each waits for the check of the other.
        barrier = Barrier(2, timeout=60)
        check = accounts.refuse_taken_email

        def check_together(email: str) -> None:
            check(email)
            barrier.wait()

        with mock.patch.object(accounts, "refuse_taken_email", check_together):
            responses = both_at_once(
                lambda: APIClient().post(address("accounts:registration"), body)
            )
        self.assertEqual(sorted(answer.status_code for answer in responses), [201, 400])
        loser = next(answer for answer in responses if answer.status_code == 400)
        code = loser.json()["error"]["fields"]["email"][0]["code"]
        self.assertEqual(code, AccountError.EMAIL_TAKEN.code)
        self.assertEqual((User.objects.count(), Author.objects.count()), (1, 1))

    def test_of_two_uses_of_one_reset_link_one_wins(self) -> None:
        user = UserFactory()
        mail_password_reset(user.email)
        passwords, token = iter(["a new secret 1", "a new secret 2"]), mailed_token()
        # Whoever has passed the check of the token waits a moment for the other to pass it, too.
        both_passed = Barrier(2)
        check = _passwords.refuse_weak_password

        def check_late(*args) -> None:
            check(*args)
            with suppress(BrokenBarrierError):
                both_passed.wait(timeout=0.2)

        def reset():
            body = {"token": token, "password": next(passwords)}
            return body, APIClient().post(address("accounts:password-reset"), body)

        with mock.patch.object(_passwords, "refuse_weak_password", check_late):
            answers = both_at_once(reset)
        won = [body["password"] for body, response in answers if response.status_code == 204]
        lost = [response for _, response in answers if response.status_code != 204]
        self.assertEqual(outcomes(lost), [(400, AccountError.LINK_INVALID.code)])
        self.assertTrue(User.objects.get().check_password(won[0]))

    def test_of_two_uses_of_one_refresh_token_one_gets_a_pair(self) -> None:
        user = UserFactory()
        body = {"refresh": _jwt.log_in(email=user.email, password=PASSWORD).refresh}
        found = outcomes(
            both_at_once(lambda: APIClient().post(address("accounts:jwt-refresh"), body))
        )
        self.assertEqual(found, [(201, ""), (401, AccountError.TOKEN_INVALID.code)])

    def test_of_two_publications_on_a_day_with_room_for_one_one_wins(self) -> None:
        author, client_token = AuthorFactory(), token_of(editor())
        waiting = BlogFactory.create_batch(2, reviewed=True, author=author)
        DailyPublications.objects.create(
            author=author, day=timezone.now().date(), count=MAX_PUBLICATIONS_A_DAY - 1
        )
        places = iter([address("blog:publish", uuid=blog.uuid) for blog in waiting])

        def publish():
            client = APIClient(HTTP_AUTHORIZATION=f"Token {client_token}")
            return client.post(next(places))

        found = outcomes(both_at_once(publish))
        self.assertEqual(found, [(200, ""), (409, BlogError.DAY_IS_FULL.code)])
        self.assertEqual(Blog.objects.filter(state="published").count(), 1)

    def test_the_first_publications_of_a_day_are_both_counted(self) -> None:
        author, client_token = AuthorFactory(), token_of(editor())
        waiting = BlogFactory.create_batch(2, reviewed=True, author=author)
        places = iter([address("blog:publish", uuid=blog.uuid) for blog in waiting])

        def publish():
            client = APIClient(HTTP_AUTHORIZATION=f"Token {client_token}")
            return client.post(next(places))

        self.assertEqual(outcomes(both_at_once(publish)), [(200, ""), (200, "")])
        self.assertEqual(DailyPublications.objects.get().count, 2)

    def test_two_runs_publish_what_is_due_once(self) -> None:
        BlogFactory.create_batch(4, scheduled=True)
        published = both_at_once(lambda: publish_due_blogs(PUBLISHED_AT))
        self.assertEqual(sum(published), 4)
        self.assertEqual(len(mail.outbox), 4)

    def test_what_a_request_has_locked_is_left_to_it(self) -> None:
        locked, free = BlogFactory.create_batch(2, scheduled=True)
        with transaction.atomic():
            Blog.objects.select_for_update().get(pk=locked.pk)
            with ThreadPoolExecutor(1) as threads:
                count = threads.submit(self.run_elsewhere).result()
        self.assertEqual(count, 1)
        free.refresh_from_db()
        self.assertEqual(free.state, "published")

    def run_elsewhere(self) -> int:
        try:
            return publish_due_blogs(PUBLISHED_AT)
        finally:
            connection.close()

    def test_of_two_first_logins_elsewhere_both_lead_to_the_one_account(self) -> None:
        user = UserFactory(email="ann@example.com", email_verified_at=timezone.now())
        identity = Identity("google", "g-1", "ann@example.com", True, "Ann")
        # Both find the account elsewhere unknown.
        barrier = Barrier(2, timeout=60)
        find_user = _social._user_with_email

        def find_together(found: Identity) -> User:
            barrier.wait()
            return find_user(found)

        with mock.patch.object(_social, "_user_with_email", find_together):
            found = both_at_once(atomic(lambda: _social._user_of(identity)))
        self.assertEqual((found, SocialAccount.objects.count()), ([user, user], 1))

    def test_two_creations_with_one_key_make_one_blog(self) -> None:
        token = token_of(AuthorFactory().user)
        # Both find the key free before either has made its blog.
        barrier, create = Barrier(2, timeout=60), _private.create_blog

        def create_together(**fields):
            barrier.wait()
            return create(**fields)

        def post():
            client = APIClient(HTTP_AUTHORIZATION=f"Token {token}")
            headers = {"Idempotency-Key": "k-1"}
            return client.post(address("blog:list"), {"title": "First"}, headers=headers)

        with mock.patch.object(_private, "create_blog", create_together):
            responses = both_at_once(post)
        self.assertEqual([answer.status_code for answer in responses], [201, 201])
        self.assertEqual(len({answer.json()["uuid"] for answer in responses}), 1)
        self.assertEqual(Blog.objects.count(), 1)

    def test_of_two_tasks_for_one_blog_one_sends_the_mail(self) -> None:
        blog = BlogFactory(published=True)
        both_at_once(lambda: mail_publication.delay(str(blog.uuid)))
        self.assertEqual(len(mail.outbox), 1)
