"""The page of what was thrown away, and how the trash is emptied before its time."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from members.access import group_member
from papers import library
from papers.access import may_discard
from papers.library_list import PER_PAGE
from papers.models import TRASH_DAYS, Paper


@require_GET
@group_member
def trash(request, group):
    papers = group.papers.in_trash().order_by("-deleted_at", "-pk")
    papers = papers.select_related("deleted_by__member").prefetch_related("files")
    page = Paginator(papers, PER_PAGE).get_page(request.GET.get("page"))
    mine = _mine_in_trash(request, group)
    size = sum(file.size for paper in mine for file in paper.files.all())
    return render(request, "papers/trash.html", {"page": page, "days": TRASH_DAYS, "mine": len(mine), "size": size})


@require_POST
@group_member
def empty_trash(request, group):
    """For good, and only files that one may throw away: organizers all, others what they added."""
    mine = [paper.pk for paper in _mine_in_trash(request, group)]
    count = library.discard(Paper.objects.in_trash().filter(pk__in=mine), now())
    gone = ngettext("%(n)s paper is gone for good.", "%(n)s papers are gone for good.", count) % {"n": count}
    messages.success(request, gone)
    return redirect("papers:trash", group.slug)


def _mine_in_trash(request, group) -> list[Paper]:
    """What takes space there; a card without a file waits for its time."""
    papers = group.papers.in_trash().prefetch_related("files")
    return [paper for paper in papers if paper.files.all() and may_discard(request.membership, paper)]
