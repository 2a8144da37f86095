"""Plan a term: one form, a live preview that writes nothing, save as a draft or publish."""

from contextlib import nullcontext
from datetime import date, time, timedelta

from django.contrib import messages
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from members.access import group_organizer
from members.models import Group
from members.numbers import whole
from members.time_zones import zone_of
from schedule.models import Session, Term
from schedule.planning import term_plan
from schedule.planning.forms import PlanForm
from schedule.planning.proof import prove
from schedule.planning.views.undo import way_back
from schedule.refusal import NotPossible

TUESDAY = 1
EVERYBODY_PRESENTS_UP_TO = 4
WINTER, SPRING = gettext_noop("Winter %(year)s"), gettext_noop("Spring %(year)s")
SUMMER, AUTUMN = gettext_noop("Summer %(year)s"), gettext_noop("Autumn %(year)s")
# of the month in which a term begins: what begins in August is mostly held in autumn
SEASONS = dict(enumerate([WINTER] * 2 + [SPRING] * 3 + [SUMMER] * 2 + [AUTUMN] * 4 + [WINTER], 1))
INHERITED = [
    "time", "timezone", "every_weeks", "count", "minutes", "presenters", "place", "share_days", "with_holidays", "policy",
]  # fmt: skip


@group_organizer
def plan(request, group, pk=None):
    """POST with `do=save` or `do=publish` writes; any other, a script’s and every GET only show what would be."""
    writes = not request.htmx and request.POST.get("do") in {"save", "publish"}
    with transaction.atomic() if writes else nullcontext():
        return _plan(request, group, pk, writes)


def _plan(request, group, pk, writes):
    after = None if pk else _last_term(request, group)
    term = _draft(group, pk, writes) if pk else suggested(group, after)
    if term.published_at and not writes:
        return redirect(term)
    me = request.membership
    form = PlanForm(request.POST or None, group=group, me=me, instance=term, preview=bool(request.htmx))
    proposal = _proposal(form, term)
    if writes and term.published_at:
        form.add_error(
            None, _("This term was published meanwhile, so nothing was saved. Change its sessions one by one.")
        )
    elif proposal and writes:
        try:
            return redirect(_keep(request, group, form))
        except NotPossible as refusal:
            form.add_error(None, str(refusal))
    context = {"form": form, "draft": pk, "after": after, "proposal": proposal, "proof": proposal and prove(proposal)}
    status = 409 if form.collided else 422 if request.POST.get("do") and (form.errors or not proposal) else 200
    page = "schedule/planning/_preview.html" if request.htmx else "schedule/planning/plan.html"
    response = render(request, page, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _draft(group, pk, writes) -> Term:
    """The draft; one that is to be written waits until whoever writes it now is done."""
    terms = group.terms.select_for_update(of=("self",)) if writes else group.terms
    return get_object_or_404(terms, pk=pk)


def _last_term(request, group) -> Term | None:
    """The term to roll over from: the one asked for, else the newest."""
    asked = whole(request.GET.get("from"))
    return get_object_or_404(group.terms, pk=asked) if asked else group.terms.first()


def _proposal(form, term):
    """What the form asks for, or None; a refusal becomes the form's own words."""
    if form.is_bound and not form.is_valid():
        return None
    try:
        return term_plan.preview(term)
    except NotPossible as refusal:
        form.add_error(None, str(refusal)) if form.is_bound else None
        form.refusal = str(refusal)
        return None


def _keep(request, group, form) -> Term:
    """Save, and publish if asked."""
    term, publishing = form.instance, request.POST["do"] == "publish"
    change = term_plan.apply(term, by=request.membership, now=now(), publishing=publishing)
    if publishing:
        said = _("Published. Everybody sees the term now, and the notifications go out in time.")
    else:
        said = _("Saved as a draft that only organizers see. No notification goes out before you publish.")
    messages.success(request, said, extra_tags=way_back(change, group.slug) if change.made else "")
    return term


def suggested(group: Group, after: Term | None = None) -> Term:
    """A first guess for the form: the rhythm of the term it rolls over from, or the usual one."""
    term = Term(group=group, timezone=zone_of(group).key, time=time(10), count=8)
    if after:
        for name in INHERITED:
            setattr(term, name, getattr(after, name))
        last = Session.objects.filter(term__group=group).order_by("-starts_at").first()
        term.count = term.count or after.sessions.count() or None
        term.first_day = _next_week(after.first_day.weekday(), last.local_start.date() if last else None)
    else:
        term.presenters = 2 if group.memberships.active().count() > EVERYBODY_PRESENTS_UP_TO else None
        term.first_day = _next_week(TUESDAY)
    term.name = _(SEASONS[term.first_day.month]) % {"year": term.first_day.year}
    return term


def _next_week(weekday: int, last: date | None = None):
    """The first such weekday at least a week ahead, and after the last term."""
    ahead = localdate() + timedelta(days=7)
    if last and last > ahead - timedelta(days=7):
        ahead = last + timedelta(days=7)
    return ahead + timedelta(days=(weekday - ahead.weekday()) % 7)
