"""What the library does with accounts becomes events and notices: who signed in, which password or second step changed."""

from allauth.account import signals as account_signals
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa import signals as mfa_signals
from allauth.mfa.models import Authenticator
from allauth.socialaccount import signals as social_signals
from django.contrib.auth import signals as auth_signals
from django.db import transaction

from members import account_notices, audit, devices, preferences, reauthentication
from members.models import AccountNotice, AddressChange, Member


def connect() -> None:
    """Have Django and allauth call the functions below. Done once, when the app is ready."""
    auth_signals.user_logged_in.connect(signed_in)
    auth_signals.user_login_failed.connect(sign_in_failed)
    auth_signals.user_logged_out.connect(signed_out)
    account_signals.login_code_rejected.connect(wrong_code)
    account_signals.email_changed.connect(address_changed)
    account_signals.password_set.connect(password_set)
    account_signals.password_changed.connect(password_changed)
    account_signals.password_reset.connect(password_reset)
    mfa_signals.authenticator_added.connect(factor_added)
    mfa_signals.authenticator_removed.connect(factor_removed)
    mfa_signals.authenticator_reset.connect(recovery_codes_made)
    mfa_signals.authenticator_used.connect(factor_used)
    mfa_signals.authentication_failed.connect(wrong_factor)
    social_signals.social_account_added.connect(provider_added)
    social_signals.social_account_removed.connect(provider_removed)


@transaction.atomic
def signed_in(request, user, **kwargs):
    """Whoever proved who they are on a browser that they never used before is told; an account's first one is no news."""
    how = _how(request, user)
    audit.record("signed_in", by=user, about=user, how=how)
    is_first = user.last_login is None  # Django sets it after this: members stands before django.contrib.auth
    unknown = how and not is_first and not devices.is_known(request, user)
    if unknown and preferences.wants(user, preferences.DEVICES):
        account_notices.queue(user, AccountNotice.NEW_DEVICE)
    devices.note(request, user)
    reauthentication.note_sign_in(request)


def _how(request, user) -> str:
    """Return by what they proved who they are: "password", "code", "totp", the name of a provider; "" by nothing of these."""
    records = get_authentication_records(request, user)
    last = records[-1] if records else {}
    return last.get("provider") or last.get("type") or last.get("method") or ""


def sign_in_failed(credentials, request=None, **kwargs):
    """The address that was typed is kept only as the account that it belongs to."""
    email = credentials.get("email") or credentials.get("username") or ""
    member = Member.objects.filter(email__iexact=email).first()
    audit.record("sign_in_failed", about=member, how="password")


def wrong_code(user, **kwargs):
    audit.record("sign_in_failed", about=user, how="code")


def wrong_factor(user, authenticator, **kwargs):
    audit.record("sign_in_failed", about=user, how=authenticator.type)


def signed_out(user, **kwargs):
    if user is not None:
        audit.record("signed_out", by=user, about=user)


@transaction.atomic
def address_changed(user, from_email_address, to_email_address, **kwargs):
    """The old address is told, and can have the change undone."""
    if from_email_address is None or from_email_address.email == to_email_address.email:
        return
    change = AddressChange.objects.create(member=user, old=from_email_address.email, new=to_email_address.email)
    audit.record("address_changed", by=user, about=user, detail=str(change))
    account_notices.queue(user, "address_changed", email=change.old, change=change)


def password_set(user, **kwargs):
    audit.record("password_set", by=user, about=user)


def password_changed(user, **kwargs):
    audit.record("password_changed", by=user, about=user)


def password_reset(user, **kwargs):
    audit.record("password_reset", by=user, about=user)


def factor_added(user, authenticator, **kwargs):
    audit.record("factor_added", by=user, about=user, how=authenticator.type)


def factor_removed(user, authenticator, **kwargs):
    audit.record("factor_removed", by=user, about=user, how=authenticator.type)


def recovery_codes_made(user, **kwargs):
    audit.record("recovery_codes_made", by=user, about=user)


def factor_used(user, authenticator, **kwargs):
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        audit.record("recovery_code_used", by=user, about=user)


def provider_added(sociallogin, **kwargs):
    user = sociallogin.user
    audit.record("provider_added", by=user, about=user, how=sociallogin.account.provider)


def provider_removed(socialaccount, **kwargs):
    user = socialaccount.user
    audit.record("provider_removed", by=user, about=user, how=socialaccount.provider)
