"""Why somebody has a turn: kept with the turn when it is planned, said in one sentence whenever somebody asks."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from schedule.models import Presentation
from schedule.rotation import solver

EVERYBODY, ALONE, FEWEST, EVEN = "everybody", "alone", "fewest", "even"


def of_turns(plan: solver.Plan, world: dict) -> list[dict[int, dict]]:
    """For every session, its presenters with what the plan knew of them. `world` is what rotate() was told."""
    told = solver.whys(plan, away=world["away"], recent=world["recent"], pinned=world.get("pinned", ()))
    return [
        {member: _kept(member, why, world["seats"][session]) for member, why in whys.items()}
        for session, whys in enumerate(told)
    ]


def _kept(member, why, seats) -> dict:
    if seats is None:
        because = EVERYBODY
    elif not why.others:
        because = ALONE
    else:
        because = FEWEST if why.fewest else EVEN
    return {"for": member, "because": because, "free": len(why.free), "since": why.since}


def in_words(turn: Presentation) -> str:
    """The reason of a turn as it stands: one that was passed on, or set by hand, says so."""
    if turn.why.get("for") == turn.presenter_id:
        return sentence(turn.why)
    if turn.why:
        return _("The plan gave this turn to somebody else; it was passed on afterwards.")
    if turn.pinned:
        return _("An organizer chose this by hand.")
    return _("This turn was written down without a plan.")


def sentence(why: dict) -> str:
    """What the plan knew when it gave the turn."""
    because, since = why["because"], why["since"]
    if because == EVERYBODY:
        return _("Everybody who is free presents in every session.")
    if because == ALONE:
        return _("Everybody who was free on that day presents.")
    values = {"free": why["free"], "n": since}
    if because == FEWEST and since is None:
        return _("Of the %(free)s people free that day nobody had presented less: it is the first turn.") % values
    if because == FEWEST:
        return (
            ngettext(
                "Of the %(free)s people free that day nobody had presented less; the turn before was %(n)s session earlier.",
                "Of the %(free)s people free that day nobody had presented less; the turn before was %(n)s sessions earlier.",
                since,
            )
            % values
        )
    return (
        _(
            "Of the %(free)s people free that day some had presented less; they present on other days, "
            "so that the whole term comes out even."
        )
        % values
    )
