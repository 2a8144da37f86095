"""The way back from a change, for a day."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from members.access import group_member
from schedule.access import may_undo
from schedule.models import Change, Term
from schedule.planning import changes
from schedule.planning.swaps import offers
from schedule.refusal import NotPossible


def way_back(change: Change, slug: str) -> str:
    """The address that a press on Undo is sent to: for the message that says what was done."""
    return reverse("schedule:undo", args=[slug, change.pk])


@require_POST
@group_member
def undo(request, group, pk):
    """Take a change back; to those who may not, it is not there."""
    at, me = now(), request.membership
    change = get_object_or_404(Change.objects.filter(term__group=group).select_related("term"), pk=pk)
    if not may_undo(me, change):
        raise Http404
    verb = offers.undo if change.kind in {Change.SWAP, Change.GIVE} else changes.undo
    try:
        verb(change, by=me, now=at)
    except NotPossible as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Undone: everything is as it was before."))
    return redirect(_back(request, change))


def _back(request, change):
    """To the page the button was on; whoever comes from elsewhere sees the term."""
    if not Term.objects.filter(pk=change.term_id).exists():  # it was the making of the term
        return reverse("schedule:schedule", args=[change.term.group.slug])
    came_from = request.headers.get("Referer", "")
    mine = url_has_allowed_host_and_scheme(came_from, {request.get_host()}, require_https=request.is_secure())
    return came_from if mine else change.term
