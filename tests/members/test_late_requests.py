"""A form that is begun while a sign-in counts, and whose body comes when it does not any more: nothing is done."""

from datetime import timedelta
from io import BytesIO
from urllib.parse import urlencode

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client, RequestFactory
from django.utils.timezone import now

from members import account_notices, address_changes, invitations
from members.adapter import AccountAdapter
from members.models import AccountNotice, AddressChange, AuditEvent, Invitation, Member
from tests import make
from tests.forms import hidden

pytestmark = pytest.mark.django_db
THIEVES = "a password of the thief"
CHANGE = {"oldpassword": make.PASSWORD, "password1": THIEVES, "password2": THIEVES}


class LateBody(BytesIO):
    """A body whose sender waits until something has happened."""

    def __init__(self, body: bytes, happens):
        super().__init__(body)
        self.happens = happens

    def read(self, *size):
        happens, self.happens = self.happens, lambda: None
        happens()
        return super().read(*size)


@pytest.fixture
def alice():
    return make.person("Alice")


@pytest.fixture
def thief(alice):
    client = Client()
    client.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    return client


def send_late(client, path, fields, happens):
    """Post a form; between its head and its body `happens` is called."""
    body = urlencode(fields).encode()
    late = {
        "wsgi.input": LateBody(body, happens),
        "CONTENT_LENGTH": str(len(body)),
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
    }
    return client.generic("POST", path, **late)


def owner_sets_a_password(alice):
    fresh = Member.objects.get(pk=alice.pk)
    fresh.set_password("the owner's own sentence")
    fresh.save(update_fields=["password"])


def test_what_ends_a_session_meanwhile_ends_the_requests_that_it_began(alice, thief):
    for happens in (lambda: owner_sets_a_password(alice), lambda: Member.objects.update(key_salt="another")):
        thief.force_login(Member.objects.get(pk=alice.pk), backend="django.contrib.auth.backends.ModelBackend")
        before = Member.objects.values().get(pk=alice.pk)
        answer = send_late(thief, "/me/", {"name": "Mallory", "language": "en", "timezone": "UTC"}, happens)
        assert (answer.status_code, answer.headers["Location"].partition("?")[0]) == (302, "/accounts/login/")
        assert Member.objects.get(pk=alice.pk).name == before["name"]
        assert "_auth_user_id" not in thief.session


def test_a_password_of_the_thief_does_not_replace_the_owners(alice, thief):
    assert (
        send_late(thief, "/accounts/password/change/", CHANGE, lambda: owner_sets_a_password(alice)).status_code == 302
    )
    alice.refresh_from_db()
    assert (alice.check_password(THIEVES), alice.check_password("the owner's own sentence")) == (False, True)


def test_an_account_that_was_made_inactive_meanwhile_stays_so(alice, thief):
    send_late(thief, "/accounts/password/change/", CHANGE, lambda: Member.objects.update(is_active=False))
    alice.refresh_from_db()
    assert (alice.is_active, alice.check_password(THIEVES)) == (False, False)


def test_a_request_in_time_is_answered_as_ever(alice, thief):
    send_late(thief, "/accounts/password/change/", CHANGE, lambda: None)
    alice.refresh_from_db()
    assert alice.check_password(THIEVES)


def test_a_password_is_written_alone_and_not_over_what_the_owner_did_while_it_was_hashed(alice):
    loaded = Member.objects.get(pk=alice.pk)
    Member.objects.update(email="moved@example.org")
    AccountAdapter(RequestFactory().get("/")).set_password(loaded, THIEVES)
    assert Member.objects.get(pk=alice.pk).email == "moved@example.org"
    loaded = Member.objects.get(pk=alice.pk)
    owner_sets_a_password(alice)
    with pytest.raises(PermissionDenied):
        AccountAdapter(RequestFactory().get("/")).set_password(loaded, THIEVES)
    assert Member.objects.get(pk=alice.pk).check_password("the owner's own sentence")


# ── what else a thief leaves behind ──────────────────────────────────────────────────────────────
def test_undoing_a_change_of_address_takes_invitations_back(study):
    olivia = study["olivia"].member
    link = invitations.invite(study["group"], by=study["olivia"], at=now(), max_uses=None, role="organizer")
    change = AddressChange.objects.create(member=olivia, old="olivia.old@example.org", new=olivia.email)
    assert address_changes.undo(change, at=now())
    assert Invitation.objects.get(pk=link.pk).closed_because(now()) == "revoked"


def test_whoever_presses_the_button_of_an_undo_link_is_not_shown_to_the_account(alice):
    change = AddressChange.objects.create(member=alice, old="alice.old@example.org", new=alice.email)
    path = address_changes.undo_address(change).partition("localhost:8000")[2]
    Client(REMOTE_ADDR="192.0.2.77").post(path)
    assert AuditEvent.objects.filter(kind="address_restored").exists()
    owner = Client()
    owner.force_login(Member.objects.get(pk=alice.pk), backend="django.contrib.auth.backends.ModelBackend")
    assert "192.0.2.77" not in owner.get("/me/activity/").text


def test_whoever_wants_no_mail_about_new_devices_gets_a_last_one_that_says_so(alice, thief, smtp_sink):
    for _twice in range(2):
        thief.post("/me/notifications/", hidden(thief, "/me/", "/me/notifications/") | {"topics": ["papers"]})
    account_notices.send_due(now() + timedelta(seconds=1))
    assert [message["Subject"] for message in smtp_sink.messages] == [
        "You are no longer told of sign-ins from new devices"
    ]
    assert AccountNotice.objects.count() == AuditEvent.objects.filter(kind="device_notices_refused").count() == 1
