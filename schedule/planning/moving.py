"""One session is moved, cancelled or brought back: its turns go along, or return to the pool. Each can be undone for a day.

Every verb answers with the change, or None when it was so already. `seen` is the session's sequence on the page the
person acted on.
"""

from datetime import date, datetime, time

from members.models import Membership
from schedule.models import Change, Session
from schedule.notifications import news
from schedule.planning import session_changes
from schedule.planning.changes import changing, give_turns_back
from schedule.planning.replanning import ANEW, ReplanOptions, proposed, reseat

ALONG, POOL = "along", "pool"


def move(
    session: Session,
    day: date,
    at: time,
    *,
    by: Membership,
    now: datetime,
    seen: int | None = None,
    turns: str = ALONG,
) -> Change | None:
    """Meet at another time. POOL: its turns are shared out anew among those free then; one with a paper stays."""
    with changing(session.term, by=by, kind=Change.MOVE, now=now) as change:
        if session_changes.move_session(session, day, at, by=by, now=now, seen=seen) and turns == POOL:
            found = proposed(session.term, ReplanOptions(ANEW, only=session.pk, by_hand=True), now=now)
            reseat(found, found.changes, by=by, now=now)
    return change if change.made else None


def cancel(
    session: Session, *, by: Membership, now: datetime, seen: int | None = None, turns: str = ALONG
) -> Change | None:
    """Not to be held. ALONG: the turns wait with it. POOL: they are given up, and whoever had one is next in line.

    A turn about which minutes are written stays with its session.
    """
    with changing(session.term, by=by, kind=Change.CANCEL, now=now) as change:
        if session_changes.cancel_session(session, by=by, now=now, seen=seen) and turns == POOL:
            session.presentations.filter(minutes="").delete()
    return change if change.made else None


def restore(session: Session, *, by: Membership, now: datetime) -> Change | None:
    """Held after all, with the turns that its cancelling gave up."""
    with changing(session.term, by=by, kind=Change.RESTORE, now=now) as change:
        if session_changes.restore_session(session, by=by, now=now) and (added := give_turns_back(session)):
            news.presenters_changed(session, added=added, removed=[], by=by, now=now)
    return change if change.made else None


def change_place(
    session: Session, place: str, *, by: Membership, now: datetime, seen: int | None = None
) -> Change | None:
    """Meet somewhere else."""
    with changing(session.term, by=by, kind=Change.PLACE, now=now) as change:
        session_changes.change_place(session, place, by=by, now=now, seen=seen)
    return change if change.made else None
