"""Accounts: how one is opened. Who may open one is decided by invitations and by the server's operator."""

from allauth.account.models import EmailAddress
from django.db import transaction

from members.models import Member


@transaction.atomic
def open_account(*, email: str, name: str, password: str, language: str, timezone: str, verified: bool) -> Member:
    """A person who can sign in. `verified`: the address has proved to be theirs. Raises IntegrityError if it is taken."""
    member = Member.objects.create_user(email, password, name=name, language=language, timezone=timezone)
    EmailAddress.objects.create(user=member, email=member.email, primary=True, verified=verified)
    return member
