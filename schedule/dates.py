"""Which days a term meets on, and which instant a wall clock means. Plain Python.

Days come first, clocks last: a session is a local date and a local time, and the zone turns the two into an instant. So
10:00 stays 10:00 when the clocks change.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

MOST_SESSIONS = 200
SKIP, MOVE, SHIFT = "skip", "move", "shift"
WEEK = timedelta(weeks=1)


class DatesError(ValueError):
    """Dates that make no term. `code` names what is wrong, `params` the values to say it with."""

    def __init__(self, code: str, **params):
        self.code, self.params = code, params
        super().__init__(f"{code} {params}")


@dataclass(frozen=True)
class Planned:
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
) -> list[Planned]:
    """The term's beats in order, those that fall out included.

    `count` sessions are held however many beats fall out (the term gets longer); with `last`, none is later than that
    day (the term gets fewer). `blocked` maps a day to the reason in words. Policies for a blocked day: SKIP drops the
    beat and keeps the rhythm; MOVE meets a week later (again if that is blocked, too; never on or after the next beat's
    day, else it is dropped) and keeps the rhythm; SHIFT moves this and all later beats by a week.
    Raises DatesError: rhythm, extent, count, order, blocked.
    """
    _check(first, every_weeks, count, last)
    blocked, step = blocked or {}, WEEK * every_weeks
    planned: list[Planned] = []
    held, beat = 0, first
    while (count is None or held < count) and (last is None or beat <= last):
        if len(planned) >= MOST_SESSIONS + 100:
            raise DatesError("blocked")
        day = _day_for(beat, beat + step, blocked, policy, last)
        planned.append(Planned(beat, day, blocked.get(beat, "")))
        held += day is not None
        beat = (day if policy == SHIFT and day else beat) + step
    if not held:
        raise DatesError("blocked")
    if held > MOST_SESSIONS:
        raise DatesError("count", most=MOST_SESSIONS, count=held)
    return planned


def _check(first, every_weeks, count, last):
    if not 1 <= every_weeks <= 26:
        raise DatesError("rhythm", every_weeks=every_weeks)
    if count is None and last is None:
        raise DatesError("extent")
    if count is not None and not 1 <= count <= MOST_SESSIONS:
        raise DatesError("count", most=MOST_SESSIONS, count=count)
    if last is not None and last < first:
        raise DatesError("order", first=first, last=last)


def _day_for(beat, next_beat, blocked, policy, last):
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

    An unknown country has none.
    """
    import holidays  # takes 0.85 s to load, and only planning needs it

    names = {"ko": "ko", "en": "en_US"}.get(language, language)
    years = range(first.year, last.year + 1)
    try:
        known = holidays.country_holidays(country, years=years)
        if names in getattr(known, "supported_languages", ()):
            known = holidays.country_holidays(country, years=years, language=names)
    except NotImplementedError:
        return {}
    return {day: name for day, name in sorted(known.items()) if first <= day <= last}


def at(day: date, clock: time, zone: str) -> datetime:
    """The instant (in UTC) of a wall clock in a zone. An hour that comes twice means its first.

    Raises DatesError: `missing_time` when clocks skip that time on that day, `zone` for an unknown zone.
    """
    try:
        here = datetime.combine(day, clock, ZoneInfo(zone))
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise DatesError("zone", zone=zone) from error
    instant = here.astimezone(UTC)
    if instant.astimezone(here.tzinfo).replace(tzinfo=None) != here.replace(tzinfo=None):
        raise DatesError("missing_time", day=day, time=clock, zone=zone)
    return instant


def share_by(day: date, share_days: int) -> date:
    """The last day on which a paper is shared in time for a session on `day`."""
    return day - timedelta(days=share_days)
