"""How people come in: an organizer invites, by link or by e-mail, and the invited person accepts."""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import NoReturn

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import F

from members import accounts, audit, invitation_limits, invitation_stops, membership, names
from members.models import Group, Invitation, Member, Membership
from members.time_zones import zone_of

DAYS = 14  # how long an invitation is open unless said otherwise
INVITED, PENDING, MEMBER, INVALID = "invited", "pending", "member", "invalid"
NO_NAME, UNREACHED = "no_name", "unreached"  # a name that is none; an address that gets no invitation mail now


class InvitationRefused(Exception):
    """Nobody comes in by this invitation; args[0] is the reason: a code that the page puts into words."""

    @property
    def reason(self) -> str:
        return self.args[0]


@dataclass(frozen=True)
class InvitationLine:
    """One pasted address: the text, and what was read from it; email is "" if it is not an address."""

    text: str
    name: str
    email: str


@dataclass(frozen=True)
class Verdict:
    """What became of one line."""

    line: InvitationLine
    kind: str
    invitation: Invitation | None = None


@transaction.atomic
def invite(group: Group, *, by: Membership, role=Membership.MEMBER, at: datetime, days=DAYS, **fields) -> Invitation:
    """A way in, open until the end of a day on the group's clock. Without `email` it is a link for whoever has it.

    `max_uses` is 1 unless said otherwise; None lets in as many as come.
    """
    fields.setdefault("max_uses", 1)
    fields.setdefault("language", group.language)
    made = Invitation.objects.create(
        group=group, invited_by=by, role=role, expires_at=_end_of(group, at, days), **fields
    )
    audit.record("invited" if made.email else "join_link_made", by=by.member, group=group, detail=made.email)
    return made


@transaction.atomic
def invite_all(text: str, group: Group, *, by: Membership, role: str, language: str, at: datetime) -> list[Verdict]:
    """Invite every address of a pasted text; each line is judged by itself, in its order.

    Raises TooManyInvitations, and then nobody is invited.
    """
    membership.hold(group.pk)
    judged = list(_judged(text, group, at))
    if mails := sum(kind == INVITED for _line, kind in judged):
        invitation_limits.count(mails, group=group, by=by.member)
    verdicts = []
    for line, kind in judged:
        invitation = None
        if kind == INVITED and not _may_reach(line.email):
            kind = UNREACHED
        if kind == INVITED:
            fields = {"email": line.email, "name": line.name, "language": language}
            invitation = invite(group, by=by, role=role, at=at, **fields)
        verdicts.append(Verdict(line, kind, invitation))
    return verdicts


def _judged(text: str, group: Group, at: datetime) -> Iterator[tuple[InvitationLine, str]]:
    """Each line, and what the group already knows about its address."""
    here = {email.lower() for email in group.memberships.current().values_list("member__email", flat=True)}
    pending = set(group.invitations.open(at).exclude(email="").values_list("email", flat=True))
    for line in parse_addresses(text):
        if not line.email:
            yield line, INVALID
        elif not _is_name(line.name):
            yield line, NO_NAME
        elif line.email in here:
            yield line, MEMBER
        elif line.email in pending:
            yield line, PENDING
        else:
            pending.add(line.email)
            yield line, INVITED


def _is_name(text: str) -> bool:
    try:
        names.check_name(text)
    except ValidationError:
        return False
    return True


def _may_reach(email: str) -> bool:
    """Count a mail to this address, if its reader wants invitations and has not had too many today."""
    return not invitation_stops.is_stopped(email) and invitation_limits.count_address(email)


def parse_addresses(text: str) -> list[InvitationLine]:
    """'Alice <alice@example.org>, bob@example.org; …', a list or a column, as people paste it."""
    return [_read_line(" ".join(piece.split())) for piece in _pieces(text) if piece.strip()]


def _pieces(text: str):
    """Cut at line ends, commas and semicolons outside quotes, and between bare addresses in a row."""
    for piece in re.findall(r'(?:"[^"\n]*"|[^,;\n])+', text):
        words = piece.split()
        yield from words if len(words) > 1 and all("@" in word and "<" not in word for word in words) else [piece]


def _read_line(piece):
    match = re.fullmatch(r"(?P<name>[^<>]*)<\s*(?P<email>[^<>\s]+)\s*>", piece)
    email = (match["email"] if match else piece).removeprefix("mailto:").lower()
    name = names.clean(match["name"].strip(" \"'")) if match else ""
    name = "" if name.lower() == email else name  # mail programs write the address in place of a name that they lack
    try:
        validate_email(email)
    except ValidationError:
        email = ""
    return InvitationLine(piece, name[: names.LONGEST], email if len(email) <= 254 else "")


def find(token: str) -> Invitation | None:
    rows = Invitation.objects.select_related("group", "invited_by__member")
    return rows.filter(token_hash=Invitation.hash_of(token)).first()


@transaction.atomic
def accept(token: str, member: Member, *, at: datetime) -> Membership:
    """Let this person in. Pressing twice is the same as once; whoever is in already spends nothing.

    The group's row is held, so that the last use of an invitation is given away once. Raises InvitationRefused.
    """
    invitation = find(token) or _refuse("unknown")
    group = membership.hold(invitation.group_id)
    place = group.memberships.filter(member=member).first()
    if place and place.is_current:
        return place
    if reason := (find(token) or _refuse("unknown")).closed_because(at):
        _refuse(reason)
    if invitation.email and invitation.email != member.email:
        _refuse("address")
    if place and place.state == Membership.REMOVED and not invitation.email:
        _refuse("removed")  # an old link in the group's chat is not a way back
    Invitation.objects.filter(pk=invitation.pk).update(uses=F("uses") + 1)
    role = Membership.ORGANIZER if invitation.makes_organizer else Membership.MEMBER
    return membership.enter(group, member, role)


@transaction.atomic
def sign_up(
    token: str, *, name: str, email: str, password: str, language: str, timezone: str, at: datetime
) -> Membership:
    """Open an account for somebody who read our mail to this address, and accept: both or neither.

    Raises InvitationRefused, or IntegrityError if the address has an account.
    """
    member = accounts.open_account(
        email=email, name=name, password=password, language=language, timezone=timezone, verified=True
    )
    return accept(token, member, at=at)


def open_account(token: str, *, email: str, at: datetime, **fields) -> None:
    """Open an account by an open link, with an address that is not proved; where it has an account nothing happens.

    The password is hashed in both cases: the time that it takes tells nothing. Raises InvitationRefused.
    """
    invitation = find(token) or _refuse("unknown")
    if reason := invitation.closed_because(at):
        _refuse(reason)
    with suppress(IntegrityError):
        accounts.open_account(email=email, verified=False, **fields)


@transaction.atomic
def revoke(invitation: Invitation, *, at: datetime, by: Member | None = None) -> bool:
    """Nobody comes in by it any more; whoever came stays."""
    revoked = bool(Invitation.objects.filter(pk=invitation.pk, revoked_at=None).update(revoked_at=at))
    if revoked:
        audit.record("invitation_revoked", by=by, group=invitation.group, detail=invitation.email)
    return revoked


@transaction.atomic
def send_again(invitation: Invitation, *, by: Membership, at: datetime) -> bool:
    """Put an invitation by e-mail back on the to-do list, with its full time to answer.

    False if its address gets no invitation mail now. Raises TooManyInvitations.
    """
    invitation_limits.count(1, group=invitation.group, by=by.member)
    if not _may_reach(invitation.email):
        return False
    fresh = {"mailed_at": None, "mail_tries": 0, "mail_error": "", "mail_after": None}
    until = max(invitation.expires_at, _end_of(invitation.group, at, DAYS))
    audit.record("invited", by=by.member, group=invitation.group, detail=invitation.email)
    return bool(Invitation.objects.filter(pk=invitation.pk).exclude(email="").update(expires_at=until, **fresh))


def _end_of(group: Group, at, days):
    """The last minute of the day that is `days` from now where the group meets."""
    day = at.astimezone(zone_of(group)).date() + timedelta(days=days)
    return datetime.combine(day, time(23, 59), tzinfo=zone_of(group))


def _refuse(reason: str) -> NoReturn:
    raise InvitationRefused(reason)
