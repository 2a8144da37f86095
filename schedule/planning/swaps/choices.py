"""With whom a turn can be swapped: what is possible first, and beside what is not, why."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, Q, prefetch_related_objects
from django.utils.translation import gettext as _

from members.models import Membership
from members.templatetags.formatting import day as day_in_words
from schedule.models import Change, Presentation, Session, Swap
from schedule.planning.grid import is_away


@dataclass(frozen=True)
class Option:
    """One person to ask; with `session`, for their turn in it. `reason` says why it cannot be."""

    value: str
    person: Membership
    session: Session | None = None
    turns: int = 0
    reason: str = ""


@dataclass(frozen=True)
class SwapChoices:
    exchanges: list[Option]
    gifts: list[Option]

    def find(self, value: str) -> Option | None:
        """What the form asked for, if it is possible."""
        return next((one for one in (*self.exchanges, *self.gifts) if one.value == value and not one.reason), None)

    @property
    def possible(self) -> bool:
        return any(not one.reason for one in (*self.exchanges, *self.gifts))

    @property
    def free(self) -> int:
        """How many would hear of a question to the group."""
        return sum(not one.reason for one in self.gifts)


def choices(turn: Presentation, now: datetime) -> SwapChoices:
    """Other turns of the term, the nearest in time first; and people, those with the fewest turns first. Four queries."""
    term = turn.session.term
    members = list(term.group.memberships.active().in_order().prefetch_related("absences"))
    sessions = _sessions(term)
    giver = next((m for m in members if m.pk == turn.presenter_id), turn.presenter)
    here = next((session for session in sessions if session.pk == turn.session_id), turn.session)
    hindered = {member.pk: _hindrance(member, here) for member in members}
    had = Counter(seat.presenter_id for session in sessions for seat in session.presentations.all())
    exchanges = []
    for session in sorted(sessions, key=lambda one: abs(one.starts_at - here.starts_at)):
        if session.pk == here.pk or session.state != Session.PLANNED or session.starts_at <= now:
            continue
        mine = _hindrance(giver, session)
        for seat in session.presentations.all():
            if seat.presenter_id != giver.pk and seat.presenter_id in hindered:
                reason = hindered[seat.presenter_id] or mine
                exchanges.append(Option(f"{session.pk}-{seat.presenter_id}", seat.presenter, session, reason=reason))
    gifts = [Option(str(m.pk), m, turns=had[m.pk], reason=hindered[m.pk]) for m in members if m.pk != giver.pk]
    exchanges.sort(key=lambda one: bool(one.reason))
    gifts.sort(key=lambda one: (bool(one.reason), one.turns))
    return SwapChoices(exchanges, gifts)


def _sessions(term) -> list[Session]:
    turns = Prefetch("presentations", Presentation.objects.select_related("presenter__member"))
    sessions = list(term.sessions.exclude(state=Session.CANCELLED).prefetch_related(turns))
    for session in sessions:
        session.term = term
    return sessions


def _hindrance(member, session) -> str:
    """Why this member cannot present in that session."""
    day = session.local_start.date()
    values = {"name": member, "day": day_in_words(day)}
    if any(seat.presenter_id == member.pk for seat in session.presentations.all()):
        return _("%(name)s presents on %(day)s already") % values
    if is_away(member, day):
        return _("%(name)s is away on %(day)s") % values
    return ""


def swaps_of(me: Membership, now: datetime) -> list[Swap]:
    """My own open questions, and the swaps of mine that can still be undone."""
    ahead = Q(session__starts_at__gt=now) & (Q(wanted=None) | Q(wanted__starts_at__gt=now))
    mine = Swap.objects.filter(Q(giver=me) | Q(taker=me) | Q(by=me), ahead)
    asked = Q(state=Swap.OPEN) & ~Q(taker=me)
    done = Q(state=Swap.ACCEPTED, change__at__gt=now - Change.FOR)
    return [
        swap
        for swap in mine.filter(asked | done).with_related()
        if swap.state != Swap.OPEN or not swap.invalid_reason(now)
    ]


def waiting_for(me: Membership, now: datetime) -> list[Swap]:
    """Open questions that are mine to answer: asked of me, or of the group on a day on which I can."""
    swaps = Swap.objects.open().filter(session__term__group=me.group_id).exclude(giver=me)
    swaps = swaps.filter(taker=me) | swaps.filter(taker=None)
    if me.state != Membership.ACTIVE:
        return []
    found = [swap for swap in swaps.with_related() if not swap.invalid_reason(now)]
    if found:
        prefetch_related_objects([me], "absences")
    return [swap for swap in found if swap.taker_id or not _hindrance(me, swap.session)]
