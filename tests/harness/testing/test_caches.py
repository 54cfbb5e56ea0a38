from unittest import mock

from django.conf import settings
from django.core.cache import cache, caches
from django.core.cache.backends.redis import RedisCache
from django.test import SimpleTestCase, override_settings

from quality_harness.testing import caches as module

LOCAL = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}


def entry(**changes: object) -> dict[str, object]:
    return {**settings.CACHES["default"], "KEY_PREFIX": "shop", **changes}


def custom_key(key: str, prefix: str, version: int) -> str:
    return f"{key}@{prefix}"


class CachesCase(SimpleTestCase):
    def use(self, **entries: dict[str, object]) -> None:
        self.enterContext(override_settings(CACHES=entries))


class PrefixTests(CachesCase):
    def test_a_process_has_a_prefix_of_its_own(self) -> None:
        self.use(default=entry())
        module.separate_caches()
        first = cache.key_prefix
        module.separate_caches()
        self.assertRegex(first, "^shop:quality_harness_[0-9a-f]{8}$")
        self.assertRegex(cache.key_prefix, "^shop:quality_harness_[0-9a-f]{8}$")
        self.assertNotEqual(cache.key_prefix, first)

    def test_without_a_prefix_before_it_stands_alone(self) -> None:
        self.use(default=entry(KEY_PREFIX=""))
        module.separate_caches()
        self.assertRegex(cache.key_prefix, "^quality_harness_[0-9a-f]{8}$")

    def test_another_process_sees_no_key_of_this_one(self) -> None:
        self.use(default=entry())
        module.separate_caches()
        cache.set("a", 1)
        self.addCleanup(caches["default"].clear)
        module.separate_caches()
        self.assertIsNone(cache.get("a"))

    def test_what_no_other_process_sees_is_left_alone(self) -> None:
        self.use(default=dict(LOCAL))
        local = caches["default"]
        module.separate_caches()
        self.assertNotIn("KEY_PREFIX", settings.CACHES["default"])
        self.assertIs(caches["default"], local)

    def test_packages_for_redis_are_known(self) -> None:
        kind = type("RedisCache", (), {"__module__": "django_redis.cache", "clear": print})
        self.use(default={"BACKEND": "django_redis.cache.RedisCache"})
        with mock.patch.object(module, "import_string", return_value=kind):
            module.separate_caches()
        self.assertIn("KEY_PREFIX", settings.CACHES["default"])


class ClearTests(CachesCase):
    def test_clears_its_own_keys_alone(self) -> None:
        self.use(default=entry(), other=entry(KEY_PREFIX="other"))
        module.separate_caches()
        for alias in ("default", "other"):
            caches[alias].set("a", alias)
            self.addCleanup(caches[alias].clear)
        self.assertTrue(caches["default"].clear())
        self.assertIsNone(caches["default"].get("a"))
        self.assertEqual(caches["other"].get("a"), "other")

    def test_clears_every_version(self) -> None:
        self.use(default=entry())
        module.separate_caches()
        cache.set("a", 1, version=7)
        cache.clear()
        self.assertIsNone(cache.get("a", version=7))

    def test_an_empty_cache_is_cleared_too(self) -> None:
        self.use(default=entry())
        module.separate_caches()
        self.assertTrue(cache.clear())

    def test_signs_of_a_pattern_stand_for_themselves(self) -> None:
        self.use(default=entry(KEY_PREFIX="s[h]*p"), other=entry(KEY_PREFIX="shop"))
        module.separate_caches()
        for alias in ("default", "other"):
            caches[alias].set("a", alias)
            self.addCleanup(caches[alias].clear)
        caches["default"].clear()
        self.assertIsNone(caches["default"].get("a"))
        self.assertEqual(caches["other"].get("a"), "other")

    def test_keys_of_another_form_are_cleared_as_the_backend_does(self) -> None:
        self.use(default=entry(KEY_FUNCTION=custom_key))
        clear = mock.Mock(return_value=True, spec=[], __name__="clear")
        kind = type("Kind", (RedisCache,), {"clear": lambda cache: clear(cache)})
        module._keep_to_prefix(kind)
        instance = kind("redis://nowhere", {"KEY_PREFIX": "shop", "KEY_FUNCTION": custom_key})
        self.assertTrue(instance.clear())
        clear.assert_called_once_with(instance)

    def test_a_backend_with_another_client_clears_in_its_way(self) -> None:
        clear = mock.Mock(return_value=None, spec=[])
        kind = type("Kind", (), {"clear": lambda cache: clear(), "key_prefix": "shop"})
        module._keep_to_prefix(kind)
        self.assertFalse(kind().clear())
        clear.assert_called_once_with()


class EmptyTests(CachesCase):
    def test_deletes_what_the_process_left(self) -> None:
        self.use(default=entry())
        module.separate_caches()
        cache.set("a", 1)
        module.empty_caches()
        self.assertIsNone(cache.get("a"))

    def test_leaves_caches_without_our_prefix_alone(self) -> None:
        self.use(default=dict(LOCAL))
        cache.set("a", 1)
        module.empty_caches()
        self.assertEqual(cache.get("a"), 1)

    def test_a_server_that_is_gone_is_no_error(self) -> None:
        self.use(default=entry(LOCATION="redis://127.0.0.1:1"))
        module.separate_caches()
        self.assertFalse(caches["default"].key_prefix == "shop")
        module.empty_caches()
