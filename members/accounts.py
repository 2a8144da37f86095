"""Accounts: how one is opened, and made inactive. Who may open one is decided by invitations and by the server's operator."""

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import QuerySet

from members import audit
from members.models import Member


@transaction.atomic
def open_account(*, email: str, name: str, password: str, language: str, timezone: str, verified: bool) -> Member:
    """A person who can sign in. `verified`: the address has proved to be theirs. Raises IntegrityError if it is taken."""
    member = Member.objects.create_user(email, password, name=name, language=language, timezone=timezone)
    EmailAddress.objects.create(user=member, email=member.email, primary=True, verified=verified)
    return member


@transaction.atomic
def set_active(members: QuerySet[Member], active: bool, *, by: Member) -> int:
    """Make these accounts active, or inactive; return for how many that is a change."""
    changed = list(members.filter(is_active=not active))
    for member in changed:
        member.is_active = active
        member.save(update_fields=["is_active"])
        record_active(member, by=by)
    return len(changed)


def record_active(member: Member, *, by: Member) -> None:
    """Record that an account became active, or inactive."""
    audit.record("account_opened" if member.is_active else "account_closed", by=by, about=member)
