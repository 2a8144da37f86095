"""Notifications handed over one after the other: few queries, one conversation, each still true when its turn comes."""

from datetime import timedelta
from email.utils import parseaddr

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from members import preferences
from members.mail import as_sent
from members.models import Member, Membership
from papers.models import Paper
from schedule.models import Notification, Presentation, Session, Term
from schedule.notifications import outbox, rendering
from schedule.notifications.snapshot import RELEVANT_FIELDS, Snapshot, with_related
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def due(study):
    """due(n) -> so many notifications to Alice and Bob about sessions of their own, each with two papers to come."""

    def written(count, kind="session_tomorrow", **fields):
        for number in range(count):
            session = make.session(make.term(study["group"]), starts_at=now() + timedelta(hours=20))
            make.presentation(session, study["alice"], paper=make.paper(study["group"]), shared_at=now())
            make.presentation(session, study["bob"])
            make.notification(session, study[("alice", "bob")[number % 2]], kind, due_at=now(), **fields)
        return list(Notification.objects.order_by("pk"))

    return written


@pytest.mark.parametrize("kind", ["session_tomorrow", "papers_shared", "published"])
def test_each_notification_costs_three_queries_however_many_there_are(due, smtp_sink, kind):
    """Claimed, asked about once more, recorded. The rest is loaded for all of them together."""
    counts = []
    for count in (1, 12, 12):  # the first one also writes down its queries and its skeleton
        due(count, kind)
        with CaptureQueriesContext(connection) as queries:
            assert {notification.state for notification in outbox.deliver_due(now())} == {"sent"}
        # a savepoint is there only because the test runs in a transaction
        counts.append(sum("SAVEPOINT" not in query["sql"] for query in queries) - 3 * count)
    assert counts[1] == counts[2] <= counts[0] + 6
    assert counts[2] <= 14


def test_a_notification_is_written_anew_when_the_world_changes_while_it_waits_in_its_batch(due, smtp_sink, monkeypatch):
    """The second notification of a batch was looked at before the first was sent; meanwhile its session got another place."""
    first, second = due(2)
    send = outbox.SmtpClient.send

    def send_while_somebody_acts(post, message):
        send(post, message)
        second.session.place = "Room 9"
        second.session.save()

    monkeypatch.setattr(outbox.SmtpClient, "send", send_while_somebody_acts)
    outbox.deliver_due(now())
    bodies = [message.get_body(("plain",)).get_content() for message in smtp_sink.messages]
    assert [("Room 9" in body) for body in bodies] == [False, True]


@pytest.mark.parametrize("change", ["cancelled", "gone", "inactive", "draft"])
def test_a_notification_that_became_untrue_in_its_batch_is_not_handed_over(due, smtp_sink, monkeypatch, change):
    first, second = due(2)
    send = outbox.SmtpClient.send

    def send_while_somebody_acts(post, message):
        send(post, message)
        session, reader = second.session, second.recipient
        session.state = "cancelled" if change == "cancelled" else session.state
        reader.state = "removed" if change == "gone" else reader.state
        reader.member.is_active = change != "inactive"
        session.term.published_at = None if change == "draft" else session.term.published_at
        for row in (session, reader, reader.member, session.term):
            row.save()

    monkeypatch.setattr(outbox.SmtpClient, "send", send_while_somebody_acts)
    assert [notification.state for notification in outbox.deliver_due(now())] == ["sent", "skipped"]
    assert [message["Message-ID"] for message in smtp_sink.messages] == [first.message_id]


def test_a_second_copy_is_the_same_to_the_byte(due):
    [notification] = due(1)
    one, two = (as_sent(rendering.compose(with_related(Notification.objects.all()).get(), now())) for _copy in range(2))
    assert one == two
    assert one.endswith(b"\r\n.\r\n")


def test_a_line_that_begins_with_a_dot_arrives_as_it_was_written(due, study, smtp_sink):
    study["group"].name = "."
    study["group"].save()
    due(1)
    outbox.deliver_due(now())
    [message] = smtp_sink.messages
    assert "." in message.get_body(("plain",)).get_content().splitlines()


# ── a thread ─────────────────────────────────────────────────────────────────────────────────────
def test_notifications_of_one_turn_are_a_thread_and_the_first_answers_none(study, smtp_sink):
    session = make.session(make.term(study["group"]), starts_at=now() + timedelta(days=6))
    make.presentation(session, study["alice"])
    make.presentation(session, study["bob"])
    about = {name: study[name] for name in ("alice", "bob")}
    turn = [make.notification(session, about["alice"], kind, dedupe_key=nth, about=about["alice"], due_at=now() - timedelta(minutes=9 - nth)) for nth, kind in enumerate(["share_soon", "share_today", "overdue"])]  # fmt: skip
    others = [
        make.notification(session, about["bob"], "overdue", about=about["bob"], due_at=now()),
        make.notification(session, about["alice"], "session_tomorrow", due_at=now()),
        make.notification(session, about["alice"], "published", due_at=now()),
    ]
    outbox.deliver_due(now())
    answers = {m["Message-ID"]: (m["In-Reply-To"], m["References"]) for m in smtp_sink.messages}
    root = (turn[0].message_id,) * 2
    assert answers == {one.message_id: (None, None) for one in [turn[0], *others]} | {
        one.message_id: root for one in turn[1:]
    }


# ── the snapshot holds still ────────────────────────────────────────────────────────────────────────
CHANGES = {
    "created_at": (Notification, lambda one: one.pk, {"created_at": now() - timedelta(days=1)}),
    "session__sequence": (Session, lambda one: one.session_id, {"sequence": 9}),
    "session__state": (Session, lambda one: one.session_id, {"state": "cancelled"}),
    "session__starts_at": (Session, lambda one: one.session_id, {"starts_at": now() + timedelta(hours=1)}),
    "session__closed_at": (Session, lambda one: one.session_id, {"closed_at": now()}),
    "session__place": (Session, lambda one: one.session_id, {"place": "Room 9"}),
    "session__term__published_at": (Term, lambda one: one.session.term_id, {"published_at": None}),
    "recipient__state": (Membership, lambda one: one.recipient_id, {"state": "removed"}),
    "recipient__role": (Membership, lambda one: one.recipient_id, {"role": "organizer"}),
    "recipient__member__is_active": (Member, lambda one: one.recipient.member_id, {"is_active": False}),
    "recipient__member__email": (Member, lambda one: one.recipient.member_id, {"email": "new@example.org"}),
    "recipient__member__refused_email": (
        Member,
        lambda one: one.recipient.member_id,
        {"refused_email": "old@example.org"},
    ),
    "about__state": (Membership, lambda one: one.about_id, {"state": "left"}),
    "about__member__is_active": (Member, lambda one: one.about.member_id, {"is_active": False}),
    "session__presentations__presenter": (Presentation, lambda one: one.session.presentations.first().pk, "olivia"),
    "session__presentations__paper": (Presentation, lambda one: one.session.presentations.first().pk, {"paper": None}),
    "session__presentations__shared_at": (
        Presentation,
        lambda one: one.session.presentations.first().pk,
        {"shared_at": None},
    ),
    "session__presentations__paper__deleted_at": (
        Paper,
        lambda one: one.session.presentations.first().paper_id,
        {"deleted_at": now()},
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_whatever_decides_about_a_notification_is_seen_when_it_changes(due, study, name):
    [notification] = due(1, about=study["bob"])
    snapshot = Snapshot([notification.pk])
    assert snapshot.is_current(notification.pk)
    model, pk, fields = CHANGES[name]
    fields = {"presenter": study[fields]} if isinstance(fields, str) else fields
    assert model.objects.filter(pk=pk(notification)).update(**fields) == 1
    assert not snapshot.is_current(notification.pk)
    snapshot.refresh(notification.pk)
    assert snapshot.is_current(notification.pk)


def test_a_refused_topic_and_another_turn_are_seen_too(due, study):
    [notification] = due(1)
    for act in (
        lambda: preferences.mute(notification.recipient.member, preferences.TOMORROW),
        lambda: make.presentation(notification.session, study["olivia"]),
        lambda: notification.session.presentations.last().delete(),
    ):
        snapshot = Snapshot([notification.pk])
        act()
        assert not snapshot.is_current(notification.pk)


def test_nothing_that_decides_is_left_out_of_these_tests():
    elsewhere = {"recipient__member__muted__topic", *(name for name in RELEVANT_FIELDS if name.startswith("swap__"))}
    assert set(CHANGES) | elsewhere == set(RELEVANT_FIELDS)


def test_long_korean_headers_arrive_as_they_were_written_and_no_line_is_too_long(due, study, smtp_sink):
    group = study["group"]
    group.name = "상도동 컴퓨터 비전 논문 읽기 모임, 봄 학기 두 번째 팀 (화요일 오전)"
    group.save()
    study["alice"].member.language = "ko"
    study["alice"].member.save()
    [notification] = due(1, about=study["alice"], kind="assigned")
    lines = as_sent(rendering.compose(with_related(Notification.objects.all()).get(), now())).split(b"\r\n")
    head = lines[: lines.index(b"")]
    assert max(map(len, lines)) <= 998
    assert all(line.isascii() and (line[:1] == b" " or b": " in line) for line in head)
    outbox.deliver_due(now())
    [message] = smtp_sink.messages
    notification.refresh_from_db()
    assert message["Subject"] == notification.subject
    assert (
        " ".join(parseaddr(str(message["From"]))[0].split()) == group.name
    )  # Python reads a fold after a comma as a space
    assert message.defects == []
