"""Recognise a browser that somebody signed in with before: a signed cookie names the accounts, each with when that was."""

from datetime import UTC, datetime

from django.conf import settings
from django.core import signing
from django.utils.timezone import now

from members.models import Member

AGE = 400 * 24 * 3600  # seconds; browsers keep no cookie longer
ACCOUNTS = 10  # that one cookie names; the ones used last
SALT = "members.devices"


def is_known(request, member: Member) -> bool:
    """Return whether they signed in with this browser, and nobody had to be thrown out of the account since."""
    at = _accounts(request).get(str(member.pk))
    return at is not None and not member.address_changes.filter(undone_at__gt=datetime.fromtimestamp(at, UTC)).exists()


def note(request, member: Member) -> None:
    """Have the answer to this request remember the browser."""
    request.signed_in_member = member.pk


def remember(request, response) -> None:
    """Set the cookie, if somebody has signed in by this request."""
    if pk := getattr(request, "signed_in_member", None):
        others = {key: at for key, at in _accounts(request).items() if key != str(pk)}
        accounts = dict(list(others.items())[1 - ACCOUNTS :]) | {str(pk): int(now().timestamp())}
        response.set_cookie(
            settings.DEVICE_COOKIE_NAME, signing.dumps(accounts, salt=SALT),
            max_age=AGE, httponly=True, samesite="Lax", secure=settings.HTTPS,
        )  # fmt: skip


def _accounts(request) -> dict[str, int]:
    """Return {number of the account: when it signed in last}."""
    try:
        return signing.loads(request.COOKIES.get(settings.DEVICE_COOKIE_NAME, ""), salt=SALT, max_age=AGE)
    except signing.BadSignature:
        return {}
