"""Who came: marked by an organizer with a tap, or by oneself with a code that only those in the room can see.

A code has six digits and changes every minute (as in RFC 6238, with the session's own key); the one before still holds,
for slow fingers. Every mark is kept, the newest counts.
"""

import hashlib
import hmac
import secrets
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Prefetch, Q
from django.utils.translation import gettext as _

from members.models import Membership
from schedule.access import may_mark
from schedule.models import AttendanceRecord, Session
from schedule.planning.on_record import cancelled
from schedule.refusal import NotPossible

CODE_SECONDS = 60


DIGITS = 6


GRACE = timedelta(minutes=10)  # who comes later is late


CODE_STAYS = timedelta(hours=1)  # after the end, for those who forgot; then an organizer marks them


EARLY = timedelta(hours=1)  # before it begins, the page of a session is about preparing it


@dataclass(frozen=True)
class AttendanceRow:
    """A person in the list of who came, with the mark that counts and those before it."""

    membership: Membership
    marks: tuple[AttendanceRecord, ...]

    @property
    def mark(self) -> AttendanceRecord | None:
        return self.marks[-1] if self.marks else None

    @property
    def state(self) -> str:
        return self.mark.state if self.mark else ""

    @property
    def came(self) -> bool:
        return self.state in {AttendanceRecord.PRESENT, AttendanceRecord.LATE}


def is_on(session: Session, now: datetime) -> bool:
    """Has the day come? From an hour before it begins on, a session has a record, unless it is cancelled."""
    return session.state != Session.CANCELLED and has_come(session, now)


def has_come(session: Session, now: datetime) -> bool:
    """Return whether it begins within the hour, or has begun."""
    return session.starts_at - EARLY <= now


def attendance_list(session: Session) -> list[AttendanceRow]:
    """Everybody who takes turns, and who left but was marked, in order of joining. Two queries."""
    marked = Prefetch(
        "attendance_records",
        AttendanceRecord.objects.filter(session=session).select_related("by__member"),
        to_attr="here",
    )
    people = session.term.group.memberships.filter(
        Q(state=Membership.ACTIVE, member__is_active=True) | Q(attendance_records__session=session)
    )
    return [AttendanceRow(one, tuple(one.here)) for one in people.distinct().in_order().prefetch_related(marked)]


def mark(session: Session, membership: Membership, state: str, *, by: Membership, now: datetime) -> bool:
    """An organizer marks somebody. True when that says something new."""
    if not may_mark(by, membership):
        raise NotPossible(_("Only organizers mark others. Enter the code to say that you are here."))
    if state not in dict(AttendanceRecord.STATES):
        raise NotPossible(_("Choose present, late, excused or absent."))
    return _write(session, membership, state, by, now)


def enter(session: Session, digits: str, *, by: Membership, now: datetime) -> AttendanceRecord:
    """Say by code that one is here: present, or late after ten minutes."""
    _check_not_cancelled(session, now)
    if not code_is_open(session, now):
        raise NotPossible(_("No code is open now. Ask an organizer to open it."))
    said = digits_of(digits)
    if not any(hmac.compare_digest(said, one) for one in (code(session, now), code(session, now, ago=1))):
        raise NotPossible(_("This code does not hold. Look at the screen again: it changes every minute."))
    state = AttendanceRecord.PRESENT if now <= session.starts_at + GRACE else AttendanceRecord.LATE
    mine = AttendanceRecord.objects.filter(session=session, membership=by).last()
    if mine is None or mine.state not in {AttendanceRecord.PRESENT, AttendanceRecord.LATE}:
        _write(session, by, state, by, now, by_code=True)
    return AttendanceRecord.objects.filter(session=session, membership=by).latest("pk")


def digits_of(text: str) -> str:
    """Return the digits in `text` as 0 to 9, in whatever script they were typed."""
    return "".join(str(unicodedata.decimal(sign)) for sign in text if sign.isdecimal())


def _write(session: Session, membership, state: str, by: Membership, now: datetime, *, by_code=False) -> bool:
    with transaction.atomic():
        open_record(session, now)
        last = AttendanceRecord.objects.filter(session=session, membership=membership).last()
        if last and last.state == state:
            return False
        AttendanceRecord.objects.create(
            session=session, membership=membership, state=state, by=by, at=now, by_code=by_code
        )
    return True


def open_record(session: Session, now: datetime) -> Session:
    """The session's row, locked, while something is written to its record; refused before the day and once closed."""
    here = Session.objects.select_for_update().select_related("term__group").get(pk=session.pk)
    if here.closed_at:
        raise NotPossible(_("The record of this session is closed. An organizer can open it again."))
    _check_not_cancelled(here, now)
    if not is_on(here, now):
        raise NotPossible(_("The record opens an hour before the session begins."))
    return here


def _check_not_cancelled(session: Session, now: datetime) -> None:
    if words := cancelled(session, now):
        raise NotPossible(words)


# ── the code ─────────────────────────────────────────────────────────────────────────────────────
def code(session: Session, now: datetime, ago: int = 0) -> str:
    """'042137': the code of this minute, or of `ago` minutes before."""
    step = int(now.timestamp()) // CODE_SECONDS - ago
    digest = hmac.digest(session.code_key.encode(), step.to_bytes(8, "big"), hashlib.sha256)
    return f"{int.from_bytes(digest[:8], 'big') % 10**DIGITS:0{DIGITS}}"


def seconds_left(now: datetime) -> int:
    """Until the next code."""
    return CODE_SECONDS - int(now.timestamp()) % CODE_SECONDS


def code_is_open(session: Session, now: datetime) -> bool:
    """Return whether members can check in by code: it was opened, and the session ended an hour ago at most.

    A cancelled session has none, also where it was cancelled while one was open and kept its key.
    """
    return bool(session.code_key) and session.state != Session.CANCELLED and not code_has_ended(session, now)


def code_has_ended(session: Session, now: datetime) -> bool:
    return now >= session.ends_at + CODE_STAYS


def open_code(session: Session, *, now: datetime) -> None:
    """Let members check in by code. Raise NotPossible an hour after the end: a code would mark who was not there."""
    _check_not_cancelled(session, now)
    if code_has_ended(session, now):
        raise NotPossible(_("This session ended more than an hour ago. Mark who came in the list instead."))
    with transaction.atomic():
        if not open_record(session, now).code_key:
            Session.objects.filter(pk=session.pk).update(code_key=secrets.token_hex(16))


def close_code(session: Session) -> None:
    """Codes that were shown do not hold any more."""
    Session.objects.filter(pk=session.pk).update(code_key="")


def count(seats: Iterable[AttendanceRow]) -> tuple[int, int]:
    """(how many came, how many are marked)."""
    seats = list(seats)
    return sum(seat.came for seat in seats), sum(bool(seat.mark) for seat in seats)
