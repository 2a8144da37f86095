"""The pages about people, as a browser sees them."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils.timezone import now

from members import invitations, membership
from members.models import Group, Invitation, Member, Membership
from tests import make
from tests.forms import hidden

pytestmark = pytest.mark.django_db
NEW = {"name": "Dora", "email": "dora@example.org", "password": make.PASSWORD}


@pytest.fixture
def olivia(study, sign_in):
    return sign_in(study["olivia"])


def text(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def here(group):
    return sorted(str(place) for place in group.memberships.current())


# joining


def test_an_invitation_shows_who_invites_to_what_to_somebody_who_is_not_signed_in(study):
    study["group"].club = "CUAI"
    study["group"].save()
    invitation = invitations.invite(study["group"], by=study["olivia"], at=now())
    page = Client().get(f"/join/{invitation.token}/")
    assert page.status_code == 200
    for words in (
        "Olivia invites you to",
        "CV Reading Study 1",
        "3 people at CUAI",
        "is for one person",
        f"?next=/join/{invitation.token}/",
    ):
        assert words in page.content.decode() or words in text(page)
    assert "alice" not in text(page).lower()


def test_signing_up_by_a_mailed_invitation_signs_in_and_lands_in_the_group(study):
    client = Client(headers={"accept-language": "ko"})
    token = invitations.invite(study["group"], by=study["olivia"], at=now(), email=NEW["email"]).token
    response = client.post(f"/join/{token}/sign-up/", NEW)
    assert response.headers["Location"] == "/g/study/"
    dora = Member.objects.get(email="dora@example.org")
    assert (dora.name, dora.language, dora.timezone) == ("Dora", "ko", "Asia/Seoul")
    assert client.session["_auth_user_id"] == str(dora.pk)
    assert here(study["group"]) == ["Alice", "Bob", "Dora", "Olivia"]
    assert Client().post("/accounts/login/", {"login": NEW["email"], "password": NEW["password"]}).status_code == 302


def test_without_a_mail_server_one_signs_up_by_a_link_signs_in_and_joins(study):
    client = Client()
    link = f"/join/{invitations.invite(study['group'], by=study['olivia'], at=now()).token}/"
    answer = client.post(f"{link}sign-up/", NEW)
    assert answer.headers["Location"] == f"/accounts/login/?next={link}"
    assert "Now sign in with this address." in text(client.get(answer.headers["Location"]))
    form = {"login": NEW["email"], "password": NEW["password"], "next": link}
    assert client.post("/accounts/login/", form).headers["Location"] == link
    assert "You are signed in as Dora" in text(client.get(link))
    assert client.post(link).headers["Location"] == "/g/study/"
    assert here(study["group"]) == ["Alice", "Bob", "Dora", "Olivia"]


def test_with_a_mail_server_a_link_asks_for_the_address_and_a_mail_goes_on(study, smtp_sink):
    client = Client()
    link = f"/join/{invitations.invite(study['group'], by=study['olivia'], at=now()).token}/"
    assert list(client.get(link).context["form"].fields) == ["email"]
    assert client.post(f"{link}sign-up/", NEW).headers["Location"] == f"{link}mailed/"
    assert not Member.objects.filter(name="Dora").exists()
    further = re.search(r"http://localhost:8000(/\S+)", smtp_sink.to(NEW["email"])[0].get_content())[1]
    assert client.post(further, NEW | {"password": "short"}).status_code == 422
    assert client.post(further, NEW | {"email": "mallory@example.com"}).headers["Location"] == "/g/study/"
    dora = Member.objects.get(name="Dora")
    assert list(dora.emailaddress_set.values_list("email", "verified", "primary")) == [(NEW["email"], True, True)]
    assert client.session["_auth_user_id"] == str(dora.pk)


def test_the_link_that_proves_an_address_works_for_three_days_and_for_one_invitation(study, smtp_sink):
    tokens = [invitations.invite(study["group"], by=study["olivia"], at=now()).token for _ in range(2)]
    Client().post(f"/join/{tokens[0]}/sign-up/", {"email": NEW["email"]})
    further = re.search(r"http://localhost:8000(/\S+)", smtp_sink.to(NEW["email"])[0].get_content())[1]
    assert Client().get(further).status_code == 200
    assert Client().get(further.replace(tokens[0], tokens[1])).headers["Location"] == f"/join/{tokens[1]}/"
    with time_machine.travel(now() + timedelta(days=3, minutes=1)):
        assert Client().get(further).headers["Location"] == f"/join/{tokens[0]}/"


def test_five_mails_a_day_go_to_one_address_by_whatever_links(study, smtp_sink, standing_clock):
    tokens = [invitations.invite(study["group"], by=study["olivia"], at=now()).token for _ in range(3)]
    answers = [Client().post(f"/join/{token}/sign-up/", {"email": NEW["email"]}).status_code for token in tokens * 2]
    assert (answers, len(smtp_sink.messages)) == ([302] * 5 + [429], 5)


def test_an_invitation_by_mail_fixes_the_address(study):
    token = invitations.invite(study["group"], by=study["olivia"], at=now(), email="dora@example.org").token
    Client().post(f"/join/{token}/sign-up/", NEW | {"email": "mallory@example.com"})
    assert list(Member.objects.filter(name="Dora").values_list("email", flat=True)) == ["dora@example.org"]


def test_opening_a_link_changes_nothing(study, sign_in):
    token = invitations.invite(study["group"], by=study["olivia"], at=now()).token
    outsider = sign_in(study["mallory"])
    page = outsider.get(f"/join/{token}/")
    assert "You are signed in as Mallory" in text(page)
    assert (here(study["group"]), Invitation.objects.get().uses) == (["Alice", "Bob", "Olivia"], 0)
    assert outsider.post(f"/join/{token}/").headers["Location"] == "/g/study/"
    assert (here(study["group"]), Invitation.objects.get().uses) == (["Alice", "Bob", "Mallory", "Olivia"], 1)


def test_sent_twice_the_form_opens_one_account(study):
    token = invitations.invite(study["group"], by=study["olivia"], at=now(), max_uses=None).token
    answers = [Client().post(f"/join/{token}/sign-up/", NEW) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [302, 302, 302]
    assert (Member.objects.filter(name="Dora").count(), Invitation.objects.get().uses) == (1, 0)


def test_an_account_that_exists_is_not_taken_over_by_signing_up_again(study):
    victim = study["mallory"].member
    for email, status in (("", 302), (victim.email, 422)):
        token = invitations.invite(study["group"], by=study["olivia"], at=now(), max_uses=None, email=email).token
        response = Client().post(
            f"/join/{token}/sign-up/", NEW | {"email": victim.email.upper(), "password": "quite another sentence"}
        )
        victim.refresh_from_db()
        assert (response.status_code, victim.name, victim.check_password(make.PASSWORD)) == (status, "Mallory", True)


@pytest.mark.parametrize(
    "password, complaint", [("short", "12 characters"), ("123456789012345", "numeric"), ("dora@example.org", "similar")]
)
def test_a_weak_password_is_refused_with_its_reason(study, password, complaint):
    token = invitations.invite(study["group"], by=study["olivia"], at=now()).token
    response = Client().post(f"/join/{token}/sign-up/", NEW | {"password": password})
    assert (response.status_code, complaint in text(response)) == (422, True)
    assert not Member.objects.filter(name="Dora").exists()


@pytest.mark.parametrize(
    "fields, status, words",
    [
        ({"expires_at": now() - timedelta(days=1)}, 410, "has run out"),
        ({"revoked_at": now()}, 410, "was taken back"),
        ({"max_uses": 1, "uses": 1}, 410, "has been used"),
    ],
)
def test_a_closed_invitation_says_why_and_lets_nobody_in(study, sign_in, fields, status, words):
    invitation = make.invitation(study["olivia"], **fields)
    link = f"/join/{invitation.token}/"
    answers = [
        Client().get(link),
        Client().post(f"{link}sign-up/", NEW),
        sign_in(study["mallory"]).post(link),
    ]
    assert [(answer.status_code, words in text(answer), "Olivia" in text(answer)) for answer in answers] == [
        (status, True, True)
    ] * 3
    assert here(study["group"]) == ["Alice", "Bob", "Olivia"]


def test_somebody_elses_invitation_says_whose_it_is(study, sign_in):
    invitation = make.invitation(study["olivia"], email="dora@example.org", max_uses=1)
    answer = sign_in(study["mallory"]).post(f"/join/{invitation.token}/")
    assert (answer.status_code, "It was sent to dora@example.org" in text(answer)) == (410, True)


def test_a_link_that_never_was_is_not_found(db):
    assert [Client().get("/join/nothing/").status_code, Client().post("/join/nothing/sign-up/", NEW).status_code] == [
        404,
        404,
    ]


def test_who_is_in_already_goes_straight_to_the_group(study, sign_in):
    token = invitations.invite(study["group"], by=study["olivia"], at=now()).token
    alice = sign_in(study["alice"])
    assert [alice.get(f"/join/{token}/").headers["Location"], alice.post(f"/join/{token}/").headers["Location"]] == [
        "/g/study/"
    ] * 2
    assert Invitation.objects.get().uses == 0


# inviting


def test_an_organizer_makes_a_link_and_finds_it_on_the_page(study, olivia, settings):
    answer = olivia.post("/g/study/invitations/link/", {"max_uses": "many", "days": "7", "role": "organizer"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/g/study/members/")
    made = Invitation.objects.get()
    assert (made.max_uses, made.role, made.email, made.invited_by) == (None, "organizer", "", study["olivia"])
    assert timedelta(days=6) < made.expires_at - now() < timedelta(days=8)
    assert f'value="{settings.SITE_URL}/join/{made.token}/"' in olivia.get("/g/study/members/").content.decode()


def test_pasted_addresses_come_back_with_a_verdict_each(study, olivia):
    text_ = f"Dora <dora@example.org>\nnot an address\n{study['alice'].member.email}"
    answer = olivia.post("/g/study/invitations/mail/", {"addresses": text_, "language": "en", "role": "member"})
    assert answer.status_code == 422
    assert [(verdict.line.email, verdict.kind) for verdict in answer.context["verdicts"]] == [
        ("dora@example.org", "invited"),
        ("", "invalid"),
        (study["alice"].member.email, "member"),
    ]
    assert answer.context["mail_form"].initial["addresses"] == "not an address"
    assert list(Invitation.objects.values_list("email", flat=True)) == ["dora@example.org"]


def test_sending_the_same_addresses_twice_invites_once(study, olivia):
    form = {"addresses": "dora@example.org, erin@example.org", "language": "en", "role": "member"}
    assert [olivia.post("/g/study/invitations/mail/", form).status_code for _ in range(2)] == [302, 200]
    assert Invitation.objects.count() == 2


def test_too_many_invitations_an_hour_are_slowed_down_in_words(study, olivia, standing_clock):
    def paste(first, count):
        lines = "\n".join(f"p{number}@example.org" for number in range(first, first + count))
        return olivia.post("/g/study/invitations/mail/", {"addresses": lines, "language": "en", "role": "member"})

    make.invitation(study["olivia"], email="zoe@example.org", uses=1, max_uses=1)  # she is known here
    assert [paste(0, 40).status_code, paste(100, 20).status_code] == [302, 302]
    slowed = paste(200, 1)
    assert (slowed.status_code, Invitation.objects.count()) == (429, 61)
    assert 0 < int(slowed.headers["Retry-After"]) <= 3600
    assert "A group sends 60 invitations an hour. It goes on at" in text(slowed)


def test_an_invitation_can_be_taken_back_and_sent_again(study, olivia):
    mailed = make.invitation(study["olivia"], email="dora@example.org", mailed_at=now(), mail_tries=1)
    assert olivia.post(f"/g/study/invitations/{mailed.pk}/send/").status_code == 302
    mailed.refresh_from_db()
    assert (mailed.mailed_at, mailed.mail_tries) == (None, 0)
    assert olivia.post(f"/g/study/invitations/{mailed.pk}/revoke/").status_code == 302
    mailed.refresh_from_db()
    assert mailed.revoked_at is not None
    assert olivia.post(f"/g/study/invitations/{mailed.pk}/send/").status_code == 404


# the members' page


def test_members_see_each_other_and_only_organizers_see_links(study, sign_in, olivia):
    invitation = make.invitation(study["olivia"])
    pages = [client.get("/g/study/members/").content.decode() for client in (olivia, sign_in(study["alice"]))]
    assert [all(name in page for name in ("Olivia", "Alice", "Bob")) for page in pages] == [True, True]
    assert [invitation.token in page for page in pages] == [True, False]
    assert ["/remove/" in page for page in pages] == [True, False]


def test_removing_takes_effect_at_once_and_can_be_undone(study, olivia, sign_in):
    bob = sign_in(study["bob"])
    Membership.objects.filter(pk=study["bob"].pk).update(state="paused")
    assert bob.get("/g/study/members/").status_code == 200
    page = olivia.post(f"/g/study/members/{study['bob'].pk}/remove/", follow=True)
    assert bob.get("/g/study/members/").status_code == 404
    undo = re.search(r'<form class="undo" method="post" action="([^"]+)"', page.content.decode())[1]
    olivia.post(undo)
    assert bob.get("/g/study/members/").status_code == 200
    assert Membership.objects.get(pk=study["bob"].pk).state == "paused"


def test_the_last_organizer_is_told_what_to_do_first(study, olivia):
    page = olivia.post(f"/g/study/members/{study['olivia'].pk}/leave/", follow=True)
    assert "Make somebody else organizer first" in text(page)
    olivia.post(f"/g/study/members/{study['alice'].pk}/promote/")
    assert olivia.post(f"/g/study/members/{study['olivia'].pk}/leave/").headers["Location"] == "/"
    assert olivia.get("/g/study/members/").status_code == 404


@pytest.mark.parametrize(
    "verb, allowed",
    [("pause", True), ("leave", True), ("promote", False), ("remove", False), ("restore", False), ("delete", False)],
)
def test_a_member_changes_only_what_is_theirs(study, sign_in, verb, allowed):
    alice = sign_in(study["alice"])
    assert alice.post(f"/g/study/members/{study['alice'].pk}/{verb}/").status_code == (302 if allowed else 404)
    assert sign_in(study["mallory"]).post(f"/g/study/members/{study['bob'].pk}/{verb}/").status_code == 404
    if verb != "leave":
        assert alice.post(f"/g/study/members/{study['bob'].pk}/{verb}/").status_code == 404
    assert Membership.objects.get(pk=study["bob"].pk).state == "active"


def test_an_organizer_does_not_make_somebody_else_leave(study, olivia):
    assert olivia.post(f"/g/study/members/{study['bob'].pk}/leave/").status_code == 404


@pytest.mark.parametrize("many", [3, 30])
def test_the_members_page_asks_the_database_the_same_few_times_however_many_there_are(
    study, olivia, django_assert_num_queries, many
):
    for number in range(many):
        make.member(study["group"], f"M{number}", state=["active", "removed"][number % 2])
        make.invitation(study["olivia"], email=f"m{number}@example.org")
    olivia.get("/g/study/members/")
    with django_assert_num_queries(5):  # session, person, membership, everybody, invitations
        olivia.get("/g/study/members/")


# oneself, groups, the start


def test_the_profile_is_saved_and_speaks_the_chosen_language_at_once(study, sign_in):
    alice = sign_in(study["alice"])
    typed = {"name": " Alice  B. ", "language": "ko", "timezone": "europe/paris", "is_staff": "on"}
    page = alice.post("/me/", hidden(alice, "/me/") | typed, follow=True)
    member = Member.objects.get(pk=study["alice"].member_id)
    assert (member.name, member.language, member.timezone, member.is_staff) == ("Alice B.", "ko", "Europe/Paris", False)
    assert '<html lang="ko"' in page.content.decode()


@pytest.mark.parametrize(
    "field, value",
    [
        ("timezone", "Mars/Olympus"),
        ("language", "fr"),
        ("name", ""),
        ("name", "x" * 81),
        ("name", "Win at http://evil.example"),
        ("timezone", "../etc/passwd"),
    ],
)
def test_a_profile_that_makes_no_sense_is_refused(study, sign_in, field, value):
    form = {"name": "Alice", "language": "en", "timezone": "UTC"} | {field: value}
    alice = sign_in(study["alice"])
    answer = alice.post("/me/", hidden(alice, "/me/") | form)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])


def test_starting_a_group_makes_one_organizer_of_it(db, sign_in):
    dora = make.person("Dora")
    client = sign_in(dora)
    assert "Start a group" in text(client.get("/"))
    form = {
        "name": "NLP Reading",
        "club": "",
        "language": "en",
        "timezone": "Asia/Seoul",
        "country": "KR",
        "slug": "mine",
        "pk": "1",
    }
    assert client.post("/groups/new/", form).headers["Location"] == "/g/nlp-reading/members/"
    assert [(place.group.name, place.role) for place in dora.memberships.all()] == [("NLP Reading", "organizer")]


def test_settings_are_the_organizers_and_keep_the_address(study, olivia, sign_in):
    form = {
        "name": "CV Study 2",
        "club": "CUAI",
        "language": "ko",
        "timezone": "Asia/Tokyo",
        "country": "JP",
        "slug": "stolen",
    }
    assert sign_in(study["alice"]).post("/g/study/settings/", form).status_code == 404
    form |= hidden(olivia, "/g/study/settings/")
    assert olivia.post("/g/study/settings/", form | {"timezone": "Nowhere"}).status_code == 422
    assert Group.objects.get(pk=study["group"].pk).name == "CV Reading Study 1"
    assert olivia.post("/g/study/settings/", form).status_code == 302
    group = Group.objects.get(pk=study["group"].pk)
    assert (group.name, group.club, group.language, group.timezone, group.country, group.slug) == (
        "CV Study 2",
        "CUAI",
        "ko",
        "Asia/Tokyo",
        "JP",
        "study",
    )


def test_the_start_page_goes_where_one_was_last(study, sign_in):
    alice = sign_in(study["alice"])
    assert alice.get("/").headers["Location"] == "/g/study/"
    second = make.member(make.group(slug="second"), member=study["alice"].member)
    assert "Your groups" in text(alice.get("/"))
    alice.get("/g/second/members/")
    assert alice.get("/").headers["Location"] == "/g/second/"
    alice.get("/g/study/members/")
    assert alice.get("/").headers["Location"] == "/g/study/"
    membership.change(study["alice"], "leave")
    assert alice.get("/").headers["Location"] == second.group.get_absolute_url()


# light and language


def test_light_and_language_are_remembered_without_signing_in(db):
    client = Client()
    assert (
        client.post("/theme/", {"theme": "dark", "next": "/accounts/login/"}).headers["Location"] == "/accounts/login/"
    )
    client.post("/language/", {"language": "ko"})
    page = client.get("/accounts/login/").content.decode()
    assert '<html lang="ko" data-theme="dark">' in page
    client.post("/theme/", {"theme": "auto"})
    assert '<html lang="ko">' in client.get("/accounts/login/").content.decode()


def test_a_members_language_goes_into_their_profile(study, sign_in):
    sign_in(study["alice"]).post("/language/", {"language": "ko"})
    assert Member.objects.get(pk=study["alice"].member_id).language == "ko"


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "", "/\\evil.example"]
)
def test_the_way_back_never_leaves_the_house(db, target):
    for path in ("/theme/", "/language/"):
        assert Client().post(path, {"theme": "dark", "language": "ko", "next": target}).headers["Location"] == "/"


# looking around


def test_looking_around_is_for_debug_and_for_the_demos_people(study, settings):
    demo = make.member(study["group"], member=make.person("김민규", email="mingyu@demo.invalid"))
    stray = make.person("Stray", email="stray@demo.invalid")

    def look(person):
        client = Client()
        client.post("/look-around/", {"member": person.pk, "next": "/g/study/members/"})
        return client.session.get("_auth_user_id")

    assert [look(person) for person in (demo.member, study["olivia"].member)] == [None, None]
    assert "김민규" not in text(Client().get("/accounts/login/"))
    settings.DEBUG = True
    assert [look(person) for person in (demo.member, study["olivia"].member, stray)] == [
        str(demo.member.pk),
        None,
        None,
    ]
    assert "김민규" in text(Client().get("/accounts/login/"))
    assert Client().post("/look-around/", {"member": "abc"}).status_code == 404
    assert mail.outbox == []
