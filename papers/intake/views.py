"""The pages of a share sheet: something arrives, its member chooses the group. The rules live in papers/intake/share_target.py."""

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from members.access import LAST_GROUP
from members.enqueue import enqueue
from members.limits import limited, too_many
from members.models import Membership
from papers import uploads
from papers.intake import pasting, receive, share_target

SEE_OTHER = 303


@csrf_exempt  # the browser hands a share over without our token; nothing enters a group by it
@login_not_required
def arrive(request):
    """What is shared waits for its member. Of somebody who is not signed in, numbers are carried along and no file is kept."""
    if request.method != "POST":
        return redirect("papers:share")
    files, numbers = request.FILES.getlist("files"), share_target.numbers_in(*map(request.POST.get, *_texts()))
    if not request.user.is_authenticated:
        if not numbers:
            messages.info(request, _("Sign in first, then share it once more. Nothing was kept."))
        return _to_page(what=numbers)
    if wait := limited(f"share:{request.user.pk}", receive.FILES_A_MINUTE, 60, cost=max(1, len(files))):
        return too_many(request, wait)
    token, refused = share_target.keep(files, by=request.user)
    refused += [f"{name}: {uploads.too_large()}" for name in getattr(request, "too_large", [])]
    for why in refused:
        messages.error(request, why)
    if not refused and not token and not numbers:
        messages.error(request, pasting.not_understood(" ".join(map(request.POST.get, *_texts()))))
    return _to_page(kept=token) if token else _to_page(what=numbers)


def _texts():
    return ("url", "text", "title"), ("", "", "")


def _to_page(**carried) -> HttpResponseRedirect:
    query = urlencode({name: value for name, value in carried.items() if value})
    response = HttpResponseRedirect(f"{reverse('papers:share')}?{query}" if query else reverse("papers:share"))
    response.status_code = SEE_OTHER
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def share(request):
    """GET asks into which group; POST, with our token, puts it there."""
    if request.method == "POST":
        return _put_in(request)
    kept, what = request.GET.get("kept", ""), share_target.numbers_in(request.GET.get("what", ""))
    files = share_target.waiting(kept, by=request.user)
    groups = [place.group for place in request.user.memberships.current().select_related("group").order_by("pk")]
    last = request.session.get(LAST_GROUP, "")
    page = {
        "files": files,
        "kept": kept,
        "what": what,
        "gone": bool(kept) and not files,
        "groups": groups,
        "chosen": last if last in {group.slug for group in groups} else groups[0].slug if groups else "",
    }
    return render(request, "papers/intake/shared.html", page)


def _put_in(request):
    places = request.user.memberships.current().select_related("group", "member")
    request.membership = place = get_object_or_404(places, group__slug=request.POST.get("group", ""))
    kept, what = request.POST.get("kept", ""), request.POST.get("what", "")
    if what:
        if answer := pasting.slow_down(request):
            return answer
        pasted = pasting.paste(what, group=place.group, by=place)
        pasting.say(request, pasted)
        enqueue("papers.tasks.look_up")
        return _to_shelf(place, [*pasted])
    arrived = share_target.put_in(kept, by=place)
    if not arrived:
        return _to_page(kept=kept)
    receive.say(request, arrived)
    enqueue("papers.tasks.read_next")
    return _to_shelf(place, arrived)


def _to_shelf(place: Membership, arrived: list[receive.Arrived]) -> HttpResponseRedirect:
    """To the paper if it is one, else to the shelf."""
    only = arrived[0].paper if len(arrived) == 1 else None
    response = redirect(only) if only and not only.deleted_at else redirect("papers:library", place.group.slug)
    response.status_code = SEE_OTHER
    return response
