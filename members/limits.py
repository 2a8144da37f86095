"""How often something may be done: counted in the database, so that it holds over processes, restarts, and an absent Redis."""

import math
from datetime import UTC, datetime

from django.db import IntegrityError, transaction
from django.db.models import F
from django.shortcuts import render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from members.records import RateCount


def limited(key: str, limit: int, seconds: int, *, cost: int = 1) -> int:
    """0, and the cost is counted, while `key` stays within `limit` per window of `seconds`;
    else the seconds until the window ends, and nothing is counted. However many ask at once, no more than `limit` pass.
    """
    at = now().timestamp()
    window = math.floor(at / seconds)
    end = (window + 1) * seconds
    slot = f"{key}:{seconds}:{window}"
    if cost <= limit and (_count(slot, limit, cost) or _begin(slot, cost, end) or _count(slot, limit, cost)):
        return 0
    return math.ceil(end - at)


def _count(slot: str, limit: int, cost: int) -> bool:
    """Add to a count that is there, if it stays within the limit."""
    return bool(RateCount.objects.filter(pk=slot, used__lte=limit - cost).update(used=F("used") + cost))


def _begin(slot: str, cost: int, end: float) -> bool:
    """Begin a count; false where there is one."""
    try:
        with transaction.atomic():
            RateCount.objects.create(pk=slot, used=cost, ends_at=datetime.fromtimestamp(end, UTC))
    except IntegrityError:
        return False
    return True


def forget_old(at: datetime) -> int:
    """Delete the counts of windows that have ended; return how many."""
    return RateCount.objects.filter(ends_at__lt=at).delete()[0]


def too_many(request, seconds: int = 60, words: str = ""):
    """429 with these words, or with the time to wait."""
    minutes = math.ceil(seconds / 60)
    wait = ngettext("Try again in a minute.", "Try again in %(n)s minutes.", minutes) % {"n": minutes}
    page = {"status": 429, "headline": _("A little slower, please"), "advice": words or wait}
    response = render(request, "lost.html", page, status=429)
    response.headers["Retry-After"] = str(seconds)
    return response
