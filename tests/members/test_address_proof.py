"""An account opened with somebody else's address: whoever proves the address gets it, and nobody else keeps anything of it."""

import re
from urllib.parse import quote

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from django.utils.timezone import now

from members import accounts, preferences
from members.models import Invitation, Member, Membership
from schedule.calendars import secret_links
from tests import make

pytestmark = pytest.mark.django_db
VICTIM, NEW = "victim@example.org", "three ravens over the river"
LOGIN, CODE, RESET = "/accounts/login/", "/accounts/login/code/", "/accounts/password/reset/"


@pytest.fixture
def opened(study):
    """An account that a stranger opened with the victim's address, with all that it can have, in the stranger's browser."""
    member = accounts.open_account(
        email=VICTIM, name="Stranger", password=make.PASSWORD, language="en", timezone="UTC", verified=False
    )
    place = make.organizer(study["group"], member=member)
    EmailAddress.objects.create(user=member, email="stranger@example.org")
    make.invitation(place)
    browser = Client()
    browser.post(LOGIN, {"login": VICTIM, "password": make.PASSWORD})
    Authenticator.objects.create(user=member, type="totp", data={"secret": "stranger"})
    SocialAccount.objects.create(user=member, provider="google", uid="stranger")
    assert browser.get("/me/").status_code == 200
    return {"member": member, "place": place, "browser": browser, "links": links(member, place)}


def links(member, place):
    """The secret links of the account that need no sign-in."""
    feed = secret_links.address(secret_links.link_of(place), secret_links.MINE)
    return [address.split("8000", 1)[1] for address in (feed, preferences.stop_address(member, "papers"))]


def by_code(client, sink):
    client.post(CODE, {"email": VICTIM})
    code = sink.to(VICTIM)[-1]["subject"].split()[0]
    return client.post(f"{CODE}confirm/", {"code": code})


def by_reset(client, sink):
    client.post(RESET, {"email": VICTIM})
    form = client.get(link_in(sink.to(VICTIM)[-1]), follow=True)
    client.post(form.request["PATH_INFO"], {"password1": NEW, "password2": NEW})
    return client.post(LOGIN, {"login": VICTIM, "password": NEW})


def by_confirmation(client, sink):
    stranger = Client()
    stranger.force_login(Member.objects.get(email=VICTIM), backend="django.contrib.auth.backends.ModelBackend")
    stranger.post("/accounts/email/", {"email": VICTIM, "action_send": ""})
    client.post(link_in(sink.to(VICTIM)[-1]))
    return by_code(client, sink)


def link_in(message):
    return re.search(r"http://localhost:8000(/\S+)", message.get_content())[1]


def what_is_left(opened):
    """What still opens the account for whoever opened it."""
    member = Member.objects.get(pk=opened["member"].pk)
    return {
        "session": opened["browser"].get("/me/").status_code == 200,
        "password": member.check_password(make.PASSWORD),
        "factors": Authenticator.objects.filter(user=member).count()
        + SocialAccount.objects.filter(user=member).count(),
        "links": [Client().get(link).status_code for link in opened["links"]],
        "invitations": Invitation.objects.open(now()).filter(invited_by__member=member).count(),
        "addresses": sorted(member.emailaddress_set.values_list("email", "verified"), reverse=True),
    }


NOTHING = {
    "session": False, "password": False, "factors": 0, "links": [404, 404], "invitations": 0, "addresses": [(VICTIM, True)],
}  # fmt: skip


@pytest.mark.parametrize("way", [by_code, by_reset, by_confirmation])
def test_whoever_proves_the_address_elsewhere_gets_an_account_that_nothing_from_before_opens(opened, smtp_sink, way):
    assert what_is_left(opened) == {
        "session": True, "password": True, "factors": 2, "links": [200, 200], "invitations": 1,
        "addresses": [(VICTIM, False), ("stranger@example.org", False)],
    }  # fmt: skip
    owner = Client()
    way(owner, smtp_sink)
    assert what_is_left(opened) == NOTHING
    assert owner.get("/me/").status_code == 200


def test_the_owner_is_asked_once_in_which_groups_to_stay_before_any_page_of_a_group(opened, study, smtp_sink):
    other = make.member(study["mallory"].group, member=opened["member"])
    owner = Client()
    assert by_code(owner, smtp_sink).headers["Location"] == "/"
    for address in ("/", "/g/study/", "/g/another/papers/"):
        assert owner.get(address).headers["Location"] == "/me/groups/"
    page = owner.get("/me/groups/")
    assert [name for _pk, name in page.context["form"].fields["stay"].choices] == [
        "Another group",
        "CV Reading Study 1",
    ]
    owner.post("/me/groups/", {"stay": [other.pk]})
    assert Membership.objects.get(pk=opened["place"].pk).state == "left"
    assert (owner.get("/").headers["Location"], owner.get("/g/study/").status_code) == ("/g/another/", 404)
    assert owner.get("/me/groups/").headers["Location"] == "/"


def test_the_last_organizer_of_a_group_hears_how_to_leave_it(opened, study, smtp_sink):
    Membership.objects.filter(pk=study["olivia"].pk).update(role="member")
    owner = Client()
    by_code(owner, smtp_sink)
    page = owner.post("/me/groups/", {}, follow=True)
    assert "CV Reading Study 1 needs an organizer" in page.content.decode()
    assert Membership.objects.get(pk=opened["place"].pk).state == "active"


def test_who_proves_the_address_in_the_browser_that_uses_the_account_keeps_it_and_other_browsers_lose_it(
    opened, smtp_sink
):
    other = Client()
    other.force_login(opened["member"], backend="django.contrib.auth.backends.ModelBackend")
    mine = opened["browser"]
    mine.post("/accounts/email/", {"email": VICTIM, "action_send": ""})
    mine.post(link_in(smtp_sink.to(VICTIM)[-1]))
    member = Member.objects.get(email=VICTIM)
    assert (member.check_password(make.PASSWORD), member.must_review_groups) == (True, False)
    assert [client.get("/me/").status_code for client in (mine, other)] == [200, 302]
    assert [Client().get(link).status_code for link in opened["links"]] == [404, 404]


def test_an_invitation_that_was_mailed_proves_the_address_of_who_accepts_it(opened, study, smtp_sink):
    other = Client()
    other.force_login(opened["member"], backend="django.contrib.auth.backends.ModelBackend")
    invitation = make.invitation(study["mallory"], email=VICTIM, max_uses=1)
    opened["browser"].post(f"/join/{invitation.token}/")
    assert EmailAddress.objects.get(email=VICTIM).verified
    assert [client.get("/me/").status_code for client in (opened["browser"], other)] == [200, 302]


def test_an_address_that_is_typed_in_to_change_another_gets_neither_a_code_nor_a_link_for_the_account(
    study, sign_in, smtp_sink
):
    alice = study["alice"].member
    EmailAddress.objects.create(user=alice, email=VICTIM)
    for path in (CODE, RESET):
        Client().post(path, {"email": VICTIM})
    assert ["no account with this address" in mail.get_content() for mail in smtp_sink.to(VICTIM)] == [True, True]


def test_the_reader_of_a_link_that_changes_a_strangers_address_does_not_make_the_account_theirs(
    study, sign_in, smtp_sink
):
    alice = study["alice"].member
    EmailAddress.objects.create(user=alice, email=alice.email, verified=True, primary=True)
    client = sign_in(alice)
    client.post("/accounts/email/", {"email": VICTIM, "action_add": ""})
    link = link_in(smtp_sink.to(VICTIM)[-1])
    answer = Client().post(link)
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{LOGIN}?next={quote(link)}")
    assert Member.objects.get(pk=alice.pk).email == alice.email
    client.post(link)
    assert Member.objects.get(pk=alice.pk).email == VICTIM
    assert client.get("/me/").status_code == 200


def test_a_proof_and_what_ends_by_it_happen_together_or_not_at_all(opened, smtp_sink, monkeypatch):
    """A process that dies on the way leaves no account that is proved and still open to a stranger."""
    monkeypatch.setattr("secrets.token_hex", lambda size: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        by_code(Client(), smtp_sink)
    assert not EmailAddress.objects.get(email=VICTIM).verified
