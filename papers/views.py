"""Pages about papers. The rules live in library.py, what stands on a page in shelf.py and card.py."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from members import storage
from members.access import group_member
from members.edit_forms import SEEN
from members.enqueue import enqueue
from members.scripts import from_script
from members.templatetags.formatting import people
from papers import files, paper_page, presented, tagging
from papers import library as shelf_keeper
from papers.access import may_join, may_restore, may_trash
from papers.forms import PaperForm, TagForm, WishForm
from papers.intake import pasting
from papers.intake.receive import receive, say, slow_down
from papers.labels import MAY_BE_READ_AGAIN
from papers.library_list import SORTS, STATES, Shelf
from papers.lookup import merge, requests
from papers.models import UPLOAD_LIMIT, Paper, PaperFile

SEE_OTHER = 303


def _see(target, *args) -> HttpResponse:
    response = redirect(target, *args)
    response.status_code = SEE_OTHER
    return response


@require_GET
@group_member
def library(request, group):
    shelf = Shelf(group, request.GET.dict(), now())
    context = {"shelf": shelf, "limit": UPLOAD_LIMIT, "states": STATES, "sorts": SORTS, "looks_up": requests.is_on()}
    page = "papers/_shelf.html" if request.htmx else "papers/library.html"
    if not request.htmx:
        context |= {"group_space": storage.of_group(group), "my_space": storage.of_member(request.user)}
    response = render(request, page, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@group_member
def upload(request, group):
    """One file or many; each is judged by itself."""
    if request.method != "POST":
        return _see("papers:library", group.slug)
    if answer := slow_down(request):
        return answer
    arrived = receive(request)
    enqueue("papers.tasks.read_next")
    if request.htmx:
        return render(request, "papers/intake/_arrived.html", {"arrived": arrived})
    say(request, arrived)
    only = arrived[0].paper if len(arrived) == 1 else None
    return _see(only) if only and not only.deleted_at else _see("papers:library", group.slug)


@require_GET
@group_member
def paper(request, group, pk):
    found = get_object_or_404(paper_page.whole(group.papers), pk=pk)
    return render(request, "papers/paper.html", paper_page.context(found, request.membership))


@group_member
def paste(request, group):
    """An arXiv number or DOI, or several: cards that the worker looks up."""
    if request.method != "POST":
        return _see("papers:library", group.slug)
    if answer := pasting.slow_down(request):
        return answer
    arrived = pasting.paste(request.POST.get("what", ""), group=group, by=request.membership)
    enqueue("papers.tasks.look_up")
    if request.htmx:
        response = render(request, "papers/intake/_arrived.html", {"arrived": arrived})
        response.headers["HX-Trigger"] = "" if any(one.error for one in arrived) else "understood"
        return response
    pasting.say(request, arrived)
    only = arrived[0].paper if len(arrived) == 1 else None
    return _see(only) if only and not only.deleted_at else _see("papers:library", group.slug)


@require_GET
@group_member
def row(request, group, pk):
    """How far the reading has come: a row of the upload list, or with ?of=page the paper's own steps. Nothing new is 204."""
    found = get_object_or_404(group.papers.prefetch_related("files", "lookups"), pk=pk)
    if not from_script(request):  # a part of a page, for HTMX
        return _see(found)
    on_page = request.GET.get("of") == "page"
    if found.progress and request.GET.get("seen") == found.progress:
        return HttpResponse(status=204)
    template = "papers/_steps.html" if on_page else "papers/_row.html"
    response = render(request, template, {"paper": found, "polls": on_page and found.is_being_read})
    if not found.is_being_read:
        response.headers["HX-Refresh" if on_page else "HX-Trigger"] = "true" if on_page else "paper-read"
    return response


@require_GET
@group_member
def records(request, group, pk):
    """What catalogues say about a paper, asked for again while they are being asked; with ?of=page all of it comes anew."""
    found = get_object_or_404(paper_page.whole(group.papers), pk=pk)
    if not from_script(request):  # a part of a page, for HTMX
        return _see(found)
    if found.progress and request.GET.get("seen") == found.progress:
        return HttpResponse(status=204)
    response = render(request, "papers/lookup/_panel.html", paper_page.context(found, request.membership))
    if found.is_being_read or request.GET.get("of") == "page":
        response.headers["HX-Refresh"] = "true"
    return response


@require_POST
@group_member
def record(request, group, pk, lookup_pk):
    """Take what a record says, one field or all; leave the card as it is; or have the catalogue asked again."""
    found = get_object_or_404(group.papers.kept(), pk=pk)
    lookup = get_object_or_404(found.lookups, pk=lookup_pk)
    if "again" in request.POST:
        if answer := pasting.slow_down(request):
            return answer
        requests.again(lookup)
        enqueue("papers.tasks.look_up")
    elif "leave" in request.POST:
        merge.set_aside(lookup)
    elif not merge.take(
        lookup, by=request.membership, field=request.POST.get("take", ""), seen=request.POST.get("seen", "")
    ):
        messages.warning(request, _("The card has changed meanwhile. Look again, then take what is right."))
    return _see(found)


@group_member
def edit(request, group, pk):
    """The whole card beside the cover, or ?only=<field>, the one question asked."""
    found = get_object_or_404(paper_page.whole(group.papers.kept()), pk=pk)
    only = request.GET.get("only") if request.GET.get("only") in Paper.READ else ""
    if request.method == "POST":
        form = _edited(request, found, only)
        if form.is_valid():
            return _see(found)
    else:
        form = PaperForm(instance=Paper.objects.get(pk=found.pk), only=only)
    context = paper_page.context(found, request.membership) | {"form": form, "only": only}
    return render(request, "papers/paper.html", context, status=form.status)


def _edited(request, found, only) -> PaperForm:
    """The form that came, and what it changes is changed if it is valid."""
    with transaction.atomic():
        form = PaperForm(request.POST, instance=Paper.objects.select_for_update().get(pk=found.pk), only=only)
        if form.is_valid():
            typed = [only] if only else [name for name in form.changed_data if name != SEEN]
            changes = {name: form.cleaned_data[name] for name in typed}
            edited = shelf_keeper.edit(found, by=request.membership, changes=changes)
            if {"doi", "arxiv_id"} & {*typed}:
                requests.queue_all(edited, by=request.membership)
                enqueue("papers.tasks.look_up")
    return form


@require_POST
@group_member
def tags(request, group, pk):
    found = get_object_or_404(group.papers.kept(), pk=pk)
    form = TagForm(request.POST)
    if form.is_valid():
        tagging.tag(found, form.cleaned_data["tags"], shown=form.cleaned_data["shown"])
    else:
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
    return _see(found)


@require_POST
@group_member
def wish(request, group, pk):
    found = get_object_or_404(group.papers.kept(), pk=pk)
    form = WishForm(request.POST)
    if "withdraw" in request.POST:
        shelf_keeper.unwish(found, by=request.membership)
    elif form.is_valid():
        shelf_keeper.wish(found, by=request.membership, note=form.cleaned_data["note"])
    else:
        messages.error(request, " ".join(map(str, form.errors["note"])))
    return _see(found)


@require_POST
@group_member
def same(request, group, pk):
    """The answer to "is this the paper that is here already?"."""
    found = get_object_or_404(group.papers.kept().select_related("looks_like"), pk=pk)
    if request.POST.get("answer") == "version" and found.looks_like and not found.looks_like.deleted_at:
        if not may_join(request.membership, found):
            raise Http404
        joined = shelf_keeper.join(found, into=found.looks_like)
        enqueue("papers.tasks.read_next")
        messages.success(request, _("Added as a new version of this paper."))
        return _see(joined)
    shelf_keeper.keep_both(found)
    return _see(found)


@require_POST
@group_member
def version(request, group, pk):
    found = get_object_or_404(group.papers.kept(), pk=pk)
    if answer := slow_down(request):
        return answer
    arrived = receive(request, into=found)
    enqueue("papers.tasks.read_next")
    say(request, arrived[:1])
    return _see(found)


@require_POST
@group_member
def again(request, group, pk):
    """Have a file read once more that took too long or too much."""
    found = get_object_or_404(group.papers.kept(), pk=pk)
    if found.state == Paper.UNREADABLE and found.reason in MAY_BE_READ_AGAIN:
        shelf_keeper.read_again(found)
        enqueue("papers.tasks.read_next")
    return _see(found)


@require_POST
@group_member
def to_trash(request, group, pk):
    found = get_object_or_404(group.papers, pk=pk)
    if not may_trash(request.membership, found):
        raise Http404
    if shelf_keeper.trash(found, by=request.membership):
        undo = reverse("papers:restore", args=[group.slug, pk])
        messages.success(request, _("‘%(title)s’ is in the trash.") % {"title": found.called}, extra_tags=undo)
        if turns := presented.ask().coming(found, now()):
            said = _(
                "It was shared for %(turns)s. As long as it lies there, nothing is shared for that: restore it, or share another paper."
            )
            messages.warning(request, said % {"turns": people(turns)})
    return _see("papers:library", group.slug)


@require_POST
@group_member
def restore(request, group, pk):
    found = get_object_or_404(group.papers, pk=pk)
    if not may_restore(request.membership, found):
        raise Http404
    shelf_keeper.restore(found)
    return _see(found)


@require_GET
@group_member
def cover(request, group, pk):
    file = get_object_or_404(PaperFile.objects.exclude(cover="").filter(paper__pk=pk, group=group)[:1])
    return files.serve_cover(request, file)


@require_GET
@group_member
def file(request, group, pk, file_pk, filename):
    found = get_object_or_404(PaperFile.objects.select_related("paper"), pk=file_pk, paper__pk=pk, group=group)
    return files.serve_pdf(request, found.paper, found)
