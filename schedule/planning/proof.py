"""The sentences that say how fair a plan is, and why it cannot be fairer."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from members.templatetags.formatting import people, short_day
from schedule.planning.open_seats import OpenSeats, open_seats
from schedule.planning.proposal import Proposal
from schedule.rotation.solver import AWAY, EARLIER, PINNED, Plan

NAMES = 6  # how many names or days a sentence holds


@dataclass(frozen=True)
class ProofText:
    """`apart`: turns between most and fewest. `head` is the claim, `lines` its reasons, `open_seats` what is missing."""

    apart: int
    head: str
    lines: list[str]
    open_seats: list[OpenSeats]


def prove(proposal: Proposal) -> ProofText:
    plan = proposal.plan
    apart = plan.most - plan.fewest
    head = _("Everybody presents equally often.") if apart == 0 else _("No plan for these dates is fairer.")
    lines = [_counted(proposal), *_dates(plan, _names(proposal), _days(proposal)), *_distance(proposal)]
    return ProofText(apart, head, [line for line in lines if line], open_seats(proposal))


def _counted(proposal: Proposal) -> str:
    """How the turns divide: exactly, as evenly as whole turns can, or unevenly because of dates and earlier terms."""
    plan = proposal.plan
    values = {"turns": proposal.turns, "people": len(proposal.members), "most": plan.most, "fewest": plan.fewest}
    if plan.most == plan.fewest:
        return _("%(turns)s turns, %(people)s people: %(most)s each.") % values
    if plan.most - plan.fewest == 1:
        divided = _("Most %(most)s, fewest %(fewest)s: %(turns)s turns cannot be shared equally by %(people)s people.")
        return f"{divided % values} {_the_odd_ones(proposal)}"
    said = {
        AWAY: _("Most %(most)s, fewest %(fewest)s: the days away force it, no plan can be more even."),
        PINNED: _(
            "Most %(most)s, fewest %(fewest)s: the turns set by hand force it, no plan around them is more even."
        ),
        EARLIER: _("Most %(most)s, fewest %(fewest)s: earlier terms left more behind than this one can even out."),
        "": _("Most %(most)s, fewest %(fewest)s: this evens out the turns of earlier terms."),
    }
    return said[plan.proof.cause] % values


def _the_odd_ones(proposal: Proposal) -> str:
    """Who has one turn more, or one less, whichever are fewer people."""
    plan, names = proposal.plan, _names(proposal)
    more = [names[pk] for pk, turns in plan.counts.items() if turns == plan.most]
    fewer = [names[pk] for pk, turns in plan.counts.items() if turns == plan.fewest]
    if len(more) < len(fewer):
        return _("One turn more: %(names)s.") % {"names": people(more, NAMES)}
    return _("One turn less, and first in the next term: %(names)s.") % {"names": people(fewer, NAMES)}


def uneven(plan: Plan, names: dict[int, str], days: list[date]) -> list[str]:
    """Why a plan for the rest of a term leaves people more than a turn apart; nothing while it does not."""
    said = {
        AWAY: _("The days away keep turns from being more even."),
        PINNED: _("Turns that stay, with a paper or set by hand, keep the others from being more even."),
        EARLIER: _("Earlier sessions left more behind than the rest of this term can even out."),
    }
    return [said[plan.proof.cause], *_dates(plan, names, days)] if plan.proof.cause else []


def _dates(plan, names, days) -> list[str]:
    """The dates that keep turns uneven, with the people who are free on them; or what some can or must take together."""
    return [
        _("%(day)s: only these are free: %(names)s.")
        % {"day": short_day(days[forced.session]), "names": people([names[pk] for pk in forced.free], NAMES)}
        for forced in plan.forced
    ] or _bounded(plan, names, days)


def _bounded(plan, names, days) -> list[str]:
    """Where no single date says it: a bound on some people's turns, to be checked by counting."""
    few, many = plan.proof.scarce, plan.proof.crowded
    if plan.proof.cause not in {AWAY, PINNED}:
        return []
    scarce = bool(few.sessions) and len(few.members) <= len(many.members)
    bound = few if scarce else many
    if not bound.sessions:
        return []
    said = (
        _("%(names)s: free only on %(days)s, and so %(n)s turns together at most.")
        if scarce
        else _("%(days)s: nobody else is free, and so %(n)s turns together at least for %(names)s.")
    )
    values = {
        "names": people([names[pk] for pk in bound.members], NAMES),
        "days": people([short_day(days[n]) for n in bound.sessions], NAMES),
        "n": bound.turns + bound.pinned,
    }
    return [said % values]


def _distance(proposal: Proposal) -> list[str]:
    """How soon somebody presents again, where not everybody presents each time."""
    if proposal.term.presenters is None:
        return [_("Everybody who is there presents in every session.")]
    open_seats = [
        later - earlier
        for member in proposal.members
        for earlier, later in pairwise(m.day for m in proposal.meetings if member.pk in m.presenters)
    ]
    weeks = min(open_seats, default=timedelta()) // timedelta(weeks=1)
    if weeks <= proposal.term.every_weeks:
        return []
    return [
        ngettext("Nobody presents twice within %(n)s week.", "Nobody presents twice within %(n)s weeks.", weeks)
        % {"n": weeks}
    ]


def _names(proposal: Proposal):
    return {member.pk: str(member) for member in proposal.members}


def _days(proposal: Proposal):
    return [meeting.day for meeting in proposal.meetings]
