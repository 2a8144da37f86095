"""Addresses that a mail server refuses for good: noted once, not tried for every letter, and forgotten when mended."""

from django.db.models import F

from members.models import Member


def refuse(member: Member, words: str) -> None:
    """The server says that there is nobody there; the note holds for this address only, another one is tried."""
    Member.objects.filter(pk=member.pk, email=member.email).update(refused_email=F("email"), refused_words=words[:300])


def try_again(member: Member) -> bool:
    """Somebody says that it works again. False when nothing was noted."""
    return bool(
        Member.objects.filter(pk=member.pk).exclude(refused_email="").update(refused_email="", refused_words="")
    )
