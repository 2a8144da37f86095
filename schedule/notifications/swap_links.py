"""The link in a notification about a swap: signed, for one person and one swap. It opens a page with buttons, and needs no sign-in."""

from django.core import signing
from django.urls import reverse

from members.mail import absolute
from members.models import Membership
from schedule.models import Swap

_signer = signing.Signer(salt="schedule.swaps", sep=".")


def address(swap: Swap, reader: Membership) -> str:
    words = [swap.pk, reader.pk, *filter(None, [reader.member.key_salt])]
    return absolute(reverse("schedule:swap_answer", args=[_signer.sign_object(words)]))


def read(token: str) -> tuple[Swap, Membership] | None:
    """Which swap, and who reads: if the link is one of ours, and its reader is still in the group."""
    try:
        swap_pk, reader_pk, *salt = _signer.unsign_object(token)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    swap = Swap.objects.with_related().filter(pk=swap_pk).first()
    readers = Membership.objects.current().select_related("member", "group")
    reader = readers.filter(pk=reader_pk, member__key_salt="".join(salt)).first()
    return (swap, reader) if swap and reader and reader.group_id == swap.giver.group_id else None
