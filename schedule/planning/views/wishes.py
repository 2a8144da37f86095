"""The wish-list: papers that somebody would like the group to read."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from members.access import group_member
from papers import library
from papers.forms import WishForm
from papers.models import UPLOAD_LIMIT
from papers.uploads import UploadRefused
from schedule.planning.paper_choice import choices
from schedule.planning.paper_choice import wishes as wished_for
from schedule.planning.views.turns import bring_in, go


@group_member
def wishes(request, group):
    """The list; a POST proposes a paper by its file."""
    problem = ""
    if request.method == "POST":
        form = WishForm(request.POST)
        try:
            paper = bring_in(request, group)
        except UploadRefused as refusal:
            problem = str(refusal)
        else:
            library.wish(paper, by=request.membership, note=form.cleaned_data["note"] if form.is_valid() else "")
            messages.success(request, _("Proposed. Others can now show interest."))
            return go(request, reverse("schedule:wishes", args=[group.slug]))
    if problem and request.htmx:
        return render(request, "schedule/planning/_form_problem.html", {"problem": problem})
    return render(
        request, "schedule/planning/wishes.html", _page(request, group, problem), status=422 if problem else 200
    )


def _page(request, group, problem):
    papers = list(wished_for(group, request.membership, now()))
    for paper in papers:
        paper.group = group
    q = request.GET.get("q", "")
    found = choices(group, request.membership, q, now()) if q.strip() else None
    return {"papers": papers, "found": found, "q": q, "problem": problem, "limit": UPLOAD_LIMIT}


@require_POST
@group_member
def interest(request, group, pk):
    """Show interest, or with `withdraw` take it back; pressing twice changes nothing more."""
    paper = get_object_or_404(group.papers.kept(), pk=pk)
    if "withdraw" in request.POST:
        library.unwish(paper, by=request.membership)
    else:
        note = paper.wishes.filter(membership=request.membership).values_list("note", flat=True).first()
        library.wish(paper, by=request.membership, note=note or "")
    return redirect("schedule:wishes", group.slug)
