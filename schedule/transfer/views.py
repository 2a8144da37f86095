"""Zips to take away: the button that asks for one, how far it is, and the file."""

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from members.access import group_organizer
from members.enqueue import enqueue
from members.limits import limited, too_many
from schedule.models import Bundle
from schedule.transfer import bundles
from schedule.transfer.term_bundle import name_of

AN_HOUR = 20  # zips that one organizer may ask for


@require_POST
@group_organizer
def ask(request, group, pk):
    return _asked(request, Bundle.TERM, term=get_object_or_404(group.terms.exclude(published_at=None), pk=pk))


@require_POST
@group_organizer
def ask_group(request, group):
    return _asked(request, Bundle.GROUP)


def _asked(request, kind, **about):
    if wait := limited(f"bundle:{request.membership.pk}", AN_HOUR, 3600):
        return too_many(request, wait)
    made = bundles.ask(kind, group=request.group, by=request.membership, language=get_language(), **about)
    enqueue("schedule.tasks.make_bundle", made.pk)
    return redirect("schedule:bundle", request.group.slug, made.pk)


@never_cache
@group_organizer
def bundle(request, group, pk):
    return render(request, "schedule/transfer/bundle.html", {"bundle": _find(group, pk)})


@never_cache
@group_organizer
def file(request, group, pk):
    """From the disk piece by piece, never whole in memory."""
    found = _find(group, pk)
    if found.state != Bundle.READY or not found.file.storage.exists(str(found.file)):
        raise Http404("There is no file yet, or not any more.")
    response = FileResponse(found.file.open("rb"), content_type="application/zip")
    response.headers["Content-Length"] = found.size
    name = name_of(f"{group} {found.term or ''}".strip())
    response.headers["Content-Disposition"] = content_disposition_header(True, f"{name}.zip")
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _find(group, pk) -> Bundle:
    return get_object_or_404(group.bundles.select_related("term"), pk=pk)
