"""Which notifications a person wants: each topic until they say no, by their account or by the link in the notification itself.

The link needs no sign-in. It is signed, names one person and one topic, and is the same in every notification of the topic.
"""

from collections.abc import Iterable

from django.core import signing
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from members import audit
from members.mail import absolute
from members.models import Member, Muted

TURN, PAPERS, TOMORROW, CHANGES, TERM, HELP = "turn", "papers", "tomorrow", "changes", "term", "help"
SWAPS, MINUTES, DEVICES = "swaps", "minutes", "devices"
TOPICS = {
    TURN: _("Reminders to choose and share the paper for my turn"),
    PAPERS: _("The papers to read before a session"),
    TOMORROW: _("The day before: where and when we meet"),
    CHANGES: _("A session moves, is cancelled, or meets somewhere else"),
    TERM: _("The dates and turns of a new term"),
    SWAPS: _("Somebody asks whether I can take a turn"),
    MINUTES: _("The minutes after a session"),
    HELP: _("For organizers: a presenter may need help"),
    DEVICES: _("My account is signed in to from a new device"),
}
_signer = signing.Signer(salt="members.preferences", sep=".")


def wants(member: Member, topic: str) -> bool:
    """Topics without a name cannot be refused. No query where `muted` came with the person."""
    return topic not in TOPICS or all(muted.topic != topic for muted in member.muted.all())


def wanted(member: Member) -> list[str]:
    """The topics this person has not refused."""
    muted = set(member.muted.values_list("topic", flat=True))
    return [topic for topic in TOPICS if topic not in muted]


def mute(member: Member, topic: str) -> None:
    is_new = Muted.objects.get_or_create(member=member, topic=topic)[1]
    if is_new and topic == DEVICES:
        audit.record("device_notices_refused", about=member)


def unmute(member: Member, topic: str) -> None:
    Muted.objects.filter(member=member, topic=topic).delete()


def choose(member: Member, wanted: Iterable[str]) -> None:
    """Exactly these topics from now on."""
    for topic in TOPICS:
        (unmute if topic in wanted else mute)(member, topic)


def stop_address(member: Member, topic: str) -> str:
    """Where this person stops the notifications of this topic; "" where they cannot be stopped."""
    if topic not in TOPICS:
        return ""
    words = [member.pk, topic, *filter(None, [member.key_salt])]
    return absolute(reverse("members:stop_notifications", args=[_signer.sign_object(words)]))


def read_token(token: str) -> tuple[Member, str] | None:
    """Whom and what a link names, if it is one of ours."""
    try:
        pk, topic, *salt = _signer.unsign_object(token)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    member = Member.objects.filter(pk=pk, is_active=True, key_salt="".join(salt)).first()
    return (member, topic) if member and topic in TOPICS else None
