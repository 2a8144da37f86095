"""What the library asks about the sessions in which its papers are presented: see papers/presented.py."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import F, Min, Q, QuerySet

from members.models import Membership
from members.templatetags.formatting import moment
from papers.models import Paper
from schedule.models import Notification, Presentation, Session
from schedule.notifications import news


def planned(now: datetime) -> QuerySet[Presentation]:
    """Return the turns to come of people who are in the group, and those of running sessions, each with `meets_at`."""
    turns = _published().filter(session__state=Session.PLANNED, session__ends_at__gt=now)
    return turns.filter(Q(session__starts_at__lte=now) | Q(presenter__in=Membership.objects.current()))


def held(now: datetime) -> QuerySet[Presentation]:
    """Return the turns of sessions that are over, each with `meets_at`."""
    return _published().filter(_is_over(now))


def of_paper(paper: Paper) -> list[Presentation]:
    """Return the published turns that present it, the earliest first, without those of cancelled sessions. One query."""
    turns = _published().filter(paper=paper).exclude(session__state=Session.CANCELLED)
    return list(turns.select_related("session__term__group", "presenter__member").order_by("session__starts_at"))


def in_session(pk: int) -> QuerySet[Presentation]:
    """Return the published turns of this session."""
    return _published().filter(session=pk)


def joined(paper: Paper, into: Paper) -> None:
    """Let what presents `paper` present `into`."""
    Presentation.objects.filter(paper=paper).update(paper=into)


def coming(paper: Paper, now: datetime) -> list[str]:
    """Return the turns to come for which it is shared: 'Tue 3 March, 10:00 · Alice'. One query."""
    turns = Presentation.objects.filter(paper=paper, session__in=Session.objects.upcoming(now))
    turns = turns.select_related("session__term", "presenter__member").order_by("session__starts_at", "pk")
    return [f"{moment(turn.session.local_start)} · {turn.presenter}" for turn in turns]


def on_record(papers: Collection[int], now: datetime) -> set[int]:
    """Return those of these papers that were presented in a session that is over."""
    return set(held(now).filter(paper__in=papers).values_list("paper", flat=True))


def thrown_away(paper: Paper, now: datetime) -> None:
    """Its turns to come count as without a paper: notifications that name it are set aside."""
    _look_again(_sessions(paper, now), now)


def brought_back(paper: Paper, *, since: datetime, now: datetime) -> None:
    """Its turns to come have their paper again; where the papers were sent round without it, it counts as shared now."""
    sessions = _sessions(paper, now)
    sent = Notification.objects.filter(session__in=sessions, kind=Notification.PAPERS, state=Notification.SENT)
    rounds = sent.filter(starts_at=F("session__starts_at")).values("session").annotate(at=Min("settled_at"))
    without_it = [one["session"] for one in rounds if since <= one["at"]]
    Presentation.objects.filter(paper=paper, session__in=without_it).exclude(shared_at=None).update(shared_at=now)
    _look_again(sessions, now)


def _published() -> QuerySet[Presentation]:
    turns = Presentation.objects.exclude(session__term__published_at=None).exclude(paper=None)
    return turns.annotate(meets_at=F("session__starts_at"))


def _is_over(now: datetime) -> Q:
    return Q(session__state=Session.HELD) | Q(session__state=Session.PLANNED, session__ends_at__lte=now)


def _sessions(paper: Paper, now: datetime) -> QuerySet:
    return Session.objects.filter(presentations__paper=paper, ends_at__gt=now).exclude(state=Session.HELD).distinct()


def _look_again(sessions: QuerySet, now: datetime) -> None:
    """Calendars and notifications show what their papers are now."""
    for session in sessions:
        Session.objects.filter(pk=session.pk).update(changed_at=now)
        news.recheck(session, now=now)
