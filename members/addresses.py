"""Addresses that a mail server refuses for good: noted once, not tried for every notification, and forgotten when mended.

One answer for several addresses in a row is the server's trouble, whatever it says: then nobody is noted.
"""

from datetime import datetime, timedelta

from django.db.models import F
from django.db.models.functions import Lower

from members.models import Member
from members.records import Refusal
from members.smtp_answers import without_address

SEVERAL = 3  # different addresses, with nothing taken between them
KEPT = timedelta(days=30)


class Refusals:
    """The refusals on record, for one conversation with the mail server: mail that is taken costs no query.

    The record is read once. What other workers add meanwhile is missed by `accept` and heeded by the next conversation.
    """

    def __init__(self):
        self._outlasted = dict(Refusal.objects.values_list("email", "outlasted"))

    def is_general(self, email: str, words: str, at: datetime) -> bool:
        """Note that mail to `email` was refused. Return whether the server says the same to everybody.

        If it does, whoever was held to be unreachable because of that answer is reachable again.
        """
        email, answer = email.lower(), without_address(words, email)
        Refusal.objects.filter(at__lt=at - KEPT).exclude(email__in=_noted().values("noted")).delete()
        row = Refusal(email=email, answer=answer, at=at)
        Refusal.objects.bulk_create(
            [row], update_conflicts=True, unique_fields=["email"], update_fields=["answer", "at"]
        )
        self._outlasted.setdefault(email, False)
        alike = list(Refusal.objects.filter(answer=answer, outlasted=False).values_list("email", flat=True))
        if email not in alike or len(alike) < SEVERAL:
            return False
        _lift(alike)
        return True

    def note_unknown(self, member: Member, words: str, at: datetime) -> bool:
        """Note that nobody is at the member's address, which is not tried any more. Return False if all get this answer."""
        if self.is_general(member.email, words, at):
            return False
        Member.objects.filter(pk=member.pk, email=member.email).update(
            refused_email=F("email"), refused_words=words[:300]
        )
        return True

    def accept(self, email: str) -> None:
        """Note that mail to `email` was taken: it is reachable, and the refusals before it were not everybody's."""
        email = email.lower()
        if email in self._outlasted:
            del self._outlasted[email]
            Refusal.objects.filter(email=email).delete()
            _lift([email])
        if not all(self._outlasted.values()):
            self._outlasted = dict.fromkeys(self._outlasted, True)
            Refusal.objects.filter(outlasted=False).update(outlasted=True)


def try_again(member: Member) -> bool:
    """Forget the note, because somebody says that the address works. Return False when nothing was noted."""
    Refusal.objects.filter(email=member.email.lower()).delete()
    return bool(
        Member.objects.filter(pk=member.pk).exclude(refused_email="").update(refused_email="", refused_words="")
    )


def _lift(emails):
    _noted().filter(noted__in=emails).update(refused_email="", refused_words="")


def _noted():
    return Member.objects.exclude(refused_email="").annotate(noted=Lower("refused_email"))
