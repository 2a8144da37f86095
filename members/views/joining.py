"""An invitation, and the ways in by it: signed in, with a new account, or with a mail that proves one's address first."""

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.db import IntegrityError, transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localtime, now
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from members import address_proof, invitation_stops, invitations, join_by_mail
from members.forms import AddressForm, JoinForm
from members.invitation_limits import count_asked_for, mailbox
from members.limits import limited, too_many
from members.time_zones import zone_of
from members.views.sign_in import BACKEND

SIGN_UPS_AN_HOUR = 60
MAILS_A_DAY = 5  # to one address, whichever link they come by


@login_not_required
@never_cache
def join(request, token):
    """GET shows who invites to what; POST, by a signed-in person, accepts."""
    invitation = invitations.find(token)
    if request.method != "POST" or invitation is None:
        return _show(request, invitation, _form(invitation) if invitation else None)
    if not request.user.is_authenticated:
        return redirect("members:join", token)
    try:
        with transaction.atomic():
            place = invitations.accept(token, request.user, at=now())
            if invitation.email:
                address_proof.prove(request, request.user)
    except invitations.InvitationRefused as refused:
        return _closed(request, invitation, refused.reason)
    return redirect(place.group)


@login_not_required
@never_cache
@sensitive_post_parameters("password")
def sign_up(request, token):
    """Begin an account by invitation. Whether the address has one already is nothing that the answer to an open link tells."""
    invitation = invitations.find(token) or _nowhere()
    if request.method != "POST" or request.user.is_authenticated:
        return redirect("members:join", token)
    if wait := limited(f"sign-up:{invitation.pk}", SIGN_UPS_AN_HOUR, 3600):
        return too_many(request, wait)
    form = _form(invitation, request.POST)
    if not form.is_valid():
        return _show(request, invitation, form)
    if invitation.email:
        return _come_in(request, invitation, form)
    return (_mail if join_by_mail.is_asked_for(invitation) else _open_account)(request, invitation, form)


@login_not_required
@never_cache
@sensitive_post_parameters("password")
def join_as(request, token, proof):
    """The link in a mail that proves an address: the rest of a new account, signed in and in the group at once."""
    invitation = invitations.find(token) or _nowhere()
    email = join_by_mail.read(proof, invitation)
    if not email or request.user.is_authenticated:
        return redirect("members:join", token)
    form = JoinForm(request.POST if request.method == "POST" else None, invitation=invitation, email=email)
    return _come_in(request, invitation, form) if form.is_valid() else _show(request, invitation, form)


@login_not_required
@require_safe
def join_mailed(request, token):
    return render(request, "members/join_mailed.html", {"token": token})


def _form(invitation, data=None):
    """What somebody types to come by this invitation."""
    if join_by_mail.is_asked_for(invitation):
        return AddressForm(data)
    return JoinForm(data, invitation=invitation)


def _come_in(request, invitation, form):
    """Open the account of a proved address, signed in and in the group at once."""
    try:
        place = invitations.sign_up(invitation.token, **form.cleaned_data, **_clock(invitation), at=now())
    except invitations.InvitationRefused as refused:
        return _closed(request, invitation, refused.reason)
    except IntegrityError:
        form.add_error("email", _("This address cannot open a new account. If it is yours, sign in instead."))
        return _show(request, invitation, form)
    login(request, place.member, backend=BACKEND)
    return redirect(place.group)


def _mail(request, invitation, form):
    """Mail the way to go on, to every address alike."""
    email = form.cleaned_data["email"]
    if reason := invitation.closed_because(now()):
        return _closed(request, invitation, reason)
    if wait := limited(f"join-mail:{mailbox(email)}", MAILS_A_DAY, 86_400) or count_asked_for(invitation.group):
        return too_many(request, wait)
    if not invitation_stops.is_stopped(email):
        join_by_mail.send(invitation, email)
    return redirect("members:join_mailed", invitation.token)


def _open_account(request, invitation, form):
    """Open an account where there is no mail server; signing in with it is the next step, for every address alike."""
    try:
        invitations.open_account(invitation.token, **form.cleaned_data, **_clock(invitation), at=now())
    except invitations.InvitationRefused as refused:
        return _closed(request, invitation, refused.reason)
    words = _("Now sign in with this address. If it had an account before, its own password counts, not the new one.")
    messages.info(request, words)
    return redirect_to_login(reverse("members:join", args=[invitation.token]))


def _clock(invitation):
    return {"language": get_language(), "timezone": zone_of(invitation.group).key}


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
        "by_mail": form is not None and "password" not in form.fields,
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
