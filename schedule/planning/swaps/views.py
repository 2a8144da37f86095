"""Offering a turn, and answering: on the group's pages, and by the signed link in a notification. GET changes nothing."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from members.access import group_member
from members.limits import limited
from members.models import Membership
from members.time_zones import zone_of
from schedule.access import (
    may_answer_swap,
    may_change_turn,
    may_decline_swap,
    may_see_swap,
    may_undo,
    may_withdraw_swap,
)
from schedule.models import Presentation, Swap
from schedule.notifications import swap_links
from schedule.planning import changes
from schedule.planning.swaps import offers
from schedule.planning.swaps.choices import choices
from schedule.planning.views.turns import settled_page
from schedule.planning.views.undo import way_back
from schedule.refusal import NotPossible

TO_ALL = "group"
A_MINUTE = 10  # questions one person may ask: each is a notification to somebody


@group_member
def swap_turn(request, group, pk):
    """Whom to ask about a turn. Organizers may change it at once."""
    turn = _turn(request, group, pk)
    if settled := offers.settled(turn.session, now()):
        return settled_page(request, turn, _("Swap a turn"), settled)
    found, problem = choices(turn, now()), ""
    if request.method == "POST":
        try:
            return _asked(request, group, turn, found)
        except NotPossible as refusal:
            problem = str(refusal)
    context = {"turn": turn, "found": found, "problem": problem, "asked": request.POST}
    context["open"] = offers.standing(turn.session.swaps.filter(giver=turn.presenter_id), now())
    return render(request, "schedule/planning/swaps/swap_turn.html", context, status=422 if problem else 200)


@group_member
def swap_mine(request, group, pk):
    """To the choices for my own turn in a session."""
    turns = request.membership.presentations.exclude(session__term__published_at=None)
    return redirect("schedule:swap_turn", group.slug, get_object_or_404(turns, session__pk=pk).pk)


def _turn(request, group, pk) -> Presentation:
    """A published turn that this person decides about; to anybody else it is not there."""
    turns = Presentation.objects.filter(session__term__group=group).exclude(session__term__published_at=None)
    turn = get_object_or_404(turns.select_related("session__term", "presenter__member", "paper"), pk=pk)
    if not may_change_turn(request.membership, turn):
        raise Http404
    turn.session.term.group = group
    return turn


def _asked(request, group, turn, found):
    """Do what the form says, and go where one sees it."""
    me, to = request.membership, request.POST.get("to", "")
    option = found.find(to)
    if to != TO_ALL and option is None:
        raise NotPossible(_("Choose whom to ask."))
    words = {"by": me, "now": now(), "taker": option and option.person, "wanted": option and option.session}
    if request.POST.get("do") == "now" and option:
        change = offers.at_once(turn, **words)
        messages.success(
            request,
            _("The turns are changed. Those affected get a notification."),
            extra_tags=way_back(change, group.slug),
        )
        return redirect(turn.session)
    if limited(f"swap:{me.pk}", A_MINUTE, 60):
        raise NotPossible(_("That was a lot of questions in a minute. Wait a minute, then ask again."))
    swap = offers.ask(turn, message=request.POST.get("message", ""), **words)
    said = _("Asked. %(name)s gets a notification, and you hear of the answer.") % {"name": swap.taker}
    messages.success(request, said if swap.taker else _("Asked. Everybody who is free that day gets a notification."))
    return redirect("schedule:swap", group.slug, swap.pk)


@group_member
def swap(request, group, pk):
    """One question and what became of it; its buttons for those it concerns."""
    asked = get_object_or_404(Swap.objects.with_related().filter(session__term__group=group), pk=pk)
    me = request.membership
    if not may_see_swap(me, asked):
        raise Http404
    if request.method == "POST":
        _answered(request, asked, me)
        return redirect("schedule:swap", group.slug, pk)
    return render(request, "schedule/planning/swaps/swap.html", page_of(asked, me))


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request, token):
    """By the link in a notification, which needs no sign-in: it names one swap and one reader."""
    found = swap_links.read(token)
    if found is None:
        return render(request, "schedule/planning/swaps/swap_unknown.html", status=404)
    asked, reader = found
    if request.user.is_authenticated:  # who is signed in acts as themselves, also with somebody else's notification
        return redirect("schedule:swap", reader.group.slug, asked.pk)
    with translation.override(reader.member.language), timezone.override(zone_of(reader.member)):
        if request.method == "POST":
            _answered(request, asked, reader)
            return redirect("schedule:swap_answer", token)
        return render(request, "schedule/planning/swaps/swap_answer.html", page_of(asked, reader) | {"reader": reader})


def page_of(asked: Swap, me: Membership) -> dict:
    """What can be done about it by this person, now."""
    at = now()
    invalid_reason = asked.invalid_reason(at) if asked.state == Swap.OPEN else ""
    is_open = asked.state == Swap.OPEN and not invalid_reason
    made = asked.change if asked.state == Swap.ACCEPTED else None
    return {
        "swap": asked,
        "invalid_reason": _(offers.INVALID_REASONS[invalid_reason]) if invalid_reason else "",
        "may_answer": is_open and may_answer_swap(me, asked),
        "may_decline": is_open and may_decline_swap(me, asked),
        "may_withdraw": is_open and may_withdraw_swap(me, asked),
        "undo_until": asked.change and asked.change.until,
        "may_undo": bool(made and may_undo(me, made) and not changes.obstacle(made, at)),
    }


def _answered(request, asked, me) -> None:
    """Do what the pressed button says; what came of it is said on the next page."""
    said = {
        "accept": _("Done: the turns are changed. The others get a notification."),
        "decline": _("Declined. Who asked gets a notification."),
        "withdraw": _("Taken back."),
        "undo": _("Undone: everything is as it was before."),
    }
    do = request.POST.get("do", "")
    try:
        if _did(do, asked, me):
            messages.success(request, said[do])
    except NotPossible as refusal:
        messages.error(request, str(refusal))


def _did(do, asked, me) -> bool:
    if do == "undo" and asked.change and may_undo(me, asked.change):
        return offers.undo(asked.change, by=me, now=now())
    verbs = {"accept": offers.accept, "decline": offers.decline, "withdraw": offers.withdraw}
    return do in verbs and bool(verbs[do](asked, by=me, now=now()))
