"""How a group's reports look: our slides or a club's own, and whether slides without content are left out."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from members.access import group_organizer
from members.limits import limited, too_many
from schedule.refusal import NotPossible
from schedule.reports import deck_template
from schedule.reports.views.reports import PPTX

FILES_AN_HOUR = 30


@group_organizer
def own_slides(request, group):
    if request.method != "POST":
        return _page(request)
    if request.POST.get("do") == "switch":
        wanted = "leave_out_empty" in request.POST
        if wanted != (request.POST.get("shown") == "1"):  # who has not touched it takes nothing back
            deck_template.leave_out_empty(group, wanted)
    elif request.POST.get("do") == "ours":
        deck_template.back_to_ours(group, by=request.membership)
    else:
        return _take(request, group)
    messages.success(request, _("Saved."))
    return redirect("schedule:own_slides", group.slug)


def _take(request, group):
    if wait := limited(f"slides:{request.membership.pk}", FILES_AN_HOUR, 3600):
        return too_many(request, wait)
    file = request.FILES.get("file")
    try:
        if file is None:
            raise NotPossible(_("Choose a .pptx file first."))
        deck_template.keep(group, file, by=request.membership)
    except NotPossible as refusal:
        return _page(request, refusal=refusal, status=422)
    messages.success(request, _("Kept. Reports look like this from now on."))
    return redirect("schedule:own_slides", group.slug)


def _page(request, refusal=None, status=200):
    page = {"looks": deck_template.look(request.group), "refusal": refusal}
    return render(request, "schedule/reports/deck_template.html", page, status=status)


@require_GET
@group_organizer
def ours(request, group):
    """Our template, to restyle and to bring back."""
    response = HttpResponse(deck_template.ours(), content_type=PPTX)
    response.headers["Content-Disposition"] = 'attachment; filename="template.pptx"'
    return response
