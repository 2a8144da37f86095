"""What is the case in a group, in plain values: the story's rows without the names of their models."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

PLANNED, CANCELLED, HELD = "planned", "cancelled", "held"
ACTIVE, PAUSED = "active", "paused"


@dataclass(frozen=True)
class Member:
    pk: int
    name: str
    email: str
    organizer: bool
    state: str
    refuses: frozenset[str]

    @property
    def is_current(self) -> bool:
        return self.state in {ACTIVE, PAUSED}


@dataclass(frozen=True)
class Turn:
    """`title` is empty without a paper."""

    pk: int
    member: int
    title: str
    shared_at: datetime | None
    in_trash: bool

    @property
    def has_paper(self) -> bool:
        """There is a paper to read: one in the trash is none."""
        return bool(self.title) and not self.in_trash

    @property
    def shared(self) -> bool:
        return bool(self.has_paper and self.shared_at)


@dataclass(frozen=True)
class Session:
    pk: int
    term: int
    number: int
    starts_at: datetime
    ends_at: datetime
    zone: ZoneInfo
    share_days: int
    place: str
    state: str
    closed: bool
    published: bool
    turns: tuple[Turn, ...]
    marked: frozenset[int]
    written: str  # all of its minutes, "" for none

    @property
    def day(self) -> date:
        return self.starts_at.astimezone(self.zone).date()

    @property
    def cancelled(self) -> bool:
        return self.state == CANCELLED

    def over(self, now: datetime) -> bool:
        return self.state == HELD or self.ends_at <= now

    def turn_of(self, member: int) -> Turn | None:
        return next((turn for turn in self.turns if turn.member == member), None)


@dataclass(frozen=True)
class Term:
    pk: int
    name: str
    published_at: datetime | None


@dataclass(frozen=True)
class Swap:
    pk: int
    session: int
    giver: int
    taker: int | None
    wanted: int | None
    by: int
    state: str


@dataclass(frozen=True)
class Facts:
    group: int
    slug: str
    members: dict[int, Member]
    terms: dict[int, Term]
    sessions: dict[int, Session]
    swaps: dict[int, Swap]
    away: tuple[tuple[int, date, date], ...]

    def current(self) -> Iterator[Member]:
        return (member for member in self.members.values() if member.is_current)

    def published(self) -> list[Session]:
        return sorted((s for s in self.sessions.values() if s.published), key=lambda s: (s.starts_at, s.pk))

    def ahead(self, now: datetime) -> list[Session]:
        """Published, not cancelled and not over, the nearest first."""
        return [s for s in self.published() if s.state == PLANNED and s.ends_at > now]

    def of_term(self, term: int) -> list[Session]:
        return sorted((s for s in self.sessions.values() if s.term == term), key=lambda s: (s.starts_at, s.pk))

    def is_away(self, member: int, day: date) -> bool:
        return any(who == member and first <= day <= last for who, first, last in self.away)
