"""The limits of the API: who is let in how often, and what the answers say."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.test import TestCase, override_settings
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone
from rest_framework.response import Response
from rest_framework.test import APIClient
from rest_framework.views import APIView

from accounts.errors import AccountError
from common import store
from common.errors import CommonError
from common.throttling import patience, window
from common.throttling.patience import patient_store
from common.throttling.rates import Scope
from common.throttling.views import ScopeThrottle

from ..factories import PASSWORD, AuthorFactory, BlogFactory, UserFactory
from ..helpers import ApiTestCase, OwnCacheTests, address, log_in_to_admin
from ..limits import clocks_stopped, let_pass, limited_to, store_away

# Views of Django and of packages that name no limits, by the start of their routes, and why.
EXEMPT = {
    "admin/": "Open to staff with a second factor; the login itself is limited.",
    "ht/": "Load balancers ask it, all the time and from few addresses.",
    "favicon.ico": "A constant, kept by browsers for a day.",
    "session/": "The page to log in on limits what is sent to it; the other one ends a session.",
}


def views(patterns: list[Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every route with what answers there."""
    for pattern in patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from views(pattern.url_patterns, path)
        elif isinstance(pattern, URLPattern):
            yield path, getattr(pattern.callback, "cls", None)


class RouteTests(TestCase):
    def test_every_view_names_its_limits_or_is_exempt_for_a_reason(self) -> None:
        named = 0
        for path, view in views(get_resolver().url_patterns):
            if view is None or not issubclass(view, APIView):
                self.assertTrue(path.startswith(tuple(EXEMPT)), path)
                continue
            with self.subTest(path):
                (throttle,) = view.throttle_classes
                self.assertTrue(issubclass(throttle, ScopeThrottle))
                self.assertIn(Scope.GENERAL, throttle.always)
            named += 1
        self.assertGreater(named, 30)

    def test_every_exemption_is_of_a_route_that_is_there(self) -> None:
        paths = [path for path, _ in views(get_resolver().url_patterns)]
        for start in EXEMPT:
            self.assertTrue(any(path.startswith(start) for path in paths), start)

    def test_no_limit_holds_for_all_views_alike(self) -> None:
        self.assertEqual(settings.REST_FRAMEWORK["DEFAULT_THROTTLE_CLASSES"], [])


class LimitTestCase(ApiTestCase):
    """A test that counts who is let in."""

    def ask(self, client: Any = None, **headers: str) -> Response:
        return (client or APIClient()).get(address("blog:statistics"), headers=headers)

    def assert_admitted(self, responses: list[Response], number: int) -> None:
        """Check that these many were let in, and all after them throttled."""
        throttled = [response.status_code == 429 for response in responses]
        self.assertEqual(throttled, [False] * number + [True] * (len(responses) - number))
        for response in responses[number:]:
            self.assert_error(response, CommonError.THROTTLED)


class CallerTests(LimitTestCase):
    def setUp(self) -> None:
        super().setUp()
        rates = {"anonymous": "2/minute", "user": "3/minute", "subscriber": "4/minute"}
        self.enterContext(limited_to(general=rates))

    def test_a_visitor(self) -> None:
        self.assert_admitted([self.ask() for _ in range(4)], 2)

    def test_a_user(self) -> None:
        client = self.as_user(UserFactory())
        self.assert_admitted([self.ask(client) for _ in range(5)], 3)

    def test_a_subscriber(self) -> None:
        client = self.as_user(UserFactory(subscribed_until=timezone.now() + timedelta(days=1)))
        self.assert_admitted([self.ask(client) for _ in range(6)], 4)

    def test_a_subscription_ends(self) -> None:
        client = self.as_user(UserFactory(subscribed_until=timezone.now() - timedelta(seconds=1)))
        self.assert_admitted([self.ask(client) for _ in range(5)], 3)

    def test_who_subscribes_goes_on_with_what_is_used(self) -> None:
        user = UserFactory()
        client = self.as_user(user)
        self.assert_admitted([self.ask(client) for _ in range(4)], 3)
        user.subscribed_until = timezone.now() + timedelta(days=1)
        user.save()
        self.assert_admitted([self.ask(client) for _ in range(3)], 1)

    def test_each_user_and_each_address_has_a_limit_of_its_own(self) -> None:
        for client in (self.as_user(UserFactory()), self.as_user(UserFactory())):
            self.assert_admitted([self.ask(client) for _ in range(4)], 3)
        self.assert_admitted([self.ask() for _ in range(3)], 2)
        elsewhere = APIClient(REMOTE_ADDR="192.0.2.9")
        self.assert_admitted([self.ask(elsewhere) for _ in range(3)], 2)

    def test_a_wrong_token_counts_as_a_visitor(self) -> None:
        client = self.with_token("f" * 64)
        for _ in range(2):
            self.assert_error(self.ask(client), AccountError.TOKEN_INVALID)
        self.assert_admitted([self.ask(client), self.ask()], 0)

    def test_what_permissions_refuse_counts_once(self) -> None:
        responses = [APIClient().get(address("accounts:me")) for _ in range(3)]
        self.assertEqual([response.status_code for response in responses], [401, 401, 429])

    def test_what_a_view_itself_refuses_counts_once(self) -> None:
        client = self.as_user(AuthorFactory().user)
        url = address("author:detail", uuid=AuthorFactory().uuid)
        statuses = [client.patch(url, {"bio": "x"}).status_code for _ in range(4)]
        self.assertEqual(statuses, [403, 403, 403, 429])

    def test_a_view_that_is_a_coroutine(self) -> None:
        url = address("blog:statistics")
        self.assert_admitted([APIClient().get(url) for _ in range(3)], 2)

    def test_a_view_that_is_a_function(self) -> None:
        url = address("accounts:logout-everywhere")
        self.assert_admitted([APIClient().post(url) for _ in range(3)], 2)

    def test_a_document_that_is_not_json(self) -> None:
        url = address("common:docs")
        self.assert_admitted([self.client.get(url) for _ in range(3)], 2)


class SpoofingTests(LimitTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.enterContext(limited_to(general={"anonymous": "2/minute"}))

    def spoofed(self, suffix: str = "") -> list[Response]:
        """Return the answers to a caller who names another client each time."""
        return [self.ask(**{"x-forwarded-for": f"10.0.0.{n}{suffix}"}) for n in range(4)]

    def test_a_header_that_nobody_declared_admits_none(self) -> None:
        self.assert_admitted(self.spoofed(), 2)

    @override_settings(THROTTLE_PROXIES=1)
    def test_entries_before_that_of_the_proxy_admit_none(self) -> None:
        self.assert_admitted(self.spoofed(", 198.51.100.7"), 2)

    @override_settings(THROTTLE_PROXIES=1)
    def test_behind_a_proxy_each_client_has_a_limit_of_its_own(self) -> None:
        self.assert_admitted(self.spoofed(), 4)

    def test_the_addresses_of_a_network_are_one_caller(self) -> None:
        clients = [APIClient(REMOTE_ADDR=f"2001:db8::{n}") for n in range(4)]
        self.assert_admitted([self.ask(client) for client in clients], 2)


class ScopeTests(LimitTestCase):
    def login(self, **change: str) -> Response:
        body = {"email": "ann@example.com", "password": "wrong", "device": "x", **change}
        return APIClient().post(address("accounts:login"), body)

    def test_logins_by_address_whatever_the_account(self) -> None:
        with limited_to(login={"anonymous": "2/minute"}):
            tries = [self.login(email=f"user-{n}@example.com") for n in range(3)]
        self.assert_admitted(tries, 2)

    def test_a_right_password_is_throttled_too(self) -> None:
        UserFactory(email="ann@example.com")
        with limited_to(login={"anonymous": "2/minute"}):
            tries = [self.login(), self.login(), self.login(password=PASSWORD)]
        self.assert_admitted(tries, 2)

    def test_a_login_for_jwts_is_a_login(self) -> None:
        body = {"email": "ann@example.com", "password": "wrong"}
        with limited_to(login={"anonymous": "2/minute"}):
            tries = [self.login(), self.login(), APIClient().post(address("accounts:jwt"), body)]
        self.assert_admitted(tries, 2)

    def test_the_second_rate_of_a_scope_holds_too(self) -> None:
        with limited_to(login={"anonymous": "2/minute; 3/hour"}):
            tries = [self.login(), self.login()]
            let_pass(60)
            tries += [self.login(), self.login()]
        self.assert_admitted(tries, 3)
        self.assertGreater(int(tries[-1]["Retry-After"]), 3500)

    def test_mails(self) -> None:
        url = address("accounts:password-reset-mail")
        with limited_to(mail={"anonymous": "2/minute"}):
            tries = [APIClient().post(url, {"email": f"a{n}@example.com"}) for n in range(3)]
        self.assert_admitted(tries, 2)

    def test_comments_but_not_reading_them(self) -> None:
        url = address("blog:comments", uuid=BlogFactory(published=True).uuid)
        client = self.as_user(UserFactory())
        with limited_to(comments={"anonymous": "2/minute"}):
            for _ in range(3):
                self.assertEqual(client.get(url).status_code, 200)
            self.assert_admitted([client.post(url, {"text": "Yes."}) for _ in range(3)], 2)
            self.assertEqual(client.get(url).status_code, 200)

    def test_searches_but_not_lists(self) -> None:
        for url in (address("blog:list"), reverse("blog_v2:list")):
            cache.clear()
            with self.subTest(url), limited_to(search={"anonymous": "2/minute"}):
                found = [APIClient().get(url, {"search": f"word{n}"}) for n in range(3)]
                self.assert_admitted(found, 2)
                self.assertEqual(APIClient().get(url).status_code, 200)

    def test_publications_but_no_other_transition(self) -> None:
        author = AuthorFactory()
        client = self.as_user(author.user)
        blog = BlogFactory(author=author)
        with limited_to(publication={"anonymous": "2/hour"}):
            publish = address("blog:publish", uuid=blog.uuid)
            self.assert_admitted([client.post(publish) for _ in range(3)], 2)
            schedule = address("blog:schedule", uuid=blog.uuid)
            self.assert_error(client.post(schedule), CommonError.THROTTLED)
            submit = client.post(address("blog:submit", uuid=blog.uuid))
        self.assertEqual(submit.status_code, 200)


class PageTests(OwnCacheTests, TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.enterContext(limited_to(login={"anonymous": "2/minute"}))

    def statuses(self, name: str) -> list[int]:
        body = {"username": "ann@example.com", "password": "wrong"}
        return [self.client.post(reverse(name), body).status_code for _ in range(3)]

    def test_the_login_of_the_browsable_api(self) -> None:
        self.assertEqual(self.statuses("rest_framework:login"), [200, 200, 429])
        self.assertEqual(self.client.get(reverse("rest_framework:login")).status_code, 200)

    def test_the_login_of_the_admin(self) -> None:
        self.assertEqual(self.statuses("admin:login"), [200, 200, 429])
        self.assertEqual(self.client.get(reverse("admin:login")).status_code, 200)

    def test_the_answer_says_when_to_come_back(self) -> None:
        self.statuses("admin:login")
        answer = self.client.post(reverse("admin:login"))
        self.assertEqual(answer.json()["error"]["code"], CommonError.THROTTLED.code)
        self.assertEqual(answer["Retry-After"], "60")

    def test_the_admin_shows_until_when_somebody_has_paid(self) -> None:
        user = UserFactory(is_staff=True, is_superuser=True)
        log_in_to_admin(self.client, user)
        page = self.client.get(reverse("admin:accounts_user_change", args=[user.pk]))
        self.assertContains(page, "subscribed_until")


class HeaderTests(LimitTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.enterContext(clocks_stopped())

    def test_an_answer_says_how_each_limit_stands(self) -> None:
        with limited_to(general={"anonymous": "3/minute"}, search={"anonymous": "2/hour"}):
            answer = APIClient().get(address("blog:list"), {"search": "word"})
            self.assertEqual(
                (answer["RateLimit-Policy"], answer["RateLimit"]),
                (
                    '"general-60";q=3;w=60, "search-3600";q=2;w=3600',
                    '"general-60";r=2;t=60, "search-3600";r=1;t=3600',
                ),
            )
            self.assertNotIn("Retry-After", answer)
            let_pass(20)
            self.assertEqual(self.ask()["RateLimit"], '"general-60";r=1;t=40')

    def test_a_refusal_says_when_to_come_back_and_who_waits_so_long_is_let_in(self) -> None:
        with limited_to(general={"anonymous": "1/minute"}):
            self.ask()
            let_pass(20.1)
            refused = self.ask()
            self.assert_error(refused, CommonError.THROTTLED)
            self.assertEqual(refused["Retry-After"], "40")
            self.assertEqual(refused["RateLimit"], '"general-60";r=0;t=40')
            let_pass(int(refused["Retry-After"]))
            self.assertEqual(self.ask().status_code, 200)

    def test_of_several_exceeded_limits_the_longest_wait_counts(self) -> None:
        with limited_to(login={"anonymous": "1/minute; 1/hour"}):
            for _ in range(2):
                answer = APIClient().post(address("accounts:login"))
        self.assertEqual(answer["Retry-After"], "3600")

    def test_pages_of_other_origins_may_read_them(self) -> None:
        exposed = settings.CORS_EXPOSE_HEADERS
        self.assertLessEqual({"RateLimit", "RateLimit-Policy", "Retry-After"}, set(exposed))


class RecordTests(LimitTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.enterContext(clocks_stopped())

    def test_a_refusal_is_logged_and_counted(self) -> None:
        client = self.as_user(UserFactory())
        with limited_to(general={"user": "1/minute", "anonymous": "1/minute"}):
            self.ask(client)
            with self.assertLogs("common.throttling") as logs:
                self.ask(client)
                self.ask(client)
        line = logs.records[0]
        self.assertEqual(line.message, "A request was throttled.")
        self.assertEqual((line.scopes, line.tier, line.wait), (["general"], "user", 60))
        self.assertEqual((line.client, line.path), ("127.0.0.1", address("blog:statistics")))
        self.assertEqual(window.refused(datetime.now(UTC).date()), {"general": 2})

    def test_on_another_day_nothing_was_refused(self) -> None:
        self.assertEqual(window.refused(datetime.now(UTC).date() - timedelta(days=1)), {})


class BusyStoreTests(LimitTestCase):
    """The store was there, and cannot be asked for a moment."""

    def setUp(self) -> None:
        super().setUp()
        self.enterContext(clocks_stopped())

    def open_breaker(self) -> None:
        breaker = patient_store().breaker
        self.addCleanup(breaker.succeed)
        self.addCleanup(store.default().breaker.succeed)
        with self.assertLogs("common.store"):
            for _ in range(patience.FAILURES):
                breaker.fail()

    def test_who_was_refused_before_stays_refused_and_nobody_else_is(self) -> None:
        with limited_to(general={"anonymous": "1/minute"}):
            self.assert_admitted([self.ask(), self.ask()], 1)
            self.open_breaker()
            refused = self.ask()
            self.assert_error(refused, CommonError.THROTTLED)
            self.assertEqual(refused["Retry-After"], "60")
            elsewhere = APIClient(REMOTE_ADDR="192.0.2.9")
            self.assert_admitted([self.ask(elsewhere) for _ in range(2)], 2)


class AwayTests(LimitTestCase):
    """Nobody answers where the store should be."""

    def setUp(self) -> None:
        super().setUp()
        self.author = AuthorFactory()
        self.blog = BlogFactory(published=True)
        self.as_author = self.as_user(self.author.user)
        self.enterContext(store_away())

    def test_reading_is_open(self) -> None:
        answer = self.ask()
        self.assertEqual(answer.status_code, 200)
        self.assertNotIn("RateLimit", answer)

    def test_searching_is_open(self) -> None:
        answer = APIClient().get(address("blog:list"), {"search": "word"})
        self.assertEqual(answer.status_code, 200)

    def test_comments_are_open(self) -> None:
        url = address("blog:comments", uuid=self.blog.uuid)
        self.assertEqual(self.as_author.post(url, {"text": "Yes."}).status_code, 201)

    def test_drafts_are_open(self) -> None:
        answer = self.as_author.post(address("blog:list"), {"title": "x"})
        self.assertEqual(answer.status_code, 201)

    def test_a_wrong_token_is_refused_as_ever(self) -> None:
        self.assert_error(self.ask(self.with_token("f" * 64)), AccountError.TOKEN_INVALID)

    def test_logins_are_closed(self) -> None:
        for name in ("login", "jwt", "password-reset"):
            self.assert_closed(APIClient().post(address(f"accounts:{name}")))

    def test_mails_are_closed(self) -> None:
        for name in ("registration", "verification-mail", "password-reset-mail"):
            self.assert_closed(APIClient().post(address(f"accounts:{name}")))

    def test_publications_are_closed(self) -> None:
        draft = BlogFactory(author=self.author)
        for name in ("publish", "schedule"):
            self.assert_closed(self.as_author.post(address(f"blog:{name}", uuid=draft.uuid)))

    def test_what_takes_a_publication_back_is_open(self) -> None:
        mine = BlogFactory(author=self.author, published=True)
        url = address("blog:archive", uuid=mine.uuid)
        self.assertEqual(self.as_author.post(url).status_code, 200)

    def test_login_pages_are_closed(self) -> None:
        for name in ("rest_framework:login", "admin:login"):
            self.assert_closed(self.client.post(reverse(name)))

    def assert_closed(self, answer: Any) -> None:
        """Check that an answer says when to try again."""
        self.assert_error(answer, CommonError.LIMITS_AWAY)
        self.assertEqual(answer["Retry-After"], "5")


class DocumentTests(TestCase):
    def test_the_page_names_every_scope_with_its_rates(self) -> None:
        page = (settings.BASE_DIR.parent / "docs" / "throttling.md").read_text()
        rows = re.findall(r"^\| (\w+) \| .* \| (.+) \| (open|closed) \|$", page, re.M)
        found = {name: (rates, policy) for name, rates, policy in rows}
        expected = {
            scope.key: (
                ", ".join(f"{tier} {rate}" for tier, rate in declared.items()),
                "open" if scope.is_open else "closed",
            )
            for scope in Scope
            for declared in [settings.THROTTLE_RATES[scope.key]]
        }
        self.assertEqual(found, expected)
