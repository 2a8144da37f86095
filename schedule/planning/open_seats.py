"""Seats that a plan leaves open, and what would fill them: another day, somebody who is away, fewer presenters."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from members.templatetags.formatting import people, short_day
from schedule.planning.grid import is_away
from schedule.planning.proposal import Meeting, Proposal

NAMES = 6  # how many names a sentence holds
NEAR = 6  # days that a session may move without leaving its week


@dataclass(frozen=True)
class OpenSeats:
    """What is missing, and the ways out in words. `beat` may meet on `to` instead, where more people are free."""

    text: str
    ways: list[str]
    beat: date | None = None
    to: date | None = None


def open_seats(proposal: Proposal) -> list[OpenSeats]:
    """One for every session that lacks somebody."""
    found = []
    for index, meeting in enumerate(proposal.meetings):
        missing = proposal.plan.lacking.get(index, 0)
        if missing or not meeting.presenters:
            to = _better_day(proposal, meeting)
            found.append(
                OpenSeats(_missing(proposal, meeting, missing), _ways(proposal, meeting), to and meeting.beat, to)
            )
    return found


def _missing(proposal: Proposal, meeting, missing):
    if not meeting.presenters:
        return _("%(day)s: everybody is away, nobody presents.") % {"day": short_day(meeting.day)}
    names = {m.pk: str(m) for m in proposal.members}
    return ngettext(
        "%(day)s: %(n)s turn stays open; only these are free: %(names)s.",
        "%(day)s: %(n)s turns stay open; only these are free: %(names)s.",
        missing,
    ) % {
        "n": missing,
        "day": short_day(meeting.day),
        "names": people([names[pk] for pk in meeting.presenters], NAMES),
    }


def _ways(proposal: Proposal, meeting):
    """Whom to ask first: those with the fewest turns. How many presenters every session could have."""
    away = [m for m in proposal.members if is_away(m, meeting.day)]
    away.sort(key=lambda m: proposal.plan.loads[m.pk])
    ways = (
        [_("Away on that day, ask whether one can come: %(names)s.") % {"names": people(away, NAMES)}] if away else []
    )
    everywhere = min(_free(proposal, one.day) for one in proposal.meetings)
    if proposal.term.presenters and 0 < everywhere < proposal.term.presenters:
        said = ngettext(
            "With %(n)s presenter per session every seat is taken.",
            "With %(n)s presenters per session every seat is taken.",
            everywhere,
        )
        ways.append(said % {"n": everywhere})
    return ways


def _better_day(proposal: Proposal, meeting: Meeting) -> date | None:
    """The nearest day of that week on which enough people are free and nobody meets otherwise."""
    wanted = proposal.term.presenters or 1
    taken = {one.day for one in proposal.meetings}
    for days in range(1, NEAR + 1):
        for day in (meeting.day + timedelta(days), meeting.day - timedelta(days)):
            order = sorted([*(taken - {meeting.day}), day])
            keeps_order = order.index(day) == sorted(taken).index(meeting.day)
            if day not in taken | proposal.off.keys() and keeps_order and _free(proposal, day) >= wanted:
                return day
    return None


def _free(proposal: Proposal, day: date):
    return sum(not is_away(m, day) for m in proposal.members)
