"""Which days a term meets on, and which instant a wall clock means. Plain Python.

Days come first, clocks last: a session is a local date and a local time, and the zone turns the two into an instant. So
10:00 stays 10:00 when the clocks change.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

MOST_SESSIONS = 200
MOST_DROPPED = 100  # beats in a row or in all that may fall out before we say: everything is blocked
MOST_YEARS = 110  # of holidays at once: the longest term (200 sessions, 26 weeks apart) fits
SKIP, MOVE, SHIFT = "skip", "move", "shift"
WEEK = timedelta(weeks=1)
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 1, 1)  # that anybody plans for: far from where calendars end


class DatesError(ValueError):
    """Dates that make no term. `code` names what is wrong, `params` the values to say it with."""

    def __init__(self, code: str, **params: object) -> None:
        self.code, self.params = code, params
        super().__init__(f"{code} {params}")


class MissingTime(DatesError):
    """A wall-clock time that does not exist on that day, as the clocks are put forward over it."""


@dataclass(frozen=True)
class PlannedDate:
    """One beat of the rhythm: the day it falls on, the day to meet (None: it falls out) and why they differ."""

    original: date
    day: date | None
    reason: str = ""


def session_dates(
    first: date,
    *,
    every_weeks: int,
    count: int | None = None,
    last: date | None = None,
    blocked: Mapping[date, str] | None = None,
    policy: str = SKIP,
    chosen: Mapping[date, date] | None = None,
) -> list[PlannedDate]:
    """The term's beats in order, those that fall out included.

    `count` sessions are held however many beats fall out (the term gets longer); with `last`, none is later than that
    day (the term gets fewer); with both, whichever comes first. `blocked` maps a day to the reason in words. Policies
    for a blocked day: SKIP drops the beat and keeps the rhythm; MOVE meets a week later (again if that is blocked, too;
    never on or after the next beat's day, else it is dropped) and keeps the rhythm; SHIFT moves this and all later
    beats by a week. Beats that fall out at the very end of a `last` term are listed, so that the preview can show them.

    Raises DatesError: rhythm, extent, count, order, blocked, or policy for an unknown policy (a programmer's mistake).
    """
    _check(first, every_weeks, count, last, policy)
    blocked, chosen, step = blocked or {}, chosen or {}, WEEK * every_weeks
    planned: list[PlannedDate] = []
    held, beat = 0, first
    try:
        while (count is None or held < count) and (last is None or beat <= last):
            day = chosen.get(beat) or _day_for(beat, beat + step, blocked, policy, last)
            planned.append(PlannedDate(beat, day, blocked.get(beat, "")))
            held += day is not None
            _enough(held, len(planned))
            beat = (day if policy == SHIFT and day and beat not in chosen else beat) + step
    except OverflowError as error:  # past the year 9999
        raise DatesError("extent") from error
    if not held:
        raise DatesError("blocked")
    _in_order([beat.day for beat in planned if beat.day])
    return planned


def _in_order(days: list[date]) -> None:
    for earlier, later in pairwise(days):
        if later <= earlier:
            raise DatesError("clash", first=earlier, day=later)


def _check(first: date, every_weeks: int, count: int | None, last: date | None, policy: str) -> None:
    if policy not in (SKIP, MOVE, SHIFT):
        raise DatesError("policy", policy=policy)
    if not 1 <= every_weeks <= 26:
        raise DatesError("rhythm", every_weeks=every_weeks)
    if count is None and last is None:
        raise DatesError("extent")
    if count is not None and not 1 <= count <= MOST_SESSIONS:
        raise DatesError("count", most=MOST_SESSIONS, count=count)
    if last is not None and last < first:
        raise DatesError("order", first=first, last=last)


def _enough(held: int, beats: int) -> None:
    """A term ends: neither more sessions than anybody plans nor an endless row of blocked days."""
    if held > MOST_SESSIONS:
        raise DatesError("count", most=MOST_SESSIONS, count=held)
    if beats - held > MOST_DROPPED:
        raise DatesError("blocked")


def _day_for(beat: date, next_beat: date, blocked: Mapping[date, str], policy: str, last: date | None) -> date | None:
    """The day on which the beat's session meets, or None."""
    if beat not in blocked:
        return beat
    if policy == SKIP:
        return None
    day = beat + WEEK
    while day in blocked:
        day += WEEK
    too_far = policy == MOVE and day >= next_beat
    return None if too_far or (last and day > last) or day - beat > WEEK * 52 else day


def holidays_between(country: str, first: date, last: date, language: str) -> dict[date, str]:
    """Public holidays with their names in `language` ('ko', 'en'); substitute and election days included, offline.

    A country that does not know the language is told in English, else in its own; never in the server's. An unknown
    country has no holidays.
    """
    import holidays  # takes 0.85 s to load, and only planning needs it

    years = range(first.year, min(last.year, first.year + MOST_YEARS) + 1)
    try:
        spoken = holidays.country_holidays(country)
        names = _language(language, spoken.supported_languages) or spoken.default_language
        known = holidays.country_holidays(country, years=years, language=names)
    except NotImplementedError:
        return {}
    return {day: name for day, name in sorted(known.items()) if first <= day <= last}


def _language(wanted: str, spoken: Sequence[str]) -> str | None:
    """The first of the wanted language and English that is spoken, in any of its variants (en_US, en_GB)."""
    for language in (wanted, "en"):
        for name in (language, f"{language}_US", *spoken):
            if name in spoken and name.split("_")[0] == language.split("_")[0]:
                return name
    return None


def in_this_century(day: date) -> bool:
    return FIRST_DAY <= day <= LAST_DAY


def at(day: date, clock: time, zone: str) -> datetime:
    """The instant (in UTC) of a wall clock in a zone. An hour that comes twice means its first.

    Raises MissingTime (`missing_time`) when clocks skip that time on that day, DatesError `zone` for an unknown zone
    and `century` for a day that nobody plans for.
    """
    try:
        here = datetime.combine(day, clock.replace(fold=0), ZoneInfo(zone))
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:  # OSError: a folder of zones, such as "America"
        raise DatesError("zone", zone=zone) from error
    if not in_this_century(day):
        raise DatesError("century")
    instant = here.astimezone(UTC)
    back = instant.astimezone(here.tzinfo)
    if back.replace(tzinfo=None) != here.replace(tzinfo=None):
        raise MissingTime("missing_time", day=day, time=clock, zone=zone)
    return instant
