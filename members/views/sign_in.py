"""What is open to people who are not signed in: an invitation, looking around a demo, language and light."""

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.db import IntegrityError
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import localtime, now
from django.utils.translation import check_for_language, get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from members import invitations
from members.demo import demo_members
from members.forms import JoinForm
from members.limits import limited, too_many
from members.models import Member
from members.numbers import whole
from members.time_zones import zone_of

BACKEND = "django.contrib.auth.backends.ModelBackend"
SIGN_UPS_AN_HOUR = 60
YEAR = 365 * 24 * 3600


@login_not_required
@never_cache
def join(request, token):
    """GET shows who invites to what; POST, by a signed-in person, accepts."""
    invitation = invitations.find(token)
    if request.method != "POST":
        return _show(request, invitation, JoinForm(invitation=invitation) if invitation else None)
    if not request.user.is_authenticated:
        return redirect("members:join", token)
    try:
        place = invitations.accept(token, request.user, at=now())
    except invitations.InvitationRefused as refused:
        return _closed(request, invitation, refused.reason)
    return redirect(place.group)


@login_not_required
@never_cache
@sensitive_post_parameters("password")
def sign_up(request, token):
    """A new account by invitation; it is signed in and in the group at once."""
    invitation = invitations.find(token) or _nowhere()
    if request.method != "POST" or request.user.is_authenticated:
        return redirect("members:join", token)
    if wait := limited(f"sign-up:{invitation.pk}", SIGN_UPS_AN_HOUR, 3600):
        return too_many(request, wait)
    form = JoinForm(request.POST, invitation=invitation)
    if not form.is_valid():
        return _show(request, invitation, form)
    try:
        clock = {"language": get_language(), "timezone": zone_of(invitation.group).key}
        place = invitations.sign_up(token, **form.cleaned_data, **clock, at=now())
    except invitations.InvitationRefused as refused:
        return _closed(request, invitation, refused.reason)
    except IntegrityError:
        form.add_error("email", _("This address cannot open a new account. If it is yours, sign in instead."))
        return _show(request, invitation, form)
    login(request, place.member, backend=BACKEND)
    return redirect(place.group)


def _show(request, invitation, form):
    """The invitation with what this person can do about it, or why it is closed."""
    reason = invitation.closed_because(now()) if invitation else "unknown"
    place = None
    if invitation and request.user.is_authenticated:
        place = invitation.group.memberships.current().filter(member=request.user).first()
    if place:
        return redirect(place.group)
    if reason:
        return _closed(request, invitation, reason)
    page = {
        "invitation": invitation,
        "token": invitation.token,
        "form": form,
        "count": invitation.group.memberships.current().count(),
        "until": localtime(invitation.expires_at, zone_of(invitation.group)),
    }
    return render(request, "members/join.html", page, status=422 if form.is_bound else 200)


def _closed(request, invitation, reason):
    """404 for a link that never was, 410 for one that was: both say what to do."""
    page = {"invitation": invitation, "headline": _why(reason), "reason": reason}
    return render(request, "members/join_closed.html", page, status=410 if invitation else 404)


def _why(reason):
    return {
        "unknown": _("This link leads nowhere"),
        "expired": _("This invitation has run out"),
        "revoked": _("This invitation was taken back"),
        "used": _("This invitation has been used"),
        "inviter": _("This invitation no longer counts"),
        "address": _("This invitation is for somebody else"),
        "removed": _("This link cannot bring you back"),
    }[reason]


def _nowhere():
    raise Http404


@login_not_required
@require_POST
def look_around(request):
    """In DEBUG, be one of the demo group's people without a password."""
    member = get_object_or_404(demo_members(), pk=whole(request.POST.get("member")))
    login(request, member, backend=BACKEND)
    return _back(request)


@login_not_required
@require_POST
def language(request):
    """The language of the pages: kept in a cookie, and for members also in their profile, where notifications find it."""
    chosen = request.POST.get("language", "")
    response = _back(request)
    if chosen not in dict(settings.LANGUAGES) or not check_for_language(chosen):
        return response
    if request.user.is_authenticated:
        Member.objects.filter(pk=request.user.pk).update(language=chosen)
    return _remember(response, settings.LANGUAGE_COOKIE_NAME, chosen)


@login_not_required
@require_POST
def theme(request):
    """Light or dark by hand; anything else is as the device says."""
    chosen = request.POST.get("theme", "")
    response = _back(request)
    if chosen in {"light", "dark"}:
        return _remember(response, settings.THEME_COOKIE_NAME, chosen)
    response.delete_cookie(settings.THEME_COOKIE_NAME, samesite="Lax")
    return response


def _remember(response, name, value):
    response.set_cookie(name, value, max_age=YEAR, httponly=True, samesite="Lax", secure=settings.HTTPS)
    return response


def _back(request):
    """To the page the button was on, as long as it is one of ours."""
    target = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(target if ours else "/", status=303)
