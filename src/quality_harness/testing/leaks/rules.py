"""What is found where a test leaves something changed."""

from quality_harness.finding import Rule

_REASON = (
    "The tests that run after it run in another world, and pass or fail for it: in another order, "
    "alone or in another process their outcome differs, and the test that fails is not the one "
    "that is wrong. What a class or module sets up and puts back is no leak."
)

PROCESS = Rule(
    code="ISO005",
    name="leaked-process-state",
    summary=(
        "A test leaves the process changed: environment, folder, import path, threads, logging, "
        "warnings, patches."
    ),
    reason=_REASON,
    instead="Put it back: with a context manager, or addCleanup right after the change.",
    bad='os.environ["MODE"] = "fast"',
    good='self.enterContext(mock.patch.dict(os.environ, {"MODE": "fast"}))',
)
DJANGO = Rule(
    code="ISO006",
    name="leaked-django-state",
    summary=(
        "A test leaves Django changed: settings, receivers, language, time zone, URLs, connections."
    ),
    reason=_REASON,
    instead="Put it back: override_settings, translation.override, timezone.override, addCleanup.",
    bad="settings.PAGE_SIZE = 2",
    good="with self.settings(PAGE_SIZE=2):\n    ...",
)
KEYS = Rule(
    code="ISO007",
    name="leaked-keys",
    summary="A test leaves keys in a cache, in Redis or in Valkey.",
    reason=f"No transaction takes them back. {_REASON}",
    instead="Delete them when the test ends.",
    bad='cache.set("visits", 1)',
    good='self.addCleanup(cache.delete, "visits")\ncache.set("visits", 1)',
)
