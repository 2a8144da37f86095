"""How often something may be done: counted in the cache that all processes share."""

import math
import time

from django.core.cache import cache
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def limited(key: str, limit: int, seconds: int, *, cost: int = 1) -> int:
    """0, and the cost is counted, while `key` stays within `limit` per window of `seconds`;
    else the seconds until the window ends, and nothing is counted.

    A brake, not a lock: requests in the same millisecond may pass as one where the cache is a database table.
    """
    now = time.time()
    window = math.floor(now / seconds)
    left = math.ceil((window + 1) * seconds - now)
    slot = f"limit:{key}:{window}"
    used = cache.get(slot, 0)
    if used + cost > limit:
        return left
    if not cache.add(slot, cost, timeout=left):
        _count(slot, cost, left)
    return 0


def _count(slot, cost, left) -> None:
    try:
        cache.incr(slot, cost)
    except ValueError:  # its window ended just now
        cache.add(slot, cost, timeout=left)
    else:
        cache.touch(slot, left)  # counting up gives a database row the cache's default age


def too_many(request, seconds: int = 60):
    """429 in words, with the time to wait."""
    minutes = math.ceil(seconds / 60)
    wait = ngettext("Try again in a minute.", "Try again in %(n)s minutes.", minutes) % {"n": minutes}
    page = {"status": 429, "headline": _("A little slower, please"), "advice": wait}
    response = render(request, "lost.html", page, status=429)
    response.headers["Retry-After"] = str(seconds)
    return response
