"""How many requests somebody may send: docs/throttling.md.

A view names its limits:

    throttle_classes = limited(Scope.GENERAL, writing=Scope.COMMENTS)

All limits of a request are asked for in one round trip to the store, and are taken together or
not at all.
"""

from common.throttling.pages import refusal
from common.throttling.rates import Scope
from common.throttling.refusals import count_refused
from common.throttling.views import limited

__all__ = ["Scope", "count_refused", "limited", "refusal"]
