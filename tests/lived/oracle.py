"""Which mails should have come by now: written from the table "What is mailed, and when" of docs/organizers.md.

It sees only facts and the clock. What changed, and when a turn became somebody's, it finds by comparing the facts before
and after what people did. Every reminder goes to a person once; news of a change goes out twenty seconds after it, if it
is still true, to all whom it concerns but the one who made it.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import NamedTuple

from tests.lived import facts, names
from tests.lived.facts import Facts, Session, Turn

DAY, UNDO = timedelta(days=1), timedelta(seconds=20)
MINUTES_COUNT = timedelta(days=7)


class Mail(NamedTuple):
    """`about`: whose turn it speaks of; `dedupe_key`: the day of a repeated reminder."""

    kind: str
    to: int
    session: int
    starts_at: datetime
    about: int | None = None
    dedupe_key: int = 0


@dataclass(frozen=True)
class Due:
    """One reminder to some people, of use from `when` until `until`."""

    when: datetime
    until: datetime
    session: Session
    kind: str
    about: int | None
    to: tuple[int, ...]
    dedupe_key: int = 0

    def mails(self) -> Iterator[Mail]:
        for person in self.to:
            yield Mail(self.kind, person, self.session.pk, self.session.starts_at, self.about, self.dedupe_key)


class Reminders:
    """What should have come about one group, counted; and what comes next as things stand."""

    def __init__(self):
        self.came: Counter[Mail] = Counter()
        self.since: dict[
            tuple[int, int], datetime
        ] = {}  # (session, presenter): since when the turn is theirs as it stands
        self.left: dict[int, datetime] = {}  # member: since when they are not in the group
        self.told: dict[tuple[int, datetime], datetime] = {}  # (session, start): when its papers were sent round

    def go_out(self, now_is: Facts, now: datetime) -> None:
        for due in self._all(now_is, now):
            new = [mail for mail in due.mails() if not self.came[mail]]
            if due.when <= now < due.until and new:
                self.came.update(new)
                if due.kind == names.PAPERS:
                    self.told.setdefault((due.session.pk, due.session.starts_at), now)

    def to_come(self, now_is: Facts, now: datetime) -> list[Due]:
        """In order of time, each with those readers who have not had it."""
        coming = [
            replace(due, to=tuple(mail.to for mail in due.mails() if not self.came[mail]))
            for due in self._all(now_is, now)
            if due.when > now
        ]
        return sorted((due for due in coming if due.to), key=lambda due: due.when)

    def _all(self, now_is, now) -> Iterator[Due]:
        for session in now_is.published():
            if session.state == facts.PLANNED and session.starts_at > now:
                for due in sorted(_reminders(session, now_is, self.told, self.left), key=lambda due: due.when):
                    readers = tuple(to for to in due.to if wants(now_is, to, due.kind))
                    heard = due.about and self.since.get((session.pk, due.about))
                    if due.when < due.until and readers and not (heard and due.when <= heard):
                        yield replace(due, to=readers)


def wants(now_is: Facts, member: int, kind: str) -> bool:
    who = now_is.members[member]
    return who.is_current and not any(kind in names.TOPICS[topic] for topic in who.refuses if topic in names.TOPICS)


def at(session: Session, days: int, clock: int) -> datetime:
    """That hour, where the group meets, so many days after the day to share."""
    return datetime.combine(share_day(session) + days * DAY, time(clock), session.zone)


def share_day(session: Session):
    return session.day - session.share_days * DAY


def _reminders(session: Session, now_is: Facts, told, left) -> Iterator[Due]:
    everybody = tuple(member.pk for member in now_is.current())
    tomorrow = datetime.combine(session.day - DAY, time(10), session.zone)
    yield Due(tomorrow, session.starts_at, session, names.TOMORROW, None, everybody)
    given = [turn for turn in session.turns if turn.member in everybody]
    yield from _papers(session, given, everybody, tomorrow, told.get((session.pk, session.starts_at)))
    for turn in given:
        if not turn.shared:
            yield from _for_a_turn(session, turn, now_is)
    organizers = tuple(member.pk for member in now_is.current() if member.organizer)
    for turn in session.turns:
        if turn not in given:
            when = max(left[turn.member], now_is.terms[session.term].published_at) + UNDO
            yield Due(when, session.starts_at, session, names.NEEDS_SOMEBODY, turn.member, organizers)


def _papers(session, given, everybody, tomorrow, told) -> Iterator[Due]:
    shared = [turn for turn in given if turn.shared]
    if shared:
        when = at(session, 0, 20)
        if len(shared) == len(given):
            when = min(when, max(turn.shared_at for turn in shared) + UNDO)
        yield Due(when, _news_until(session, when, tomorrow), session, names.PAPERS, None, everybody)
    for turn in shared:
        if told and turn.shared_at > told:
            when, others = turn.shared_at + UNDO, tuple(pk for pk in everybody if pk != turn.member)
            yield Due(when, _news_until(session, when, tomorrow), session, names.ONE_MORE, turn.member, others)


def _news_until(session, when, tomorrow):
    """The mail of the day before names every paper."""
    return tomorrow if when < tomorrow < session.starts_at else session.starts_at


def _for_a_turn(session: Session, turn: Turn, now_is: Facts) -> Iterator[Due]:
    who = turn.member
    asks = [(-1, names.SHARE_TOMORROW, 0), (0, names.SHARE_TODAY, 0)]
    asks += [(dedupe_key, names.MISSING, dedupe_key) for dedupe_key in (1, 2, 3)]
    for days, kind, dedupe_key in asks:
        until = session.starts_at if dedupe_key == 3 else min(at(session, days + 1, 0), session.starts_at)
        yield Due(at(session, days, 9), until, session, kind, who, (who,), dedupe_key)
    if not turn.has_paper:
        yield Due(at(session, -7, 9), min(at(session, -1, 0), session.starts_at), session, names.CHOOSE, who, (who,))
    help_day = min(share_day(session) + 2 * DAY, session.day - DAY)
    if help_day > share_day(session):
        when = datetime.combine(help_day, time(9), session.zone)
        organizers = tuple(member.pk for member in now_is.current() if member.organizer and member.pk != who)
        yield Due(when, session.starts_at, session, names.NEEDS_HELP, who, organizers)
