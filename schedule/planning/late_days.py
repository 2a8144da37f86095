"""Days that are announced, or withdrawn, after a term was published: which sessions they meet, and what can be done."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import F
from django.utils.translation import gettext as _

from members.models import Membership
from schedule import dates
from schedule.models import Change, Session, Term
from schedule.notifications import news
from schedule.planning import days_off
from schedule.planning.changes import changing
from schedule.planning.proposal import in_words
from schedule.planning.replanning import ANEW, ReplanOptions, proposed, reseat
from schedule.refusal import NotPossible

OUT_OF_THE_WAY = 1000  # numbers that no session has, while the later ones move up


@dataclass(frozen=True)
class Clash:
    """A session to come on a day off; `to` is the nearest day that it could move to."""

    session: Session
    reason: str
    to: date | None


def clashes(term: Term, sessions: list[Session], now: datetime) -> list[Clash]:
    """The sessions to come that fall on a day off, and that nobody decided to hold anyway. No queries."""
    off = days_off.reasons(term.days_off)
    taken = {session.local_start.date() for session in sessions if session.state != Session.CANCELLED}
    found = []
    for session in sessions:
        day = session.local_start.date()
        ahead = session.state == Session.PLANNED and session.starts_at > now
        if ahead and day in off and term.chosen.get(day.isoformat()) != day.isoformat():
            near = (day + timedelta(days) for days in (7, 1, 2, 3, 4, 5, 6))
            to = next((other for other in near if other not in taken | off.keys()), None)
            found.append(Clash(session, off[day], to))
    return found


def set_days_off(term: Term, rows: list[dict], *, by: Membership, now: datetime) -> Change | None:
    """From now on these are the term's days off. No session moves by itself."""
    with changing(term, by=by, kind=Change.PLAN, now=now) as change:
        Term.objects.filter(pk=term.pk).update(days_off=rows)
    term.days_off = rows
    return change if change.made else None


def meet_anyway(term: Term, day: date, *, by: Membership, now: datetime) -> Change | None:
    """The session of that day stays on it, whatever speaks against the day."""
    chosen = term.chosen | {day.isoformat(): day.isoformat()}
    with changing(term, by=by, kind=Change.PLAN, now=now) as change:
        Term.objects.filter(pk=term.pk).update(chosen=chosen)
    return change if change.made else None


def hold_after_all(term: Term, day: date, *, by: Membership, now: datetime) -> Change:
    """A date that fell out is met: one more session, its turns shared out among those free, everybody told."""
    try:
        starts_at = dates.at(day, term.time, term.zone.key)
    except dates.DatesError as error:
        raise NotPossible(in_words(error)) from error
    if starts_at <= now:
        raise NotPossible(_("That moment has passed. Choose a later one."))
    with changing(term, by=by, kind=Change.PLAN, now=now) as change:
        here = Term.objects.get(pk=term.pk)
        kept = [skip for skip in here.skipped if skip["date"] != day.isoformat()]
        if len(kept) == len(here.skipped):
            raise NotPossible(_("This date is met already. Look at the term again."))
        Term.objects.filter(pk=term.pk).update(skipped=kept)
        session = _insert(term, starts_at, now)
        found = proposed(term, ReplanOptions(ANEW, only=session.pk), now=now)
        news.session_restored(session, by=by, now=now)
        reseat(found, found.changes, by=by, now=now)
    return change


def _insert(term: Term, starts_at: datetime, now: datetime) -> Session:
    """A session in its place of the row; the numbers of the later ones move up."""
    later = term.sessions.filter(starts_at__gt=starts_at)
    number = 1 + term.sessions.filter(starts_at__lte=starts_at).count()
    later.update(number=F("number") + OUT_OF_THE_WAY)
    term.sessions.filter(number__gt=OUT_OF_THE_WAY).update(number=F("number") - OUT_OF_THE_WAY + 1)
    ends_at = starts_at + timedelta(minutes=term.minutes)
    return Session.objects.create(
        term=term, number=number, starts_at=starts_at, ends_at=ends_at, place=term.place, changed_at=now
    )


def can_be_held(term: Term, now: datetime) -> list[tuple[date, str]]:
    """The dates to come that fell out without another day in their place."""
    today = now.astimezone(term.zone).date()
    days = [(date.fromisoformat(s["date"]), s["reason"]) for s in term.skipped if not s.get("to")]
    return [(day, reason) for day, reason in days if day > today]
