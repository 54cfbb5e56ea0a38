"""The reference app's settings, with three views instead of its own."""

import os

from config.settings.local import *  # noqa: F401, F403
from config.settings.local import CACHES

ROOT_URLCONF = "benchmarks._throttle_app.urls"
CACHES["default"]["KEY_PREFIX"] = os.environ["BENCH_PREFIX"]
