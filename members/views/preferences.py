"""Which notifications one wants: on one's own page, and by the link in a notification, which needs no sign-in."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from members import account_notices, addresses, preferences
from members.access import group_organizer
from members.forms import NotificationsForm
from members.mail import ONE_CLICK
from members.models import Member
from members.views.people import me_page


@require_POST
def choose(request):
    with transaction.atomic():
        me = Member.objects.select_for_update().get(pk=request.user.pk)
        form = NotificationsForm(request.POST, initial={"topics": preferences.wanted(me)})
        if not form.is_valid():
            return me_page(request, notifications_form=form)
        was_told = preferences.wants(me, preferences.DEVICES)
        preferences.choose(me, form.cleaned_data["topics"])
        if was_told and preferences.DEVICES not in form.cleaned_data["topics"]:
            account_notices.queue(me, "devices_refused")  # else whoever sits at an open session silences it unseen
    messages.success(request, _("Saved."))
    return redirect("members:me")


@login_not_required
@csrf_exempt  # a mail program has no cookie of ours; the signed address is the proof
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop_notifications(request, token):
    """GET shows a page with a button. A mail program's own POST is answered without sending it elsewhere."""
    found = preferences.read_token(token)
    if found is None:
        return render(request, "members/stop_notifications.html", {"unknown": True}, status=404)
    member, topic = found
    if request.method == "POST":
        (preferences.unmute if "want" in request.POST else preferences.mute)(member, topic)
        if request.POST.dict() != ONE_CLICK:
            return redirect("members:stop_notifications", token)
    page = {"reader": member, "topic": preferences.TOPICS[topic], "wanted": preferences.wants(member, topic)}
    with translation.override(member.language):
        return render(request, "members/stop_notifications.html", page)


@require_POST
@group_organizer
def address_again(request, group, pk):
    """An organizer heard that the address works: what waits for it goes out with the next round."""
    place = get_object_or_404(group.memberships.current().select_related("member"), pk=pk)
    if addresses.try_again(place.member):
        messages.success(request, _("Notifications to %(name)s are tried again.") % {"name": place})
    return redirect("members:members", group.slug)
