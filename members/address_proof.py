"""Who may use an account whose address is not proved yet, and what ends when its owner proves it.

An open link proves no address. Whoever opens an account with somebody else's address loses it to the owner: everything that
was set before (passwords, sessions, second steps, sign-in by other sites, secret links, invitations) ends in the transaction
in which the address counts as proved, and the owner is asked in which groups to stay.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.db import transaction
from django.http import HttpRequest
from django.utils.timezone import now
from django.utils.translation import gettext as _

from members import audit
from members.models import Invitation, Member


def is_proved(member: Member) -> bool:
    """Return whether somebody who reads the mail of this address has shown that the account is theirs."""
    return EmailAddress.objects.filter(user=member, email=member.email, verified=True).exists()


def can_be_proved(member: Member) -> bool:
    """Return whether the address waits for its proof, and there is a mail server to ask for it."""
    return bool(settings.EMAIL_HOST) and not is_proved(member)


@contextmanager
def proving(request: HttpRequest, member: Member) -> Iterator[None]:
    """Let something prove the address of `member`: what it changes, and what ends by it, is one transaction.

    A browser that is signed in to the account already keeps its session, the password and the second steps: whoever
    reads the mail has been using the account. Sessions of other browsers and secret links end in any case.
    """
    with transaction.atomic():
        Member.objects.select_for_update().get(pk=member.pk)
        was_proved, is_theirs = is_proved(member), request.user.pk == member.pk
        yield
        now_theirs = Member.objects.get(pk=member.pk)
        if was_proved or not is_proved(now_theirs):
            return
        now_theirs.end_sessions_and_links()
        now_theirs.save(update_fields=["key_salt"])
        audit.record("address_proved", by=now_theirs, about=now_theirs)
        if not is_theirs:
            begin_anew(now_theirs)
            messages.info(
                request, _("Only you open this account now: passwords and sign-ins from before no longer count.")
            )
        if request.user.pk == member.pk:
            update_session_auth_hash(request, now_theirs)
            request.user = now_theirs


def prove(request: HttpRequest, member: Member) -> None:
    """Note that whoever sends this request reads the mail of the account's address."""
    with proving(request, member):
        EmailAddress.objects.filter(user=member).exclude(email=member.email).delete()
        EmailAddress.objects.update_or_create(
            user=member, email=member.email, defaults={"verified": True, "primary": True}
        )


def begin_anew(member: Member) -> None:
    """Let nothing open the account that was set up before; its owner is to say in which groups to stay."""
    member.end_sessions_and_links()
    member.set_unusable_password()
    member.must_review_groups = member.memberships.current().exists()
    member.save(update_fields=["key_salt", "password", "must_review_groups"])
    Invitation.objects.filter(invited_by__member=member, revoked_at=None).update(revoked_at=now())
    Authenticator.objects.filter(user=member).delete()
    SocialAccount.objects.filter(user=member).delete()
