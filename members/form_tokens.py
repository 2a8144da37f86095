"""A form that is sent twice has one effect: each form on a page carries a token, and what sending it led to is kept.

The same token with the same fields, at once or later, leads to where the first sending led. One that was refused may be
sent again; one whose fields were changed is another.
"""

import secrets
import time
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now

from members.records import SentForm

FIELD = "form_token"
KEPT = timedelta(days=2)
# a first sending that has no answer after this long was cut off: the form may be sent anew
CUT_OFF = timedelta(seconds=60)
PATIENCE, PAUSE = 10, 0.05  # seconds that a second sending waits for the answer to the first


def new_token() -> str:
    """Return what a form on a page is told by: 96 random bits."""
    return secrets.token_urlsafe(12)


def first_or_answer(request: HttpRequest) -> SentForm | str:
    """Return a new row for a form that was not sent before, else where its first sending led to; "" if nobody knows yet."""
    key, until = _key(request), time.monotonic() + PATIENCE
    while not (first := _first(key)):
        there = SentForm.objects.filter(key=key).values_list("led_to", flat=True).first()
        if there or time.monotonic() > until:
            return there or ""
        time.sleep(PAUSE)
    return first


def _first(key: str) -> SentForm | None:
    """Return a new row, or None while there is one."""
    SentForm.objects.filter(key=key, led_to="", at__lt=now() - CUT_OFF).delete()
    try:
        with transaction.atomic():
            return SentForm.objects.create(key=key)
    except IntegrityError:
        return None


def finish(sent: SentForm, response: HttpResponse) -> None:
    """Keep where the form led to; forget it where it was refused, so that it may be sent again."""
    here = SentForm.objects.filter(pk=sent.pk)
    if response.status_code in {302, 303}:
        here.update(led_to=response["Location"])
    else:
        here.delete()


def forget_old(at: datetime) -> int:
    """Delete what was sent two days before `at` or earlier; return how many rows."""
    return SentForm.objects.filter(at__lt=at - KEPT).delete()[0]


def _key(request) -> str:
    """A fingerprint of who sent what where."""
    fields = [(name, *values) for name, values in request.POST.lists() if name != "csrfmiddlewaretoken"]
    files = [(name, one.name, one.size) for name, many in request.FILES.lists() for one in many]
    said = repr((request.user.pk, request.path, sorted(fields), sorted(files)))
    return sha256(said.encode()).hexdigest()
