"""What goes to whom about one session, when, and until when it still makes sense. Plain rules: no queries, no clock.

Times of day are the session's own: 9 o'clock is 9 o'clock where the group meets, also when clocks change.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from members import preferences
from members.models import Membership
from schedule.models import Letter, Presentation, Session

ASK_AT, ROUND_UP_AT, TOMORROW_AT = time(9), time(20), time(10)
REMINDERS = 3  # to the presenter, one a day after the day to share; then the organizers hear of it
AHEAD = timedelta(days=62)  # a session further away has no letter due: papers are shared at most 60 days before
DAY = timedelta(days=1)
# what a reader may refuse; a letter that is not among them says what became of one's own turn, and always comes
TOPIC_OF = {
    Letter.SHARE_SOON: preferences.TURN,
    Letter.SHARE_TODAY: preferences.TURN,
    Letter.OVERDUE: preferences.TURN,
    Letter.STUCK: preferences.HELP,
    Letter.PAPERS: preferences.PAPERS,
    Letter.TOMORROW: preferences.TOMORROW,
    Letter.MOVED: preferences.CHANGES,
    Letter.PLACE: preferences.CHANGES,
    Letter.CANCELLED: preferences.CHANGES,
    Letter.RESTORED: preferences.CHANGES,
    Letter.PUBLISHED: preferences.TERM,
}


@dataclass(frozen=True)
class Planned:
    """One letter to some people: due at `when`, of no use from `until` on. `nth` counts repeated reminders."""

    when: datetime
    until: datetime
    kind: str
    session: Session
    about: Membership | None
    recipients: tuple[Membership, ...]
    nth: int = 0

    @property
    def label(self):
        return dict(Letter.KINDS)[self.kind]


def timeline(session: Session, members: Iterable[Membership]) -> list[Planned]:
    """The reminders of a session as it stands now, in order; `members` are those who may enter the group.

    The session comes with its term and its turns. A reminder for something that is done already is not among them,
    nor is who does not want it among its readers.
    """
    members = tuple(members)
    turns = list(session.presentations.all())
    letters = [*_to_everybody(session, turns, members)]
    for turn in turns:
        if not is_shared(turn):
            letters += _for_a_turn(session, turn, members)
    letters = [replace(one, recipients=tuple(m for m in one.recipients if wants(m, one.kind))) for one in letters]
    useful = [letter for letter in letters if letter.when < letter.until and letter.recipients]
    return sorted(useful, key=lambda letter: letter.when)


def wants(reader: Membership, kind: str) -> bool:
    return preferences.wants(reader.member, TOPIC_OF.get(kind, ""))


def is_shared(turn: Presentation) -> bool:
    return bool(turn.paper_id and turn.shared_at)


def clock(session: Session, day: date, at: time) -> datetime:
    """That time of that day, where the group meets."""
    return datetime.combine(day, at, session.zone)


def _to_everybody(session, turns, members) -> Iterator[Planned]:
    """Pausing members are among them: they take no turns, but may come and read."""
    tomorrow = clock(session, session.local_start.date() - DAY, TOMORROW_AT)
    round_up = clock(session, session.share_day, ROUND_UP_AT)
    yield Planned(tomorrow, session.starts_at, Letter.TOMORROW, session, None, members)
    if any(is_shared(turn) for turn in turns):
        until = tomorrow if round_up < tomorrow else session.starts_at
        yield Planned(round_up, until, Letter.PAPERS, session, None, members)


def _for_a_turn(session, turn, members) -> Iterator[Planned]:
    """To the presenter around the day to share, each until the day ends; the last one until the session begins."""
    here = {member.pk: member for member in members}
    presenter = here.get(turn.presenter_id)
    if presenter is None:
        return
    share = session.share_day
    asks = [(Letter.SHARE_SOON, 0, -1), (Letter.SHARE_TODAY, 0, 0)]
    asks += [(Letter.OVERDUE, nth, nth) for nth in range(1, REMINDERS + 1)]
    for kind, nth, days in asks:
        when = clock(session, share + days * DAY, ASK_AT)
        end_of_day = clock(session, share + (days + 1) * DAY, time.min)
        until = session.starts_at if nth == REMINDERS else min(end_of_day, session.starts_at)
        yield Planned(when, until, kind, session, presenter, (presenter,), nth)
    help_day = min(share + (REMINDERS + 1) * DAY, session.local_start.date() - DAY)
    if help_day > share:
        organizers = tuple(m for m in members if m.is_organizer and m.pk != presenter.pk)
        yield Planned(clock(session, help_day, ASK_AT), session.starts_at, Letter.STUCK, session, presenter, organizers)


def unwanted(letter: Letter, now: datetime) -> str:
    """Why this letter must not go out any more, as a code; "" while it is true and of use."""
    session, people = letter.session, filter(None, [letter.recipient, letter.about])
    if not all(person.is_here and person.member.is_active for person in people):
        return "gone"
    if not wants(letter.recipient, letter.kind):
        return "muted"
    if session.term.published_at is None:
        return "unpublished"
    if letter.expires_at <= now:
        return "expired"
    if letter.kind == Letter.PUBLISHED:
        return ""
    if letter.starts_at != session.starts_at:
        return "moved"
    if (session.state == Session.CANCELLED) != (letter.kind == Letter.CANCELLED):
        return "restored" if letter.kind == Letter.CANCELLED else "cancelled"
    return _turn_speaks_against(letter, session.presentations.all())


def _turn_speaks_against(letter, turns) -> str:
    turn = next((turn for turn in turns if turn.presenter_id == letter.about_id), None)
    if letter.kind == Letter.PAPERS:
        return "" if any(is_shared(turn) for turn in turns) else "nothing_shared"
    if letter.kind == Letter.RELIEVED:
        return "reassigned" if turn else ""
    if letter.kind == Letter.PLACE:
        return "superseded" if letter.was == letter.session.place else ""
    if letter.about_id and turn is None:
        return "reassigned"
    if letter.kind in {Letter.SHARE_SOON, Letter.SHARE_TODAY, Letter.OVERDUE, Letter.STUCK} and is_shared(turn):
        return "shared"
    if letter.kind == Letter.STUCK and not letter.recipient.is_organizer:
        return "gone"
    return ""
