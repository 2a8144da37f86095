"""The group's calendar in outline, as one member may see it: who is here, the terms, their sessions and turns."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from members.models import Membership
from schedule.access import may_see_drafts
from schedule.models import Presentation, Session, Term


@dataclass(frozen=True)
class Turn:
    pk: int
    presenter: Membership
    paper: str  # its title while it is on the shelf
    shared: bool


@dataclass(frozen=True)
class Outline:
    """Five queries, however much there is. Drafts are the organizers' own."""

    me: Membership
    now: datetime
    people: list[Membership]
    terms: list[Term]
    term: Term | None  # the current one
    sessions: list[Session]
    turns: dict[int, list[Turn]]  # of a session's pk

    @cached_property
    def ahead(self) -> list[Session]:
        """Sessions that take place and are not over, the nearest first."""
        return [s for s in self.sessions if s.is_upcoming(self.now)]

    @property
    def next(self) -> Session | None:
        return next(iter(self.ahead), None)

    @property
    def last(self) -> Session | None:
        """The latest session that took place."""
        over = (s for s in reversed(self.sessions) if s.term.published_at and s.is_over(self.now))
        return next((s for s in over if s.state != Session.CANCELLED), None)

    def mine(self, *, shared: bool | None = None) -> tuple[Session, Turn] | None:
        """My nearest turn that has not begun; only one with a paper, or without, when `shared` says so."""
        turns = ((s, turn) for s in self.ahead if s.starts_at > self.now for turn in self.turns.get(s.pk, ()))
        own = ((s, turn) for s, turn in turns if turn.presenter.pk == self.me.pk)
        return next((pair for pair in own if shared is None or pair[1].shared == shared), None)


def outline(me: Membership, now: datetime) -> Outline:
    everybody = {one.pk: one for one in me.group.memberships.in_order()}
    seen = me.group.terms.all() if may_see_drafts(me) else me.group.terms.published()
    terms = {one.pk: one for one in seen.order_by("-first_day", "-pk")}
    sessions = list(Session.objects.filter(term__in=terms).defer("notes"))
    for session in sessions:
        session.term = terms[session.term_id]
        session.term.group = me.group
    turns: dict[int, list[Turn]] = {}
    kept = "paper__title", "paper__deleted_at", "shared_at"
    rows = Presentation.objects.filter(session__term__in=terms).values_list("session", "pk", "presenter", *kept)
    to_come = {session.pk for session in sessions if not session.has_begun(now)}
    for of_session, pk, presenter, title, deleted_at, shared_at in rows:
        if of_session in to_come and not everybody[presenter].may_enter:
            continue
        paper = "" if deleted_at else title or ""
        shared = bool(shared_at and not deleted_at)
        turns.setdefault(of_session, []).append(Turn(pk, everybody[presenter], paper, shared))
    here = [one for one in everybody.values() if one.may_enter]
    return Outline(me, now, here, list(terms.values()), me.group.terms.current(now), sessions, turns)
