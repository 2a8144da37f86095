"""Invitations by e-mail leave the house once, say who invites to what, and survive a mail server that is away."""

from datetime import datetime, timedelta

import pytest
from django.utils.timezone import now

from members import invitation_mail, invitations, mail, mail_queue
from members.models import Invitation
from members.tasks import send_invitations
from tests import make
from tests.examples import examples

pytestmark = pytest.mark.django_db
SENDINGS = examples(30, full=120)  # in the six hours that a trouble lasts


@pytest.fixture
def dora(study):
    group, olivia = study["group"], study["olivia"]
    return invitations.invite(group, by=olivia, at=now(), email="dora@example.org", name="Dora", language="en")


def test_the_mail_says_who_invites_to_what_with_the_link_in_both_parts(dora, smtp_sink, settings):
    settings.SITE_URL = "https://study.example.org"
    send_invitations()
    (message,) = smtp_sink.to("dora@example.org")
    link = f"https://study.example.org/join/{dora.token}/"
    text, html = (message.get_body([kind]).get_content() for kind in ("plain", "html"))
    assert message["subject"] == "Olivia invites you to CV Reading Study 1"
    assert (
        message["message-id"]
        == f"<invitation.{dora.token_hash[:16]}.{int(dora.expires_at.timestamp())}@study.example.org>"
    )
    assert text.splitlines()[:3] == [
        "Dora, you are invited",
        "",
        "Olivia invites you to CV Reading Study 1, a group that reads research papers together.",
    ]
    assert link in text
    button, stop = [tag for tag in html.split("<") if tag.startswith("a ")]
    assert "/invitations/stop/" in stop
    assert f'href="{link}"' in button
    assert "background: #2f4b8f" in button  # written on the element: mail programs forget <style>
    assert "prefers-color-scheme: dark" in html


def test_the_mail_is_in_the_language_of_the_invitation(study, smtp_sink):
    for language in ("ko", "en"):
        email = f"{language}@example.org"
        invitations.invite(study["group"], by=study["olivia"], at=now(), email=email, language=language)
    send_invitations()
    pages = [smtp_sink.to(f"{language}@example.org")[0].get_body(["html"]).get_content() for language in ("ko", "en")]
    assert [('lang="ko"' in page, "오후 11:59" in page, "23:59" in page) for page in pages] == [
        (True, True, False),
        (False, False, True),
    ]


def test_a_mail_is_sent_once_however_often_the_task_runs(dora, smtp_sink):
    for _ in range(3):
        send_invitations()
    assert len(smtp_sink.messages) == 1
    dora.refresh_from_db()
    assert (dora.mail_tries, dora.mail_error, dora.mail_after) == (1, "", None)
    assert dora.mailed_at is not None


def test_two_workers_who_read_the_same_list_send_one_mail(dora, smtp_sink):
    at = now()
    mine, yours = Invitation.objects.get(), Invitation.objects.get()
    waiting = Invitation.objects.to_mail(at)
    assert [mail_queue.claim(mine, waiting, at), mail_queue.claim(yours, waiting, at)] == [True, False]
    assert invitation_mail.send_due(at) == 0  # the first worker is at it
    assert invitation_mail.send_due(at + mail_queue.LEASE) == 1  # it died


def test_a_refused_mail_is_tried_again_later_with_the_same_name_and_at_most_five_times(dora, smtp_sink):
    at = now()
    smtp_sink.answers["RCPT"] = "550 No such mailbox"
    for hour in range(8):
        invitation_mail.send_due(at + timedelta(hours=hour))
    dora.refresh_from_db()
    assert (dora.mail_tries, dora.mailed_at) == (5, None)
    assert "No such mailbox" in dora.mail_error
    smtp_sink.answers.clear()
    assert invitation_mail.send_due(at + timedelta(hours=9)) == 0
    invitations.send_again(dora, by=dora.invited_by, at=at + timedelta(hours=9))
    assert invitation_mail.send_due(at + timedelta(hours=9)) == 1


def test_the_pause_after_a_failure_grows(dora, smtp_sink):
    at = now()
    smtp_sink.answers["RCPT"] = "552 5.2.2 Mailbox full"
    tries = []
    for minute in range(8):
        invitation_mail.send_due(at + timedelta(minutes=minute))
        tries.append(Invitation.objects.get().mail_tries)
    assert tries == [1, 1, 2, 2, 2, 2, 3, 3]


@pytest.mark.parametrize(
    "phase, answer", [("RCPT", "451 Later"), ("RCPT", "550 5.1.8 Sender rejected"), ("MAIL", "550 5.1.8 No")]
)
def test_what_the_invitation_is_not_to_blame_for_is_tried_until_it_expires(dora, smtp_sink, phase, answer):
    at = now()
    smtp_sink.answers[phase] = answer
    for minute in range(0, 360, 360 // SENDINGS):
        assert invitation_mail.send_due(at + timedelta(minutes=minute)) == 0
    dora.refresh_from_db()
    assert (dora.mail_tries, dora.mail_error) == (0, answer)
    smtp_sink.answers.clear()
    assert invitation_mail.send_due(at + timedelta(minutes=363)) == 1


def test_an_answer_that_three_invited_people_get_costs_none_of_them_a_further_try(study, smtp_sink):
    for name in ("dora", "emil", "fred"):
        invitations.invite(study["group"], by=study["olivia"], at=now(), email=f"{name}@example.org")
    at = now()
    smtp_sink.refuses_all = "550 5.1.1 <{}>: No such user"
    for minute in range(0, 360, 360 // SENDINGS):
        assert invitation_mail.send_due(at + timedelta(minutes=minute)) == 0
    assert max(Invitation.objects.values_list("mail_tries", flat=True)) <= 1
    smtp_sink.refuses_all = ""
    assert invitation_mail.send_due(at + timedelta(minutes=370)) == 3


def test_a_retry_bears_the_same_message_id_and_a_second_sending_another(dora, smtp_sink):
    first = invitation_mail.compose(dora).extra_headers["Message-ID"]
    assert invitation_mail.compose(Invitation.objects.get()).extra_headers["Message-ID"] == first
    invitations.send_again(dora, by=dora.invited_by, at=now() + timedelta(days=2))
    assert invitation_mail.compose(Invitation.objects.get()).extra_headers["Message-ID"] != first


def test_a_mail_server_that_is_away_loses_nothing(dora, settings, smtp_sink):
    settings.EMAIL_PORT = 1  # nobody listens there
    assert invitation_mail.send_due(now()) == 0
    settings.EMAIL_PORT = smtp_sink.port
    assert invitation_mail.send_due(now() + timedelta(minutes=3)) == 1


def test_what_is_no_longer_open_is_not_mailed(study, smtp_sink):
    at = now()
    make.invitation(study["olivia"], email="a@example.org", revoked_at=at)
    make.invitation(study["olivia"], email="b@example.org", expires_at=at - timedelta(days=1))
    make.invitation(study["alice"], email="c@example.org")
    make.invitation(study["olivia"], email="")
    assert invitation_mail.send_due(at) == 0
    assert smtp_sink.messages == []


def test_a_name_cannot_add_headers_of_its_own(study, smtp_sink):
    study["group"].name = "Study\r\nBcc: everybody@example.org"
    study["group"].save()
    invitations.invite(study["group"], by=study["olivia"], at=now(), email="dora@example.org", language="en")
    send_invitations()
    (message,) = smtp_sink.messages
    assert message["subject"] == "Olivia invites you to Study Bcc: everybody@example. org"
    assert message["bcc"] is None and message.envelope_to == ["dora@example.org"]


def test_a_header_is_one_line_whatever_it_is_made_of():
    assert mail.one_line("a\r\nb\x00c\u2028d\x85 e\t f ") == "a b c d e f"


def test_html_in_names_stays_text(study, smtp_sink):
    study["olivia"].member.name = "<b>Olivia</b>"
    study["olivia"].member.save()
    invitations.invite(study["group"], by=study["olivia"], at=now(), email="dora@example.org", language="en")
    send_invitations()
    text, html = (smtp_sink.messages[0].get_body([kind]).get_content() for kind in ("plain", "html"))
    assert "<b>Olivia</b> invites you" in text
    assert "&lt;b&gt;Olivia&lt;/b&gt; invites you" in html


def test_times_in_the_mail_are_the_groups(study, smtp_sink):
    at = datetime.fromisoformat("2026-07-01T10:00+00:00")
    study["group"].timezone = "Europe/Paris"
    study["group"].save()
    invitations.invite(study["group"], by=study["olivia"], at=at, email="dora@example.org", language="en")
    invitation_mail.send_due(at)
    assert "works until Wed 15 July, 23:59 (CEST)" in " ".join(
        smtp_sink.messages[0].get_body(["plain"]).get_content().split()
    )
