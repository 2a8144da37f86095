"""Somebody found a session that was left open, or stole one: what they can change of the account, and how its owner gets it back."""

import re
from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from django.utils.timezone import now

from members import account_notices, accounts, address_changes, preferences
from members.models import AccountNotice, AddressChange, AuditEvent, Member
from tests import make

pytestmark = pytest.mark.django_db
LOGIN, CODE, EMAIL = "/accounts/login/", "/accounts/login/code/", "/accounts/email/"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
THIEVES_PASSWORD = "a password of the thief"
CHANGES = {
    EMAIL: {"email": "thief@example.org", "action_add": ""},
    "/accounts/2fa/totp/activate/": {"code": "123456"},
    "/accounts/2fa/totp/deactivate/": {},
    "/accounts/2fa/recovery-codes/generate/": {},
    "/accounts/password/set/": {"password1": THIEVES_PASSWORD, "password2": THIEVES_PASSWORD},
}
LOOKS = ["/accounts/2fa/recovery-codes/", "/accounts/2fa/recovery-codes/download/"]


@pytest.fixture
def alice():
    return account("Alice")


def account(name, language="en"):
    email = f"{name.lower()}@example.org"
    return accounts.open_account(
        email=email, name=name, password=make.PASSWORD, language=language, timezone="UTC", verified=True
    )


def sign_in(client=None, email="alice@example.org", password=make.PASSWORD):
    client = client or Client(headers={"user-agent": FIREFOX}, REMOTE_ADDR="192.0.2.7")
    client.post(LOGIN, {"login": email, "password": password})
    return client


def who(client):
    """The number of the account that this browser is signed in to."""
    client.get("/me/")
    return client.session.get("_auth_user_id")


def in_(**later):
    return time_machine.travel(now() + timedelta(**later), tick=False)


def with_second_step(member):
    Authenticator.objects.create(user=member, type="totp", data={"secret": generate_totp_secret()})
    Authenticator.objects.create(user=member, type="recovery_codes", data={"seed": "seed", "used_mask": 0})
    Authenticator.objects.update(created_at=now() - timedelta(days=90))


def account_rows():
    return [
        list(model.objects.order_by("pk").values())
        for model in (Member, EmailAddress, Authenticator, AddressChange, SocialAccount)
    ]


def mailed_link(message):
    return re.search(r"http://localhost:8000(/address/undo/\S+)", message.get_body(("plain",)).get_content())[1]


def confirm(client, smtp_sink, email):
    """Open the link that this address was mailed, and press its button."""
    text = smtp_sink.to(email)[-1].get_content()
    client.post(re.search(r"http://localhost:8000(/accounts/confirm-email/\S+)", text)[1])


def change_address(client, smtp_sink, new):
    client.post(EMAIL, {"email": new, "action_add": ""})
    confirm(client, smtp_sink, new)


# ── a session that was left open ─────────────────────────────────────────────────────────────────
def open_session(member):
    """A browser that somebody left signed in."""
    client = Client()
    client.force_login(member, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.parametrize("path", CHANGES)
def test_a_stolen_session_changes_nothing_without_a_proof(alice, path, smtp_sink):
    if "2fa" in path:
        with_second_step(alice)
    if path == "/accounts/password/set/":  # the page of who has none
        Member.objects.update(password="!nothing")
    stolen = open_session(Member.objects.get())
    with in_(minutes=11):
        before = account_rows()
        answer = stolen.post(path, CHANGES[path])
        assert (answer.status_code, account_rows()) == (302, before)
        assert re.match("/accounts/reauthenticate/|/me/code/", answer.headers["Location"])
        assert smtp_sink.messages == []


@pytest.mark.parametrize("path", LOOKS)
def test_a_stolen_session_sees_no_recovery_codes(alice, path):
    with_second_step(alice)
    stolen = open_session(alice)
    assert stolen.get(path).status_code == 200
    with in_(minutes=11):
        answer = stolen.get(path)
        assert answer.headers["Location"] == f"/accounts/reauthenticate/?next={path.replace('/', '%2F')}"
    assert AuditEvent.objects.filter(kind="recovery_codes_viewed").count() == 1


def test_changing_the_password_asks_for_it_however_fresh_the_sign_in_is(alice):
    client = sign_in()
    new = {"oldpassword": "a guess of the thief", "password1": THIEVES_PASSWORD, "password2": THIEVES_PASSWORD}
    client.post("/accounts/password/change/", new)
    assert Member.objects.get().check_password(make.PASSWORD)


def test_the_password_opens_what_was_asked_for_and_a_wrong_one_does_not(alice, smtp_sink):
    client = sign_in()
    with in_(minutes=11):
        client.post(EMAIL, CHANGES[EMAIL])
        client.post("/accounts/reauthenticate/", {"password": "a guess", "next": EMAIL})
        assert smtp_sink.messages == []
        client.post("/accounts/reauthenticate/", {"password": make.PASSWORD, "next": EMAIL})
        assert [message.envelope_to for message in smtp_sink.messages] == [["thief@example.org"]]


def test_who_has_no_password_is_asked_for_a_code_by_mail(alice, smtp_sink):
    Member.objects.update(password="!nothing")
    client = open_session(Member.objects.get())
    with in_(minutes=11):
        asked = client.get("/accounts/password/set/")
        assert asked.headers["Location"] == "/me/code/?next=%2Faccounts%2Fpassword%2Fset%2F"
        page = asked.headers["Location"]
        client.post(page, {"send": "1"})
        code = smtp_sink.to("alice@example.org")[0]["subject"].split()[0]
        assert client.post(page, {"code": "WRONG1"}).status_code == 422
        assert client.get("/accounts/password/set/").status_code == 302
        assert client.post(page, {"code": code}).headers["Location"] == "/accounts/password/set/"
        assert client.get("/accounts/password/set/").status_code == 200


def test_three_wrong_codes_end_a_code_and_so_do_three_minutes(alice, smtp_sink):
    Member.objects.update(password="!nothing")
    client = open_session(Member.objects.get())
    for spoil in ("guess", "wait"):
        with in_(minutes=11):
            client.post("/me/code/", {"send": "1"})
            code = smtp_sink.messages[-1]["subject"].split()[0]
            for _ in range(3 if spoil == "guess" else 0):
                client.post("/me/code/", {"code": "WRONG1"})
        with in_(minutes=11 if spoil == "guess" else 15):
            assert client.post("/me/code/", {"code": code}).status_code == 422
            assert client.get("/accounts/password/set/").status_code == 302


# ── the old address is told, and undoes it ───────────────────────────────────────────────────────
def test_the_old_address_is_told_in_its_readers_language(smtp_sink):
    account("Alice", language="ko")
    change_address(sign_in(), smtp_sink, "thief@example.org")
    Member.objects.update(language="en")  # the thief reads English
    assert account_notices.send_due(now()) == 1
    (told,) = smtp_sink.to("alice@example.org")
    text = told.get_body(("plain",)).get_content()
    assert told["subject"] == "이메일 주소가 바뀌었어요"
    assert ["thief@example.org" in text, "192.0.2.7" in text, "Firefox, Linux" in text] == [True, True, True]
    assert account_notices.send_due(now() + timedelta(hours=1)) == 0


def test_a_thief_changes_everything_and_the_owner_is_back(alice, smtp_sink):
    thief = sign_in()
    change_address(thief, smtp_sink, "thief@example.org")
    new = {"oldpassword": make.PASSWORD, "password1": THIEVES_PASSWORD, "password2": THIEVES_PASSWORD}
    thief.post("/accounts/password/change/", new)
    Authenticator.objects.create(user=alice, type="totp", data={"secret": "x"})
    Authenticator.objects.create(user=alice, type="recovery_codes", data={"seed": "x", "used_mask": 0})
    SocialAccount.objects.create(user=alice, provider="google", uid="thief")
    account_notices.send_due(now())
    link = mailed_link(smtp_sink.to("alice@example.org")[0])
    owner = Client()
    before = account_rows()
    page = owner.get(link)  # mail scanners follow links
    assert (page.status_code, account_rows(), "Undo it" in page.content.decode()) == (200, before, True)
    assert owner.post(link).headers["Location"] == link
    assert "Now set a new password" in owner.get(link).content.decode()
    assert list(Member.objects.values_list("email", flat=True)) == ["alice@example.org"]
    rows = list(alice.emailaddress_set.values_list("email", "verified", "primary"))
    assert rows == [("alice@example.org", True, True)]
    assert [list(model.objects.all()) for model in (Authenticator, SocialAccount)] == [[], []]
    assert who(thief) is None
    for email in ("alice@example.org", "thief@example.org"):
        for password in (make.PASSWORD, THIEVES_PASSWORD):
            assert who(sign_in(Client(), email, password)) is None
    owner.post("/accounts/password/reset/", {"email": "alice@example.org"})
    text = smtp_sink.to("alice@example.org")[-1].get_content()
    reset = owner.get(re.search(r"http://localhost:8000(/accounts/password/reset/key/\S+)", text)[1], follow=True)
    owner.post(reset.redirect_chain[-1][0], {"password1": "a new one of Alice", "password2": "a new one of Alice"})
    assert who(sign_in(Client(), password="a new one of Alice")) == str(alice.pk)


def test_second_steps_of_long_before_stay_and_those_of_the_month_before_go(alice, smtp_sink):
    with_second_step(alice)
    change = make.address_change(alice, "old@example.org")
    address_changes.undo(change, at=now())
    assert Authenticator.objects.count() == 2
    Authenticator.objects.filter(type="totp").update(created_at=now() - timedelta(days=29))
    address_changes.undo(make.address_change(alice, "older@example.org"), at=now())
    assert Authenticator.objects.count() == 0


def test_a_code_that_is_under_way_to_the_thief_opens_nothing_any_more(alice, smtp_sink):
    change_address(sign_in(), smtp_sink, "thief@example.org")
    thief = Client()
    thief.post(CODE, {"email": "thief@example.org"})
    code = smtp_sink.to("thief@example.org")[-1]["subject"].split()[0]
    address_changes.undo(AddressChange.objects.get(), at=now())
    thief.post(f"{CODE}confirm/", {"code": code})
    assert (who(thief), Member.objects.get().email) == (None, "alice@example.org")


def test_a_link_works_once(alice, smtp_sink):
    change_address(sign_in(), smtp_sink, "thief@example.org")
    link = address_changes.undo_address(AddressChange.objects.get()).removeprefix("http://localhost:8000")
    Client().post(link)
    Member.objects.update(password="set anew")
    again = account_rows()
    assert (Client().post(link).headers["Location"], account_rows()) == (link, again)
    assert "The change was undone" in Client().get(link).content.decode()


def test_a_link_works_for_a_week_to_the_second(alice):
    changed = make.address_change(alice)
    link = address_changes.undo_address(changed).removeprefix("http://localhost:8000")
    with time_machine.travel(changed.at + timedelta(days=7), tick=False):
        before = account_rows()
        assert (Client().get(link).status_code, Client().post(link).status_code) == (410, 302)
        assert account_rows() == before
    with time_machine.travel(changed.at + timedelta(days=7, seconds=-1), tick=False):
        Client().post(link)
        assert Member.objects.get().email == "before@example.org"


def test_after_a_second_change_the_first_link_undoes_both_and_the_second_undoes_nothing(alice, smtp_sink):
    thief = sign_in()
    for new in ("thief@example.org", "other.thief@example.org"):
        change_address(thief, smtp_sink, new)
    second, first = AddressChange.objects.all()
    links = [address_changes.undo_address(change).removeprefix("http://localhost:8000") for change in (first, second)]
    Client().post(links[0])
    assert Member.objects.get().email == "alice@example.org"
    before = account_rows()
    Client().post(links[1])
    assert account_rows() == before


def test_a_forged_link_and_one_of_another_kind_undo_nothing(alice):
    change = make.address_change(alice)
    token = address_changes.undo_address(change).split("/")[-2]
    other = preferences.stop_address(alice, "papers").split("/")[-2]
    for forged in (token[:-1], other, "1", "WzFd.x"):
        assert (Client().get(f"/address/undo/{forged}/").status_code, Client().post(f"/address/undo/{forged}/").status_code) == (404, 404)  # fmt: skip
    assert Member.objects.get().email == "alice@example.org"


def test_an_address_that_somebody_else_has_by_now_is_not_taken_from_them(alice):
    change = make.address_change(alice)
    make.person("Bob", email="before@example.org")
    before = account_rows()
    link = address_changes.undo_address(change).removeprefix("http://localhost:8000")
    answer = Client().post(link)
    assert (answer.status_code, account_rows()) == (409, before)
    assert "Another account has this address now" in answer.content.decode()


def test_another_site_cannot_press_the_button(alice):
    change = make.address_change(alice)
    link = address_changes.undo_address(change).removeprefix("http://localhost:8000")
    assert Client(enforce_csrf_checks=True).post(link).status_code == 403
    assert Member.objects.get().email == "alice@example.org"


# ── what else is told ────────────────────────────────────────────────────────────────────────────
def test_changes_of_password_and_second_steps_are_told(alice, smtp_sink, django_capture_on_commit_callbacks):
    client = sign_in()
    page = client.get("/accounts/2fa/totp/activate/")
    secret = page.context["form"].secret
    code = format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))
    new = {"oldpassword": make.PASSWORD, "password1": THIEVES_PASSWORD, "password2": THIEVES_PASSWORD}
    for path, form in {
        "/accounts/2fa/totp/activate/": {"code": code},
        "/accounts/2fa/recovery-codes/generate/": {},
        "/accounts/2fa/totp/deactivate/": {},
        "/accounts/password/change/": new,
    }.items():
        with django_capture_on_commit_callbacks(execute=True):
            client.post(path, form)
    account_notices.send_due(now())
    assert [message["subject"] for message in smtp_sink.to("alice@example.org")] == [
        "Two-step sign-in was switched on",
        "New recovery codes were made",
        "Two-step sign-in was switched off",
        "Your password was changed",
    ]


def test_a_new_device_is_told_once_and_the_first_is_no_news(alice, smtp_sink):
    laptop = sign_in(Client())
    assert AccountNotice.objects.count() == 0
    phone = sign_in()
    for client in (laptop, phone):
        client.post("/accounts/logout/")
        sign_in(client)
    account_notices.send_due(now())
    (told,) = smtp_sink.messages
    assert told["subject"] == "Your account was signed in to from a new device"
    assert told["List-Unsubscribe"].strip() == f"<{preferences.stop_address(alice, preferences.DEVICES)}>"
    Client().post(told["List-Unsubscribe"].strip(" <>").removeprefix("http://localhost:8000"), {"stop": "1"})
    sign_in(Client())
    assert AccountNotice.objects.count() == 1


def test_a_cookie_of_another_account_or_a_forged_one_is_a_new_device(alice):
    account("Bob")
    sign_in(Client())
    bobs = sign_in(Client(), "bob@example.org")
    bobs.post("/accounts/logout/")
    sign_in(bobs)
    assert AccountNotice.objects.count() == 1
    forged = Client()
    forged.cookies["device"] = "eyIxIjoxfQ:1:forged"
    sign_in(forged)
    assert AccountNotice.objects.count() == 2


def test_a_thief_who_was_thrown_out_is_a_new_device_again(alice, smtp_sink):
    sign_in(Client())
    thief = sign_in()
    change_address(thief, smtp_sink, "thief@example.org")
    with in_(minutes=1):
        address_changes.undo(AddressChange.objects.get(), at=now())
    member = Member.objects.get()
    member.set_password(make.PASSWORD)
    member.save()
    AccountNotice.objects.all().delete()
    with in_(minutes=2):
        sign_in(thief)
    assert list(AccountNotice.objects.values_list("kind", "email")) == [("new_device", "alice@example.org")]


def test_a_mail_server_that_is_away_keeps_no_notice_from_leaving_and_no_change_from_happening(
    alice, smtp_sink, settings
):
    client, port = sign_in(), settings.EMAIL_PORT
    settings.EMAIL_PORT = 1
    new = {"oldpassword": make.PASSWORD, "password1": THIEVES_PASSWORD, "password2": THIEVES_PASSWORD}
    assert client.post("/accounts/password/change/", new).status_code == 302
    for hours in range(9):
        assert account_notices.send_due(now() + timedelta(hours=hours)) == 0
    settings.EMAIL_PORT = port
    assert account_notices.send_due(now() + timedelta(hours=10)) == 1
    assert [message["subject"] for message in smtp_sink.messages] == ["Your password was changed"]


def test_notices_are_forgotten_after_a_month_and_changes_after_a_year(alice):
    change = make.address_change(alice)
    account_notices.queue(alice, "password_changed")
    for days, left in ((29, (1, 1)), (31, (1, 0)), (366, (0, 0))):
        account_notices.forget_old(change.at + timedelta(days=days))
        assert (AddressChange.objects.count(), AccountNotice.objects.count()) == left
