"""Notifications about a change to the schedule: who must hear of it, and which waiting notifications it makes untrue.

Every verb here belongs to a change and is called inside its transaction. Whoever made the change gets no notification about
it: they know.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from members.models import Membership
from schedule.models import Change, Notification, Presentation, Session, Term
from schedule.notifications.reminders import notification_of, wake
from schedule.notifications.snapshot import with_related
from schedule.notifications.timeline import UNDO, Planned, unwanted, wants

# handed over: its reader has it, or will have it in a moment
READ = {Notification.SENDING, Notification.SENT, Notification.UNCERTAIN}
MINUTES_COUNT = timedelta(days=7)  # later, minutes are read on the page


def recheck(session: Session, *, now: datetime) -> int:
    """Set aside every waiting notification about the session that is no longer true; how many."""
    reasons = defaultdict(list)
    for notification in with_related(session.notifications.waiting()):
        if reason := unwanted(notification, now):
            reasons[reason].append(notification.pk)
    for reason, pks in reasons.items():
        state = Notification.EXPIRED if reason == "expired" else Notification.SKIPPED
        Notification.objects.filter(pk__in=pks).move(state, reason=reason, settled_at=now)
    return sum(map(len, reasons.values()))


def paper_shared(presentation: Presentation, *, now: datetime) -> None:
    """A turn got its paper, another one, or none: reminders that this makes needless are set aside."""
    recheck(presentation.session, now=now)


def is_told(session: Session, now: datetime) -> bool:
    """Return whether people get mail about a change to this session: also while it runs, for those on their way."""
    return session.term.published_at is not None and session.ends_at > now


def session_moved(session: Session, *, before: datetime, by: Membership, now: datetime) -> None:
    """To everybody: no longer then, but now then. Reminders for the old date are void, those for the new one follow it."""
    _tell_everybody(
        session, Notification.MOVED, was=_instant(before), now_is=_instant(session.starts_at), by=by, now=now
    )


def place_changed(session: Session, *, before: str, by: Membership, now: datetime) -> None:
    """To everybody: we meet somewhere else."""
    _tell_everybody(session, Notification.PLACE, was=before, now_is=session.place, by=by, now=now)


def session_cancelled(session: Session, *, by: Membership, now: datetime) -> None:
    """To everybody; no other notification about the session goes out."""
    _tell_everybody(session, Notification.CANCELLED, was=Session.PLANNED, now_is=Session.CANCELLED, by=by, now=now)


def session_restored(session: Session, *, by: Membership, now: datetime) -> None:
    """To everybody who heard that it was cancelled; its reminders come due again by themselves.

    News that the cancelling kept back (it moves, you present) goes out now if it is still true.
    """
    _wake_kept_back(session, "cancelled", now)
    _tell_everybody(session, Notification.RESTORED, was=Session.CANCELLED, now_is=Session.PLANNED, by=by, now=now)


def _wake_kept_back(session: Session, reason: str, now: datetime) -> None:
    kept_back = session.notifications.filter(kind__in=set().union(*PAIRS), reason=reason)
    wake(kept_back, due_at=now + UNDO, expires_at=session.ends_at, now=now)


def presenters_changed(
    session: Session, *, added: Iterable[Membership], removed: Iterable[Membership], by: Membership, now: datetime
) -> None:
    """To those who present now, and those who no longer do."""
    for kind, people, was, now_is in (
        (Notification.ASSIGNED, added, "free", "presents"),
        (Notification.RELIEVED, removed, "presents", "free"),
    ):
        for person in people:
            _tell(session, kind, [person], was=was, now_is=now_is, by=by, now=now, about=person)
    recheck(session, now=now)


def term_published(term: Term, *, by: Membership, now: datetime) -> None:
    """To everybody: the dates, and who presents when. One notification each, tied to the first session to come."""
    first = term.sessions.filter(state=Session.PLANNED, starts_at__gt=now).order_by("starts_at").first()
    if first:
        first.term = term
        _tell_everybody(first, Notification.PUBLISHED, was="", now_is=term.name, by=by, now=now)


def session_closed(session: Session, *, by: Membership, now: datetime) -> None:
    """The minutes to everybody, if anything was written down; closed again, to those who have not got them as they are now.

    Nothing else is said any more about where and when it is held. `was` of these notifications is the fingerprint of
    what they say, `dedupe_key` how many times the session was closed with other minutes before.
    """
    recheck(session, now=now)
    text = _minutes_fingerprint(session)
    if not text:
        return
    earlier = list(session.notifications.filter(kind=Notification.MINUTES))
    has_them = {row.recipient_id for row in earlier if row.was == text and row.state in READ}
    asleep = [row for row in earlier if row.reason == "reopened" and row.recipient_id not in has_them]
    latest = {row.recipient_id: row.pk for row in sorted(asleep, key=lambda row: row.dedupe_key)}
    times = {"due_at": now + UNDO, "expires_at": now + MINUTES_COUNT}
    wake(session.notifications.filter(pk__in=latest.values()), now=now, was=text, **times)
    number = max((row.dedupe_key + 1 for row in earlier), default=0)
    news = Planned(now + UNDO, now + MINUTES_COUNT, Notification.MINUTES, session, None, (), number)
    readers = [
        reader for reader in _readers(session, Notification.MINUTES) if reader.pk not in has_them | latest.keys()
    ]
    Notification.objects.bulk_create([notification_of(news, reader, now, was=text) for reader in readers])


def session_reopened(session: Session, *, now: datetime) -> None:
    """Its minutes wait until it is closed again; what closing kept back goes out now, if the session is not over."""
    _wake_kept_back(session, "closed", now)
    recheck(session, now=now)


def _minutes_fingerprint(session: Session) -> str:
    """Return what stands for all that was written down; "" for nothing."""
    written = sorted(filter(None, session.presentations.order_by().values_list("minutes", flat=True)))
    notes = Session.objects.values_list("notes", flat=True).get(pk=session.pk)
    return sha256(repr((notes, written)).encode()).hexdigest() if notes or written else ""


PAIRS = (
    {Notification.MOVED},
    {Notification.PLACE},
    {Notification.CANCELLED, Notification.RESTORED},
    {Notification.ASSIGNED, Notification.RELIEVED},
    {Notification.PUBLISHED},
)


def _tell_everybody(session: Session, kind: str, **change) -> None:
    _tell(session, kind, _readers(session, kind), **change)
    recheck(session, now=change["now"])


def _readers(session: Session, kind: str) -> list[Membership]:
    members = Membership.objects.current().filter(group=session.term.group_id).in_order()
    return [member for member in members.prefetch_related("member__muted") if wants(member, kind)]


def _tell(session: Session, kind: str, readers, *, was, now_is, by: Membership, now: datetime, about=None) -> None:
    """Write to each reader what is new to them: an earlier change they never heard of is folded into this one."""
    if not is_told(session, now):
        return
    pair = next(pair for pair in PAIRS if kind in pair)
    earlier = session.notifications.waiting().filter(kind__in=pair)
    if about:
        earlier = earlier.filter(about=about)
    last_heard = dict(earlier.values_list("recipient_id", "was"))
    earlier.move(Notification.SKIPPED, reason="superseded", settled_at=now)
    news = Planned(now + UNDO, session.ends_at, kind, session, about, (), session.sequence)
    notifications = [
        notification_of(news, reader, now, was=last_heard.get(reader.pk, was)[:200])
        for reader in readers
        if reader.pk != by.pk and last_heard.get(reader.pk, was) != now_is
    ]
    Notification.objects.bulk_create(notifications, ignore_conflicts=True)


def _instant(moment):
    return moment.astimezone(UTC).isoformat()


def unaware(session: Session, change: Change, now: datetime) -> Callable[[int], bool]:
    """Return who has heard nothing of what the change did to their turn, and need not hear that it is undone.

    Within the time of its Undo button nothing went out; only who made it knows, and whom a waiting notification is about.
    """
    if now >= change.at + UNDO:
        return lambda _pk: False
    kinds = [Notification.ASSIGNED, Notification.RELIEVED]
    waiting = set(session.notifications.waiting().filter(kind__in=kinds).values_list("about", flat=True))
    return lambda pk: pk != change.by_id and pk not in waiting
