"""Signing in, and everything around passwords: nobody learns who has an account, nobody is kept out for long."""

import re

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client

from members import accounts
from members.models import Member
from members.records import Refusal
from tests import make

pytestmark = pytest.mark.django_db
LOGIN, CODE, RESET = "/accounts/login/", "/accounts/login/code/", "/accounts/password/reset/"
OPEN_PAGES = [
    LOGIN,
    CODE,
    RESET,
    f"{RESET}done/",
    f"{RESET}key/1-set-password/",
    "/accounts/signup/",
    "/accounts/inactive/",
]
OWN_PAGES = [
    "/accounts/password/change/", "/accounts/email/", "/accounts/2fa/", "/accounts/logout/", "/accounts/reauthenticate/",
    "/accounts/3rdparty/",
]  # fmt: skip


@pytest.fixture
def alice():
    return account("Alice", verified=True)


def account(name, **fields):
    email = f"{name.lower()}@example.org"
    return accounts.open_account(
        email=email, name=name, password=make.PASSWORD, language="en", timezone="UTC", **fields
    )


def sign_in_by_password(client, password=make.PASSWORD, email="alice@example.org", **fields):
    return client.post(LOGIN, {"login": email, "password": password, **fields})


def who(client):
    return client.session.get("_auth_user_id")


def visible(response):
    """The page without what differs every time."""
    page = re.sub(
        r'name="csrfmiddlewaretoken" value="\w+"|name="form_token" value="[\w-]+"|X-CSRFToken": "\w+"',
        "",
        response.content.decode(),
    )
    return re.sub(r"alice@example\.org|nobody@example\.org", "ADDRESS", page)


def test_one_is_led_on_to_the_page_one_asked_for(alice):
    client = Client()
    asked = client.get("/me/")
    assert asked.headers["Location"] == f"{LOGIN}?next=/me/"
    form = client.get(asked.headers["Location"]).content.decode()
    assert '<input type="hidden" name="next" value="/me/"' in form
    assert sign_in_by_password(client, next="/me/").headers["Location"] == "/me/"
    assert who(client) == str(alice.pk)


def test_next_does_not_lead_out_of_the_house(alice):
    assert sign_in_by_password(Client(), next="https://evil.example/").headers["Location"] == "/"


def test_the_address_may_be_written_in_capitals(alice):
    client = Client()
    sign_in_by_password(client, email="Alice@Example.ORG")
    assert who(client) == str(alice.pk)


def test_staying_signed_in_is_a_choice(alice):
    for fields, goes_with_the_browser in (({"remember": "on"}, False), ({}, True)):
        client = Client()
        sign_in_by_password(client, **fields)
        assert client.session.get_expire_at_browser_close() is goes_with_the_browser
        if not goes_with_the_browser:
            assert client.session.get_expiry_age() == 30 * 24 * 3600


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(alice):
    answers = [
        sign_in_by_password(Client(), "not the password", email)
        for email in ("alice@example.org", "nobody@example.org")
    ]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert "E-mail and password do not match." in answers[0].content.decode()
    assert visible(answers[0]) == visible(answers[1])


def test_five_wrong_passwords_bring_a_pause_that_the_right_one_does_not_end(alice):
    client = Client()
    for _ in range(5):
        sign_in_by_password(client, "not the password")
    paused = sign_in_by_password(client)
    assert "Wait five minutes" in paused.content.decode()
    assert who(client) is None
    other = make.person("Bob", email="bob@example.org")
    bobs = Client(REMOTE_ADDR="192.0.2.7")
    sign_in_by_password(bobs, email=other.email)
    assert who(bobs) == str(other.pk)


def test_many_tries_from_one_place_are_slowed_down(alice, settings, standing_clock):
    settings.ACCOUNT_RATE_LIMITS = {"login": "3/m/ip"}
    client = Client()
    answers = [sign_in_by_password(client, "not the password", f"p{number}@example.org") for number in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[-1].headers["Retry-After"] == "60"
    assert "A little slower, please" in answers[-1].content.decode()


def test_passwords_are_kept_as_argon2id(alice):
    assert alice.password.startswith("argon2$argon2id$")


def test_a_closed_account_cannot_sign_in(alice):
    Member.objects.update(is_active=False)
    client = Client()
    sign_in_by_password(client)
    assert who(client) is None


@pytest.mark.parametrize("path", [CODE, RESET])
def test_asking_for_a_mail_answers_the_same_whether_or_not_there_is_an_account(alice, smtp_sink, path):
    answers = [
        Client().post(path, {"email": email}, follow=True) for email in ("alice@example.org", "nobody@example.org")
    ]
    assert [answer.redirect_chain for answer in answers][0] == answers[1].redirect_chain
    assert visible(answers[0]) == visible(answers[1])
    assert [len(smtp_sink.to(email)) for email in ("alice@example.org", "nobody@example.org")] == [1, 1]
    assert "no account with this address" in smtp_sink.to("nobody@example.org")[0].get_content()


def test_a_code_by_mail_signs_in_once(alice, smtp_sink):
    client = Client()
    client.post(CODE, {"email": "alice@example.org", "next": "/me/"})
    (message,) = smtp_sink.to("alice@example.org")
    code = message["subject"].split()[0]
    assert code in message.get_content()
    wrong = client.post(f"{CODE}confirm/", {"code": "WRONG1"})
    assert (wrong.status_code, who(client)) == (200, None)
    assert client.post(f"{CODE}confirm/", {"code": code, "next": "/me/"}).headers["Location"] == "/me/"
    assert who(client) == str(alice.pk)
    again = Client()
    again.post(f"{CODE}confirm/", {"code": code})
    assert who(again) is None


def test_a_forgotten_password_is_chosen_anew_with_a_link_that_works_once(alice, smtp_sink):
    client = Client()
    client.post(RESET, {"email": "alice@example.org"})
    link = re.search(r"http://localhost:8000(/\S+)", smtp_sink.to("alice@example.org")[0].get_content())[1]
    form = client.get(link, follow=True)
    new = "three ravens over the river"
    assert (
        "similar"
        in client.post(
            form.request["PATH_INFO"], {"password1": "alice@example.org", "password2": "alice@example.org"}
        ).content.decode()
    )
    client.post(form.request["PATH_INFO"], {"password1": new, "password2": new})
    alice.refresh_from_db()
    assert alice.check_password(new)
    assert "has been used" in Client().get(link, follow=True).content.decode()


@pytest.mark.parametrize("host", ["localhost:666", "testserver"])
def test_links_in_account_mail_lead_to_the_address_of_the_site_whatever_host_was_asked(
    alice, smtp_sink, settings, host
):
    settings.SITE_URL, settings.ALLOWED_HOSTS = "https://study.example.org", ["localhost", "testserver"]
    Client(headers={"Host": host}).post(RESET, {"email": "alice@example.org"})
    text = smtp_sink.to("alice@example.org")[0].get_content()
    assert re.findall(r"https?://[^/\s]+", text) == ["https://study.example.org"]
    assert "study.example.org" in text.splitlines()[-1] and host not in text


def test_the_mail_is_in_its_readers_language_not_in_the_askers(alice, smtp_sink):
    Member.objects.update(language="ko")
    client = Client(headers={"accept-language": "en"})
    page = client.post(RESET, {"email": "alice@example.org"}, follow=True)
    assert '<html lang="en"' in page.content.decode()
    assert re.search("[가-힣]", smtp_sink.messages[0].get_content())


@pytest.mark.parametrize("email", ["alice@example.org", "nobody@example.org"])
def test_a_mail_server_that_is_away_is_said_in_words_to_everybody_alike(alice, settings, smtp_sink, email):
    settings.EMAIL_PORT = 1
    for path in (RESET, CODE):
        answer = Client().post(path, {"email": email})
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "120")
        assert "The mail server does not answer" in answer.content.decode()


def test_a_mail_to_an_account_notes_what_is_wrong_with_its_address_only(alice, smtp_sink):
    """A wrong sender is nobody's fault; an unknown user is noted, and forgotten when a mail is taken."""
    said = []
    for phase, answer in [
        ("RCPT", "550 5.1.8 Sender rejected"),
        ("RCPT", "550 5.1.1 User unknown"),
        ("RCPT", "250 OK"),
    ]:
        smtp_sink.answers[phase] = answer
        for email in ("alice@example.org", "nobody@example.org"):
            Client().post(CODE, {"email": email})
        said.append((Member.objects.get().is_reachable, Refusal.objects.count()))
    assert said == [(True, 0), (False, 1), (True, 0)]


def test_nobody_signs_up_without_an_invitation(db):
    form = {"email": "dora@example.org", "password1": make.PASSWORD, "password2": make.PASSWORD}
    answers = [Client().get("/accounts/signup/"), Client().post("/accounts/signup/", form)]
    assert ["Joining goes by invitation" in answer.content.decode() for answer in answers] == [True, True]
    assert Member.objects.count() == 0


def test_two_steps_ask_for_the_second_and_a_recovery_code_helps_once(alice):
    client = Client()
    sign_in_by_password(client)
    page = client.post(
        "/accounts/reauthenticate/", {"password": make.PASSWORD, "next": "/accounts/2fa/totp/activate/"}, follow=True
    )
    assert (
        client.post("/accounts/2fa/totp/activate/", {"code": code_for(page.context["form"].secret)}).status_code == 302
    )
    page = client.get("/accounts/2fa/recovery-codes/")
    codes = page.context["unused_codes"]
    assert re.findall(r"<textarea[^>]* readonly>([^<]*)<", page.content.decode()) == ["\n".join(codes)]
    assert len(codes) == 10

    second = Client()
    assert sign_in_by_password(second, next="/me/").headers["Location"].startswith("/accounts/2fa/authenticate/")
    assert who(second) is None
    assert second.get("/me/").status_code == 302
    second.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert who(second) is None
    assert second.post("/accounts/2fa/authenticate/", {"code": codes[0]}).headers["Location"] == "/me/"
    assert who(second) == str(alice.pk)

    third = Client()
    sign_in_by_password(third)
    third.post("/accounts/2fa/authenticate/", {"code": codes[0]})
    assert who(third) is None


def code_for(secret):
    """What the phone would show now."""
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


@pytest.mark.parametrize("verified", [True, False])
def test_a_new_address_counts_only_when_it_was_confirmed(db, smtp_sink, verified):
    bob = account("Bob", verified=verified)
    client = Client()
    sign_in_by_password(client, email="bob@example.org")
    for new in ("typo@example.org", "new@example.org"):
        client.post("/accounts/email/", {"email": new, "action_add": ""})
        assert Member.objects.get(pk=bob.pk).email == "bob@example.org"
    link = re.search(
        r"http://localhost:8000(/accounts/confirm-email/\S+)", smtp_sink.to("new@example.org")[0].get_content()
    )[1]
    client.get(link)  # mail scanners follow links
    assert Member.objects.get(pk=bob.pk).email == "bob@example.org"
    client.post(link)
    assert Member.objects.get(pk=bob.pk).email == "new@example.org"
    assert list(bob.emailaddress_set.values_list("email", "verified", "primary")) == [("new@example.org", True, True)]


def test_two_people_cannot_have_one_address(alice, smtp_sink):
    make.person("Bob", email="bob@example.org")  # nobody asked him to confirm it
    client = Client()
    sign_in_by_password(client)
    client.post("/accounts/email/", {"email": "bob@example.org", "action_add": ""})
    link = re.search(
        r"http://localhost:8000(/accounts/confirm-email/\S+)", smtp_sink.to("bob@example.org")[0].get_content()
    )[1]
    assert client.post(link).status_code in {200, 302}
    assert Member.objects.get(pk=alice.pk).email == "alice@example.org"


def test_an_address_that_is_not_proved_cannot_lock_its_owner_out_with_a_second_step(db):
    account("Bob", verified=False)
    client = Client()
    sign_in_by_password(client, email="bob@example.org")
    assert client.get("/accounts/2fa/totp/activate/").status_code == 302


@pytest.mark.parametrize("path", OPEN_PAGES)
def test_the_open_pages_open_in_our_look_and_keep_the_policy(db, path):
    page = Client().get(path)
    assert page.status_code == 200
    assert ours(page)


@pytest.mark.parametrize("path", OWN_PAGES)
def test_the_pages_of_ones_account_want_a_signature_and_keep_the_policy(alice, path):
    assert Client().get(path).headers["Location"] in {f"{LOGIN}?next={path}", "/"}
    client = Client()
    sign_in_by_password(client)
    page = client.get(path)
    assert page.status_code == 200
    assert ours(page)
    assert "no-store" in page.headers["Cache-Control"]


def ours(page):
    """On our own frame, with nothing inline that the policy would stop."""
    html = page.content.decode()
    scripts = re.findall(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>", html)
    inline = re.findall(r"<[^>]+\s(?:style|on\w+)=", html) + scripts + re.findall(r"<style", html)
    return "tokens.css" in html and inline == [] and "unsafe" not in page.headers["Content-Security-Policy"]


def test_leaving_is_a_post(alice):
    client = Client()
    sign_in_by_password(client)
    client.get("/accounts/logout/")
    assert who(client) == str(alice.pk)
    client.post("/accounts/logout/")
    assert who(client) is None


def test_the_operators_desk_is_entered_by_the_same_door(alice):
    assert Client().get("/admin/login/").headers["Location"].startswith(LOGIN)
    alices = Client()
    sign_in_by_password(alices)
    assert alices.get("/admin/").status_code in {302, 403}
    operator = Client()
    operator.force_login(
        make.person("Root", is_staff=True, is_superuser=True), backend="django.contrib.auth.backends.ModelBackend"
    )
    assert operator.get("/admin/").status_code == 200


@pytest.mark.parametrize("model", ["member", "group", "membership", "invitation"])
def test_the_desks_lists_ask_a_constant_number_of_times(study, sign_in, model, django_assert_max_num_queries):
    operator = sign_in(make.person("Root", is_staff=True, is_superuser=True))
    for number in range(30):
        make.invitation(make.member(study["group"], f"M{number}"))
    operator.get(f"/admin/members/{model}/")
    with django_assert_max_num_queries(8):
        page = operator.get(f"/admin/members/{model}/")
    assert page.status_code == 200


def test_what_the_next_page_shows_is_not_said_before(alice):
    client = Client()
    asked = Client().post(CODE, {"email": "alice@example.org"}, follow=True)
    signed_in = client.post(LOGIN, {"login": "alice@example.org", "password": make.PASSWORD}, follow=True)
    left = client.post("/accounts/logout/", follow=True)
    said = [[str(one) for one in page.context["messages"]] for page in (asked, signed_in, left)]
    assert said == [[], [], ["You have signed out."]]


@pytest.mark.parametrize("language, subject", [("en", "Is this your address?"), ("ko", "이 주소가 맞나요?")])
def test_an_address_is_confirmed_by_a_link_on_a_line_of_its_own(alice, mailoutbox, language, subject):
    Member.objects.update(language=language)
    client = Client()
    sign_in_by_password(client)
    client.post("/accounts/email/", {"email": "alice@example.org", "action_send": ""})
    client.post("/accounts/email/", {"email": "new@example.org", "action_add": ""})
    mail = mailoutbox[-1]
    (link,) = re.findall(r"^http://\S+/accounts/confirm-email/[\w:-]+/$", mail.body, re.M)
    assert (mail.subject, mail.to) == (subject, ["new@example.org"])
    assert client.post(link, follow=True).status_code == 200
    assert Member.objects.get().email == "new@example.org"
    assert client.get(link).status_code == 200  # pressed twice: says so, and the way on
    assert "/accounts/email/" in client.get(link).content.decode()
