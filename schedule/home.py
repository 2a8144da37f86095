"""The page that joins everything: when we meet next, what I must do, which mails go out, how the turns are shared."""

from dataclasses import dataclass
from datetime import datetime

from django.shortcuts import render
from django.utils.timezone import now

from members.access import group_member
from members.address_proof import can_be_proved
from members.models import Group, Membership
from schedule.models import Presentation, Session, Swap, Term
from schedule.notifications.outbox_page import coming
from schedule.notifications.timeline import Planned
from schedule.planning.swaps.choices import waiting_for
from schedule.planning.tally import TallyRow, tally
from schedule.planning.term_timeline import TimelineItem, timeline, with_turns

MAILS_SHOWN = 3
TALLY_SHOWN = 12  # of a larger group, only my own: the term has everybody's


@dataclass(frozen=True)
class Home:
    at: datetime
    term: Term | None
    session: Session | None
    turns: list[Presentation]
    mine: Presentation | None
    timeline_items: list[TimelineItem]
    mails: list[Planned]
    tally: list[TallyRow]
    people: int
    asks: list[Swap]
    open_turns: list[Presentation]  # of all published terms

    @property
    def share_in(self) -> int | None:
        """Days until my paper should be shared, on the session's own calendar; below zero when that day has passed."""
        if self.mine is None:
            return None
        return (self.mine.share_day - self.at.astimezone(self.mine.session.zone).date()).days


@group_member
def home(request, group):
    page = {"home": gather(group, request.membership, now()), "to_prove": can_be_proved(request.user)}
    return render(request, "schedule/home/home.html", page)


def gather(group: Group, me: Membership, at: datetime) -> Home:
    """What the home page says at an instant."""
    term = group.terms.current(at)
    if term is None:
        return Home(at, None, None, [], None, [], [], [], 0, [], [])
    term.group = group
    sessions = with_turns(term.sessions.all(), group)
    rows = tally(term, sessions, at)
    ahead = with_turns(Session.objects.upcoming(at).filter(term__group=group), group)
    nearest = next(iter(ahead), None)
    return Home(
        at=at,
        term=term,
        session=nearest,
        turns=list(nearest.presentations.all()) if nearest else [],
        mine=_my_turn(ahead, me),
        timeline_items=timeline(term, sessions, nearest, at),
        mails=coming(group, me, at)[:MAILS_SHOWN],
        tally=rows if len(rows) <= TALLY_SHOWN else [row for row in rows if row.membership.pk == me.pk],
        people=len(rows),
        asks=waiting_for(me, at),
        open_turns=[turn for session in ahead for turn in session.presentations.all() if turn.is_open(at)],
    )


def _my_turn(ahead, me):
    """My nearest turn; one that still needs its paper comes first."""
    mine = [turn for session in ahead for turn in session.presentations.all() if turn.presenter_id == me.pk]
    return next((turn for turn in mine if not turn.is_shared), None) or next(iter(mine), None)
