"""What goes to whom about one session, when, and until when it still makes sense. Plain rules: no clock.

Times of day are the session's own: 9 o'clock is 9 o'clock where the group meets, also when clocks change.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from members import preferences
from members.models import Membership
from schedule.access import may_help_presenters
from schedule.models import Notification, Session
from schedule.notifications import swap_rules
from schedule.notifications.timetable import DEFAULT_RULES, Rules, rules_of

UNDO = timedelta(seconds=20)  # a change that is undone within the time of its Undo button is never written about
AHEAD = timedelta(
    days=92
)  # further away no notification is due: papers are shared at most 60 days before, and chosen 30
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
# what a reader may refuse; a notification that is not among them says what became of one's own turn, and always comes
TOPIC_OF = {
    Notification.CHOOSE: preferences.TURN,
    Notification.SHARE_SOON: preferences.TURN,
    Notification.SHARE_TODAY: preferences.TURN,
    Notification.OVERDUE: preferences.TURN,
    Notification.OVERDUE_ORGANIZER: preferences.HELP,
    Notification.OPEN: preferences.HELP,
    Notification.PAPERS: preferences.PAPERS,
    Notification.LATE: preferences.PAPERS,
    Notification.TOMORROW: preferences.TOMORROW,
    Notification.MOVED: preferences.CHANGES,
    Notification.PLACE: preferences.CHANGES,
    Notification.CANCELLED: preferences.CHANGES,
    Notification.RESTORED: preferences.CHANGES,
    Notification.PUBLISHED: preferences.TERM,
    Notification.SWAP_ASKED: preferences.SWAPS,
    Notification.MINUTES: preferences.MINUTES,
    Notification.CALENDAR_CANCELLED: preferences.CHANGES,
}


@dataclass(frozen=True)
class Planned:
    """One notification to some people: due at `when`, of no use from `until` on. `dedupe_key` counts repeated reminders."""

    when: datetime
    until: datetime
    kind: str
    session: Session
    about: Membership | None
    recipients: tuple[Membership, ...]
    dedupe_key: int = 0

    @property
    def label(self):
        return dict(Notification.KINDS)[self.kind]


def timeline(session: Session, members: Iterable[Membership], told: datetime | None = None) -> list[Planned]:
    """The reminders of a session as it stands now, in order; `members` are those who may enter the group.

    The session comes with its term and its turns; `told` is when its papers were sent round. A reminder for something
    that is done already is not among them, nor is who does not want it among its readers.
    """
    members, rules = tuple(members), rules_of(session.term)
    here = {member.pk: member for member in members}
    every = list(session.presentations.all())
    turns = [turn for turn in every if turn.presenter_id in here]
    notifications = [
        *_to_everybody(session, turns, members, rules),
        *_late_papers(session, turns, members, rules, told),
    ]
    for turn in turns:
        if not turn.is_shared:
            notifications += _for_a_turn(session, turn, here[turn.presenter_id], members, rules)
    notifications += [_open_turn(session, turn, members) for turn in every if turn.presenter_id not in here]
    notifications = [
        _for_its_readers(one, rules) for one in notifications if one.kind not in DEFAULT_RULES or rules[one.kind].on
    ]
    useful = [one for one in notifications if one.when < one.until and one.recipients]
    return sorted(useful, key=lambda one: one.when)


def _for_its_readers(one, rules) -> Planned:
    """Without those who do not want it, and not in the group's quiet hours."""
    readers, when = tuple(m for m in one.recipients if wants(m, one.kind)), rules.after_quiet(one.when)
    until = one.until if when == one.when else max(one.until, min(when + HOUR, one.session.starts_at))
    return replace(one, recipients=readers, when=when, until=until)


def wants(reader: Membership, kind: str) -> bool:
    return preferences.wants(reader.member, TOPIC_OF.get(kind, ""))


def clock(session: Session, day: date, at: time) -> datetime:
    """That time of that day, where the group meets."""
    return datetime.combine(day, at, session.zone)


def _to_everybody(session, turns, members, rules: Rules) -> Iterator[Planned]:
    """Pausing members are among them: they take no turns, but may come and read."""
    tomorrow = _before_we_meet(session, rules)
    yield Planned(tomorrow, session.starts_at, Notification.TOMORROW, session, None, members)
    shared = [turn.shared_at for turn in turns if turn.is_shared]
    if shared:
        round_up = clock(session, session.share_day, rules[Notification.PAPERS].at)
        if len(shared) == len(turns):  # nobody has to be waited for
            round_up = min(round_up, max(shared) + UNDO)
        yield Planned(round_up, _until_we_meet(session, round_up, rules), Notification.PAPERS, session, None, members)


def _late_papers(session, turns, members, rules, told) -> Iterator[Planned]:
    """After the papers were sent round, each further one follows by itself."""
    if told is None or not rules[Notification.PAPERS].on:
        return
    for turn in turns:
        if turn.is_shared and turn.shared_at > told:
            when, others = turn.shared_at + UNDO, tuple(m for m in members if m.pk != turn.presenter_id)
            until = _until_we_meet(session, when, rules)
            yield Planned(when, until, Notification.LATE, session, turn.presenter, others)


def _before_we_meet(session, rules):
    rule = rules[Notification.TOMORROW]
    return clock(session, session.local_start.date() - rule.days * DAY, rule.at)


def _until_we_meet(session, when, rules):
    """News of papers is old when the notification of the day before, which names them all, goes out."""
    tomorrow = _before_we_meet(session, rules)
    return tomorrow if rules[Notification.TOMORROW].on and when < tomorrow < session.starts_at else session.starts_at


def _open_turn(session, turn, members) -> Planned:
    """Return what organizers hear once about a turn whose presenter is gone: another one has to be found."""
    since = max(filter(None, (session.term.published_at, turn.left_at)))
    organizers = tuple(member for member in members if may_help_presenters(member))
    return Planned(
        since + UNDO, session.starts_at, Notification.OPEN, session, turn.presenter, organizers, turn.pause or 0
    )


def _for_a_turn(session, turn, presenter, members, rules: Rules) -> Iterator[Planned]:
    """To the presenter around the day to share, each until the day ends; the last one until the session begins."""
    share, last = session.share_day, rules[Notification.OVERDUE].days
    asks = [(Notification.SHARE_SOON, 0, -rules[Notification.SHARE_SOON].days), (Notification.SHARE_TODAY, 0, 0)]
    asks += [(Notification.OVERDUE, day, day) for day in range(1, last + 1)]
    for kind, dedupe_key, days in asks:
        when = clock(session, share + days * DAY, rules[kind].at)
        end_of_day = clock(session, share + (days + 1) * DAY, time.min)
        until = session.starts_at if dedupe_key == last else min(end_of_day, session.starts_at)
        yield Planned(when, until, kind, session, presenter, (presenter,), dedupe_key)
    if turn.shown_paper is None:
        rule, soon = (
            rules[Notification.CHOOSE],
            clock(session, share - rules[Notification.SHARE_SOON].days * DAY, time.min),
        )
        when = clock(session, share - rule.days * DAY, rule.at)
        yield Planned(when, min(soon, session.starts_at), Notification.CHOOSE, session, presenter, (presenter,))
    help_day = min(share + rules[Notification.OVERDUE_ORGANIZER].days * DAY, session.local_start.date() - DAY)
    if help_day > share:
        when = clock(session, help_day, rules[Notification.OVERDUE_ORGANIZER].at)
        organizers = tuple(m for m in members if may_help_presenters(m) and m.pk != presenter.pk)
        yield Planned(when, session.starts_at, Notification.OVERDUE_ORGANIZER, session, presenter, organizers)


def unwanted(notification: Notification, now: datetime) -> str:
    """Why this notification must not go out any more, as a code; "" while it is true and of use."""
    session, people = notification.session, list(filter(None, [notification.recipient, notification.about]))
    calendar_cancelled = notification.kind == Notification.CALENDAR_CANCELLED
    if notification.kind == Notification.OPEN:
        people = [notification.recipient]
    if not all(person.member.is_active and (calendar_cancelled or person.is_current) for person in people):
        return "gone"
    if not wants(notification.recipient, notification.kind):
        return "muted"
    if calendar_cancelled:
        return "returned" if notification.recipient.is_current else "expired" if notification.expires_at <= now else ""
    if session.term.published_at is None:
        return "unpublished"
    if notification.expires_at <= now:
        return "expired"
    if notification.swap:
        return swap_rules.unwanted(notification.swap, notification.kind, now)
    if notification.kind == Notification.PUBLISHED:
        return ""
    if notification.kind == Notification.MINUTES:
        return "" if session.closed_at else "reopened"
    if session.is_closed:
        return "closed"
    if notification.starts_at != session.starts_at:
        return "moved"
    if (session.state == Session.CANCELLED) != (notification.kind == Notification.CANCELLED):
        return "restored" if notification.kind == Notification.CANCELLED else "cancelled"
    if notification.kind == Notification.OPEN:
        return _open_no_more(notification)
    return _turn_speaks_against(notification, session.given(now))


def _open_no_more(notification) -> str:
    if notification.about.may_enter:
        return "returned"
    if all(turn.presenter_id != notification.about_id for turn in notification.session.presentations.all()):
        return "reassigned"
    return "" if may_help_presenters(notification.recipient) else "gone"


def _turn_speaks_against(notification, turns) -> str:
    turn = next((turn for turn in turns if turn.presenter_id == notification.about_id), None)
    if notification.kind == Notification.PAPERS:
        return "" if any(turn.is_shared for turn in turns) else "nothing_shared"
    if notification.kind == Notification.RELIEVED:
        return "reassigned" if turn else ""
    if notification.kind == Notification.PLACE:
        return "superseded" if notification.was == notification.session.place else ""
    if turn is None:
        return "reassigned" if notification.about_id else ""
    if notification.kind == Notification.LATE:
        return "" if turn.is_shared else "nothing_shared"
    if notification.kind == Notification.CHOOSE and turn.shown_paper:
        return "chosen"
    if (
        notification.kind
        in {Notification.SHARE_SOON, Notification.SHARE_TODAY, Notification.OVERDUE, Notification.OVERDUE_ORGANIZER}
        and turn.is_shared
    ):
        return "shared"
    if notification.kind == Notification.OVERDUE_ORGANIZER and not may_help_presenters(notification.recipient):
        return "gone"
    return ""
