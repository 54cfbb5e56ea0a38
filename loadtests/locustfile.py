"""Who visits the API in a load run; `make load` starts it, and so does plain Locust.

locust -f loadtests/locustfile.py --host http://127.0.0.1:8000
"""

from judgement import judge
from locust import events
from scenarios.readers import Reader
from scenarios.writers import Writer

__all__ = ["Reader", "Writer"]

events.quitting.add_listener(judge)
