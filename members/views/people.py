"""The members of a group, and oneself."""

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from members import address_proof, membership, preferences, storage
from members.access import group_member, may_change_place, may_manage_members
from members.forms import LinkForm, MailForm, NotificationsForm, ProfileForm
from members.models import Member, Membership

GONE = {Membership.LEFT, Membership.REMOVED}


@require_safe
@group_member
def members(request, group):
    return render(request, "members/members.html", members_page(request, group))


def members_page(request, group, **forms):
    """Who is here and who was; for organizers also the ways to invite, and what is open."""
    everybody = list(group.memberships.in_order())
    page: dict[str, object] = {
        "here": [place for place in everybody if place.is_current],
        "gone": [place for place in everybody if place.state in GONE],
    }
    if may_manage_members(request.membership):
        page["invitations"] = group.invitations.open(now()).select_related("invited_by__member")
        page["link_form"] = forms.get("link_form") or LinkForm()
        page["mail_form"] = forms.get("mail_form") or MailForm(initial={"language": group.language})
        page["verdicts"] = forms.get("verdicts", [])
        page["site"] = settings.SITE_URL
    return page


@require_POST
@group_member
def change(request, group, pk, verb):
    """One of membership.MOVES for one place in the group."""
    place = get_object_or_404(group.memberships.select_related("member"), pk=pk)
    if verb not in membership.MOVES or not may_change_place(request.membership, place, verb):
        raise Http404
    before = place.state
    try:
        if membership.change(place, verb, by=request.user):
            messages.success(request, _done(verb) % {"name": place}, extra_tags=_undo(group, place, verb, before))
    except membership.LastOrganizer:
        messages.error(request, _("A group needs an organizer. Make somebody else organizer first."))
    return (
        redirect("members:start")
        if verb == "leave" and not place.is_current
        else redirect("members:members", group.slug)
    )


def _undo(group, place, verb, before):
    """The address that takes it back: only for what somebody may regret at once."""
    if verb != "remove":
        return ""
    back = "restore" if before == Membership.ACTIVE else "restore-pausing"
    return reverse("members:change", args=[group.slug, place.pk, back])


def _done(verb):
    return {
        "pause": _("%(name)s: taking a break, no turns for now."),
        "resume": _("%(name)s: back, and takes turns again."),
        "leave": _("You left the group. Your past turns stay; an organizer can invite you again."),
        "remove": _("%(name)s: removed from the group. Past turns stay."),
        "restore": _("%(name)s: back in the group."),
        "restore-pausing": _("%(name)s: back in the group."),
        "promote": _("%(name)s: organizer from now on."),
        "demote": _("%(name)s: member from now on."),
    }[verb]


def me(request):
    """One's name, language and clock, and one's groups."""
    if request.method != "POST":
        return me_page(request)
    with transaction.atomic():
        form = ProfileForm(request.POST, instance=Member.objects.select_for_update().get(pk=request.user.pk))
        if not form.is_valid():
            return me_page(request, form=form)
        form.save()
    messages.success(request, _("Saved."))
    return redirect("members:me")


def me_page(request, **forms):
    """One's own page, with forms that were refused."""
    form = forms.get("form") or ProfileForm(instance=request.user)
    topics = {"topics": preferences.wanted(request.user)}
    notifications_form = forms.get("notifications_form") or NotificationsForm(initial=topics)
    places = request.user.memberships.current().select_related("group", "member").order_by("group__name")
    context = {"form": form, "notifications_form": notifications_form, "places": places}
    context["my_space"] = storage.of_member(request.user)
    context["to_prove"] = address_proof.can_be_proved(request.user)
    return render(request, "members/me.html", context, status=max(form.status, notifications_form.status))
