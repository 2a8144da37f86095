"""Plan the rest of a term again: first what would change, then, on one press, exactly that."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from members.access import group_organizer
from schedule.planning import replanning
from schedule.planning.forms import ReplanForm
from schedule.planning.views.undo import way_back
from schedule.refusal import ChangedMeanwhile, NotPossible


@group_organizer
def replan(request, group, pk):
    """GET shows the difference and writes nothing; POST makes it, if it is still the one that was shown."""
    term = get_object_or_404(group.terms.exclude(published_at=None), pk=pk)
    term.group = group
    form = ReplanForm(request.POST or request.GET, term=term, at=now())
    wish = form.wish()
    problem: NotPossible | None = None
    if request.method == "POST":
        try:
            return _apply(request, term, wish)
        except NotPossible as refusal:
            problem = refusal
    context = {"term": term, "form": form, "problem": problem, "found": _found(term, wish, form)}
    status = 200 if not problem else 409 if isinstance(problem, ChangedMeanwhile) else 422
    page = "schedule/planning/_replan.html" if request.htmx else "schedule/planning/replan.html"
    response = render(request, page, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _found(term, wish, form):
    try:
        return replanning.proposed(term, wish, now=now())
    except NotPossible as refusal:
        form.refusal = refusal
        return None


def _apply(request, term, wish):
    found, change = replanning.replan(term, wish, by=request.membership, now=now(), seen=request.POST.get("seen", ""))
    if not found.turns:
        messages.success(request, _("Nothing had to change."))
        return redirect(term)
    said = ngettext(
        "%(n)s turn changed. Those affected get a notification.",
        "%(n)s turns changed. Those affected get a notification.",
        found.turns,
    )
    messages.success(request, said % {"n": found.turns}, extra_tags=way_back(change, term.group.slug))
    return redirect(term)
