"""The state machine of a letter: claimed, handed over, settled. Every step is one conditional UPDATE.

    queued -> sending -> sent
                      -> queued     the server took nothing now, or refuses all our mail; tried again until it is of no use
                      -> failed     the server refused it; five tries, or when its reader can be reached
                      -> uncertain  handed over, but the answer was lost; tried again, as the same mail, until of no use
                      -> skipped, expired   no longer wanted when its turn came

Promise: every due letter is handed to the mail server at least once; twice only if a process or an answer is lost
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
from schedule.models import Letter
from schedule.notifications import calendar_invitations, rendering
from schedule.notifications.smtp import Away, NobodyThere, NotNow, Post, Refused, Unheard
from schedule.notifications.snapshot import World
from schedule.notifications.timeline import unwanted
from schedule.notifications.timetable import asleep

TRIES = 5  # that the letter itself is to blame for; after every five it is set aside until a person looks at it
SOON, SELDOM = (
    4,
    12,
)  # the longest pause in LETTER_PAUSE_SECONDS: after an outage all is gone in ten minutes; perhaps a copy
BATCH = 500  # letters one call hands over at most; the next beat takes the rest
TRIED = {Letter.FAILED, Letter.UNCERTAIN}  # a person may ask for another round
REACHABLE = ~Q(recipient__member__refused_email=F("recipient__member__email"))
UNREADABLE = timedelta(minutes=10)
LETTERS = "letters"
ROUND = 240  # seconds, well below schedule.pulse.LATE
PER_CONNECTION = 50  # servers grow tired of longer ones

log = logging.getLogger(__name__)


def requeue(now: datetime) -> int:
    """Back on the list: letters whose worker fell silent, and those whose pause is over. Past their use: off the list.

    Leases run on the database's clock, the one clock that all workers share.
    """
    silent = Letter.objects.filter(state=Letter.SENDING, leased_until__lt=Now()).annotate(round=F("tries") % TRIES)
    silent.filter(round=0).move(Letter.UNCERTAIN, reason="stopped", next_try_at=None, settled_at=now)
    back = silent.move(Letter.QUEUED, next_try_at=None)
    Letter.objects.filter(state=Letter.UNCERTAIN, expires_at__lte=now).exclude(next_try_at=None).update(
        next_try_at=None
    )
    back += Letter.objects.filter(next_try_at__lte=now, state__in=TRIED).move(Letter.QUEUED, reason="")
    back += Letter.objects.filter(REACHABLE, state=Letter.FAILED, reason="address").move(Letter.QUEUED, reason="")
    Letter.objects.waiting().filter(expires_at__lte=now).move(Letter.EXPIRED, settled_at=now)
    return back


def deliver_due(now: datetime, limit: int = BATCH, seconds: float = ROUND) -> list[Letter]:
    """Hand over what is due, several letters per connection; each letter with what became of it.

    After `seconds` no further connection is begun: a slow server must not make it look as if nobody looked.

    If the mail server cannot be reached nothing is claimed, no try is counted, and the letters say what they wait for.
    """
    _due(now).exclude(REACHABLE).move(Letter.FAILED, reason="address", next_try_at=None, settled_at=now)
    pks = list(_due(now).exclude(asleep(now)).values_list("pk", flat=True)[:limit])
    settled: list[Letter] = []
    end = time.monotonic() + seconds
    for start in range(0, len(pks), PER_CONNECTION):
        if start and time.monotonic() >= end:
            break
        try:
            with Post() as post:
                post.open()
                for letter in _deliver_all(pks[start : start + PER_CONNECTION], now, post):
                    settled.append(letter)  # also those before the server went away
        except Away as trouble:
            log.warning("The mail server does not take letters now: %s", trouble.words)
            _due(now).update(reason=trouble.words)
            break
    return settled


def deliver(pk: int, now: datetime) -> Letter | None:
    """Hand over this letter if it is due and nobody else has it."""
    try:
        with Post() as post:
            post.open()
            return next(_deliver_all([pk], now, post), None)
    except Away as trouble:
        log.warning("Letter %s waits for the mail server: %s", pk, trouble.words)
        _due(now).filter(pk=pk).update(reason=trouble.words)
        return None


def send_again(letter: Letter) -> bool:
    """Somebody asks for another round of tries: of a letter that failed, or whose fate is unknown."""
    addresses.try_again(letter.recipient.member)
    tried = Letter.objects.filter(pk=letter.pk, state__in=TRIED)
    return bool(tried.move(Letter.QUEUED, next_try_at=None, reason=""))


def _due(now):
    """What never waited for another try comes first: letters that are refused again and again keep no other back."""
    return _ready(now).order_by(F("next_try_at").asc(nulls_first=True), "due_at", "pk")


def _ready(now):
    """On the list, due, and not pausing."""
    ready = Q(next_try_at=None) | Q(next_try_at__lte=now)
    return Letter.objects.filter(ready, state=Letter.QUEUED, due_at__lte=now)


def _deliver_all(pks, now, post) -> Iterator[Letter]:
    """Those that nobody else has taken, each claimed and settled by itself. Raises Away."""
    refusals = addresses.Refusals()
    for part, world in failures.in_parts(
        lambda part: (part or pks, World(part or pks)), lambda: pks, partial(_leave_unread, now)
    ):
        for pk in part:
            try:
                if (letter := world.letter(pk)) and _claim(letter, now):
                    yield _deliver(letter, now, world, post, refusals)
            except Away:
                raise
            except Exception as error:  # its lease runs out, and it is taken up again
                _note(pk, error, now)


def _leave_unread(now, pk, error) -> None:
    """A letter that cannot be read stays on the list, for later: those behind it have their turn meanwhile."""
    _note(pk, error, now)
    _ready(now).filter(pk=pk).update(
        next_try_at=now + UNREADABLE, reason=f"{type(error).__name__}: {one_line(error)}"[:300]
    )


def _note(pk, error, now) -> None:
    group = Letter.objects.filter(pk=pk).values_list("session__term__group", flat=True).first()
    failures.note(LETTERS, error, now, row=f"letter {pk}", group=group)


def _claim(letter, now) -> bool:
    """Mine, unless somebody else was first. The try is counted before it is made, so that none is for ever."""
    lease = Now() + timedelta(seconds=settings.LETTER_LEASE_SECONDS)
    untouched = _ready(now).filter(pk=letter.pk, tries=letter.tries)
    if not untouched.move(Letter.SENDING, tries=letter.tries + 1, leased_until=lease):
        return False
    letter.state, letter.tries = Letter.SENDING, letter.tries + 1
    return True


def _deliver(letter, now, world, post, refusals) -> Letter:
    """Write a claimed letter and hand it over, if it is still wanted."""
    told = {}
    try:
        letter, reason, message = _write(letter, now, world)
        if reason == "address":
            return _settle(letter, Letter.FAILED, now, reason=reason, next_try_at=None, tries=letter.tries - 1)
        if reason:
            return _settle(letter, Letter.EXPIRED if reason == "expired" else Letter.SKIPPED, now, reason=reason)
        told = {"subject": message.subject, "invited": calendar_invitations.is_in(message)}
        post.send(message)
    except Away as trouble:
        _put_off(letter, now, trouble)
        raise
    except NotNow as trouble:
        return _put_off(letter, now, trouble)
    except Unheard as trouble:
        again = {"next_try_at": now + _wait(letter, now, SELDOM), "tries": letter.tries - 1}
        return _settle(letter, Letter.UNCERTAIN, now, reason=trouble.words, **again, **told)
    except Refused as trouble:
        return _refused(letter, now, trouble, refusals, told)
    except Exception as error:  # one letter that cannot be written must not keep the others
        _note(letter.pk, error, now)
        reason = f"{type(error).__name__}: {error}"[:300]
        return _settle(letter, Letter.FAILED, now, reason=reason, next_try_at=_next_try(letter, now))
    sent = _settle(letter, Letter.SENT, now, reason="", next_try_at=None, **told)
    refusals.accept(letter.recipient.member.email)
    return sent


def _refused(letter, now, trouble, refusals, told) -> Letter:
    """Blame the address, or the letter; neither if the server gives everybody this answer. Raises Away."""
    reader = letter.recipient.member
    if isinstance(trouble, NobodyThere):
        if refusals.note_unknown(reader, trouble.words, now):
            return _settle(letter, Letter.FAILED, now, reason="address", next_try_at=None, **told)
        _put_off(letter, now, trouble)
        raise Away(trouble.words)  # servers shut out who asks for many that they do not know
    if refusals.is_general(reader.email, trouble.words, now):
        return _put_off(letter, now, trouble)
    return _settle(letter, Letter.FAILED, now, reason=trouble.words, next_try_at=_next_try(letter, now), **told)


def _put_off(letter, now, trouble) -> Letter:
    """Back on the list without a try counted: it is nobody's fault, and tried again for as long as it is of use."""
    log.warning("Letter %s waits for the mail server: %s", letter.pk, trouble.words)
    again = {"next_try_at": now + _wait(letter, now, SOON), "tries": letter.tries - 1, "settled_at": None}
    return _settle(letter, Letter.QUEUED, now, reason=trouble.words, **again)


def _write(letter, now, world):
    """The letter with why it is not wanted, or with its mail. True of rows read after it was written.

    If what decides about it changed since it was looked at, it is looked at anew, until the world holds still.
    """
    while True:
        reason = unwanted(letter, now) or ("" if letter.recipient.member.is_reachable else "address")
        message = None if reason else rendering.compose(letter, now)
        if world.stands(letter.pk):
            return letter, reason, message
        letter = world.look_again(letter.pk)


def _settle(letter, state, now, **fields) -> Letter:
    """Note what became of it, if it is still this worker's try: whoever lost the lease changes nothing."""
    fields = {"settled_at": now, "leased_until": None} | fields
    mine = Letter.objects.filter(pk=letter.pk, state=Letter.SENDING, tries=letter.tries)
    if mine.move(state, **fields):
        for name, value in fields.items():
            setattr(letter, name, value)
        letter.state = state
    return letter


def _next_try(letter, now):
    """None after a full round: set aside."""
    return now + _pause(letter.tries) if letter.tries % TRIES else None


def _pause(tries) -> timedelta:
    """2, 8, 32, 128 minutes, a fifth more or less, so that letters refused together do not come back together."""
    seconds = settings.LETTER_PAUSE_SECONDS * 4 ** ((tries - 1) % TRIES)
    return timedelta(seconds=seconds * random.uniform(0.8, 1.2))


def _wait(letter, now, most) -> timedelta:
    """As long as the letter is late by now, but no longer than `most` first pauses, a fifth more or less."""
    first, late = settings.LETTER_PAUSE_SECONDS, (now - letter.due_at).total_seconds()
    return timedelta(seconds=min(max(late, first), first * most) * random.uniform(0.8, 1.2))
