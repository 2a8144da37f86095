"""What may stand in the name of a person, a group or a club, wherever it comes in; and what no mail program may link."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import Client
from django.utils.timezone import now

from members import invitation_mail, invitation_stops, invitations, names
from members.models import Group, Invitation, Member
from schedule.models import Bundle
from schedule.transfer import bundles, group_import
from tests import make
from tests.forms import hidden

pytestmark = pytest.mark.django_db
LINK = "evil.example/pay"
GOOD = [
    "김철수", "이 서연", "J.R.R. Tolkien", "J.R.R.Tolkien", "J.-P. Serre", "A.Kim", "Dr. Kim", "St. Pierre", "María José Ñíguez",
    "O’Brien-Łukasz", "Nguyễn Thị Ánh", "Ph.D. Lee", "Jr.", "이.성민", "CV @ Home", "YOLO v1.2 읽기", "모임 (2기)", "C++ & R", "李 小龙", "Group 7/2026", "2025–2026", "2026.03–2026.06 ❤\ufe0f",
]  # fmt: skip
BAD = [
    "https://evil.example/x", "evil.example", "EVIL.EXAMPLE", "www.evil.example now", "t.co", "T.CO/pay", "x.com:80", "bob@evil.example",
    "evil。example", "evil．example", "evil｡com", "http：／／10.0.0.1", "ｅｖｉｌ．ｃｏｍ", "Call +82 10-1234-5678", "192.0.2.1", "Bcc: everybody", "SUBJECT : pay",
    "1588-1234", "Call 1588 1234", "010–1234–5678", "010/1234/5678", "010·1234·5678", "010_1234_5678", "010 - 1234 - 5678", "evil.\ufe0fcom",
    "evil.\u034fcom", "\u2800", "mailto: me", "Alice\u202etxt", "Al\u200bice", "Ali\x00ce", "\u3164", "xn--e1afmkfd.xn--p1ai", "한국.한국",
]  # fmt: skip
# what Gmail, Outlook and Apple Mail make links of: a scheme, or letters on both sides of a dot
LINKED = re.compile(r"\w+://\S+|[\w-]+\.[^\W\d_]{2,}")


@pytest.mark.parametrize("name", GOOD)
def test_names_as_people_bear_them_stay(name):
    names.check_name(name)


@pytest.mark.parametrize("name", BAD)
def test_what_a_mail_program_would_link_or_nobody_sees_is_no_name(name):
    with pytest.raises(ValidationError):
        names.check_name(name)


@pytest.mark.parametrize("name", [*GOOD, *BAD])
def test_written_for_strangers_no_name_is_a_link(name):
    assert LINKED.findall(names.without_links(name).replace("\u3002", ".")) == []


def test_every_form_that_asks_for_a_name_refuses_a_link(study, sign_in):
    olivia, group = sign_in(study["olivia"]), "/g/study/settings/"
    place = {"language": "en", "timezone": "UTC", "country": "KR"}
    token = invitations.invite(study["group"], by=study["olivia"], at=now()).token
    account = {"email": "dora@example.org", "password": make.PASSWORD}
    admin = Client()
    admin.force_login(make.person("Root", is_staff=True, is_superuser=True))
    answers = [
        Client().post(f"/join/{token}/sign-up/", account | {"name": LINK}).status_code,
        olivia.post("/me/", hidden(olivia, "/me/") | place | {"name": LINK}).status_code,
        olivia.post("/groups/new/", place | {"name": LINK, "club": ""}).status_code,
        olivia.post("/groups/new/", place | {"name": "New", "club": LINK}).status_code,
        olivia.post(group, hidden(olivia, group) | place | {"name": LINK}).status_code,
        admin.post(f"/admin/members/member/{study['bob'].member.pk}/change/", {"name": LINK}).status_code,
    ]
    assert answers == [422, 422, 422, 422, 422, 200]
    assert not Member.objects.filter(name__contains="evil").exists()
    assert not Group.objects.filter(name__contains="evil").exists()
    assert list(Group.objects.filter(club__contains="evil")) == []


def test_the_operators_desk_refuses_a_link_for_a_group(study):
    admin = Client()
    admin.force_login(make.person("Root", is_staff=True, is_superuser=True))
    page = admin.post(f"/admin/members/group/{study['group'].pk}/change/", {"name": LINK})
    assert (page.status_code, "without a web address" in page.content.decode()) == (200, True)


def test_founding_asks_again_after_a_link(monkeypatch, capsys):
    typed = iter(["olivia@example.org", LINK, "Olivia", LINK, "Study", "en"])
    monkeypatch.setattr("builtins.input", lambda prompt: next(typed))
    monkeypatch.setattr("getpass.getpass", lambda prompt: make.PASSWORD)
    call_command("found")
    assert (Member.objects.get().name, Group.objects.get().name) == ("Olivia", "Study")
    assert capsys.readouterr().err.count("without a web address") == 2


def test_a_line_whose_name_is_a_link_is_not_invited_and_stays_in_the_form(study, sign_in):
    lines = f'{LINK} <a@example.org>, "b@example.org" <b@example.org>, Dr. Kim <c@example.org>'
    page = sign_in(study["olivia"]).post(
        "/g/study/invitations/mail/", {"addresses": lines, "language": "en", "role": "member"}
    )
    assert (page.status_code, page.content.decode().count("not a name")) == (422, 1)
    assert sorted(Invitation.objects.values_list("email", "name")) == [
        ("b@example.org", ""),  # a mail program wrote the address where it knew no name
        ("c@example.org", "Dr. Kim"),
    ]


def test_a_group_that_is_brought_in_has_names_without_links(study):
    Group.objects.filter(slug="study").update(name="evil.example", club="X.COM")
    Member.objects.filter(pk=study["bob"].member.pk).update(name="https://evil.example/x")
    row = bundles.ask(Bundle.GROUP, group=study["group"], by=study["olivia"], language="en")
    assert bundles.make(row.pk)
    row.refresh_from_db()
    email = study["bob"].member.email
    Member.objects.filter(email=email).update(email="elsewhere@example.org")
    with row.file.open() as out:
        came = group_import.bring_in(out, now=now())
    assert (came.name, came.club) == ("evil. example", "X. COM")
    assert Member.objects.get(email=email).name == "https: //evil. example/x"


def test_an_invitation_from_before_the_rule_shows_no_link_but_ours(study, smtp_sink, settings):
    settings.SITE_URL = "https://study.test"
    Group.objects.filter(slug="study").update(name="Pay at evil.example/x", club="www.evil.example")
    Member.objects.filter(pk=study["olivia"].member.pk).update(name="https://evil.example")
    group = Group.objects.get(slug="study")
    sent = invitations.invite(
        group, by=study["olivia"], at=now(), email="dora@x.test", name="evil.example", language="en"
    )
    invitation_mail.send_due(now())
    [message] = smtp_sink.messages
    seen = [message["subject"], message.get_body(["plain"]).get_content()]
    seen.append(re.sub(r"<style.*?</style>|<[^>]+>", " ", message.get_body(["html"]).get_content(), flags=re.DOTALL))
    ours = f"https://study.test/join/{sent.token}/"
    words = " ".join(seen).replace(ours, "").replace("dora@x.test", "").replace("\n", " ")
    assert LINKED.findall(words.replace(invitation_stops.stop_address("dora@x.test"), "")) == []
