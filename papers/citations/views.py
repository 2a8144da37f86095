"""Pages and files of citations: a paper, a choice, a session or the whole shelf out; a .bib file in."""

from django.contrib import messages
from django.core.files.base import ContentFile
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from members.access import GroupRequest, group_member
from members.limits import limited, too_many
from members.models import Group
from members.numbers import whole
from papers import presented
from papers.citations import bib_import
from papers.citations.bib_import import NotABibFile
from papers.citations.formats import FORMATS, written
from papers.files import file_name_of
from papers.library_list import Shelf
from papers.models import ReadingList

LISTS_A_MINUTE = 10
LOOKS_A_MINUTE = 30  # at a list of one's own, which is compared with the whole shelf
SHOWN = 500  # papers to choose from on one page


@require_GET
@group_member
def cite(request: GroupRequest, group: Group, pk: int, form: str) -> HttpResponse:
    """One paper."""
    paper = get_object_or_404(group.papers, pk=pk)
    return _file(written(group.papers.filter(pk=pk), form), form, file_name_of(paper))


@require_GET
@group_member
def choose(request: GroupRequest, group: Group) -> HttpResponse:
    """The papers that the library shows, to tick those that are to be cited."""
    shelf = Shelf(group, request.GET.dict(), now())
    papers = list(shelf.found.filter(shelf.chosen).order_by("title", "pk")[: SHOWN + 1])
    page = {"shelf": shelf, "papers": papers[:SHOWN], "more": len(papers) > SHOWN, "formats": FORMATS}
    return render(request, "papers/citations/cite.html", page)


@require_GET
@group_member
def export(request: GroupRequest, group: Group, form: str) -> HttpResponse:
    """?paper= several times: those; ?session=: what is read in it; nothing: the whole shelf."""
    papers, name = group.papers.kept(), group.slug
    if wanted := list(filter(None, map(whole, request.GET.getlist("paper")))):
        papers = papers.filter(pk__in=wanted)
    elif session := whole(request.GET.get("session")):
        of_it = presented.ask().in_session(session).values("paper")
        papers = papers.filter(pk__in=of_it)
    return _file(written(papers, form), form, name)


@require_POST
@group_member
def chosen(request: GroupRequest, group: Group) -> HttpResponse:
    """The button of the page of choices: a format, and the papers that were ticked."""
    form = request.POST.get("form", "")
    if form not in FORMATS:
        raise Http404
    wanted = list(filter(None, map(whole, request.POST.getlist("paper"))))
    if not wanted:
        messages.error(request, _("Tick the papers you want to cite first."))
        return redirect("papers:choose", group.slug)
    return _file(written(group.papers.kept().filter(pk__in=wanted), form), form, group.slug)


def _file(text: str, form: str, name: str) -> HttpResponse:
    response = HttpResponse(text, content_type=f"{FORMATS[form].media}; charset=utf-8")
    response.headers["Content-Disposition"] = content_disposition_header(True, f"{name}.{FORMATS[form].ending}")
    response.headers["Cache-Control"] = "private, no-store"
    return response


@group_member
def bib(request: GroupRequest, group: Group) -> HttpResponse:
    """Send a .bib file; what it would bring is shown before anything is added."""
    if request.method != "POST":
        return render(request, "papers/citations/bib_import.html")
    if wait := limited(f"bib:{request.membership.pk}", LISTS_A_MINUTE, 60):
        return too_many(request, wait)
    file = request.FILES.get("file") or ContentFile(b"", "")
    try:
        listed = bib_import.keep(file, file.name or "", by=request.membership)
    except NotABibFile as refusal:
        return render(request, "papers/citations/bib_import.html", {"refusal": refusal}, status=422)
    return redirect("papers:bib_look", group.slug, listed.pk)


@group_member
def bib_look(request: GroupRequest, group: Group, pk: int) -> HttpResponse:
    """What a list that was sent would bring; and the button that brings it, once however often it is pressed."""
    lists = ReadingList.objects.filter(by=request.membership)
    if request.method != "POST":
        if wait := limited(f"bib-look:{request.membership.pk}", LOOKS_A_MINUTE, 60):
            return too_many(request, wait)
        listed = get_object_or_404(lists, pk=pk)
        return render(
            request, "papers/citations/bib_preview.html", {"listed": listed, "seen": bib_import.look(listed, group)}
        )
    waiting = lists.filter(pk=pk).first()
    papers = bib_import.take(waiting, group) if waiting else None
    if papers is None:
        messages.info(request, _("This list is not waiting any more: perhaps its papers are on the shelf already."))
    else:
        said = ngettext("%(n)s paper is on the shelf now.", "%(n)s papers are on the shelf now.", len(papers))
        messages.success(request, said % {"n": len(papers)})
    return redirect("papers:library", group.slug)
