"""A term as it would be: its dates, who presents when, and what can be said about fairness. Writes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from members.models import Membership
from members.templatetags.formatting import clock, day
from schedule import dates
from schedule.models import Term
from schedule.planning import days_off
from schedule.planning.grid import Column, GridRow, grid, is_away
from schedule.planning.term_timeline import TimelineItem
from schedule.refusal import NotPossible
from schedule.rotation import reasons, solver
from schedule.rotation.ledger import Ledger

WEEKDAY_SPAN = timedelta(days=366)  # how far beyond the rhythm blocked dates may push a term


@dataclass(frozen=True)
class Meeting:
    """One session to be: its local day, its instants, and its presenters in order."""

    beat: date  # of the rhythm
    day: date
    starts_at: datetime
    ends_at: datetime
    presenters: tuple[int, ...]


@dataclass(frozen=True)
class Decision:
    """A beat that does not simply meet: where it goes and why, and where else it might go."""

    beat: date
    day: date | None
    reason: str
    chosen: bool  # somebody decided it, not the policy
    to: date | None  # the nearest day without a reason against it

    @property
    def met(self) -> bool:
        """Met on its own day, whatever speaks against it."""
        return self.day == self.beat


@dataclass(frozen=True)
class Reasons:
    """A session's presenters, each with why they are."""

    day: date
    turns: list[tuple[Membership, str]]


@dataclass(frozen=True)
class Proposal:
    term: Term
    members: list[Membership]
    meetings: tuple[Meeting, ...]
    blocked: tuple[
        dates.PlannedDate, ...
    ]  # every beat that meets on another day, not at all, or although it is blocked
    plan: solver.Plan
    world: dict  # what rotate() was told
    off: dict[date, str]  # holidays and days off, with their reasons

    @property
    def turns(self) -> int:
        return sum(self.plan.counts.values())

    @property
    def timeline_items(self) -> list[TimelineItem]:
        off = [
            TimelineItem(beat.original, "off", reason=beat.reason or _("no meeting"))
            for beat in self.blocked
            if beat.day != beat.original
        ]
        on = [
            TimelineItem(m.day, "planned", reason=clock(self.term.time), turns=len(m.presenters)) for m in self.meetings
        ]
        return sorted(off + on, key=lambda stop: stop.day)

    @property
    def decisions(self) -> list[Decision]:
        return [
            Decision(b.original, b.day, b.reason, b.original.isoformat() in self.term.chosen, self._other_day(b))
            for b in self.blocked
        ]

    def _other_day(self, beat) -> date | None:
        """A week later where the rhythm leaves room, else the nearest day between the sessions before and after."""
        days = [meeting.day for meeting in self.meetings if meeting.day != beat.day]
        before = max((one for one in days if one < beat.original), default=date.min)
        after = min((one for one in days if one > beat.original), default=date.max)
        near = (beat.original + timedelta(n * sign) for n in range(1, 7) for sign in (1, -1))
        for other in [beat.original + timedelta(7), *near]:
            if before < other < after and other not in self.off and other != beat.day:
                return other
        return None

    @property
    def columns(self) -> list[Column]:
        return [Column(meeting.day, meeting.presenters) for meeting in self.meetings]

    @property
    def rows(self) -> list[GridRow]:
        return grid(self.members, self.columns)

    @property
    def reasons(self) -> list[Reasons]:
        people, told = {m.pk: m for m in self.members}, reasons.of_turns(self.plan, self.world)
        return [
            Reasons(meeting.day, [(people[pk], reasons.sentence(why[pk])) for pk in meeting.presenters])
            for meeting, why in zip(self.meetings, told, strict=True)
        ]

    @property
    def is_short_notice(self) -> bool:
        """Return whether the day to share for the first session to come would be over already."""
        at = datetime.now(UTC)
        ahead = [meeting.day for meeting in self.meetings if meeting.starts_at > at]
        return bool(ahead) and ahead[0] - timedelta(days=self.term.share_days) < at.astimezone(self.term.zone).date()

    @property
    def last(self) -> Meeting:
        return self.meetings[-1]

    @property
    def past(self) -> int:
        """How many of the sessions would lie in the past."""
        return sum(meeting.ends_at <= datetime.now(meeting.ends_at.tzinfo) for meeting in self.meetings)


def propose(term: Term, members: list[Membership], ledger: Ledger) -> Proposal:
    """Dates from the rhythm, presenters from the rotation. `members` come with their absences. Raises NotPossible."""
    _check(term, members)
    try:
        off = _off(term)
        beats = _beats(term, off)
        on = [beat for beat in beats if beat.day]
        starts = [dates.at(beat.day, term.time, term.zone.key) for beat in on]
    except dates.DatesError as error:
        raise NotPossible(in_words(error)) from error
    world: dict[str, Any] = {
        "members": [m.pk for m in members],
        "seats": [term.presenters] * len(on),
        "away": {(m.pk, n) for m in members for n, beat in enumerate(on) if is_away(m, beat.day)},
        "carried": ledger.carried,
        "recent": ledger.recent,
    }
    plan = solver.rotate(**world)
    if not any(plan.turns):
        raise NotPossible(_("Everybody is away on all of these dates. Choose other dates."))
    length = timedelta(minutes=term.minutes)
    meetings = tuple(
        Meeting(beat.original, beat.day, start, start + length, turn)
        for beat, start, turn in zip(on, starts, plan.turns, strict=True)
    )
    blocked = tuple(beat for beat in beats if beat.day != beat.original or beat.reason)
    return Proposal(term, members, meetings, blocked, plan, world, off)


def _check(term: Term, members: Sequence[Membership]) -> None:
    if not members:
        raise NotPossible(_("Nobody takes turns yet. Invite members, or end somebody's pause, then plan the term."))
    if term.presenters and term.presenters > len(members):
        raise NotPossible(
            ngettext(
                "Only %(n)s person takes turns. Choose fewer presenters per session, or all.",
                "Only %(n)s people take turns. Choose fewer presenters per session, or all.",
                len(members),
            )
            % {"n": len(members)}
        )


def _off(term: Term):
    """Every day on which the term does not meet by itself, with the reason."""
    holidays = {}
    if term.with_holidays:
        end = term.last_day or term.first_day + timedelta(weeks=term.every_weeks * (term.count or 1)) + WEEKDAY_SPAN
        holidays = dates.holidays_between(term.group.country, term.first_day, end, term.group.language)
    return holidays | days_off.reasons(term.days_off)


def _beats(term: Term, off):
    return dates.session_dates(
        term.first_day,
        every_weeks=term.every_weeks,
        count=term.count,
        last=term.last_day,
        blocked=off,
        policy=term.policy,
        chosen={date.fromisoformat(beat): date.fromisoformat(to) for beat, to in term.chosen.items()},
    )


def in_words(error: dates.DatesError) -> str:
    """What is wrong with the dates, and the way out."""
    said = {
        "rhythm": _("Meet every 1 to 26 weeks."),
        "century": _("Choose a day of this century."),
        "extent": _("Say how many sessions, or until which day."),
        "count": _("A term has 1 to %(most)s sessions. Plan the rest as the next term."),
        "order": _("The last day comes before the first."),
        "blocked": _("All of these dates fall on holidays or days off. Choose another weekday, or meet on holidays."),
        "clash": _("%(day)s comes no later than the session before it. Choose another day."),
        "policy": _("Say what becomes of a session on a blocked date: skip it, or move it."),
        "missing_time": _("On %(day)s there is no %(time)s in %(zone)s: the clocks go forward. Choose another time."),
        "zone": _("The time zone %(zone)s is not known."),
    }[error.code]
    params = dict(error.params)
    if "day" in params:
        params["day"] = day(params["day"])
    if "time" in params:
        params["time"] = clock(params["time"])
    return said % params
