"""What the gate `isolation` finds by itself, without having watched a test."""

from quality_harness.finding import Rule

UNCONNECTED = Rule(
    code="ISO008",
    name="unconnected-receiver",
    summary="A receiver is not connected in a process that only starts Django.",
    reason=(
        "A receiver listens once its module is imported. Tests import it, and so does a web "
        "process that happens to load it with the URLs; a worker or a command does not, and "
        "there the signal goes unheard."
    ),
    instead="Import the module of the receivers in `ready` of the app's AppConfig.",
    bad="# blog/receivers.py, which only blog/views.py imports\n@receiver(post_save, sender=Blog)",
    good="class BlogConfig(AppConfig):\n    def ready(self):\n        from . import receivers",
)
SLOW_HASHER = Rule(
    code="ISO009",
    name="slow-password-hasher",
    summary="The settings of the tests hash passwords as production does.",
    reason=(
        "A password hash is slow on purpose: a quarter of a second for each user that a test makes "
        "or logs in, which is often most of what a suite costs."
    ),
    instead="Name a fast hasher in the settings of the tests, and there alone.",
    bad="# settings/test.py says nothing of PASSWORD_HASHERS",
    good='PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]',
)
ORDER_DEPENDENT = Rule(
    code="ISO010",
    name="order-dependent-test",
    summary="A test fails after another one, or without it.",
    reason=(
        "It passes only in the order that the files happen to have: a test that is added, renamed, "
        "run alone or moved to another process makes it fail, and the blame goes to the wrong one."
    ),
    instead="Let the other test put back what it changes, or this one set up what it needs.",
    bad="def test_first(self):\n    cache.set('seen', 1)\n\ndef test_second(self):\n"
    "    self.assertEqual(cache.get('seen'), 1)",
    good="def test_second(self):\n    cache.set('seen', 1)\n    ...",
)
RULES = (UNCONNECTED, SLOW_HASHER, ORDER_DEPENDENT)
