"""The app with the controls, and with cacheops for one of them."""

from config.settings.local import *  # noqa: F401, F403
from config.settings.local import INSTALLED_APPS, REDIS_URL

ROOT_URLCONF = "benchmarks._cache_controls.urls"
INSTALLED_APPS = [*INSTALLED_APPS, "cacheops", "benchmarks._cache_controls.apps.Controls"]
CACHEOPS_REDIS = REDIS_URL
CACHEOPS_DEFAULTS = {"ops": (), "timeout": 60}
CACHEOPS = {"blog.blog": {}}
