"""A form that is sent twice has one effect: each form on a page carries a token, and what sending it led to is kept.

The same token with the same fields, at once or later, leads to where the first sending led. One that was refused may be
sent again; one whose fields were changed is another.
"""

import secrets
import time
from datetime import datetime, timedelta
from hashlib import sha256

from django.contrib.messages import ERROR, get_messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now

from members.records import SentForm

FIELD, CSRF = "form_token", "csrfmiddlewaretoken"
KEPT = timedelta(days=2)
# a first sending that has no answer after this long was cut off: the form may be sent anew
CUT_OFF = timedelta(seconds=60)
PATIENCE, PAUSE = 10, 0.05  # seconds that a second sending waits for the answer to the first


def new_token() -> str:
    """Return what a form on a page is told by: 96 random bits."""
    return secrets.token_urlsafe(12)


def first_or_answer(request: HttpRequest) -> SentForm | str:
    """Return the row of a form that was not sent before, else where its first sending led to; "" if nobody knows yet."""
    sent, until = SentForm(key=_key(request), said=_said(request)), time.monotonic() + PATIENCE
    while not _is_first(sent):
        there = SentForm.objects.filter(key=sent.key, said=sent.said).values_list("led_to", flat=True).first()
        if there or time.monotonic() > until:
            return there or ""
        time.sleep(PAUSE)  # the first is still at work, in another thread or process
    return sent


def _is_first(sent: SentForm) -> bool:
    """Write the row, if the form was not sent, or was sent with other fields the last time, or was cut off."""
    rows, at = SentForm.objects.filter(key=sent.key), now()
    anew = rows.exclude(said=sent.said) | rows.filter(led_to="", at__lt=at - CUT_OFF)
    if anew.update(said=sent.said, led_to="", at=at):
        return True
    try:
        with transaction.atomic():
            SentForm.objects.create(key=sent.key, said=sent.said, at=at)
    except IntegrityError:
        return False
    return True


def finish(sent: SentForm, request: HttpRequest, response: HttpResponse) -> None:
    """Keep where the form led to; forget it where it was refused, on the spot or on the next page, so that it may come again."""
    here = SentForm.objects.filter(key=sent.key, said=sent.said)
    if response.status_code in {302, 303} and not _was_refused(request):
        here.update(led_to=response["Location"])
    else:
        here.delete()


def _was_refused(request) -> bool:
    """Whether the next page will say that something went wrong."""
    waiting = getattr(get_messages(request), "_queued_messages", [])  # looking through the storage would empty it
    return any(message.level >= ERROR for message in waiting)


def forget_old(at: datetime) -> int:
    """Delete what was sent two days before `at` or earlier; return how many rows."""
    return SentForm.objects.filter(at__lt=at - KEPT).delete()[0]


def _key(request) -> str:
    """A fingerprint of who sent which form where."""
    return sha256(repr((request.user.pk, request.path, request.POST[FIELD])).encode()).hexdigest()


def _said(request) -> str:
    """A fingerprint of what was in it, files included."""
    digest = sha256(repr(sorted((name, values) for name, values in request.POST.lists() if name != CSRF)).encode())
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            digest.update(repr((name, file.name, file.size)).encode())
            for chunk in file.chunks():
                digest.update(chunk)
            file.seek(0)
    return digest.hexdigest()
