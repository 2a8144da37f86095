"""My turns, the paper for each, and the days on which I am away."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect

from members.access import group_member
from members.enqueue import enqueue
from members.limits import limited
from members.models import Group, Membership
from members.numbers import whole
from members.templatetags.formatting import day as day_in_words
from members.time_zones import zone_of
from papers import library
from papers.intake import pasting
from papers.intake.receive import FILES_A_MINUTE
from papers.lookup import requests
from papers.models import UPLOAD_LIMIT, Paper
from papers.uploads import UploadRefused, too_large
from schedule.access import may_change_absence, may_change_turn, may_see_all_absences, may_see_term
from schedule.models import Absence, Presentation, Session
from schedule.planning import turns as turn_verbs
from schedule.planning.absence_forms import AbsenceForm
from schedule.planning.paper_choice import choices
from schedule.planning.swaps.choices import swaps_of, waiting_for
from schedule.refusal import NotPossible


@group_member
def turns(request, group):
    return render(request, "schedule/planning/turns.html", page_of(group, request.membership, AbsenceForm()))


def page_of(group: Group, me: Membership, form: AbsenceForm) -> dict:
    """My turns to come and past, and days away: mine, or for an organizer everybody's."""
    rows = Presentation.objects.filter(presenter=me).exclude(session__term__published_at=None)
    rows = rows.select_related("session__term", "paper", "presenter__member").prefetch_related("paper__files")
    mine = list(rows.order_by("session__starts_at"))
    for turn in mine:
        turn.session.term.group = group
        if turn.paper:
            turn.paper.group = group
    at = now()
    ahead = [turn for turn in mine if not turn.session.is_over(at)]
    away = Absence.objects.filter(
        membership__in=group.memberships.current(), last_day__gte=localdate(timezone=zone_of(group))
    )
    away = away.select_related("membership__member").order_by("first_day", "pk")
    days, everybody = list(me.absences.all()), may_see_all_absences(me)
    for turn in ahead:
        day = turn.session.local_start.date()
        turn.away = any(absence.first_day <= day <= absence.last_day for absence in days)
    return {
        "ahead": ahead,
        "asks": waiting_for(me, at),
        "swaps": swaps_of(me, at),
        "past": [turn for turn in reversed(mine) if turn not in ahead],
        "away": away if everybody else away.filter(membership=me),
        "members": group.memberships.current().in_order() if everybody else [],
        "form": form,
    }


@require_POST
@group_member
def away(request, group):
    """Mark days away: one's own, or as an organizer anybody's."""
    who = _whose(request, group)
    form = AbsenceForm(request.POST, instance=Absence(membership=who))
    if not form.is_valid():
        return render(request, "schedule/planning/turns.html", page_of(group, request.membership, form), status=422)
    days = {name: form.cleaned_data[name] for name in ("first_day", "last_day")}
    note = {"note": form.cleaned_data["note"]}
    absence, _made = Absence.objects.update_or_create(membership=who, **days, defaults=note)
    messages.success(request, _("Noted. Plans made from now on respect it."))
    in_the_way = _in_the_way(absence)
    for turn in in_the_way:
        said = _("%(name)s presents on %(day)s. Offer that turn to somebody, so that the seat is not empty.")
        messages.warning(request, said % {"name": who, "day": day_in_words(turn.session.local_start.date())})
    if in_the_way:
        return redirect("schedule:swap_turn", group.slug, in_the_way[0].pk)
    return redirect("schedule:turns", group.slug)


def _whose(request, group) -> Membership:
    asked = whole(request.POST.get("member") or str(request.membership.pk))
    if not may_change_absence(request.membership, asked):
        raise Http404
    return get_object_or_404(group.memberships.current(), pk=asked)


def _in_the_way(absence):
    """Published turns to come that fall into these days, the nearest first."""
    sessions = Session.objects.upcoming(now()).filter(starts_at__gt=now())
    ahead = Presentation.objects.filter(presenter=absence.membership, session__in=sessions)
    ahead = ahead.select_related("session__term").order_by("session__starts_at")
    return [t for t in ahead if absence.first_day <= t.session.local_start.date() <= absence.last_day]


@require_POST
@group_member
def back(request, group, pk):
    """Not away after all."""
    absence = get_object_or_404(Absence.objects.filter(membership__group=group), pk=pk)
    if not may_change_absence(request.membership, absence.membership_id):
        raise Http404
    absence.delete()
    messages.success(request, _("Taken back: these days are free again."))
    return redirect("schedule:turns", group.slug)


@group_member
def share(request, group, pk):
    """Choose the paper for a turn: from one's disk, the wish-list or the library."""
    turn = _turn(request, group, pk)
    locked, problem = turn_verbs.locked(turn.session, now()), ""
    if locked and not request.htmx:
        return settled_page(request, turn, _("Share a paper"), locked)
    if request.method == "POST":
        try:
            _share(request, group, turn)
        except (UploadRefused, NotPossible) as refusal:
            problem = str(refusal)
        else:
            messages.success(request, _("Shared. Everybody can read it now."))
            return go(request, turn.session.get_absolute_url())
    if problem and request.htmx:
        return render(request, "schedule/planning/_form_problem.html", {"problem": problem})
    found = choices(group, request.membership, request.GET.get("q", ""), now())
    context = {"turn": turn, "problem": problem, "limit": UPLOAD_LIMIT, "found": found, "looks_up": requests.is_on()}
    return render(request, "schedule/planning/share.html", context, status=422 if problem else 200)


def settled_page(request, turn: Presentation, title: str, reason: str):
    """Answer with a page that says why nothing of this turn can be changed: notifications sent earlier still lead here."""
    refused = request.method == "POST"
    context = {"turn": turn, "title": title, "reason": reason, "refused": refused}
    return render(request, "schedule/planning/turn_settled.html", context, status=422 if refused else 200)


def go(request, address):
    """On to that page: a script that sent the form is told where, a browser is sent there."""
    return HttpResponseClientRedirect(address) if request.htmx else redirect(address)


def _share(request, group, turn):
    turn_verbs.check_hands(turn, request.membership, now())
    if chosen := whole(request.POST.get("paper")):
        paper = group.papers.filter(pk=chosen).first()
        if paper is None:
            raise NotPossible(_(turn_verbs.PAPER_IS_GONE))
    elif "what" in request.POST:
        paper = paste(request, group)
    else:
        paper = bring_in(request, group)
    turn_verbs.share(turn, paper, by=request.membership, now=now(), seen=request.POST.get("seen"))


def bring_in(request, group) -> Paper:
    """The one file of the form, as a paper of the library. Raises UploadRefused."""
    if limited(f"upload:{request.membership.pk}", FILES_A_MINUTE, 60):
        raise UploadRefused(_("That was a lot of files in a minute. Wait a minute, then add this one again."))
    if getattr(request, "too_large", None):
        raise UploadRefused(too_large())
    if "file" not in request.FILES:
        raise UploadRefused(_("Choose a PDF first, or a paper from the list."))
    added = library.add_paper(request.FILES["file"], group=group, by=request.membership)
    if added.paper.deleted_at:
        library.restore(added.paper)
        added.paper.deleted_at = None
    enqueue("papers.tasks.read_next")
    return added.paper


def paste(request, group) -> Paper:
    """The paper with a pasted arXiv number or DOI. Raises UploadRefused."""
    if limited(f"paste:{request.membership.pk}", pasting.A_MINUTE, 60):
        raise UploadRefused(_("That was a lot in a minute. Wait a minute, then paste it again."))
    paper = pasting.only_one(request.POST["what"], group=group, by=request.membership)
    enqueue("papers.tasks.look_up")
    return paper


@require_POST
@group_member
def withdraw(request, group, pk):
    turn = _turn(request, group, pk)
    try:
        changed = turn_verbs.withdraw(turn, by=request.membership, now=now(), seen=request.POST.get("seen"))
    except NotPossible as refusal:
        messages.error(request, str(refusal))
    else:
        if changed:
            messages.success(request, _("Withdrawn from this turn. The paper stays in the library."))
    return redirect(turn.session)


def _turn(request, group, pk) -> Presentation:
    """A turn that this person decides about; to anybody else it is not there."""
    me, turns = request.membership, Presentation.objects.filter(session__term__group=group)
    turns = turns.select_related("session__term", "presenter__member", "paper").prefetch_related("paper__files")
    turn = get_object_or_404(turns, pk=pk)
    if not (may_change_turn(me, turn) and may_see_term(me, turn.session.term)):
        raise Http404
    turn.session.term.group = group
    if turn.paper:
        turn.paper.group = group
    return turn
