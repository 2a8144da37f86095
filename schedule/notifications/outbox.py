"""The state machine of a notification: claimed, handed over, settled. Every step is one conditional UPDATE.

    queued -> sending -> sent
                      -> queued     the server took nothing now, or refuses all our mail; tried again until it is of no use
                      -> failed     the server refused it; five tries, or when its reader can be reached
                      -> uncertain  handed over, but the answer was lost; tried again, as the same mail, until of no use
                      -> skipped, expired   no longer wanted when its turn came

Promise: every due notification is handed to the mail server at least once; twice only if a process or an answer is lost
between the server's yes and our note of it, and then with the same Message-ID and Date.
"""

import logging
import random
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.db.models import F, Q
from django.db.models.functions import Now

from members import addresses, failures
from members.mail import one_line
from schedule.models import Notification
from schedule.notifications import calendar_invitations, rendering
from schedule.notifications.smtp import (
    DeliveryUnknown,
    MessageRefused,
    NotNow,
    ServerUnavailable,
    SmtpClient,
    UnknownRecipient,
)
from schedule.notifications.snapshot import Snapshot
from schedule.notifications.timeline import unwanted
from schedule.notifications.timetable import asleep

TRIES = 5  # that the notification itself is to blame for; after every five it is set aside until a person looks at it
SOON, SELDOM = (
    4,
    12,
)  # the longest pause in NOTIFICATION_PAUSE_SECONDS: after an outage all is gone in ten minutes; perhaps a copy
BATCH = 500  # notifications one call hands over at most; the next beat takes the rest
TRIED = {Notification.FAILED, Notification.UNCERTAIN}  # a person may ask for another round
REACHABLE = ~Q(recipient__member__refused_email=F("recipient__member__email"))
UNREADABLE = timedelta(minutes=10)
NOTIFICATIONS = "notifications"
ROUND = 240  # seconds, well below Heartbeat.LATE
PER_CONNECTION = 50  # servers grow tired of longer ones

log = logging.getLogger(__name__)


def requeue(now: datetime) -> int:
    """Back on the list: notifications whose worker fell silent, and those whose pause is over. Past their use: off the list.

    Leases run on the database's clock, the one clock that all workers share.
    """
    silent = Notification.objects.filter(state=Notification.SENDING, leased_until__lt=Now()).annotate(
        round=F("tries") % TRIES
    )
    silent.filter(round=0).move(Notification.UNCERTAIN, reason="stopped", next_try_at=None, settled_at=now)
    back = silent.move(Notification.QUEUED, next_try_at=None)
    Notification.objects.filter(state=Notification.UNCERTAIN, expires_at__lte=now).exclude(next_try_at=None).update(
        next_try_at=None
    )
    back += Notification.objects.filter(next_try_at__lte=now, state__in=TRIED).move(Notification.QUEUED, reason="")
    back += Notification.objects.filter(REACHABLE, state=Notification.FAILED, reason="address").move(
        Notification.QUEUED, reason=""
    )
    Notification.objects.waiting().filter(expires_at__lte=now).move(Notification.EXPIRED, settled_at=now)
    return back


def deliver_due(now: datetime, limit: int = BATCH, seconds: float = ROUND) -> list[Notification]:
    """Hand over what is due, several notifications per connection; each notification with what became of it.

    After `seconds` no further connection is begun: a slow server must not make it look as if nobody looked.

    If the mail server cannot be reached nothing is claimed, no try is counted, and the notifications say what they wait for.
    """
    _due(now).exclude(REACHABLE).move(Notification.FAILED, reason="address", next_try_at=None, settled_at=now)
    pks = list(_due(now).exclude(asleep(now)).values_list("pk", flat=True)[:limit])
    settled: list[Notification] = []
    end = time.monotonic() + seconds
    for start in range(0, len(pks), PER_CONNECTION):
        if start and time.monotonic() >= end:
            break
        try:
            with SmtpClient() as post:
                post.open()
                for notification in _deliver_all(pks[start : start + PER_CONNECTION], now, post):
                    settled.append(notification)  # also those before the server went away
        except ServerUnavailable as trouble:
            log.warning("The mail server does not take notifications now: %s", trouble.words)
            _due(now).update(reason=trouble.words)
            break
    return settled


def deliver(pk: int, now: datetime) -> Notification | None:
    """Hand over this notification if it is due and nobody else has it."""
    try:
        with SmtpClient() as post:
            post.open()
            return next(_deliver_all([pk], now, post), None)
    except ServerUnavailable as trouble:
        log.warning("Notification %s waits for the mail server: %s", pk, trouble.words)
        _due(now).filter(pk=pk).update(reason=trouble.words)
        return None


def send_again(notification: Notification) -> bool:
    """Somebody asks for another round of tries: of a notification that failed, or whose fate is unknown."""
    addresses.try_again(notification.recipient.member)
    tried = Notification.objects.filter(pk=notification.pk, state__in=TRIED)
    return bool(tried.move(Notification.QUEUED, next_try_at=None, reason=""))


def _due(now):
    """What never waited for another try comes first: notifications that are refused again and again keep no other back."""
    return _ready(now).order_by(F("next_try_at").asc(nulls_first=True), "due_at", "pk")


def _ready(now):
    """On the list, due, and not pausing."""
    ready = Q(next_try_at=None) | Q(next_try_at__lte=now)
    return Notification.objects.filter(ready, state=Notification.QUEUED, due_at__lte=now)


def _deliver_all(pks, now, post) -> Iterator[Notification]:
    """Those that nobody else has taken, each claimed and settled by itself. Raises ServerUnavailable."""
    refusals = addresses.Refusals()
    for part, snapshot in failures.in_parts(
        lambda part: (part or pks, Snapshot(part or pks)), lambda: pks, partial(_leave_unread, now)
    ):
        for pk in part:
            try:
                if (notification := snapshot.notification(pk)) and _claim(notification, now):
                    yield _deliver(notification, now, snapshot, post, refusals)
            except ServerUnavailable:
                raise
            except Exception as error:  # its lease runs out, and it is taken up again
                _note(pk, error, now)


def _leave_unread(now, pk, error) -> None:
    """A notification that cannot be read stays on the list, for later: those behind it have their turn meanwhile."""
    _note(pk, error, now)
    _ready(now).filter(pk=pk).update(
        next_try_at=now + UNREADABLE, reason=f"{type(error).__name__}: {one_line(error)}"[:300]
    )


def _note(pk, error, now) -> None:
    group = Notification.objects.filter(pk=pk).values_list("session__term__group", flat=True).first()
    failures.note(NOTIFICATIONS, error, now, row=f"notification {pk}", group=group)


def _claim(notification, now) -> bool:
    """Mine, unless somebody else was first. The try is counted before it is made, so that none is for ever."""
    lease = Now() + timedelta(seconds=settings.NOTIFICATION_LEASE_SECONDS)
    untouched = _ready(now).filter(pk=notification.pk, tries=notification.tries)
    if not untouched.move(Notification.SENDING, tries=notification.tries + 1, leased_until=lease):
        return False
    notification.state, notification.tries = Notification.SENDING, notification.tries + 1
    return True


def _deliver(notification, now, snapshot, post, refusals) -> Notification:
    """Write a claimed notification and hand it over, if it is still wanted."""
    told = {}
    try:
        notification, reason, message = _write(notification, now, snapshot)
        if reason == "address":
            return _settle(
                notification, Notification.FAILED, now, reason=reason, next_try_at=None, tries=notification.tries - 1
            )
        if reason:
            return _settle(
                notification, Notification.EXPIRED if reason == "expired" else Notification.SKIPPED, now, reason=reason
            )
        told = {"subject": message.subject, "invited": calendar_invitations.is_in(message)}
        post.send(message)
    except ServerUnavailable as trouble:
        _put_off(notification, now, trouble)
        raise
    except NotNow as trouble:
        return _put_off(notification, now, trouble)
    except DeliveryUnknown as trouble:
        again = {"next_try_at": now + _wait(notification, now, SELDOM), "tries": notification.tries - 1}
        return _settle(notification, Notification.UNCERTAIN, now, reason=trouble.words, **again, **told)
    except MessageRefused as trouble:
        return _refused(notification, now, trouble, refusals, told)
    except Exception as error:  # one notification that cannot be written must not keep the others
        _note(notification.pk, error, now)
        reason = f"{type(error).__name__}: {error}"[:300]
        return _settle(notification, Notification.FAILED, now, reason=reason, next_try_at=_next_try(notification, now))
    sent = _settle(notification, Notification.SENT, now, reason="", next_try_at=None, **told)
    refusals.accept(notification.recipient.member.email)
    return sent


def _refused(notification, now, trouble, refusals, told) -> Notification:
    """Blame the address, or the notification; neither if the server gives everybody this answer. Raises ServerUnavailable."""
    reader = notification.recipient.member
    if isinstance(trouble, UnknownRecipient):
        if refusals.note_unknown(reader, trouble.words, now):
            return _settle(notification, Notification.FAILED, now, reason="address", next_try_at=None, **told)
        _put_off(notification, now, trouble)
        raise ServerUnavailable(trouble.words)  # servers shut out who asks for many that they do not know
    if refusals.is_general(reader.email, trouble.words, now):
        return _put_off(notification, now, trouble)
    return _settle(
        notification, Notification.FAILED, now, reason=trouble.words, next_try_at=_next_try(notification, now), **told
    )


def _put_off(notification, now, trouble) -> Notification:
    """Back on the list without a try counted: it is nobody's fault, and tried again for as long as it is of use."""
    log.warning("Notification %s waits for the mail server: %s", notification.pk, trouble.words)
    again = {"next_try_at": now + _wait(notification, now, SOON), "tries": notification.tries - 1, "settled_at": None}
    return _settle(notification, Notification.QUEUED, now, reason=trouble.words, **again)


def _write(notification, now, snapshot):
    """The notification with why it is not wanted, or with its mail. True of rows read after it was written.

    If what decides about it changed since it was looked at, it is looked at anew, until the snapshot holds still.
    """
    while True:
        reason = unwanted(notification, now) or ("" if notification.recipient.member.is_reachable else "address")
        message = None if reason else rendering.compose(notification, now)
        if snapshot.is_current(notification.pk):
            return notification, reason, message
        notification = snapshot.refresh(notification.pk)


def _settle(notification, state, now, **fields) -> Notification:
    """Note what became of it, if it is still this worker's try: whoever lost the lease changes nothing."""
    fields = {"settled_at": now, "leased_until": None} | fields
    mine = Notification.objects.filter(pk=notification.pk, state=Notification.SENDING, tries=notification.tries)
    if mine.move(state, **fields):
        for name, value in fields.items():
            setattr(notification, name, value)
        notification.state = state
    return notification


def _next_try(notification, now):
    """None after a full round: set aside."""
    return now + _pause(notification.tries) if notification.tries % TRIES else None


def _pause(tries) -> timedelta:
    """2, 8, 32, 128 minutes, a fifth more or less, so that notifications refused together do not come back together."""
    seconds = settings.NOTIFICATION_PAUSE_SECONDS * 4 ** ((tries - 1) % TRIES)
    return timedelta(seconds=seconds * random.uniform(0.8, 1.2))


def _wait(notification, now, most) -> timedelta:
    """As long as the notification is late by now, but no longer than `most` first pauses, a fifth more or less."""
    first, late = settings.NOTIFICATION_PAUSE_SECONDS, (now - notification.due_at).total_seconds()
    return timedelta(seconds=min(max(late, first), first * most) * random.uniform(0.8, 1.2))
