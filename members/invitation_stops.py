"""Addresses to which no invitation mail goes: whoever reads their mail said so, by the link in an invitation.

They may have no account, so the link needs no sign-in. It is signed and names the address alone.
"""

from django.core import signing
from django.urls import reverse

from members.invitation_limits import mailbox
from members.mail import absolute
from members.records import InvitationStop

_signer = signing.Signer(salt="members.invitation_stops", sep=".")


def is_stopped(email: str) -> bool:
    return InvitationStop.objects.filter(email=mailbox(email)).exists()


def stop(email: str) -> None:
    InvitationStop.objects.get_or_create(email=mailbox(email))


def allow(email: str) -> None:
    InvitationStop.objects.filter(email=mailbox(email)).delete()


def stop_address(email: str) -> str:
    """Where the reader of this address stops invitations to it."""
    return absolute(reverse("members:stop_invitations", args=[_signer.sign_object([email])]))


def read_token(token: str) -> str:
    """The address that a link names; "" if it is none of ours."""
    try:
        (email,) = _signer.unsign_object(token)
    except (signing.BadSignature, ValueError, TypeError):
        return ""
    return email
