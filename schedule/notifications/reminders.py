"""Which notifications are due now: derived at every tick, never planned ahead. Notifications about a change: schedule/notifications/news.py."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db.models import OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.expressions import Combinable

from members import mail
from members.models import Group, Membership, Pause
from schedule.models import Notification, Presentation, Session
from schedule.notifications.timeline import AHEAD, Planned, timeline
from schedule.notifications.timetable import DEFAULT_RULES

# they say what a turn's earlier reminders would have said
NEWS = {
    Notification.MOVED,
    Notification.RESTORED,
    Notification.ASSIGNED,
    Notification.SWAP_ACCEPTED,
    Notification.SWAP_UNDONE,
}
KEY = ("kind", "session_id", "about_id", "recipient_id", "starts_at", "dedupe_key")

Moment = datetime | Combinable  # or what the database finds it with

ROW = (*(name.removesuffix("_id") for name in KEY), "state", "due_at", "settled_at")  # what planning asks of a row


# ── what is due ──────────────────────────────────────────────────────────────────────────────────
def queue_due(now: datetime, groups: Iterable[int] | None = None) -> int:
    """Write a row for every notification that is due and has none, and wake those set aside that are wanted again.

    `groups` are those it is about; None: all.
    Any number of beats may do this at once and as often as they like. Five queries whatever the number of sessions,
    and one or two more when there is something to do.
    """
    new, asleep = missing(now, groups)
    Notification.objects.bulk_create(new, ignore_conflicts=True)
    for pk, row in asleep.items():
        _wake(pk, row)
    return len(new) + len(asleep)


def missing(now: datetime, groups: Iterable[int] | None = None) -> tuple[list[Notification], dict[int, Notification]]:
    """What is due and not on the list: rows to write, and {a row that was set aside: what it should be}."""
    ahead = _ahead(now)
    sessions = list(ahead if groups is None else ahead.filter(term__group__in=groups))
    rows = list(_rows_of(sessions))
    known = {_key(row): row for row in rows}
    due = [
        row
        for planned in _plan(sessions, _members(sessions), rows)
        if planned.when <= now < planned.until
        for row in _rows(planned, now)
    ]
    new = [row for row in due if _key(row) not in known]
    there = [(known[_key(row)], row) for row in due if _key(row) in known]
    return new, {one.pk: row for one, row in there if one.state == Notification.SKIPPED}


def _wake(pk: int, row) -> None:
    wake(Notification.objects.filter(pk=pk), due_at=row.due_at, expires_at=row.expires_at, now=row.created_at)


def wake(notifications: QuerySet, *, due_at: Moment, expires_at: Moment, now: datetime, **fields) -> int:
    """Bring what was set aside back on the list, with the times that it would get today; how many there were.

    Each gets a new date, as long as nobody can have read it.
    """
    rows = Notification.objects.filter(pk__in=list(notifications.values_list("pk", flat=True)))
    rows = rows.filter(state=Notification.SKIPPED)
    rows.filter(tries=0).update(created_at=now)
    times = {"due_at": due_at, "expires_at": expires_at}
    return rows.move(Notification.QUEUED, reason="", next_try_at=None, settled_at=None, **times, **fields)


def upcoming(
    group: Group, *, now: datetime, until: datetime, rows: Iterable[Notification] | None = None
) -> list[Planned]:
    """The group's notifications that come due after `now`, as things stand, without those that have a row already.

    `rows` are the notifications of its coming sessions, for who has them at hand.
    """
    sessions = list(_ahead(now).filter(term__group=group))
    return _without_rows(sessions, list(_rows_of(sessions) if rows is None else rows), now, until)


def about(session: Session, rows: Iterable[Notification], now: datetime) -> list[Planned]:
    """The same for one session, until it begins; `rows` are its notifications."""
    return _without_rows(list(_ahead(now).filter(pk=session.pk)), list(rows), now, session.starts_at)


def _without_rows(sessions: Iterable[Session], rows, now: datetime, until):
    taken = {_key(row) for row in rows if row.state != Notification.SKIPPED}
    ahead = []
    for planned in _plan(sessions, _members(sessions), rows):
        recipients = tuple(m for m in planned.recipients if _key(notification_of(planned, m, now)) not in taken)
        if now < planned.when <= until and recipients:
            ahead.append(replace(planned, recipients=recipients))
    return sorted(ahead, key=lambda planned: planned.when)


def _ahead(now: datetime):
    turns = _with_pauses(Presentation.objects.select_related("presenter__member", "paper"))
    sessions = Session.objects.published().filter(state=Session.PLANNED, starts_at__gt=now, starts_at__lte=now + AHEAD)
    sessions = sessions.select_related("term__group__timetable", "term__timetable")
    return sessions.prefetch_related(Prefetch("presentations", turns))


def _with_pauses(turns: QuerySet) -> QuerySet:
    pauses = Pause.objects.filter(membership=OuterRef("presenter"), ended_at=None)
    return turns.annotate(left_at=Subquery(pauses.values("began_at")), pause=Subquery(pauses.values("pk")))


def _rows_of(sessions: Iterable[Session]):
    notifications = Notification.objects.filter(session__in=[session.pk for session in sessions])
    return notifications.only(*ROW)


def _members(sessions: Iterable[Session]) -> dict[int, list[Membership]]:
    """Those who may enter, by group, in order of joining."""
    members = defaultdict(list)
    groups = {session.term.group_id for session in sessions}
    for member in Membership.objects.current().filter(group__in=groups).in_order().prefetch_related("member__muted"):
        members[member.group_id].append(member)
    return members


def _plan(sessions: Iterable[Session], members: Mapping[int, list[Membership]], rows: Iterable) -> Iterable[Planned]:
    """Every session's timeline, without reminders from before the presenter heard of the turn, or took it themselves."""
    heard: defaultdict[int, dict[int, datetime]] = defaultdict(dict)
    told_papers: dict[int, datetime] = {}
    starts = {session.pk: session.starts_at for session in sessions}
    for row in rows:
        if (
            row.kind == Notification.PAPERS
            and row.state == Notification.SENT
            and row.starts_at == starts.get(row.session_id)
        ):
            told_papers[row.session_id] = min(row.settled_at, told_papers.get(row.session_id, row.settled_at))
        if row.kind in NEWS and row.state != Notification.SKIPPED:
            told = heard[row.session_id]
            told[row.recipient_id] = max(row.due_at, told.get(row.recipient_id, row.due_at))
    for session in sessions:
        knew = heard[session.pk], {turn.presenter_id: turn.taken_at for turn in session.presentations.all()}
        for planned in timeline(session, members[session.term.group_id], told_papers.get(session.pk)):
            since: Any = session.term.published_at  # never empty: `sessions` are those of published terms
            if planned.about and planned.kind != Notification.OPEN:
                since = max([since, *filter(None, (known.get(planned.about.pk) for known in knew))])
            if planned.about is None or planned.kind == Notification.OPEN or planned.when > since:
                yield planned


def send_early(planned: Planned, now: datetime) -> None:
    """Somebody does not want to wait: the notifications are due now, and when their own time comes they are there already."""
    rows = _rows(planned, now)
    for row in rows:
        row.due_at = now
    known = {_key(row): row.pk for row in _rows_of([planned.session])}
    Notification.objects.bulk_create([row for row in rows if _key(row) not in known], ignore_conflicts=True)
    for row in rows:
        if _key(row) in known:
            _wake(known[_key(row)], row)


def replanned(group: Group, *, now: datetime) -> None:
    """The timetable changed: what waits and is not due by the new one is set aside; it wakes when its time comes."""
    sessions = list(_ahead(now).filter(term__group=group))
    rows = list(_rows_of(sessions))
    plan = _plan(sessions, _members(sessions), rows)
    due = {_key(row) for planned in plan if planned.when <= now < planned.until for row in _rows(planned, now)}
    aside = [row.pk for row in rows if row.kind in {*DEFAULT_RULES, Notification.LATE} and _key(row) not in due]
    Notification.objects.waiting().filter(pk__in=aside).move(Notification.SKIPPED, reason="rescheduled", settled_at=now)


def _rows(planned, now: datetime):
    return [notification_of(planned, recipient, now) for recipient in planned.recipients]


def notification_of(planned: Planned, recipient: Membership, now: datetime, **fields) -> Notification:
    """The row that stands for one recipient's notification; not saved."""
    return Notification(
        kind=planned.kind,
        session=planned.session,
        about=planned.about,
        recipient=recipient,
        starts_at=planned.session.starts_at,
        dedupe_key=planned.dedupe_key,
        due_at=planned.when,
        expires_at=planned.until,
        created_at=now,
        message_id=mail.message_id("notification", uuid4().hex),
        **fields,
    )


def _key(row):
    return tuple(getattr(row, name) for name in KEY)
