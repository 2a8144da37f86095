"""Write down who did what with accounts and groups, and from where: a row, and a line of JSON in the log.

A verb records its event in its own transaction: what is rolled back leaves neither a row nor a line.
"""

import json
import logging
from datetime import datetime, timedelta

from allauth.account.adapter import get_adapter
from allauth.core import context
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.timezone import now

from members import browsers
from members.account_records import AuditEvent

KEPT = timedelta(days=365)

log = logging.getLogger("audit")


def record(kind: str, *, by=None, about=None, group=None, how: str = "", detail: str = "") -> None:
    """Record an event: `by` did it to `about`, both members; nobody did what an operator does by a command.

    From where is read off the request that is being answered, if there is one. The line of JSON comes with the commit, and
    holds numbers instead of names and addresses of people: it is not in our hands how long logs are kept.
    """
    address, browser = origin()
    event = AuditEvent.objects.create(
        kind=kind, at=now(), by=by, about=about, group=group,
        how=how[:40], detail=detail[:300], address=address, browser=browser,
    )  # fmt: skip
    line = {
        "at": event.at.isoformat(), "event": kind, "by": event.by_id, "about": event.about_id, "group": event.group_id,
        "how": event.how, "address": address, "browser": browser,
    }  # fmt: skip
    transaction.on_commit(lambda: log.info(json.dumps({name: value for name, value in line.items() if value})))


def origin() -> tuple[str, str]:
    """Return the address that the current request came from, behind the proxies we trust, and its browser in words."""
    if (request := context.request) is None:
        return "", ""
    try:
        address = get_adapter().get_client_ip(request)
    except PermissionDenied:  # a request that tells no address
        address = ""
    return address[:45], browsers.in_words(request.headers.get("User-Agent", ""))


def forget_old(at: datetime) -> int:
    """Delete the events that are older than a year; return how many."""
    return AuditEvent.objects.filter(at__lt=at - KEPT).delete()[0]
