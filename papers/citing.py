"""Pages and files of citations: a paper, a choice, a session or the whole shelf out; a .bib file in."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from members.access import group_member
from members.limits import limited, too_many
from papers import library
from papers.cite.bibfile import NotABibFile
from papers.cite.bring_in import bring_in
from papers.cite.export import FORMATS, written
from papers.serving import file_name_of
from papers.shelf import PUBLISHED, SESSION, Shelf

LISTS_A_MINUTE = 10
SHOWN = 500  # papers to choose from on one page


@require_GET
@group_member
def cite(request, group, pk, form):
    """One paper."""
    paper = get_object_or_404(group.papers, pk=pk)
    return _file(written(group.papers.filter(pk=pk), form), form, file_name_of(paper))


@require_GET
@group_member
def choose(request, group):
    """The papers that the library shows, to tick those that are to be cited."""
    shelf = Shelf(group, request.GET.dict(), now())
    papers = list(shelf.found.filter(shelf.chosen).order_by("title", "pk")[: SHOWN + 1])
    page = {"shelf": shelf, "papers": papers[:SHOWN], "more": len(papers) > SHOWN, "formats": FORMATS}
    return render(request, "papers/cite.html", page)


@require_GET
@group_member
def export(request, group, form):
    """?paper= several times: those; ?session=: what is read in it; nothing: the whole shelf."""
    papers, name = group.papers.kept(), group.slug
    if wanted := [int(pk) for pk in request.GET.getlist("paper") if pk.isascii() and pk.isdigit() and len(pk) < 10]:
        papers = papers.filter(pk__in=wanted)
    elif (session := request.GET.get("session", "")) and session.isascii() and session.isdigit() and len(session) < 10:
        of_it = papers.filter(PUBLISHED, **{f"{SESSION}pk": session}).values("pk")
        papers = papers.filter(pk__in=of_it)
    return _file(written(papers, form), form, name)


@require_POST
@group_member
def chosen(request, group):
    """The button of the page of choices: a format, and the papers that were ticked."""
    form = request.POST.get("form", "")
    if form not in FORMATS:
        raise Http404
    wanted = [pk for pk in request.POST.getlist("paper") if pk.isascii() and pk.isdigit() and len(pk) < 10]
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
def bib(request, group):
    """Bring a .bib file in: what is new becomes a card, what is here already and what is broken is listed."""
    page = {}
    if request.method == "POST":
        if wait := limited(f"bib:{request.membership.pk}", LISTS_A_MINUTE, 60):
            return too_many(request, wait)
        file = request.FILES.get("file")
        try:
            page = {"brought": bring_in(file.read() if file else b"", group=group, by=request.membership)}
        except NotABibFile as refusal:
            page = {"refusal": refusal}
    return render(request, "papers/bib.html", page, status=422 if "refusal" in page else 200)


@require_POST
@group_member
def take_back(request, group):
    """Undo of bringing in: the cards go to the trash, where they can be had again."""
    wanted = [pk for pk in request.POST.getlist("paper") if pk.isascii() and pk.isdigit() and len(pk) < 10]
    papers = list(group.papers.kept().filter(pk__in=wanted, added_by=request.membership, files=None))
    for paper in papers:
        library.trash(paper, by=request.membership)
    said = ngettext("%(n)s paper is in the trash.", "%(n)s papers are in the trash.", len(papers))
    messages.success(request, said % {"n": len(papers)})
    return redirect("papers:library", group.slug)
