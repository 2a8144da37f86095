"""How many invitation mails go out: from an account, from a group, to an address, and from the whole server.

Counted in rows (members.limits), in the transaction that writes the invitations: when it is refused, nothing is counted.
An account is new until somebody accepts one of its invitations by e-mail. Links are not limited here: they reach nobody
by themselves.
"""

from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from django.conf import settings
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _

from members.limits import limited
from members.models import Group, Invitation, Member
from members.templatetags.formatting import moment

HOUR, DAY = 3600, 86_400
NEW_ACCOUNT, NEW_ACCOUNT_WINDOW = 40, 30 * DAY  # a group of 30, and those who mistyped theirs
ACCOUNT_A_DAY = 200
GROUP_AN_HOUR = 60
ADDRESS_A_DAY = 3
ASKED_FOR_A_DAY = 1000  # of all groups together, by links


class TooManyInvitations(Exception):
    """str() says which limit this is and when it goes on; `wait` is that in seconds."""

    def __init__(self, words: str, wait: int):
        super().__init__(words)
        self.wait = wait


@dataclass(frozen=True)
class Limit:
    key: str
    most: int
    seconds: int
    words: str


def count(mails: int, *, group: Group, by: Member) -> None:
    """Count so many mails to people that `by` invites to the group; raise TooManyInvitations if they are too many."""
    for limit in _limits(group, by):
        if wait := limited(limit.key, limit.most, limit.seconds, cost=mails):
            when = moment(localtime(now() + timedelta(seconds=wait)))
            words = [limit.words % {"n": limit.most}, _("It goes on at %(when)s.") % {"when": when}]
            raise TooManyInvitations(" ".join([*words, _("A link works right away.")]), wait)


def count_address(email: str) -> bool:
    """Count a mail to this address, whoever invites to whatever group; false if it had enough today."""
    return not limited(f"invited:{sha256(mailbox(email).encode()).hexdigest()}", ADDRESS_A_DAY, DAY)


def count_asked_for(group: Group) -> int:
    """Count a mail that somebody who came by a link has sent to an address; return the seconds to wait if they are too many."""
    return limited("asked-for:server", ASKED_FOR_A_DAY, DAY) or limited(f"asked-for:{group.pk}", GROUP_AN_HOUR, HOUR)


def mailbox(email: str) -> str:
    """Return the address that mail to `email` arrives at, as far as one can tell: user+tag@ is user@ (RFC 5233)."""
    local, _at, host = email.lower().rpartition("@")
    return f"{local.partition('+')[0] or local}@{host}"


def _limits(group: Group, by: Member) -> list[Limit]:
    """The server's comes first: its row is held until the transaction ends, so that two never wait for each other."""
    server = _("This server sends %(n)s invitations a day.")
    hourly = _("A group sends %(n)s invitations an hour.")
    daily = _("You can send %(n)s invitations a day.")
    new = _(
        "While your account is new you can send %(n)s invitations. When somebody has accepted one of them, you can send more."
    )
    return [
        Limit("invitations:server", settings.INVITATIONS_A_DAY, DAY, server),
        Limit(f"invitations:{group.pk}", GROUP_AN_HOUR, HOUR, hourly),
        Limit(f"invitations:by:{by.pk}", ACCOUNT_A_DAY, DAY, daily)
        if _is_known(by)
        else Limit(f"invitations:new:{by.pk}", NEW_ACCOUNT, NEW_ACCOUNT_WINDOW, new),
    ]


def _is_known(member: Member) -> bool:
    """Return whether somebody who got a mail of theirs has come in by it."""
    return Invitation.objects.filter(invited_by__member=member, uses__gt=0).exclude(email="").exists()
