"""A tick isolates: whatever raises for one row or one group is written down, and everybody else has their turn."""

from datetime import time, timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils.timezone import now

from members import failures
from members.models import Membership
from members.records import Failure
from papers.models import Paper
from schedule.models import Bundle, Heartbeat, Notification, Swap, Term, Timetable
from schedule.notifications import outbox, troubles
from schedule.worker import heartbeat
from tests import make
from tests.poison import spoil

pytestmark = pytest.mark.django_db
LONG_AGO = timedelta(days=30)


@pytest.fixture
def ours(study):
    """A published term with a session in twelve hours: its reminder is due."""
    return session_of(study["group"])


@pytest.fixture
def theirs(study):
    """The same in the other group, whose organizer Mallory waits for the notification."""
    return session_of(study["mallory"].group)


def session_of(group):
    return make.session(make.term(group, published_at=now() - LONG_AGO), now() + timedelta(hours=12))


def known() -> list[tuple]:
    return list(Failure.objects.order_by("step", "row").values_list("step", "row", "group__slug", "error", "times"))


def health() -> int:
    return Client().get("/health/").json()["failures_last_hour"]


def reached(*sessions) -> set[str]:
    """Who was sent something about these sessions."""
    sent = Notification.objects.filter(session__in=sessions, state=Notification.SENT)
    return set(sent.values_list("recipient__member__name", flat=True))


# ── zones ────────────────────────────────────────────────────────────────────────────────────────
def test_a_term_in_an_unknown_zone_silences_nobody_and_is_told_to_operators_and_its_own_organizers(
    study, ours, theirs, smtp_sink, sign_in
):
    Term.objects.filter(pk=ours.term_id).update(timezone="Mars/Olympus")
    heartbeat.tick(now())
    assert reached(theirs) == {"Mallory"}
    assert reached(ours) == {"Olivia", "Alice", "Bob"}  # on the clock of the group
    assert known() == [(troubles.ZONES, f"term {ours.term_id}", "study", "ValueError", 1)]
    words = "A time zone is unknown to this server"
    told = [
        words in sign_in(study[name]).get(f"/g/{study[name].group.slug}/notifications/").content.decode()
        for name in ("olivia", "alice", "mallory")
    ]
    assert (health(), told) == (1, [True, False, False])


# ── one poisoned row in each step ────────────────────────────────────────────────────────────────
def a_swap(session):
    """An open question whose moment cannot be read."""
    giver, taker = session.term.group.memberships.order_by("pk")[:2]
    swap = Swap.objects.create(
        session=session, giver=giver, taker=taker, by=giver, starts_at=session.starts_at, asked_at=now()
    )
    spoil(swap, "asked_at")
    return f"swap {swap.pk}"


def an_old_zip(session):
    """A folder lies where its file should be."""
    group = session.term.group
    bundle = Bundle.objects.create(
        group=group, kind=Bundle.GROUP, language="en", by=group.memberships.first(), state=Bundle.READY,
        settled_at=now() - LONG_AGO, file=f"{group.pk}/bundles/old.zip",
    )  # fmt: skip
    (Path(default_storage.location) / bundle.file.name / "inside").mkdir(parents=True)
    return f"bundle {bundle.pk}"


def a_timetable(session):
    """Rules that are none."""
    Timetable.objects.create(group=session.term.group, rules={"session_tomorrow": {"at": "25:00"}})
    return f"group {session.term.group_id}"


def quiet_hours(session):
    """Of a group that cannot be read."""
    own = Timetable.objects.create(group=session.term.group, quiet_from=time(22), quiet_until=time(7))
    spoil(session.term.group, "created_at")
    return f"timetable {own.pk}"


def an_invitation_to_take_back(session):
    """Somebody who left was invited by a notification that cannot be read."""
    gone = make.member(session.term.group, "Gone", state=Membership.LEFT)
    notification = make.notification(session, gone, state=Notification.SENT, invited=True)
    spoil(notification, "created_at")
    return f"group {session.term.group_id}"


def a_notification(session):
    notification = make.notification(
        session, session.term.group.memberships.first(), due_at=now() - timedelta(hours=1), dedupe_key=7
    )
    spoil(notification, "created_at")
    return f"notification {notification.pk}"


STEPS = [
    (a_swap, "swap questions"),
    (an_old_zip, "old zips"),
    (a_timetable, "reminders"),
    (quiet_hours, "quiet hours"),
    (an_invitation_to_take_back, "calendar_cancellations"),
    (a_notification, "notifications"),
]


@pytest.mark.parametrize(("poison", "step"), STEPS, ids=[step for _poison, step in STEPS])
def test_a_poisoned_row_keeps_nobody_elses_notification_and_is_one_line_however_often_it_raises(
    study, ours, theirs, smtp_sink, poison, step
):
    row = poison(ours)
    at = now()
    for minute in (0, 11, 22):
        heartbeat.tick(at + timedelta(minutes=minute))
    assert reached(theirs) == {"Mallory"}
    mine = [(of, name, slug, times) for of, name, slug, _error, times in known() if of == step]
    assert (mine, health() >= 1) == ([(step, row, "study", 3)], True)
    assert Heartbeat.objects.get().at == at + timedelta(minutes=22)


def test_an_old_zip_that_cannot_be_deleted_keeps_its_row_and_the_others_go(study, ours, smtp_sink):
    group = study["group"]
    row = an_old_zip(ours)
    settled = {"kind": Bundle.GROUP, "language": "en", "state": Bundle.READY, "settled_at": now() - LONG_AGO}
    for _number in range(2):
        Bundle.objects.create(group=group, by=study["olivia"], **settled)
    heartbeat.tick(now())
    assert [f"bundle {bundle.pk}" for bundle in Bundle.objects.all()] == [row]
    assert reached(ours) == {"Olivia", "Alice", "Bob"}


def test_a_notification_that_cannot_be_read_waits_and_goes_out_when_it_can(study, ours, theirs, smtp_sink):
    notification = make.notification(ours, study["alice"], due_at=now() - timedelta(hours=1))
    spoil(notification, "created_at")
    at = now()
    heartbeat.tick(at)
    waiting = Notification.objects.filter(pk=notification.pk)
    assert waiting.values_list("state", "tries", "next_try_at").get() == ("queued", 0, at + outbox.UNREADABLE)
    waiting.update(created_at=at)
    heartbeat.tick(at + timedelta(minutes=5))
    assert waiting.get().state == Notification.QUEUED
    heartbeat.tick(at + timedelta(minutes=11))
    assert waiting.get().state == Notification.SENT


def test_a_notification_that_cannot_be_written_is_counted_and_the_next_one_goes_out(study, ours, smtp_sink):
    poisoned = make.notification(ours, study["alice"], due_at=now() - timedelta(hours=1), kind="no such kind")
    heartbeat.tick(now())
    assert known() == [("notifications", f"notification {poisoned.pk}", "study", "KeyError", 1)]
    assert Notification.objects.filter(state=Notification.SENT).count() == 3


@pytest.mark.django_db(transaction=True)
def test_outside_of_any_transaction_it_is_the_same(study, ours, theirs, smtp_sink):
    rows = {poison(ours) for poison, step in STEPS if step != "quiet hours"}  # a group has one timetable
    heartbeat.tick(now())
    assert (reached(theirs), rows - {row for _step, row, *_rest in known()}) == ({"Mallory"}, set())


def test_a_poisoned_paper_and_invitation_keep_no_notification_when_cron_does_everything(study, ours, smtp_sink):
    paper = make.paper(study["group"], state=Paper.NEW)
    spoil(paper, "added_at")
    invitation = make.invitation(study["olivia"], email="carol@example.org")
    spoil(invitation, "created_at")
    make.invitation(study["olivia"], email="dave@example.org")
    call_command("tick")
    assert [(step, row, slug) for step, row, slug, _error, _times in known()] == [
        ("invitations", f"invitation {invitation.pk}", "study"),
        ("papers", f"paper {paper.pk}", "study"),
    ]
    assert reached(ours) == {"Olivia", "Alice", "Bob"}
    assert [len(smtp_sink.to(f"{name}@example.org")) for name in ("carol", "dave")] == [0, 1]


# ── what is kept of it ───────────────────────────────────────────────────────────────────────────
def test_the_heartbeat_comes_after_the_work(study, ours):
    a_swap(ours)
    with pytest.raises(DatabaseError), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE members_failure RENAME TO gone")
        heartbeat.tick(now())
    assert list(Heartbeat.objects.all()) == []


def test_only_the_last_hour_counts_and_after_a_day_it_is_forgotten(study, ours):
    at = now()
    failures.note(troubles.REMIND, ValueError("odd\x00 words"), at - timedelta(minutes=61), row="group 1")
    failures.note(troubles.REMIND, ValueError("\ud800"), at - timedelta(minutes=59), row="group 2")
    assert health() == 1
    heartbeat.tick(at + timedelta(days=1, minutes=-60))
    assert [(failure.row, failure.words) for failure in Failure.objects.all()] == [("group 2", r"\ud800")]
    heartbeat.tick(at + timedelta(days=1))
    assert list(Failure.objects.all()) == []


def test_a_whole_step_that_fails_is_told_to_every_organizer_and_a_strangers_row_to_none(study, sign_in):
    failures.note(troubles.DELIVER, ValueError("secret words"), now())
    failures.note("papers", ValueError("secret words"), now(), row="paper 7", group=study["group"].pk)
    pages = {name: sign_in(study[name]).get(f"/g/{study[name].group.slug}/notifications/").content.decode()
             for name in ("olivia", "mallory", "alice")}  # fmt: skip
    assert {name: page.count("Notifications could not be sent.") for name, page in pages.items()} == {
        "olivia": 1, "mallory": 1, "alice": 0,
    }  # fmt: skip
    assert [name for name, page in pages.items() if "secret" in page] == []


def test_one_bad_key_among_many_costs_about_twice_the_logarithm():
    calls, failed = [], []

    def work(part):
        calls.append(part)
        if part is None or 13 in part:
            raise ValueError
        return len(part)

    sizes = failures.in_parts(work, lambda: range(64), lambda key, _error: failed.append(key))
    assert (sum(sizes), failed, len(calls)) == (63, [13], 1 + 1 + 2 * 6)


def test_what_is_wrong_with_no_key_in_particular_is_raised():
    def work(_part):
        raise KeyError

    with pytest.raises(KeyError):
        failures.in_parts(work, list, lambda key, error: None)


def test_a_slow_delivery_ends_in_time_and_the_next_look_takes_the_rest(study, ours, smtp_sink):
    for number in range(60):
        make.notification(ours, study["alice"], dedupe_key=number, due_at=now() - timedelta(hours=1))
    assert [len(outbox.deliver_due(now(), seconds=0)) for _ in range(3)] == [50, 10, 0]
