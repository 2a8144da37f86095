"""A stranger's mail through our server: how many invitations go out, from whom, to whom; and how their reader stops them."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils.timezone import now

from members import invitation_mail, invitation_stops, invitations
from members.models import Invitation
from members.records import RateCount
from tests import make
from tests.members.test_pages import text

pytestmark = pytest.mark.django_db
START = "2026-03-02T01:00:00Z"


def paste(client, group, addresses):
    lines = "\n".join(addresses)
    page = {"addresses": lines, "language": "en", "role": "member"}
    return client.post(f"/g/{group.slug}/invitations/mail/", page)


def people(first, count):
    return [f"person{number}@example.org" for number in range(first, first + count)]


def mailed():
    return invitation_mail.send_due(now())


def test_an_account_that_nobody_knows_cannot_have_600_mails_with_a_link_sent_in_70_seconds(study, sign_in, smtp_sink):
    """Ten groups of one account, 60 addresses each, every name a link; then the same without a link."""
    mallory = study["mallory"]
    groups = [make.group(slug=f"relay-{number}") for number in range(10)]
    for group in groups:
        make.organizer(group, member=mallory.member)
    client = sign_in(mallory)
    with time_machine.travel(START, tick=False) as clock:
        for nth, group in enumerate(groups):
            lines = [f"evil.example/pay <{email}>" for email in people(60 * nth, 60)]
            assert paste(client, group, lines).status_code == 422
            clock.shift(3)
        assert (Invitation.objects.count(), mailed(), smtp_sink.messages) == (0, 0, [])
        for nth, group in enumerate(groups):
            for part in range(0, 60, 10):
                paste(client, group, people(60 * nth + part, 10))
            clock.shift(3)
        assert (mailed(), len(smtp_sink.messages)) == (40, 40)
        assert [group.invitations.count() for group in groups] == [40] + [0] * 9


def test_who_organizes_a_group_of_thirty_invites_everybody_on_the_first_day(study, sign_in, smtp_sink):
    olivia = sign_in(study["olivia"])
    assert paste(olivia, study["group"], people(0, 30)).status_code == 302
    again = paste(olivia, study["group"], people(0, 33))  # the whole list once more, with three who were forgotten
    assert (again.status_code, mailed()) == (200, 33)


def test_a_new_account_is_told_its_limit_keeps_what_was_typed_and_goes_on_when_somebody_accepts(study, sign_in):
    olivia, group = sign_in(study["olivia"]), study["group"]
    with time_machine.travel(START, tick=False) as clock:
        assert paste(olivia, group, people(0, 40)).status_code == 302
        page = paste(olivia, group, people(40, 2))
        assert (page.status_code, page.headers["Retry-After"]) == (429, str(6 * 86_400 - 3600))
        assert (
            "While your account is new you can send 40 invitations. When somebody has accepted one of them, "
            "you can send more. It goes on at Sun 8 March, 09:00. A link works right away."
        ) in text(page)
        assert "person40@example.org\nperson41@example.org" in page.content.decode()
        link = {"max_uses": "many", "days": "7", "role": "member"}
        assert olivia.post(f"/g/{group.slug}/invitations/link/", link).status_code == 302
        first = group.invitations.get(email="person0@example.org")
        invitations.accept(first.token, make.person("Zoe", email="person0@example.org"), at=now())
        clock.shift(3600)
        assert paste(olivia, group, people(40, 2)).status_code == 302


def test_who_comes_by_an_open_link_makes_nobody_known(study, sign_in):
    """Whoever has a link may open a second account with it, under any address."""
    link = invitations.invite(study["group"], by=study["olivia"], at=now())
    invitations.accept(link.token, make.person("Olivia too"), at=now())
    assert paste(sign_in(study["olivia"]), study["group"], people(0, 41)).status_code == 429


def test_a_known_account_has_its_limit_a_day_over_all_of_its_groups(study, sign_in):
    olivia = study["olivia"]
    make.invitation(olivia, email="zoe@example.org", uses=1, max_uses=1)
    groups = [study["group"], *(make.group(slug=f"more-{number}") for number in range(4))]
    for group in groups[1:]:
        make.organizer(group, member=olivia.member)
    client = sign_in(olivia)
    with time_machine.travel(START, tick=False):
        answers = [paste(client, group, people(50 * nth, 50)) for nth, group in enumerate(groups)]
    assert [answer.status_code for answer in answers] == [302, 302, 302, 302, 429]
    assert "You can send 200 invitations a day. It goes on at Tue 3 March, 09:00." in text(answers[-1])


def test_the_server_has_a_limit_that_its_operator_sets(study, sign_in, settings):
    settings.INVITATIONS_A_DAY = 3
    with time_machine.travel(START, tick=False) as clock:
        assert paste(sign_in(study["olivia"]), study["group"], people(0, 2)).status_code == 302
        mallory, another = sign_in(study["mallory"]), study["mallory"].group
        refused = paste(mallory, another, people(2, 2))
        assert (refused.status_code, "This server sends 3 invitations a day." in text(refused)) == (429, True)
        assert paste(mallory, another, people(2, 1)).status_code == 302  # what was refused counted nothing
        clock.shift(86_400)
        assert paste(mallory, another, people(3, 2)).status_code == 302


def test_an_address_gets_three_mails_a_day_however_many_groups_invite(study, sign_in, smtp_sink):
    kinds = []
    with time_machine.travel(START, tick=False) as clock:
        for number in range(5):
            organizer = make.organizer(make.group(slug=f"eager-{number}"), f"Organizer {number}")
            verdicts = invitations.invite_all(
                "dora@example.org", organizer.group, by=organizer, role="member", language="en", at=now()
            )
            kinds += [verdict.kind for verdict in verdicts]
        assert kinds == ["invited"] * 3 + ["unreached"] * 2
        assert (mailed(), len(smtp_sink.to("dora@example.org"))) == (3, 3)
        waiting = Invitation.objects.earliest("pk")
        assert invitations.send_again(waiting, by=waiting.invited_by, at=now()) is False
        clock.shift(86_400)
        assert invitations.send_again(waiting, by=waiting.invited_by, at=now()) is True
    assert not RateCount.objects.filter(slot__contains="dora").exists()  # the table names no stranger


def test_sending_again_counts_as_sending(study, sign_in):
    with time_machine.travel(START, tick=False):
        client = sign_in(study["olivia"])
        paste(client, study["group"], people(0, 40))
        one = Invitation.objects.earliest("pk")
        refused = client.post(f"/g/study/invitations/{one.pk}/send/")
    assert (refused.status_code, "While your account is new" in text(refused)) == (429, True)


# ── whoever reads the mail ───────────────────────────────────────────────────────────────────────
def test_a_person_without_an_account_stops_all_invitations_to_the_address_with_one_click(
    study, sign_in, smtp_sink, settings
):
    invite = {"by": study["olivia"], "at": now(), "email": "dora@example.org", "language": "en"}
    invitations.invite(study["group"], **invite)
    assert mailed() == 1
    [message] = smtp_sink.messages
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = message["List-Unsubscribe"].strip(" <>")
    assert address in message.get_body(["plain"]).get_content()
    waiting = invitations.invite(make.group(slug="later"), **invite)
    answer = Client(enforce_csrf_checks=True).post(
        address.removeprefix(settings.SITE_URL), {"List-Unsubscribe": "One-Click"}
    )
    assert (answer.status_code, invitation_stops.is_stopped("dora@example.org"), mailed()) == (200, True, 0)
    page = paste(sign_in(study["mallory"]), study["mallory"].group, ["dora@example.org"])
    assert "gets no invitations by e-mail today" in text(page)
    answer = sign_in(study["olivia"]).post(
        f"/g/study/invitations/{Invitation.objects.earliest('pk').pk}/send/", follow=True
    )
    assert "No invitation goes to this address today." in text(answer)
    assert waiting.closed_because(now()) == ""  # by its link it still lets in


def test_looking_at_the_link_stops_nothing_its_button_does_and_another_takes_it_back(settings):
    address, anybody = invitation_stops.stop_address("dora@example.org").removeprefix(settings.SITE_URL), Client()
    pages = [text(anybody.get(address))]
    for button, stopped in (("stop", True), ("stop", True), ("want", False)):
        answer = anybody.post(address, {button: "1"})
        assert (answer.status_code, answer.headers["Location"]) == (302, address)
        assert invitation_stops.is_stopped("dora@example.org") is stopped
        pages.append(text(anybody.get(address)))
    assert ["Stop invitations to this address?" in page for page in pages] == [True, False, False, True]


@pytest.mark.parametrize("token", ["x", "WyJib2JAZXhhbXBsZS5vcmciXQ.x", "eyJhIjoxfQ"])
def test_a_link_that_is_none_of_ours_stops_nothing(token):
    answers = [Client().get(f"/invitations/stop/{token}/"), Client().post(f"/invitations/stop/{token}/", {"stop": "1"})]
    assert [answer.status_code for answer in answers] == [404, 404]


def test_counts_of_invitations_go_with_their_window(study):
    invitations.invite_all("a@example.org", study["group"], by=study["olivia"], role="member", language="en", at=now())
    assert RateCount.objects.count() == 4
    assert all(row.ends_at <= now() + timedelta(days=30) for row in RateCount.objects.all())
