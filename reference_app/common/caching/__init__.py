"""Keeps what many ask for in the store, and never shows what was changed before they asked.

`SharedReads` keeps answers, `obtain` keeps any bytes; both stand under tags, and whoever changes
rows names their tags to `invalidate`. How it works, and what happens in faults: docs/caching.md.
"""

from common.caching.invalidation import invalidate
from common.caching.obtaining import Found, Outcome, obtain
from common.caching.places import Place
from common.caching.views import SharedReads

__all__ = ["Found", "Outcome", "Place", "SharedReads", "invalidate", "obtain"]
