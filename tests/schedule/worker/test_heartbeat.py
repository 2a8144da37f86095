"""Whoever watches over the server learns how long notifications wait and when the last look was; organizers read it in words."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils.timezone import now

from members import invitation_mail
from members.sandbox.process import confinement
from schedule.models import Heartbeat, Notification
from schedule.notifications import outbox
from schedule.worker import heartbeat, tasks
from tests import make

pytestmark = pytest.mark.django_db


def health():
    return Client().get("/health/").json()


def test_before_anything_happened_there_is_nothing_to_count_from(db):
    assert health() == {
        "database": "ok", "confinement_of_file_reading": confinement(), "waiting_notifications": 0, "oldest_due_notification_seconds": None, "last_tick_seconds": None,
        "last_beat_seconds": None, "set_aside_notifications": 0, "refused_mails": 0, "failures_last_hour": 0,
    }  # fmt: skip


def test_the_age_of_the_oldest_due_notification_is_told_and_who_gets_it_is_not(study):
    session = make.session(make.term(study["group"]), now() + timedelta(days=3))
    make.notification(session, study["alice"], due_at=now() - timedelta(hours=2))
    make.notification(session, study["bob"], due_at=now() - timedelta(hours=1))
    make.notification(session, study["olivia"], due_at=now() + timedelta(hours=1))
    make.notification(session, study["bob"], dedupe_key=1, state=Notification.FAILED, tries=5, due_at=now())
    answer = Client().get("/health/")
    told = answer.json()
    assert (told["waiting_notifications"], told["set_aside_notifications"]) == (2, 1)
    assert 7200 <= told["oldest_due_notification_seconds"] <= 7210
    assert "example.org" not in answer.content.decode()


def test_mail_that_the_server_refuses_from_us_is_counted_and_told_to_organizers_in_its_words(study, smtp_sink, sign_in):
    session = make.session(make.term(study["group"]), now() + timedelta(hours=20))
    make.notification(session, study["alice"], due_at=now())
    make.notification(session, study["bob"], due_at=now())
    make.invitation(study["olivia"], email="dora@example.org")
    words = "550 5.1.8 Sender address rejected"
    told = []
    for answer, at in [(words, now()), ("250 OK", now() + timedelta(minutes=30))]:
        smtp_sink.answers["RCPT"] = answer
        outbox.deliver_due(at)
        invitation_mail.send_due(at)
        pages = [sign_in(study[name]).get("/g/study/notifications/").content.decode() for name in ("olivia", "bob")]
        told.append((health()["refused_mails"], ["it is about the sender" in page for page in pages]))
    assert told == [(3, [True, False]), (0, [False, False])]


def test_a_tick_of_cron_and_a_beat_of_celery_are_told_apart(db):
    call_command("tick")
    assert (health()["last_tick_seconds"] in range(5), health()["last_beat_seconds"]) == (True, None)
    tasks.tick(beat=True)
    assert health()["last_beat_seconds"] in range(5)
    assert sorted(Heartbeat.objects.values_list("name", flat=True)) == ["beat", "tick"]


def test_when_nothing_looks_for_notifications_any_more_organizers_read_it_on_their_page(study, sign_in):
    words = "stands still"
    pages = []
    for ago in (timedelta(minutes=1), timedelta(hours=1)):
        heartbeat.tick(now() - ago)
        pages += [
            words in sign_in(study[name]).get("/g/study/notifications/").content.decode() for name in ("olivia", "bob")
        ]
    assert pages == [False, False, True, False]


def test_the_command_alone_does_what_worker_and_beat_do(study, smtp_sink):
    """A notification that waits, one whose worker fell silent, and one that nobody has written yet."""
    session = make.session(
        make.term(study["group"], published_at=now() - timedelta(days=30)), now() + timedelta(hours=12)
    )
    past = now() - timedelta(minutes=1)
    make.notification(session, study["alice"], due_at=past)
    make.notification(session, study["bob"], state=Notification.SENDING, tries=1, leased_until=past, due_at=past)
    call_command("tick")
    assert set(Notification.objects.values_list("recipient__member__name", "state")) == {
        ("Alice", "sent"), ("Bob", "sent"), ("Olivia", "sent"),
    }  # fmt: skip
