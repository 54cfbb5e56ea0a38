"""Who visits the API in a load run: `make load` starts it, as `quality-harness load run` does.

Choose by tag: read, search, write, coherence, burst, login, slow, day.
"""

from scenarios.days import MixedDay
from scenarios.readers import Reader
from scenarios.rushes import Burster, LoginStorm, SlowClient
from scenarios.watchers import Watcher
from scenarios.writers import Writer

__all__ = ["Burster", "LoginStorm", "MixedDay", "Reader", "SlowClient", "Watcher", "Writer"]
