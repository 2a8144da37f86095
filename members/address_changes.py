"""Undo a change of address by the link that the old address was mailed: whoever changed it is out, and its owner is in.

The link needs no sign-in. It is signed, names one change, works once and for a week.
"""

from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.base.internal.flows import delete_dangling_recovery_codes
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.core import signing
from django.db import transaction
from django.urls import reverse

from members import audit
from members.mail import absolute
from members.models import AddressChange, Invitation, Member

# what was set up so long before the change goes, too: a thief who thinks ahead begins with a passkey, and waits
BEFORE = timedelta(days=30)
_signer = signing.Signer(salt="members.address_changes", sep=".")


class AddressTaken(Exception):
    """Another account has the old address by now."""


def undo_address(change: AddressChange) -> str:
    """Return where this change is undone."""
    return absolute(reverse("members:undo_address", args=[_signer.sign_object([change.pk])]))


def read_token(token: str) -> AddressChange | None:
    """Return the change that a link names, if it is one of ours."""
    try:
        (pk,) = _signer.unsign_object(token)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return AddressChange.objects.select_related("member").filter(pk=pk, member__is_active=True).first()


@transaction.atomic
def undo(change: AddressChange, *, at: datetime) -> bool:
    """Give the account its old address back, and undo all changes after it. Return False if it is too late or was done.

    The address counts as proved: the link was mailed there. No password works any more, as whoever changed the address
    knew the old one; with it all sessions end. Second steps, other sites and invitations of the month before it are
    dropped: they may be the way back of whoever changed it. Raises AddressTaken.
    """
    member = Member.objects.select_for_update(no_key=True).get(pk=change.member_id)
    change.refresh_from_db()
    if not change.can_be_undone(at):
        return False
    _take_back(member, change.old)
    since = change.at - BEFORE
    Authenticator.objects.filter(user=member, created_at__gte=since).delete()
    delete_dangling_recovery_codes(member)
    SocialAccount.objects.filter(user=member, date_joined__gte=since).delete()
    Invitation.objects.filter(invited_by__member=member, created_at__gte=since, revoked_at=None).update(revoked_at=at)
    member.address_changes.filter(pk__gte=change.pk, undone_at=None).update(undone_at=at)
    audit.record("address_restored", by=member, about=member, detail=str(change))
    return True


def _take_back(member, address):
    others = Member.objects.exclude(pk=member.pk).filter(email__iexact=address)
    proved = EmailAddress.objects.exclude(user=member).filter(email__iexact=address, verified=True)
    if others.exists() or proved.exists():
        raise AddressTaken
    member.email = address
    member.end_sessions_and_links()
    member.set_unusable_password()
    member.save(update_fields=["email", "password", "key_salt"])
    EmailAddress.objects.filter(user=member).delete()
    EmailAddress.objects.create(user=member, email=address, verified=True, primary=True)
