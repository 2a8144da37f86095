"""Which letters are due now: derived at every tick, never planned ahead. And what a change to a session means for them.

The verbs in the second half belong to a change and are called inside its transaction: they set aside what is no longer
true and write to those concerned. Whoever made the change gets no letter about it: they know.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db.models import Prefetch

from members import mail
from members.models import Group, Membership
from schedule.mail.timeline import AHEAD, UNDO, Planned, timeline, unwanted, wants
from schedule.mail.timetable import HOUSE
from schedule.mail.world import with_world
from schedule.models import Letter, Presentation, Session, Term

MINUTES_COUNT = timedelta(days=7)  # later, minutes are read on the page
# they say what a turn's earlier reminders would have said
NEWS = {Letter.MOVED, Letter.RESTORED, Letter.ASSIGNED, Letter.SWAP_ACCEPTED, Letter.SWAP_UNDONE}
KEY = ("kind", "session_id", "about_id", "recipient_id", "starts_at", "nth")

ROW = (*(name.removesuffix("_id") for name in KEY), "state", "due_at", "settled_at")  # what planning asks of a row


# ── what is due ──────────────────────────────────────────────────────────────────────────────────
def queue_due(now: datetime, groups: Iterable[int] | None = None) -> int:
    """Write a row for every letter that is due and has none, and wake those set aside that are wanted again.

    `groups` are those it is about; None: all.
    Any number of beats may do this at once and as often as they like. Five queries whatever the number of sessions,
    and one or two more when there is something to do.
    """
    new, asleep = missing(now, groups)
    Letter.objects.bulk_create(new, ignore_conflicts=True)
    for pk, row in asleep.items():
        _wake(pk, row)
    return len(new) + len(asleep)


def missing(now: datetime, groups: Iterable[int] | None = None) -> tuple[list[Letter], dict[int, Letter]]:
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
    return new, {one.pk: row for one, row in there if one.state == Letter.SKIPPED}


def _wake(pk: int, row) -> None:
    """Wanted again, and due when it is now. It gets a new date, as long as nobody can have read it."""
    letter = Letter.objects.filter(pk=pk, state=Letter.SKIPPED)
    letter.filter(tries=0).update(created_at=row.created_at)
    times = {"due_at": row.due_at, "expires_at": row.expires_at}
    letter.move(Letter.QUEUED, reason="", next_try_at=None, settled_at=None, **times)


def upcoming(group: Group, *, now: datetime, until: datetime, rows: Iterable[Letter] | None = None) -> list[Planned]:
    """The group's letters that come due after `now`, as things stand, without those that have a row already.

    `rows` are the letters of its coming sessions, for who has them at hand.
    """
    sessions = list(_ahead(now).filter(term__group=group))
    return _without_rows(sessions, list(_rows_of(sessions) if rows is None else rows), now, until)


def about(session: Session, rows: Iterable[Letter], now: datetime) -> list[Planned]:
    """The same for one session, until it begins; `rows` are its letters."""
    return _without_rows(list(_ahead(now).filter(pk=session.pk)), list(rows), now, session.starts_at)


def _without_rows(sessions: Iterable[Session], rows, now: datetime, until):
    taken = {_key(row) for row in rows if row.state != Letter.SKIPPED}
    ahead = []
    for planned in _plan(sessions, _members(sessions), rows):
        recipients = tuple(m for m in planned.recipients if _key(letter_of(planned, m, now)) not in taken)
        if now < planned.when <= until and recipients:
            ahead.append(replace(planned, recipients=recipients))
    return sorted(ahead, key=lambda planned: planned.when)


def _ahead(now: datetime):
    turns = Presentation.objects.select_related("presenter__member", "paper")
    sessions = Session.objects.published().filter(state=Session.PLANNED, starts_at__gt=now, starts_at__lte=now + AHEAD)
    sessions = sessions.select_related("term__group__timetable", "term__timetable")
    return sessions.prefetch_related(Prefetch("presentations", turns))


def _rows_of(sessions: Iterable[Session]):
    letters = Letter.objects.filter(session__in=[session.pk for session in sessions])
    return letters.only(*ROW)


def _members(sessions: Iterable[Session]) -> dict[int, list[Membership]]:
    """Those who may enter, by group, in order of joining."""
    members = defaultdict(list)
    groups = {session.term.group_id for session in sessions}
    for member in Membership.objects.here().filter(group__in=groups).in_order().prefetch_related("member__muted"):
        members[member.group_id].append(member)
    return members


def _plan(sessions: Iterable[Session], members: Mapping[int, list[Membership]], rows: Iterable) -> Iterable[Planned]:
    """Every session's timeline, without reminders from before the presenter heard of the turn as it stands now."""
    heard: defaultdict[int, dict[int, datetime]] = defaultdict(dict)
    told_papers: dict[int, datetime] = {}
    starts = {session.pk: session.starts_at for session in sessions}
    for row in rows:
        if row.kind == Letter.PAPERS and row.state == Letter.SENT and row.starts_at == starts.get(row.session_id):
            told_papers[row.session_id] = min(row.settled_at, told_papers.get(row.session_id, row.settled_at))
        if row.kind in NEWS and row.state != Letter.SKIPPED:
            told = heard[row.session_id]
            told[row.recipient_id] = max(row.due_at, told.get(row.recipient_id, row.due_at))
    for session in sessions:
        for planned in timeline(session, members[session.term.group_id], told_papers.get(session.pk)):
            since: Any = session.term.published_at  # never empty: `sessions` are those of published terms
            if planned.about:
                since = max(since, heard[session.pk].get(planned.about.pk, since))
            if planned.about is None or planned.when > since:
                yield planned


def send_early(planned: Planned, now: datetime) -> None:
    """Somebody does not want to wait: the letters are due now, and when their own time comes they are there already."""
    rows = _rows(planned, now)
    for row in rows:
        row.due_at = now
    known = {_key(row): row.pk for row in _rows_of([planned.session])}
    Letter.objects.bulk_create([row for row in rows if _key(row) not in known], ignore_conflicts=True)
    for row in rows:
        if _key(row) in known:
            _wake(known[_key(row)], row)


def replanned(group: Group, *, now: datetime) -> None:
    """The timetable changed: what waits and is not due by the new one is set aside; it wakes when its time comes."""
    sessions = list(_ahead(now).filter(term__group=group))
    rows = list(_rows_of(sessions))
    plan = _plan(sessions, _members(sessions), rows)
    due = {_key(row) for planned in plan if planned.when <= now < planned.until for row in _rows(planned, now)}
    aside = [row.pk for row in rows if row.kind in {*HOUSE, Letter.LATE} and _key(row) not in due]
    Letter.objects.waiting().filter(pk__in=aside).move(Letter.SKIPPED, reason="rescheduled", settled_at=now)


def _rows(planned, now: datetime):
    return [letter_of(planned, recipient, now) for recipient in planned.recipients]


def letter_of(planned: Planned, recipient: Membership, now: datetime, **fields) -> Letter:
    """The row that stands for one recipient's letter; not saved."""
    return Letter(
        kind=planned.kind,
        session=planned.session,
        about=planned.about,
        recipient=recipient,
        starts_at=planned.session.starts_at,
        nth=planned.nth,
        due_at=planned.when,
        expires_at=planned.until,
        created_at=now,
        message_id=mail.message_id("letter", uuid4().hex),
        **fields,
    )


def _key(row):
    return tuple(getattr(row, name) for name in KEY)


# ── what a change means ──────────────────────────────────────────────────────────────────────────
def recheck(session: Session, *, now: datetime) -> int:
    """Set aside every waiting letter about the session that is no longer true; how many."""
    reasons = defaultdict(list)
    for letter in with_world(session.letters.waiting()):
        if reason := unwanted(letter, now):
            reasons[reason].append(letter.pk)
    for reason, pks in reasons.items():
        state = Letter.EXPIRED if reason == "expired" else Letter.SKIPPED
        Letter.objects.filter(pk__in=pks).move(state, reason=reason, settled_at=now)
    return sum(map(len, reasons.values()))


def paper_shared(presentation: Presentation, *, now: datetime) -> None:
    """A turn got its paper, another one, or none: reminders that this makes needless are set aside."""
    recheck(presentation.session, now=now)


def session_moved(session: Session, *, before: datetime, by: Membership, now: datetime) -> None:
    """To everybody: no longer then, but now then. Reminders for the old date are void, those for the new one follow it."""
    _tell_everybody(session, Letter.MOVED, was=_instant(before), now_is=_instant(session.starts_at), by=by, now=now)


def place_changed(session: Session, *, before: str, by: Membership, now: datetime) -> None:
    """To everybody: we meet somewhere else."""
    _tell_everybody(session, Letter.PLACE, was=before, now_is=session.place, by=by, now=now)


def session_cancelled(session: Session, *, by: Membership, now: datetime) -> None:
    """To everybody; no other letter about the session goes out."""
    _tell_everybody(session, Letter.CANCELLED, was=Session.PLANNED, now_is=Session.CANCELLED, by=by, now=now)


def session_restored(session: Session, *, by: Membership, now: datetime) -> None:
    """To everybody who heard that it was cancelled; its reminders come due again by themselves.

    News that the cancelling kept back (it moves, you present) goes out now if it is still true.
    """
    kept_back = session.letters.filter(kind__in=set().union(*PAIRS), reason="cancelled")
    kept_back.move(Letter.QUEUED, reason="", settled_at=None)
    _tell_everybody(session, Letter.RESTORED, was=Session.CANCELLED, now_is=Session.PLANNED, by=by, now=now)


def presenters_changed(
    session: Session, *, added: Iterable[Membership], removed: Iterable[Membership], by: Membership, now: datetime
) -> None:
    """To those who present now, and those who no longer do."""
    for kind, people, was, now_is in (
        (Letter.ASSIGNED, added, "free", "presents"),
        (Letter.RELIEVED, removed, "presents", "free"),
    ):
        for person in people:
            _tell(session, kind, [person], was=was, now_is=now_is, by=by, now=now, about=person)
    recheck(session, now=now)


def term_published(term: Term, *, by: Membership, now: datetime) -> None:
    """To everybody: the dates, and who presents when. One letter each, tied to the first session to come."""
    first = term.sessions.filter(state=Session.PLANNED, starts_at__gt=now).order_by("starts_at").first()
    if first:
        first.term = term
        _tell_everybody(first, Letter.PUBLISHED, was="", now_is=term.name, by=by, now=now)


def session_closed(session: Session, *, by: Membership, now: datetime) -> None:
    """The minutes to everybody, once, if anything was written down; closed again, to those whom they have not reached."""
    if not (session.notes or any(turn.minutes for turn in session.presentations.all())):
        return
    session.letters.filter(kind=Letter.MINUTES, reason="reopened").move(Letter.QUEUED, reason="", settled_at=None)
    news = Planned(now + UNDO, now + MINUTES_COUNT, Letter.MINUTES, session, None, ())
    members = Membership.objects.here().filter(group=session.term.group_id).in_order().prefetch_related("member__muted")
    readers = [member for member in members if wants(member, Letter.MINUTES)]
    Letter.objects.bulk_create([letter_of(news, reader, now) for reader in readers], ignore_conflicts=True)


PAIRS = (
    {Letter.MOVED},
    {Letter.PLACE},
    {Letter.CANCELLED, Letter.RESTORED},
    {Letter.ASSIGNED, Letter.RELIEVED},
    {Letter.PUBLISHED},
)


def _tell_everybody(session: Session, kind: str, **change) -> None:
    members = Membership.objects.here().filter(group=session.term.group_id).in_order().prefetch_related("member__muted")
    _tell(session, kind, [member for member in members if wants(member, kind)], **change)
    recheck(session, now=change["now"])


def _tell(session: Session, kind: str, readers, *, was, now_is, by: Membership, now: datetime, about=None) -> None:
    """Write to each reader what is new to them: an earlier change they never heard of is folded into this one."""
    if session.term.published_at is None or session.starts_at <= now:
        return
    pair = next(pair for pair in PAIRS if kind in pair)
    earlier = session.letters.waiting().filter(kind__in=pair)
    if about:
        earlier = earlier.filter(about=about)
    last_heard = dict(earlier.values_list("recipient_id", "was"))
    earlier.move(Letter.SKIPPED, reason="superseded", settled_at=now)
    news = Planned(now + UNDO, session.starts_at, kind, session, about, (), session.sequence)
    letters = [
        letter_of(news, reader, now, was=last_heard.get(reader.pk, was)[:200])
        for reader in readers
        if reader.pk != by.pk and last_heard.get(reader.pk, was) != now_is
    ]
    Letter.objects.bulk_create(letters, ignore_conflicts=True)


def _instant(moment):
    return moment.astimezone(UTC).isoformat()
