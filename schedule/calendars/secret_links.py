"""The secret addresses by which calendar programs read a member's dates: they cannot sign in.

An address names a membership, what it shows, and a key that only the server can derive from the stored salt and its
own secret. A new salt, of the link or of the member, closes both addresses at once; who leaves the group has none.
"""

import hmac
import secrets

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from members import audit
from members.mail import absolute
from members.models import Member, Membership
from schedule.models import CalendarLink

MINE, GROUP = "mine", "group"
SCOPES = (MINE, GROUP)
NOBODYS = CalendarLink(pk=0, salt="nobody", membership=Membership(member=Member()))


@transaction.atomic
def link_of(membership: Membership) -> CalendarLink:
    """This member's, made when it is first asked for."""
    fresh = {"salt": secrets.token_hex(16)}
    link, is_new = CalendarLink.objects.get_or_create(membership=membership, defaults=fresh)
    if is_new:
        _record("calendar_links_made", membership)
    return link


@transaction.atomic
def renew(membership: Membership) -> None:
    """New addresses; the old ones answer nobody any more."""
    if CalendarLink.objects.filter(membership=membership).update(salt=secrets.token_hex(16)):
        _record("calendar_links_renewed", membership)
    else:
        link_of(membership)


def _record(kind, membership):
    audit.record(kind, by=membership.member, about=membership.member, group=membership.group)


def address(link: CalendarLink, scope: str) -> str:
    return absolute(reverse("schedule:calendar_feed", args=[link.pk, scope, key_of(link, scope)]))


def key_of(link: CalendarLink, scope: str) -> str:
    """256 bits that nobody can compute from the database alone."""
    words = f"calendar:{scope}:{link.pk}:{link.salt}{link.membership.member.key_salt}"
    return hmac.new(settings.SECRET_KEY.encode(), words.encode(), "sha256").hexdigest()


def find(pk: int, scope: str, key: str) -> CalendarLink | None:
    """The link that this address opens, while its member may enter the group. The key is compared in constant time."""
    here = Membership.objects.current()
    rows = CalendarLink.objects.select_related("membership__member", "membership__group")
    link = rows.filter(pk=pk, membership__in=here).first()
    known = key_of(link or NOBODYS, scope)
    same = hmac.compare_digest(known.encode(), key.encode())
    return link if link and same and scope in SCOPES else None
