"""One's own days away, with a tap in the table of the term."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from members.access import group_member
from members.templatetags.formatting import day as day_in_words
from schedule.form_inputs import day_of
from schedule.planning import absences


@require_POST
@group_member
def tap(request, group, pk):
    """A button says `away=2026-04-12` or `free=2026-04-12`."""
    term = get_object_or_404(group.terms.exclude(published_at=None), pk=pk)
    do = "free" if "free" in request.POST else "away"
    day = day_of(request.POST.get(do, ""))
    if day is None:
        raise Http404
    if do == "free":
        if absences.free(request.membership, day):
            messages.success(request, _("You are free on %(day)s again.") % {"day": day_in_words(day)})
    elif absences.mark(request.membership, day):
        words = _("You are away on %(day)s. Plans made from now on respect it.")
        messages.success(request, words % {"day": day_in_words(day)})
    return redirect(f"{term.get_absolute_url()}#h-grid")
