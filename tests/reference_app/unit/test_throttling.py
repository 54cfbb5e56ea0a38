"""Whose request it is, and what is limited how far."""

from types import SimpleNamespace

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.test import RequestFactory, SimpleTestCase, override_settings

from common.throttling.addresses import client_of
from common.throttling.rates import Rate, Scope, Tier, check_settings, parse, rates_of, tier_of
from common.throttling.window import Limit


def client(peer: str, forwarded: str | None = None) -> str:
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    return client_of(RequestFactory().get("/", REMOTE_ADDR=peer, headers=headers))


class AddressTests(SimpleTestCase):
    def test_without_proxies_the_header_is_ignored(self) -> None:
        self.assertEqual(settings.THROTTLE_PROXIES, 0)
        self.assertEqual(client("192.0.2.1", "198.51.100.7"), "192.0.2.1")

    @override_settings(THROTTLE_PROXIES=1)
    def test_behind_a_proxy_its_entry_counts_and_no_earlier_one(self) -> None:
        self.assertEqual(client("192.0.2.1", "203.0.113.9, 198.51.100.7"), "198.51.100.7")

    @override_settings(THROTTLE_PROXIES=2)
    def test_behind_two_proxies_the_entry_of_the_first_one_counts(self) -> None:
        forwarded = "203.0.113.9, 198.51.100.7, 192.0.2.8"
        self.assertEqual(client("192.0.2.1", forwarded), "198.51.100.7")

    @override_settings(THROTTLE_PROXIES=2)
    def test_who_comes_around_a_proxy_is_the_peer(self) -> None:
        self.assertEqual(client("192.0.2.1", "203.0.113.9"), "192.0.2.1")
        self.assertEqual(client("192.0.2.1"), "192.0.2.1")

    @override_settings(THROTTLE_PROXIES=1)
    def test_an_entry_that_is_no_address_is_not_believed(self) -> None:
        for forwarded in ("", "unknown", "198.51.100.7:80", "198.51.100.7,"):
            with self.subTest(forwarded):
                self.assertEqual(client("192.0.2.1", forwarded), "192.0.2.1")

    def test_an_ipv6_network_is_one_caller(self) -> None:
        self.assertEqual(client("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64")
        self.assertEqual(client("2001:db8:1:2:ffff::"), "2001:db8:1:2::/64")
        self.assertEqual(client("2001:db8:1:3::1"), "2001:db8:1:3::/64")
        self.assertEqual(client("fe80::1%eth0"), "fe80::/64")

    def test_an_ipv4_address_inside_of_an_ipv6_one_is_that_address(self) -> None:
        self.assertEqual(client("::ffff:192.0.2.1"), "192.0.2.1")

    def test_without_a_peer_all_are_one_caller(self) -> None:
        self.assertEqual(client(""), "unknown")


class RateTests(SimpleTestCase):
    def test_a_text_gives_all_of_its_rates(self) -> None:
        self.assertEqual(parse("10/minute; 60/hour"), (Rate(10, 60), Rate(60, 3600)))
        self.assertEqual(parse("3 per 15 minutes"), (Rate(3, 900),))

    def test_a_tier_without_a_rate_has_that_of_the_tier_before(self) -> None:
        rates = {**settings.THROTTLE_RATES, "general": {"anonymous": "1/hour", "user": "2/hour"}}
        with override_settings(THROTTLE_RATES=rates):
            found = [rates_of(Scope.GENERAL, tier)[0].requests for tier in Tier]
        self.assertEqual(found, [1, 2, 2])

    def test_who_pays_may_more(self) -> None:
        anonymous, user, subscriber = (rates_of(Scope.GENERAL, tier)[0].requests for tier in Tier)
        self.assertLess(anonymous, user)
        self.assertLess(user, subscriber)

    def test_a_user_who_pays_is_told_from_one_who_does_not(self) -> None:
        visitor = SimpleNamespace(is_authenticated=False)
        self.assertEqual(tier_of(visitor), Tier.ANONYMOUS)
        for pays, tier in ((False, Tier.USER), (True, Tier.SUBSCRIBER)):
            user = SimpleNamespace(is_authenticated=True, is_subscriber=pays)
            self.assertEqual(tier_of(user), tier)

    def test_a_rate_that_cannot_be_read_is_named_at_the_start(self) -> None:
        rates = {**settings.THROTTLE_RATES, "login": {"anonymous": "ten a minute"}}
        with (
            override_settings(THROTTLE_RATES=rates),
            self.assertRaisesMessage(
                ImproperlyConfigured, "THROTTLE_LOGIN_ANONYMOUS is no rate: 'ten a minute'."
            ),
        ):
            check_settings()

    def test_a_scope_without_a_rate_for_visitors_is_named_at_the_start(self) -> None:
        rates = {**settings.THROTTLE_RATES, "login": {"user": "10/minute"}}
        with (
            override_settings(THROTTLE_RATES=rates),
            self.assertRaisesMessage(ImproperlyConfigured, "THROTTLE_LOGIN_ANONYMOUS is missing"),
        ):
            check_settings()

    def test_the_settings_have_the_rates_of_every_scope_and_of_no_other(self) -> None:
        self.assertEqual(set(settings.THROTTLE_RATES), {scope.key for scope in Scope})
        check_settings()

    def test_no_two_limits_share_a_key(self) -> None:
        callers = ("user 1", "user 11", "192.0.2.1", "2001:db8::/64")
        limits = {
            (scope, rate.seconds, caller): Limit(scope.key, rate, caller).key
            for scope in Scope
            for tier in Tier
            for rate in rates_of(scope, tier)
            for caller in callers
        }
        self.assertEqual(len(set(limits.values())), len(limits))

    def test_the_rates_of_a_scope_differ_in_their_windows(self) -> None:
        for scope in Scope:
            for tier in Tier:
                windows = [rate.seconds for rate in rates_of(scope, tier)]
                self.assertEqual(len(windows), len(set(windows)), (scope, tier))
