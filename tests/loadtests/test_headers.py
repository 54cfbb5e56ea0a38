import unittest

from loadtests.headers import Throttle, throttle_of, wait_of, was_computed


class ThrottleTests(unittest.TestCase):
    def test_every_way_to_say_it_is_understood(self) -> None:
        for headers, expected in (
            ({"RateLimit-Policy": "100;w=60"}, Throttle(100, 60)),
            ({"RateLimit-Policy": '"search";q=30;w=10'}, Throttle(30, 10)),
            ({"RateLimit-Policy": '"general";q=90;w=60, "search";q=30;w=60'}, Throttle(30, 60)),
            ({"RateLimit-Policy": '"hour";q=60;w=3600, "minute";q=30;w=60'}, Throttle(60, 3600)),
            ({"X-RateLimit-Limit": "5"}, Throttle(5, 60)),
            ({"X-RateLimit-Limit": "5", "X-RateLimit-Window": "3600"}, Throttle(5, 3600)),
            ({}, None),
            ({"X-RateLimit-Limit": "many"}, None),
        ):
            with self.subTest(headers=headers):
                self.assertEqual(throttle_of(headers), expected)


class CacheTests(unittest.TestCase):
    def test_a_hit_was_not_computed(self) -> None:
        for said, computed in (
            ("HIT", False),
            ("MISS", True),
            ("hit; ttl=3", False),
            ("bypass", True),
            ("stale", False),
            ("waited", False),
        ):
            with self.subTest(said=said):
                self.assertEqual(was_computed({"X-Cache": said}), computed)

    def test_where_nothing_is_said_nothing_is_known(self) -> None:
        self.assertIsNone(was_computed({}))


class WaitTests(unittest.TestCase):
    def test_whole_seconds_alone_count(self) -> None:
        for said, wait in (("7", 7), ("0", None), ("1.5", None), ("soon", None), (None, None)):
            with self.subTest(said=said):
                self.assertEqual(wait_of({"Retry-After": said} if said else {}), wait)
