"""Which notifications a person wants: said on one's own page, or by the link in the notification, and then really so."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils.timezone import now

from members import preferences
from members.models import Member, Muted
from schedule.models import Notification
from schedule.notifications import outbox, reminders
from schedule.notifications.timeline import TOPIC_OF
from schedule.planning import session_changes
from tests import make
from tests.forms import hidden

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(study):
    """Meets tomorrow; Alice presents and has not shared."""
    session = make.session(
        make.term(study["group"], published_at=now() - timedelta(days=30)), now() + timedelta(days=1)
    )
    make.presentation(session, study["alice"])
    return session


def muted(member):
    return sorted(member.muted.values_list("topic", flat=True))


def kinds_sent_to(who, at):
    outbox.requeue(at)
    reminders.queue_due(at)
    return sorted(one.kind for one in outbox.deliver_due(at) if one.recipient == who and one.state == "sent")


def path_of(address, settings):
    return address.removeprefix(settings.SITE_URL)


# ── the link in a notification ─────────────────────────────────────────────────────────────────────────
def test_one_click_of_a_mail_program_stops_that_kind_and_no_other(study, session, smtp_sink, settings):
    """No cookie, no form of ours, no redirect: as RFC 8058 has it."""
    bob, soon = study["bob"], session.starts_at - timedelta(hours=1)
    assert kinds_sent_to(bob, soon) == ["session_tomorrow"]
    [message] = smtp_sink.to(bob.member.email)
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = path_of(message["List-Unsubscribe"].strip(" <>"), settings)
    answer = Client(enforce_csrf_checks=True).post(address, {"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, muted(bob.member)) == (200, ["tomorrow"])
    Notification.objects.all().delete()
    assert (kinds_sent_to(bob, soon), kinds_sent_to(study["olivia"], soon)) == ([], [])
    session_changes.cancel_session(session, by=study["olivia"], now=soon)
    assert kinds_sent_to(bob, soon + timedelta(minutes=1)) == ["cancelled"]


def test_looking_at_the_link_stops_nothing_its_button_does_and_another_takes_it_back(study, settings):
    alice, anybody = study["alice"].member, Client()
    address = path_of(preferences.stop_address(alice, "papers"), settings)
    pages = [anybody.get(address).content.decode()]
    assert muted(alice) == []
    for button, stopped in (("stop", ["papers"]), ("stop", ["papers"]), ("want", [])):
        answer = anybody.post(address, {button: "1"})
        assert (answer.status_code, answer.headers["Location"], muted(alice)) == (302, address, stopped)
        pages.append(anybody.get(address).content.decode())
    assert ["Stop these notifications?" in page for page in pages] == [True, False, False, True]
    assert all("The papers to read before a session" in page for page in pages)


def test_the_page_speaks_the_readers_language(study, settings):
    study["alice"].member.language = "ko"
    study["alice"].member.save()
    address = path_of(preferences.stop_address(study["alice"].member, "papers"), settings)
    page = Client(headers={"accept-language": "en"}).get(address).content.decode()
    assert 'lang="ko"' in page


@pytest.mark.parametrize("harm", [lambda t: t[:-1], lambda t: "A" + t, lambda t: t.split(".")[0], lambda t: "x"])
def test_a_link_that_somebody_made_up_stops_nothing(study, settings, harm):
    token = preferences.stop_address(study["alice"].member, "papers").split("/")[-2]
    assert Client().post(f"/notifications/stop/{harm(token)}/", {"stop": "1"}).status_code == 404
    assert Muted.objects.count() == 0


# ── one's own page ───────────────────────────────────────────────────────────────────────────────
def test_on_ones_own_page_every_kind_is_on_until_it_is_switched_off(study, sign_in):
    alice = sign_in(study["alice"])

    def ticked():
        boxes = re.findall(r"<input[^>]*name=\"topics\"[^>]*>", alice.get("/me/").content.decode())
        return [re.search(r'value="(\w+)"', box).group(1) for box in boxes if " checked" in box]

    assert ticked() == list(preferences.TOPICS)
    seen = hidden(alice, "/me/", "/me/notifications/")
    alice.post("/me/notifications/", seen | {"topics": ["papers", "tomorrow"]})
    assert (ticked(), muted(study["bob"].member)) == (["papers", "tomorrow"], [])
    seen = hidden(alice, "/me/", "/me/notifications/")
    alice.post("/me/notifications/", seen | {"topics": ["papers", "password"]})  # no such kind: nothing changes
    assert ticked() == ["papers", "tomorrow"]


# one needs a swap, the other is about an account (test_account_changes.py)
ELSEWHERE = {preferences.SWAPS, preferences.DEVICES}


# ── what it means for notifications ────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("topic", sorted(set(preferences.TOPICS) - ELSEWHERE))
def test_a_waiting_notification_is_set_aside_and_comes_when_its_kind_is_wanted_again(study, smtp_sink, topic):
    closed = now() if topic == "minutes" else None
    session = make.session(make.term(study["group"]), now() + timedelta(hours=20), closed_at=closed)
    make.presentation(session, study["bob"], paper=make.paper(study["group"]), shared_at=now())
    make.presentation(session, study["olivia"])
    kind = next(kind for kind, its_topic in TOPIC_OF.items() if its_topic == topic)
    to = study["olivia"]
    about = to if topic == "turn" else study["alice"] if topic == "help" else None
    if topic == "help":
        make.presentation(session, about)
    was = {"moved": (now() - timedelta(days=1)).isoformat()}.get(kind, "")
    notification = make.notification(session, to, kind, about=about, was=was, due_at=now() - timedelta(minutes=1))
    preferences.mute(to.member, topic)
    outbox.deliver_due(now())
    notification.refresh_from_db()
    assert (notification.state, notification.reason, smtp_sink.messages) == ("skipped", "muted", [])
    preferences.unmute(to.member, topic)
    Notification.objects.filter(pk=notification.pk).update(state="queued")
    outbox.deliver_due(now())
    assert len(smtp_sink.messages) == 1


def test_what_became_of_ones_own_turn_cannot_be_refused(study, session, smtp_sink):
    preferences.choose(study["bob"].member, [])
    session_changes.set_presenters(session, [study["bob"]], by=study["olivia"], now=now())
    assert kinds_sent_to(study["bob"], now() + timedelta(minutes=1)) == ["assigned"]
    [message] = smtp_sink.to(study["bob"].member.email)
    assert (message["List-Unsubscribe"], message["List-Unsubscribe-Post"]) == (None, None)
    assert "This notification always comes" in message.get_body(("plain",)).get_content()


# ── an address that is refused ───────────────────────────────────────────────────────────────────
def test_the_organizer_is_told_of_an_address_that_is_refused_and_may_have_it_tried_again(study, sign_in):
    alice, olivia = study["alice"], sign_in(study["olivia"])
    Member.objects.filter(pk=alice.member_id).update(refused_email=alice.member.email, refused_words="550 Nobody")
    address = f"/g/study/members/{alice.pk}/address/again/"
    pages = [client.get("/g/study/members/").content.decode() for client in (olivia, sign_in(study["bob"]))]
    assert [("550 Nobody" in page, address in page) for page in pages] == [(True, True), (False, False)]
    assert "550 Nobody" in sign_in(alice).get("/me/").content.decode()
    assert "Notifications to Alice are tried again" in olivia.post(address, follow=True).content.decode()
    assert "550 Nobody" not in olivia.get("/g/study/members/").content.decode()
