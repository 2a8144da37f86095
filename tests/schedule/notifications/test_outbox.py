"""A notification arrives once: every way in which handing it over can fail, on a real mail server that fails that way."""

import os
import threading
from datetime import timedelta
from email.utils import parseaddr

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.test import Client
from django.utils.timezone import now

from members import addresses
from members.models import Member
from schedule.models import Notification
from schedule.notifications import outbox
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting(study):
    """waiting() -> a notification to Alice about tomorrow's session, due since a minute."""
    session = make.session(make.term(study["group"]), starts_at=now() + timedelta(hours=20))

    def notification(to="alice", **fields):
        return make.notification(session, study[to], due_at=now() - timedelta(minutes=1), **fields)

    return notification


def look(notification):
    """What the row says now: state, tries, reason."""
    notification.refresh_from_db()
    return notification.state, notification.tries, notification.reason


def a_minute_later(notification):
    """The moment when its pause is over."""
    notification.refresh_from_db()
    return (notification.next_try_at or now()) + timedelta(seconds=1)


# ── all is well ──────────────────────────────────────────────────────────────────────────────────
def test_a_due_notification_is_sent_once_however_often_we_ask(waiting, smtp_sink):
    notification = waiting()
    assert [one.state for one in outbox.deliver_due(now())] == ["sent"]
    assert outbox.deliver_due(now()) == []
    assert outbox.deliver(notification.pk, now()) is None
    assert look(notification) == ("sent", 1, "")
    [message] = smtp_sink.messages
    assert (message.envelope_to, message["Message-ID"]) == (
        [notification.recipient.member.email],
        notification.message_id,
    )
    assert notification.subject == message["Subject"]


def test_a_notification_that_is_not_due_stays(waiting, smtp_sink):
    notification = waiting()
    Notification.objects.update(due_at=now() + timedelta(minutes=1))
    assert (outbox.deliver_due(now()), outbox.deliver(notification.pk, now()), smtp_sink.messages) == ([], None, [])
    assert look(notification) == ("queued", 0, "")


def test_many_notifications_share_a_connection(waiting, smtp_sink):
    for nth in range(60):
        waiting(dedupe_key=nth)
    assert [notification.state for notification in outbox.deliver_due(now())] == ["sent"] * 60
    assert (len(smtp_sink.messages), smtp_sink.connections) == (60, 2)


def test_without_a_mail_server_each_notification_is_written_to_a_file(waiting, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    notifications = [waiting(), waiting("bob")]
    outbox.deliver_due(now())
    assert [look(notification)[0] for notification in notifications] == ["sent", "sent"]
    # Django names a file for the second and the connection's id, so that two notifications may share one
    written = "".join(path.read_text() for path in settings.EMAIL_FILE_PATH.iterdir())
    assert [written.count(f"Message-ID: {notification.message_id}") for notification in notifications] == [1, 1]


# ── the server is away: nobody's fault, no try is counted ────────────────────────────────────────
def test_while_the_server_is_away_notifications_wait_and_say_so(waiting, smtp_sink, settings):
    notification, port = waiting(), smtp_sink.port
    settings.EMAIL_PORT = 1  # nobody listens there
    for _minute in range(10):
        assert outbox.deliver_due(now()) == []
    state, tries, reason = look(notification)
    assert (state, tries) == ("queued", 0)
    assert "Connection refused" in reason
    settings.EMAIL_PORT = port
    outbox.deliver_due(now())
    assert (look(notification), len(smtp_sink.messages)) == (("sent", 1, ""), 1)


@pytest.mark.parametrize(
    "phase, answer", [("MAIL", "451 Try later"), ("MAIL", "530 Who are you?"), ("RCPT", "421 Going down")]
)
def test_a_server_that_takes_nobody_costs_no_notification_a_try(waiting, smtp_sink, phase, answer):
    smtp_sink.answers[phase] = answer
    notifications = [waiting(), waiting("bob")]
    assert outbox.deliver_due(now()) == []
    assert {look(notification)[:2] for notification in notifications} == {("queued", 0)}
    assert {look(notification)[2] for notification in notifications} <= {answer, ""}
    assert answer in {look(notification)[2] for notification in notifications}
    smtp_sink.answers.clear()
    outbox.deliver_due(now() + timedelta(minutes=5))
    assert ([look(notification) for notification in notifications], len(smtp_sink.messages)) == (
        [("sent", 1, "")] * 2,
        2,
    )


def test_a_server_that_hangs_up_on_us_costs_no_notification_a_try(waiting, smtp_sink):
    notification = waiting()
    smtp_sink.hangs_up.add("EHLO")
    assert outbox.deliver_due(now()) == []
    assert look(notification)[:2] == ("queued", 0)
    assert notification.reason
    smtp_sink.hangs_up.clear()
    outbox.deliver_due(now())
    assert look(notification) == ("sent", 1, "")


def test_a_notification_that_the_server_stumbles_over_does_not_stand_in_the_way(waiting, smtp_sink):
    first, second = waiting(), waiting("bob")
    smtp_sink.answers["MAIL"] = "451 Try later"
    outbox.deliver_due(now())
    smtp_sink.answers.clear()
    outbox.deliver_due(now())  # the first one pauses
    assert (look(first)[0], look(second)[0]) == ("queued", "sent")


# ── the server refuses a notification ──────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    "phase, answer, state, tries",
    [
        ("RCPT", "450 Busy mailbox", "queued", 0),
        ("RCPT", "552 5.2.2 Mailbox full", "failed", 1),
        ("RCPT", "554 5.7.1 Relay access denied", "queued", 0),
        ("DATA", "451 Try later", "queued", 0),
        ("DATA", "554 Looks like spam", "failed", 1),
        ("DATA", "550 5.4.5 Daily sending quota exceeded", "queued", 0),
        ("MAIL", "552 Too big", "failed", 1),
    ],
)
def test_a_notification_that_is_not_taken_is_tried_again_after_a_pause(waiting, smtp_sink, phase, answer, state, tries):
    """A try is counted only where the notification, or its mailbox, is to blame."""
    notification, other = waiting(), waiting("bob")
    smtp_sink.answers[phase] = answer
    at = now()
    outbox.deliver(notification.pk, at)
    assert look(notification) == (state, tries, answer)
    assert timedelta(seconds=90) < notification.next_try_at - at < timedelta(seconds=150)
    smtp_sink.answers.clear()
    assert outbox.requeue(now()) == 0  # it pauses
    outbox.deliver_due(now())
    assert (look(notification)[0], look(other)[0]) == (state, "sent")  # and the connection goes on
    outbox.requeue(a_minute_later(notification))
    outbox.deliver_due(a_minute_later(notification))
    assert look(notification) == ("sent", tries + 1, "")
    assert [message["Message-ID"] for message in smtp_sink.messages] == [other.message_id, notification.message_id]


@pytest.mark.parametrize("phase", ["MAIL", "RCPT", "DATA"])
def test_a_line_cut_before_the_answer_costs_no_try(waiting, smtp_sink, phase):
    notification, other = waiting(), waiting("bob")
    smtp_sink.hangs_up.add(phase)
    outbox.deliver(notification.pk, now())
    state, tries, reason = look(notification)
    assert (state, tries) == ("uncertain" if phase == "DATA" else "queued", 0)
    assert reason
    smtp_sink.hangs_up.clear()
    outbox.requeue(a_minute_later(notification))
    outbox.deliver_due(a_minute_later(notification))
    assert ([look(one)[0] for one in (notification, other)], len(smtp_sink.messages)) == (["sent", "sent"], 2)


@pytest.mark.parametrize("trouble", ["554 5.7.1 Relay access denied", "hangs up"])
def test_after_three_notifications_in_a_row_the_others_wait_for_the_next_minute(waiting, smtp_sink, trouble):
    """Nothing is gained by offering five hundred notifications to a server that takes none."""
    for nth in range(6):
        waiting(dedupe_key=nth)
    smtp_sink.hangs_up |= {"RCPT"} if trouble == "hangs up" else set()
    smtp_sink.answers |= {"RCPT": trouble} if trouble != "hangs up" else {}
    at = now()
    asked = []
    for minute in range(3):
        outbox.deliver_due(at + timedelta(minutes=minute))
        asked.append(len(smtp_sink.asked_for))
    assert asked[:2] == [3, 6]
    assert set(Notification.objects.values_list("state", "tries")) == {("queued", 0)}
    smtp_sink.hangs_up.clear()
    smtp_sink.answers.clear()
    outbox.deliver_due(at + timedelta(minutes=20))
    assert set(Notification.objects.values_list("state", "tries")) == {("sent", 1)}


def test_notifications_that_are_refused_again_and_again_keep_no_new_one_back(waiting, smtp_sink):
    for nth in range(20):
        waiting(dedupe_key=nth)
    smtp_sink.answers["RCPT"] = "554 5.7.1 Relay access denied"
    at = now()
    for minute in range(10):
        outbox.deliver_due(at + timedelta(minutes=minute))
    new = waiting("bob")
    asked = len(smtp_sink.asked_for)
    outbox.deliver_due(at + timedelta(minutes=30))
    assert smtp_sink.asked_for[asked] == new.recipient.member.email


def test_pauses_grow_and_after_five_tries_a_notification_is_set_aside(study, smtp_sink):
    session = make.session(make.term(study["group"]), starts_at=now() + timedelta(days=40))
    notification, pauses = make.notification(session, study["alice"], due_at=now()), []
    smtp_sink.answers["DATA"] = "554 Looks like spam"
    at = now()
    for _try in range(8):
        outbox.requeue(at)
        outbox.deliver_due(at)
        notification.refresh_from_db()
        if notification.next_try_at is None:
            break
        pauses.append((notification.next_try_at - at).total_seconds() / 120)
        at = notification.next_try_at
    assert [round(pause / 4**n) for n, pause in enumerate(pauses)] == [1, 1, 1, 1]
    assert look(notification) == ("failed", 5, "554 Looks like spam")
    assert (outbox.requeue(at + timedelta(days=2)), outbox.deliver_due(at + timedelta(days=2))) == (0, [])
    smtp_sink.answers.clear()
    assert outbox.send_again(notification) is True  # a person looked at it
    outbox.deliver_due(at)
    assert look(notification) == ("sent", 6, "")
    assert outbox.send_again(notification) is False


def test_a_notification_that_cannot_be_written_does_not_keep_the_others(waiting, smtp_sink):
    broken, fine = waiting(kind=Notification.MOVED, was="not a date"), waiting("bob")
    outbox.deliver_due(now())
    state, tries, reason = look(broken)
    assert (state, tries, reason.split(":")[0]) == ("failed", 1, "ValueError")
    assert look(fine)[0] == "sent"


# ── there is nobody at this address ──────────────────────────────────────────────────────────────
@pytest.fixture
def nobody(waiting, smtp_sink):
    """Two notifications to Alice, whom the server does not know, and one to Bob."""
    notifications = [waiting(), waiting(dedupe_key=1), waiting("bob")]
    smtp_sink.unknown.add(notifications[0].recipient.member.email)
    outbox.deliver_due(now())
    outbox.deliver_due(now())
    return notifications


def test_an_address_that_is_refused_for_good_is_noted_and_not_tried_for_every_notification(nobody, smtp_sink):
    first, second, other = nobody
    assert [look(notification) for notification in nobody] == [
        ("failed", 1, "address"),
        ("failed", 0, "address"),
        ("sent", 1, ""),
    ]
    alice, bob = (Member.objects.get(pk=one.recipient.member_id) for one in (first, other))
    assert (alice.is_reachable, alice.refused_words, bob.is_reachable) == (False, "550 5.1.1 No such user", True)
    assert (smtp_sink.asked_for.count(alice.email), outbox.requeue(now() + timedelta(hours=3))) == (1, 0)


def test_an_address_that_was_corrected_gets_what_waits_for_it(nobody, smtp_sink):
    Member.objects.filter(pk=nobody[0].recipient.member_id).update(email="alice@new.example.org")
    assert outbox.requeue(now()) == 2
    outbox.deliver_due(now())
    assert [look(notification)[0] for notification in nobody] == ["sent"] * 3
    assert [message.envelope_to for message in smtp_sink.messages[1:]] == [["alice@new.example.org"]] * 2


def test_who_says_try_again_has_the_address_tried_for_all_that_waits(nobody, smtp_sink):
    smtp_sink.unknown.clear()
    assert outbox.send_again(nobody[0]) is True
    outbox.requeue(now())
    outbox.deliver_due(now())
    assert [look(notification)[0] for notification in nobody] == ["sent"] * 3


def test_an_address_that_is_refused_again_is_noted_again(nobody, smtp_sink):
    assert addresses.try_again(nobody[0].recipient.member) is True
    outbox.requeue(now())
    outbox.deliver_due(now())
    outbox.deliver_due(now())
    assert {look(notification)[::2] for notification in nobody[:2]} == {("failed", "address")}
    assert smtp_sink.asked_for.count(nobody[0].recipient.member.email) == 2


@pytest.mark.parametrize("answer", ["550 5.1.1 No such user", "550 5.1.1 <{}>: User unknown in local table"])
def test_an_answer_that_three_addresses_in_a_row_get_speaks_of_none_of_them(waiting, smtp_sink, answer):
    notifications = [waiting(), waiting("bob"), waiting("olivia")]
    smtp_sink.refuses_all = answer
    at, members = now(), Member.objects.filter(pk__in=[one.recipient.member_id for one in notifications])
    outbox.deliver_due(at)
    assert sum(not member.is_reachable for member in members.all()) == 0
    for minute in range(1, 60):
        outbox.requeue(at + timedelta(minutes=minute))
        outbox.deliver_due(at + timedelta(minutes=minute))
    assert {look(notification)[0] for notification in notifications} == {"queued"}
    assert len(smtp_sink.asked_for) <= 3 + 59  # one notification a minute finds out whether it still is so
    smtp_sink.refuses_all = ""
    outbox.deliver_due(at + timedelta(minutes=80))
    assert {look(notification)[0] for notification in notifications} == {"sent"}


def test_three_dead_addresses_in_a_row_are_noted_once_the_server_took_other_mail(waiting, study, smtp_sink):
    study["dora"] = make.member(study["group"], "Dora")
    dead = [waiting(), waiting("bob"), waiting("olivia")]
    alive = waiting("dora")
    smtp_sink.unknown |= {notification.recipient.member.email for notification in dead}
    at = now()
    for minute in range(30):
        outbox.requeue(at + timedelta(minutes=minute))
        outbox.deliver_due(at + timedelta(minutes=minute))
    assert [look(notification)[::2] for notification in [*dead, alive]] == [("failed", "address")] * 3 + [("sent", "")]
    assert len(smtp_sink.asked_for) <= 9  # each of the dead three times at most: while all are, and once more


def test_a_notification_that_is_refused_to_everybody_is_not_to_blame(waiting, smtp_sink):
    notifications = [waiting(), waiting("bob"), waiting("olivia")]
    smtp_sink.answers["DATA"] = "554 Looks like spam"
    at = now()
    for minute in range(0, 600, 5):
        outbox.requeue(at + timedelta(minutes=minute))
        outbox.deliver_due(at + timedelta(minutes=minute))
    assert max(look(notification)[1] for notification in notifications) <= 1
    smtp_sink.answers.clear()
    for minute in (620, 640):
        outbox.requeue(at + timedelta(minutes=minute))
        outbox.deliver_due(at + timedelta(minutes=minute))
    assert {look(notification)[0] for notification in notifications} == {"sent"}


def test_an_address_that_takes_mail_again_is_reachable_by_itself(nobody, smtp_sink):
    """A code to sign in with was taken: what waits goes out."""
    alice = nobody[0].recipient.member
    smtp_sink.unknown.clear()
    assert Client().post("/accounts/login/code/", {"email": alice.email}).status_code == 302
    assert Member.objects.get(pk=alice.pk).is_reachable
    outbox.requeue(now())
    outbox.deliver_due(now())
    assert [look(notification)[0] for notification in nobody] == ["sent"] * 3


# ── the server's last answer is lost ─────────────────────────────────────────────────────────────
def test_a_line_cut_after_the_final_dot_leaves_us_uncertain_and_the_copy_is_the_same_mail(waiting, smtp_sink):
    notification = waiting()
    smtp_sink.hangs_up.add("DOT")
    outbox.deliver_due(now())
    assert look(notification)[:2] == ("uncertain", 0)
    smtp_sink.hangs_up.clear()
    later = a_minute_later(notification)
    outbox.requeue(later)
    outbox.deliver_due(later)
    assert look(notification) == ("sent", 1, "")
    first, second = smtp_sink.messages
    for header in ("Message-ID", "Date", "Subject", "To"):
        assert first[header] == second[header]


def test_an_answer_later_than_we_wait_for_leaves_us_uncertain(waiting, smtp_sink, settings):
    settings.EMAIL_TIMEOUT = 1
    smtp_sink.keeps_silent = 2
    notification = waiting()
    outbox.deliver_due(now())
    assert look(notification) == ("uncertain", 0, "Connection unexpectedly closed: timed out")


def test_a_lease_outlasts_the_answers_that_sending_waits_for(settings):
    assert settings.NOTIFICATION_LEASE_SECONDS >= 2 * 4 * settings.EMAIL_TIMEOUT  # MAIL, RCPT, DATA, the final dot


# ── workers that fall silent ─────────────────────────────────────────────────────────────────────
def test_the_notification_of_a_worker_that_fell_silent_goes_to_another(waiting, smtp_sink):
    notification = waiting()
    Notification.objects.update(state="sending", tries=1, leased_until=Now() + timedelta(seconds=60))
    assert (outbox.requeue(now() + timedelta(days=1)), outbox.deliver_due(now())) == (0, [])  # the lease still runs
    Notification.objects.update(leased_until=Now() - timedelta(seconds=1))
    assert outbox.requeue(now()) == 1
    outbox.deliver_due(now())
    assert look(notification) == ("sent", 2, "")


def test_a_notification_that_stops_five_workers_is_set_aside(waiting, smtp_sink):
    notification = waiting()
    Notification.objects.update(state="sending", tries=5, leased_until=Now() - timedelta(seconds=1))
    assert (outbox.requeue(now()), outbox.deliver_due(now())) == (0, [])
    assert look(notification) == ("uncertain", 5, "stopped")


def test_a_worker_that_lost_its_lease_changes_nothing(waiting, smtp_sink):
    """It wakes up after another worker has taken the notification over: the other one's word counts."""
    notification = waiting()
    mine = Notification.objects.get()
    assert outbox._claim(mine, now()) is True
    Notification.objects.update(state="queued")
    late, other = Notification.objects.get(), Notification.objects.get()
    assert (outbox._claim(other, now()), outbox._claim(late, now())) == (True, False)
    outbox._settle(mine, Notification.FAILED, now(), reason="from the past")
    assert look(notification) == ("sending", 2, "")
    outbox._settle(other, Notification.SENT, now())
    assert look(notification)[0] == "sent"


@pytest.mark.django_db(transaction=True)
def test_workers_racing_for_notifications_send_each_one_once(study, smtp_sink):
    session = make.session(make.term(study["group"]), starts_at=now() + timedelta(hours=20))
    notifications = [make.notification(session, study["alice"], dedupe_key=nth, due_at=now()) for nth in range(20)]
    start, troubles = threading.Barrier(4), []

    def work():
        try:
            start.wait()
            outbox.deliver_due(now())
        except Exception as trouble:
            troubles.append(trouble)
        finally:
            connection.close()

    if not os.environ.get("DATABASE_URL"):  # SQLite in memory is one connection's: there the faults run has the race
        start = threading.Barrier(1)
    workers = [threading.Thread(target=work) for _ in range(start.parties)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert troubles == []
    assert sorted(m["Message-ID"] for m in smtp_sink.messages) == sorted(
        notification.message_id for notification in notifications
    )
    assert set(Notification.objects.values_list("state", "tries")) == {("sent", 1)}


# ── no longer wanted ─────────────────────────────────────────────────────────────────────────────
def test_it_is_asked_once_more_just_before_handing_over(waiting, smtp_sink, monkeypatch):
    """Somebody cancels the session in the moment between writing the notification and handing it over."""
    notification, write = waiting(), outbox.rendering.compose

    def write_while_somebody_cancels(*args):
        message = write(*args)
        notification.session.state = "cancelled"
        notification.session.save()
        return message

    monkeypatch.setattr(outbox.rendering, "compose", write_while_somebody_cancels)
    outbox.deliver_due(now())
    assert (look(notification), smtp_sink.messages) == (("skipped", 1, "cancelled"), [])


def test_a_notification_past_its_use_is_not_sent(waiting, smtp_sink):
    late, failed = waiting(expires_at=now()), waiting("bob", state="failed", tries=1, expires_at=now())
    outbox.requeue(now())
    assert (look(late)[0], look(failed)[0], outbox.deliver_due(now())) == ("expired", "expired", [])
    Notification.objects.update(state="queued")
    outbox.deliver_due(now())
    assert (look(late)[::2], smtp_sink.messages) == (("expired", "expired"), [])


def test_a_notification_that_perhaps_arrived_stays_so_when_it_is_of_no_use_any_more(waiting, smtp_sink):
    notification = waiting()
    smtp_sink.hangs_up.add("DOT")
    for hour in range(0, 30, 2):
        outbox.requeue(now() + timedelta(hours=hour))
        outbox.deliver_due(now() + timedelta(hours=hour))
    assert (look(notification)[:2], notification.next_try_at) == (("uncertain", 0), None)
    assert len(smtp_sink.messages) == 10  # as often as it was tried in its 20 hours


def test_states_follow_each_other_as_the_table_says(waiting):
    """From every state to every state: the row changes if and only if MOVES allows it."""
    notification, states = waiting(), [state for state, _label in Notification.STATES]
    assert set(Notification.MOVES) == set(states)
    for before in states:
        for after in states:
            Notification.objects.update(state=before)
            changed = Notification.objects.filter(pk=notification.pk).move(after)
            assert (changed, look(notification)[0]) == (
                (1, after) if after in Notification.MOVES[before] else (0, before)
            )


def test_a_header_cannot_be_added_through_a_name(study, smtp_sink):
    study["group"].name = "Study\r\nBcc: everybody@example.org\x0b"
    study["group"].save()
    study["alice"].member.name = "Alice\nX-Evil: 1"
    study["alice"].member.save()
    session = make.session(make.term(study["group"]), starts_at=now() + timedelta(days=6))
    make.presentation(session, study["alice"])
    make.notification(session, study["alice"], "overdue", about=study["alice"], due_at=now())
    outbox.deliver_due(now())
    [message] = smtp_sink.messages
    assert (message["Bcc"], message["X-Evil"], message.defects) == (None, None, [])
    assert message["Subject"].startswith("[Study Bcc: everybody@example.org] ")
    assert parseaddr(message["From"])[0] == "Study Bcc: everybody@example.org"
