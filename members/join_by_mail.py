"""Joining by an open link where there is a mail server: whoever types in an address gets the same page, and its reader a mail.

The mail to an address without an account holds a link that proves it and opens an account; the mail to one with an account
says so. Nobody but the reader learns which it was.
"""

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core import signing
from django.urls import reverse

from members.mail import absolute
from members.models import Invitation, Member

DAYS = 3
_signer = signing.TimestampSigner(salt="members.join", sep=".")


def is_asked_for(invitation: Invitation) -> bool:
    """Return whether who comes by this invitation has to show that they read the mail of their address."""
    return bool(settings.EMAIL_HOST) and not invitation.email


def send(invitation: Invitation, email: str) -> None:
    """Mail the way to go on; the page that says so is the same whatever the mail says."""
    address = reverse("members:join_as", args=[invitation.token, proof_of(invitation, email)])
    kind = "account/email/join"
    if Member.objects.filter(email__iexact=email).exists():
        address, kind = reverse("members:join", args=[invitation.token]), "account/email/join_with_account"
    get_adapter().send_mail(kind, email, {"join_url": absolute(address)})


def proof_of(invitation: Invitation, email: str) -> str:
    """Return what only the reader of a mail to this address knows."""
    return _signer.sign_object([invitation.pk, email])


def read(proof: str, invitation: Invitation) -> str:
    """Return the address that a link in such a mail proves; "" if it is none of ours, or too old."""
    try:
        pk, email = _signer.unsign_object(proof, max_age=DAYS * 86_400)
    except (signing.BadSignature, ValueError, TypeError):
        return ""
    return email if pk == invitation.pk else ""
