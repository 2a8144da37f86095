"""Which notifications are due when, what a change does to them, and that asking again changes nothing."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db.models import Min
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from members import preferences
from members.models import Membership, Muted
from schedule.models import Notification, Presentation, Session, Timetable
from schedule.notifications import outbox, reminders, timetable_changes
from schedule.notifications.timeline import timeline
from schedule.notifications.timetable import DEFAULT_RULES
from schedule.planning import moving, session_changes, term_plan, turns
from schedule.planning.changes import undo
from tests import make
from tests.examples import examples

pytestmark = pytest.mark.django_db
SEOUL = ZoneInfo("Asia/Seoul")
MEETS = datetime(2027, 3, 16, 10, tzinfo=SEOUL)  # a Tuesday; papers are shared by the Tuesday before
PUBLISHED = datetime(2027, 2, 1, tzinfo=UTC)


ALL_DUE = [
    ("overdue", "Alice"),
    ("overdue", "Bob"),
    ("overdue_organizer", "Olivia"),
    ("session_tomorrow", "Alice"),
    ("session_tomorrow", "Bob"),
    ("session_tomorrow", "Olivia"),
]


@pytest.fixture
def session(study):
    """Alice presents, Bob listens, Olivia organizes."""
    session = make.session(make.term(study["group"], published_at=PUBLISHED), starts_at=MEETS)
    make.presentation(session, study["alice"])
    return session


def at(month, day, *clock, zone=SEOUL):
    return datetime(2027, month, day, *clock, tzinfo=zone)


def tick(now):
    """A whole tick; who was sent what by it."""
    outbox.requeue(now)
    reminders.queue_due(now)
    return sorted(
        (notification.kind, str(notification.recipient))
        for notification in outbox.deliver_due(now)
        if notification.state == "sent"
    )


def hours(first, last):
    """The full hours at which something may be due, and some between, from one moment to another."""
    moment = first
    while moment <= last:
        if moment == first or moment.hour in {0, 8, 9, 10, 11, 19, 20}:
            yield moment
        moment += timedelta(hours=1)


def sent_between(first, last):
    """[(kind, to, when)] of ticks at every full hour."""
    return [
        (kind, name, f"{hour.astimezone(SEOUL):%m-%d %H}") for hour in hours(first, last) for kind, name in tick(hour)
    ]


def share(session, who, now):
    turn = session.presentations.get(presenter=who)
    turns.share(turn, make.paper(session.term.group), by=who, now=now)


# ── what goes to whom, when ──────────────────────────────────────────────────────────────────────
def test_without_a_paper_the_presenter_hears_six_times_and_the_organizer_once(study, session):
    assert sent_between(at(3, 1, 0), at(3, 16, 12)) == [
        ("choose", "Alice", "03-02 09"),
        ("share_soon", "Alice", "03-08 09"),
        ("share_today", "Alice", "03-09 09"),
        ("overdue", "Alice", "03-10 09"),
        ("overdue", "Alice", "03-11 09"),
        ("overdue_organizer", "Olivia", "03-11 09"),
        ("overdue", "Alice", "03-12 09"),
        ("session_tomorrow", "Alice", "03-15 10"),
        ("session_tomorrow", "Bob", "03-15 10"),
        ("session_tomorrow", "Olivia", "03-15 10"),
    ]


def test_who_has_chosen_nothing_two_weeks_before_is_asked_once(study, session):
    make.presentation(session, study["bob"], paper=make.paper(study["group"]))
    assert sent_between(at(3, 1, 0), at(3, 7, 23)) == [("choose", "Alice", "03-02 09")]
    assert Notification.objects.filter(kind="choose").values_list("recipient__member__name", "state").get() == (
        "Alice",
        "sent",
    )


def everybody(kind, when, but=()):
    return [(kind, name, when) for name in ("Alice", "Bob", "Olivia") if name not in but]


def test_a_paper_in_time_ends_the_asking_and_goes_to_everybody_at_the_deadline(study, session):
    make.presentation(session, study["bob"])
    assert tick(at(3, 8, 9)) == [("share_soon", "Alice"), ("share_soon", "Bob")]
    share(session, study["alice"], at(3, 8, 12))
    sent = sent_between(at(3, 8, 12), at(3, 16, 12))
    assert [one for one in sent if one[1] != "Bob" and one[0] != "overdue_organizer"] == [
        *everybody("papers_shared", "03-09 20", but={"Bob"}),
        *everybody("session_tomorrow", "03-15 10", but={"Bob"}),
    ]


def test_when_nobody_has_to_be_waited_for_the_papers_go_round_at_once(study, session):
    make.presentation(session, study["bob"])
    share(session, study["alice"], at(3, 5, 12))
    assert tick(at(3, 5, 13)) == [("choose", "Bob")]
    share(session, study["bob"], at(3, 5, 14))
    assert (tick(at(3, 5, 14)), sent_between(at(3, 5, 15), at(3, 15, 9))) == (
        [],
        everybody("papers_shared", "03-05 15"),
    )


def test_papers_that_come_after_the_others_follow_one_by_one(study, session):
    make.presentation(session, study["bob"])
    make.presentation(session, study["olivia"])
    share(session, study["alice"], at(3, 8, 12))
    tick(at(3, 9, 20))
    share(session, study["bob"], at(3, 10, 12))
    assert [one for one in tick(at(3, 10, 13)) if one[0] == "late_paper"] == [
        ("late_paper", "Alice"),
        ("late_paper", "Olivia"),
    ]
    share(session, study["olivia"], at(3, 11, 12))
    assert list(sent_between(at(3, 11, 13), at(3, 15, 9))) == everybody("late_paper", "03-11 13", {"Olivia"})
    assert Notification.objects.filter(kind="papers_shared").count() == 3


def test_a_late_paper_goes_to_everybody_as_soon_as_it_is_there(study, session):
    sent_between(at(3, 8, 0), at(3, 11, 12))
    share(session, study["alice"], at(3, 11, 12, 30))
    assert sent_between(at(3, 11, 13), at(3, 15, 9)) == [
        ("papers_shared", "Alice", "03-11 13"),
        ("papers_shared", "Bob", "03-11 13"),
        ("papers_shared", "Olivia", "03-11 13"),
    ]


def test_a_withdrawn_paper_is_asked_for_again(study, session):
    make.presentation(session, study["bob"])
    share(session, study["alice"], at(3, 8, 8))
    assert tick(at(3, 9, 9)) == [("share_today", "Bob")]
    turns.withdraw(session.presentations.get(presenter=study["alice"]), by=study["alice"], now=at(3, 9, 10))
    assert (tick(at(3, 9, 11)), tick(at(3, 9, 12))) == ([("share_today", "Alice")], [])


def test_a_reminder_set_aside_while_the_paper_was_there_wakes_when_it_is_withdrawn(study, session):
    reminders.queue_due(at(3, 9, 9))
    share(session, study["alice"], at(3, 9, 9))
    assert list(Notification.objects.values_list("state", "reason")) == [("skipped", "shared")]
    turns.withdraw(session.presentations.get(), by=study["alice"], now=at(3, 9, 10))
    assert tick(at(3, 9, 11)) == [("share_today", "Alice")]
    assert Notification.objects.count() == 1


def test_an_organizer_who_presents_is_not_asked_to_help_herself(study, session):
    session.presentations.update(presenter=study["olivia"])
    assert tick(at(3, 13, 9)) == [("overdue", "Olivia")]


@pytest.mark.parametrize(
    "share_days, kinds",
    [
        (0, ["share_soon 03-15 09", "share_today 03-16 09"]),
        (1, ["share_soon 03-14 09", "share_today 03-15 09", "overdue 03-16 09"]),
        (3, ["share_soon 03-12 09", "share_today 03-13 09", "overdue 03-14 09", "overdue 03-15 09", "overdue_organizer 03-15 09", "overdue 03-16 09"]),
    ],
)  # fmt: skip
def test_however_short_the_time_to_share_nothing_is_due_after_the_session_began(study, session, share_days, kinds):
    session.term.share_days = share_days
    members = [study["olivia"], study["alice"]]
    planned = [
        one for one in timeline(session, members) if one.kind not in {Notification.TOMORROW, Notification.CHOOSE}
    ]
    assert [f"{one.kind} {one.when:%m-%d %H}" for one in planned] == kinds
    assert all(one.when < one.until <= session.starts_at for one in planned)


def test_drafts_past_sessions_and_cancelled_ones_are_silent(study, session):
    make.presentation(make.session(make.term(study["group"], "Draft", published=False), MEETS), study["bob"])
    make.presentation(make.session(session.term, MEETS, state=Session.CANCELLED), study["bob"])
    make.presentation(make.session(session.term, MEETS, state=Session.HELD), study["bob"])
    assert tick(at(3, 9, 9)) == [("share_today", "Alice")]


def test_a_removed_member_gets_nothing_a_pausing_one_reads_along(study, session):
    make.presentation(session, study["bob"])
    reminders.queue_due(at(3, 15, 10))
    Membership.objects.filter(pk=study["bob"].pk).update(state=Membership.REMOVED)
    Membership.objects.filter(pk=study["alice"].pk).update(state=Membership.PAUSED)
    sent = tick(at(3, 15, 10))
    assert sent == [("open_turn", "Olivia"), *((kind, name) for kind, name in ALL_DUE if name != "Bob")]
    skipped = Notification.objects.exclude(state="sent").values_list("kind", "recipient__member__name", "reason")
    assert sorted(skipped) == [
        ("overdue", "Bob", "gone"),
        ("overdue_organizer", "Olivia", "gone"),  # about Bob
        ("session_tomorrow", "Bob", "gone"),
    ]


# ── as often as one likes ────────────────────────────────────────────────────────────────────────
def test_asking_again_makes_nothing_new(study, session):
    first = reminders.queue_due(at(3, 15, 10))
    assert (first, [reminders.queue_due(at(3, 15, 10)) for _ in range(10)]) == (5, [0] * 10)
    assert [tick(at(3, 15, 10)) != [], tick(at(3, 15, 10)), tick(at(3, 15, 11))] == [True, [], []]


def test_two_beats_that_saw_the_same_write_one_row(study, session):
    """The second one inserts what the first has inserted meanwhile: the database keeps it to one."""
    rows = [row for planned in timeline(session, [study["alice"]]) for row in reminders._rows(planned, PUBLISHED)]
    again = [row for planned in timeline(session, [study["alice"]]) for row in reminders._rows(planned, PUBLISHED)]
    Notification.objects.bulk_create(rows, ignore_conflicts=True)
    Notification.objects.bulk_create(again, ignore_conflicts=True)
    assert Notification.objects.count() == len(rows) == 7


def test_the_number_of_queries_does_not_grow_with_the_sessions(study, session, django_assert_num_queries):
    with django_assert_num_queries(5):
        reminders.queue_due(at(3, 1, 9))
    for n in range(30):
        extra = make.session(session.term, MEETS + timedelta(days=n))
        make.presentation(extra, study["alice"])
        make.presentation(extra, study["bob"], paper=make.paper(study["group"]), shared_at=PUBLISHED)
    with django_assert_num_queries(5):
        assert reminders.queue_due(at(3, 1, 9)) == 0
    with django_assert_num_queries(6):
        assert reminders.queue_due(at(3, 25, 21)) > 20
    with django_assert_num_queries(5):
        assert len(reminders.upcoming(study["group"], now=at(3, 1, 9), until=at(5, 1, 9))) > 100


# ── downtime and clocks ──────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    "asleep_from, awake_at, caught_up",
    [
        (at(3, 9, 8, 30), at(3, 9, 9, 30), [("share_today", "Alice")]),
        (at(3, 9, 8, 30), at(3, 10, 8, 30), []),  # today is over; in half an hour the next reminder is due
        (at(3, 9, 8, 30), at(3, 10, 9, 30), [("overdue", "Alice")]),
        (at(3, 7, 8, 30), at(3, 15, 8, 30), [("overdue", "Alice"), ("overdue_organizer", "Olivia")]),
        (at(3, 8, 20), at(3, 16, 20), []),
    ],
)
def test_after_a_downtime_what_is_still_true_goes_out(study, session, asleep_from, awake_at, caught_up):
    tick(asleep_from - timedelta(hours=24))
    tick(asleep_from)
    assert tick(awake_at) == caught_up


def test_nine_stays_nine_where_the_group_meets_when_clocks_change(study):
    """In Berlin clocks go forward on 28 March 2027, between the day to share and the session."""
    berlin = ZoneInfo("Europe/Berlin")
    term = make.term(study["group"], timezone="Europe/Berlin", published_at=PUBLISHED)
    meets = datetime(2027, 3, 30, 10, tzinfo=berlin)
    make.presentation(make.session(term, starts_at=meets), study["alice"])
    planned = {
        one.kind: one.when
        for one in reminders.upcoming(study["group"], now=PUBLISHED, until=meets)
        if not one.dedupe_key
    }
    assert planned["share_today"] == datetime(2027, 3, 23, 8, tzinfo=UTC)  # 9:00 in winter
    assert planned["session_tomorrow"] == datetime(2027, 3, 29, 8, tzinfo=UTC)  # 10:00 in summer
    assert {kind: when.timetz().replace(tzinfo=None) for kind, when in planned.items()} == {
        "choose": time(9), "share_soon": time(9), "share_today": time(9), "overdue_organizer": time(9), "session_tomorrow": time(10),
    }  # fmt: skip


# ── changes ──────────────────────────────────────────────────────────────────────────────────────
def waiting():
    rows = Notification.objects.filter(state="queued").order_by("kind", "recipient__member__name")
    return [(row.kind, str(row.recipient)) for row in rows]


def test_a_moved_session_takes_its_notifications_along(study, session):
    reminders.queue_due(at(3, 9, 9))
    session_changes.move_session(session, at(3, 23).date(), time(15), by=study["olivia"], now=at(3, 9, 9))
    assert waiting() == [("moved", "Alice"), ("moved", "Bob")]
    assert tick(at(3, 9, 9, 1)) == [("moved", "Alice"), ("moved", "Bob")]
    assert Notification.objects.get(kind="share_today").reason == "moved"
    assert sent_between(at(3, 9, 10), at(3, 16, 12)) == [
        ("share_soon", "Alice", "03-15 09"),
        ("share_today", "Alice", "03-16 09"),
    ]


def test_a_move_undone_in_time_is_never_written_about(study, session):
    olivia = study["olivia"]
    session_changes.move_session(session, at(3, 23).date(), time(10), by=olivia, now=at(3, 1, 9))
    session_changes.move_session(session, at(3, 16).date(), time(10), by=olivia, now=at(3, 1, 9))
    assert tick(at(3, 1, 10)) == []
    session_changes.move_session(session, at(3, 23).date(), time(10), by=olivia, now=at(3, 2, 9))
    tick(at(3, 2, 10))
    session_changes.move_session(session, at(3, 16).date(), time(10), by=olivia, now=at(3, 2, 11))
    assert tick(at(3, 2, 12)) == [("moved", "Alice"), ("moved", "Bob")]


def test_two_moves_in_a_row_are_told_as_one_from_what_the_reader_knew(study, session):
    for day in (17, 18):
        session_changes.move_session(session, at(3, day).date(), time(10), by=study["olivia"], now=at(3, 1, 9))
    assert tick(at(3, 1, 10)) == [("moved", "Alice"), ("moved", "Bob")]
    assert set(Notification.objects.filter(state="sent").values_list("was", flat=True)) == {
        MEETS.astimezone(UTC).isoformat()
    }


def test_a_cancelled_session_sends_nothing_but_that(study, session):
    reminders.queue_due(at(3, 15, 10))
    session_changes.cancel_session(session, by=study["olivia"], now=at(3, 15, 10))
    assert sent_between(at(3, 15, 11), at(3, 17, 0)) == [
        ("cancelled", "Alice", "03-15 11"),
        ("cancelled", "Bob", "03-15 11"),
    ]


def test_a_cancelling_undone_in_time_leaves_everything_as_it_was(study, session):
    reminders.queue_due(at(3, 15, 10))
    before = waiting()
    session_changes.cancel_session(session, by=study["olivia"], now=at(3, 15, 10))
    session_changes.restore_session(session, by=study["olivia"], now=at(3, 15, 10))
    reminders.queue_due(at(3, 15, 10))
    assert waiting() == before != []


def test_bringing_a_session_back_is_told_to_those_who_heard_that_it_was_cancelled(study, session):
    session_changes.cancel_session(session, by=study["olivia"], now=at(3, 1, 9))
    tick(at(3, 1, 10))
    session_changes.restore_session(session, by=study["alice"], now=at(3, 1, 11))
    assert tick(at(3, 1, 12)) == [("restored", "Bob"), ("restored", "Olivia")]


def test_news_that_a_cancelling_kept_back_is_told_when_the_session_is_brought_back(study, session):
    session_changes.move_session(session, at(3, 17).date(), time(10), by=study["olivia"], now=at(3, 1, 9))
    session_changes.cancel_session(session, by=study["olivia"], now=at(3, 1, 9))
    session_changes.restore_session(session, by=study["olivia"], now=at(3, 1, 9))
    assert tick(at(3, 1, 10)) == [("moved", "Alice"), ("moved", "Bob")]


def test_turns_given_up_with_a_cancelling_and_back_in_time_are_never_written_about(study, session):
    change = moving.cancel(session, by=study["olivia"], now=at(3, 1, 9), turns=moving.POOL)
    undo(change, by=study["olivia"], now=at(3, 1, 9) + timedelta(seconds=15))
    assert tick(at(3, 1, 10)) == []
    assert [turn.presenter for turn in session.presentations.all()] == [study["alice"]]


def test_turns_given_up_with_a_cancelling_and_back_later_are_told(study, session):
    change = moving.cancel(session, by=study["olivia"], now=at(3, 1, 9), turns=moving.POOL)
    assert tick(at(3, 1, 10)) == [("cancelled", "Alice"), ("cancelled", "Bob")]
    undo(change, by=study["olivia"], now=at(3, 1, 11))
    assert tick(at(3, 1, 12)) == [("assigned", "Alice"), ("restored", "Alice"), ("restored", "Bob")]


def test_news_kept_back_by_a_cancelling_has_its_twenty_seconds_and_its_use_anew(study, session):
    session_changes.move_session(session, at(3, 18).date(), time(10), by=study["olivia"], now=at(3, 1, 9))
    session_changes.cancel_session(session, by=study["olivia"], now=at(3, 1, 9))
    Notification.objects.update(expires_at=at(3, 2, 9))  # as if it had been of use until an earlier end
    session_changes.restore_session(session, by=study["olivia"], now=at(3, 4, 9))
    assert tick(at(3, 4, 9)) == []
    session.refresh_from_db()
    assert set(Notification.objects.filter(kind="moved").values_list("due_at", "expires_at")) == {
        (at(3, 4, 9) + timedelta(seconds=20), session.ends_at)
    }


def test_a_new_place_is_told_once_and_only_if_it_stays(study, session):
    old, olivia = session.place, study["olivia"]
    session_changes.change_place(session, "Room 201", by=olivia, now=at(3, 1, 9))
    session_changes.change_place(session, "Room 202", by=olivia, now=at(3, 1, 9))
    assert tick(at(3, 1, 10)) == [("place", "Alice"), ("place", "Bob")]
    assert set(Notification.objects.filter(state="sent").values_list("was", flat=True)) == {old}
    session_changes.change_place(session, old, by=olivia, now=at(3, 1, 11))
    session_changes.change_place(session, "Room 202", by=olivia, now=at(3, 1, 11))
    assert tick(at(3, 1, 12)) == []


def test_a_change_of_presenter_is_told_to_both_and_the_reminders_follow_the_turn(study, session):
    reminders.queue_due(at(3, 9, 9))
    session_changes.set_presenters(session, [study["bob"]], by=study["olivia"], now=at(3, 9, 9))
    assert tick(at(3, 9, 10)) == [("assigned", "Bob"), ("relieved", "Alice")]
    assert Notification.objects.get(kind="share_today").reason == "reassigned"
    assert tick(at(3, 10, 9)) == [("overdue", "Bob")]


def test_who_is_given_a_turn_late_is_not_asked_at_once_where_the_paper_is(study, session):
    """The notification says that one presents, and until when; the reminder of this morning would only repeat it."""
    session_changes.set_presenters(session, [study["bob"]], by=study["olivia"], now=at(3, 10, 12))
    assert (tick(at(3, 10, 13)), tick(at(3, 11, 9))) == (
        [("assigned", "Bob"), ("relieved", "Alice")],
        [("overdue", "Bob"), ("overdue_organizer", "Olivia")],
    )


def test_a_presenter_put_back_in_time_hears_nothing(study, session):
    session_changes.set_presenters(session, [study["bob"]], by=study["olivia"], now=at(3, 1, 9))
    session_changes.set_presenters(session, [study["alice"]], by=study["olivia"], now=at(3, 1, 9))
    assert tick(at(3, 1, 10)) == []


def test_publishing_a_term_tells_everybody_but_who_did_it(study, session):
    term = session.term
    term.published_at = None
    term.save()
    term_plan.publish(term, by=study["olivia"], now=at(3, 15, 12))
    assert waiting() == [("published", "Alice"), ("published", "Bob")]
    assert [kind for kind, _name in tick(at(3, 15, 13))] == ["published", "published"] + ["session_tomorrow"] * 3


# ── notifications to come ──────────────────────────────────────────────────────────────────────────────
def test_notifications_to_come_are_those_without_a_row(study, session):
    def coming():
        planned = reminders.upcoming(study["group"], now=at(3, 9, 8), until=at(3, 31))
        return [(one.kind, one.dedupe_key, [str(person) for person in one.recipients]) for one in planned]

    assert coming() == [
        ("share_today", 0, ["Alice"]),
        ("overdue", 1, ["Alice"]),
        ("overdue", 2, ["Alice"]),
        ("overdue_organizer", 0, ["Olivia"]),
        ("overdue", 3, ["Alice"]),
        ("session_tomorrow", 0, ["Olivia", "Alice", "Bob"]),
    ]
    make.notification(session, study["alice"], "session_tomorrow", due_at=at(3, 9, 8))
    assert coming()[-1] == ("session_tomorrow", 0, ["Olivia", "Bob"])


# ── any story ────────────────────────────────────────────────────────────────────────────────────
ACTS = st.sampled_from(
    ["move", "cancel", "restore", "share", "withdraw", "present", "remove", "mute", "retime", "wait", "wait", "wait"]
)


@settings(
    max_examples=examples(10, full=160), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(story=st.lists(st.tuples(ACTS, st.integers(0, 30)), max_size=14))
def test_whatever_happens_notifications_are_true_when_sent_and_none_that_is_due_is_missing(study, story):
    Notification.objects.all().delete()
    Session.objects.all().delete()
    Muted.objects.all().delete()
    Timetable.objects.all().delete()
    Membership.objects.filter(group=study["group"]).update(state=Membership.ACTIVE)
    session = make.session(make.term(study["group"], published_at=PUBLISHED), starts_at=MEETS)
    make.presentation(session, study["alice"])
    now = at(3, 5, 8)
    for act, number in story:
        now += timedelta(hours=number)
        play(session, study, act, number, now)
        check(session, now + timedelta(minutes=1))
        check(session, now + timedelta(minutes=1))
    keys = Counter(
        tuple(getattr(row, name) for name in reminders.KEY) for row in Notification.objects.filter(state="sent")
    )
    assert set(keys.values()) <= {1}


def play(session, study, act, number, now):
    """One act of a story, as far as it is possible then."""
    session.refresh_from_db()
    people, turn = [study["alice"], study["bob"]], session.presentations.first()
    try:
        if act == "move":
            session_changes.move_session(
                session, (MEETS + timedelta(days=number)).date(), time(10), by=study["olivia"], now=now
            )
        elif act == "cancel":
            session_changes.cancel_session(session, by=study["olivia"], now=now)
        elif act == "restore":
            session_changes.restore_session(session, by=study["olivia"], now=now)
        elif act == "present":
            session_changes.set_presenters(session, people[: number % 3], by=study["olivia"], now=now)
        elif act == "remove":
            Membership.objects.filter(pk=study["bob"].pk).update(state=["active", "removed"][number % 2])
        elif act == "mute":
            bob = study["bob"].member
            (preferences.mute if number % 2 else preferences.unmute)(bob, ["papers", "tomorrow", "turn"][number % 3])
        elif act == "retime":
            kinds = {
                kind: replace(rule, at=time(number % 24), on=number % 5 > 0) for kind, rule in DEFAULT_RULES.items()
            }
            timetable_changes.retime_group(session.term.group, kinds, None, now=now)
        elif turn and act == "share":
            turns.share(turn, make.paper(study["group"]), by=study["olivia"], now=now)
        elif turn and act == "withdraw":
            turns.withdraw(turn, by=study["olivia"], now=now)
    except term_plan.NotPossible:
        pass


def has_news(session, presenter):
    """Told of a change to the turn: that stands for the reminders from before it."""
    return presenter and session.notifications.filter(recipient=presenter, kind__in=reminders.NEWS).exclude(
        state="skipped"
    )


def check(session, now):
    """After a tick: what was sent is true now, and of the rules' notifications none is missing."""
    sent = tick(now)
    session = Session.objects.select_related("term__group").prefetch_related("presentations__paper").get(pk=session.pk)
    here = list(session.term.group.memberships.current().in_order())
    told = session.notifications.filter(kind="papers_shared", state="sent", starts_at=session.starts_at)
    told = told.aggregate(at=Min("settled_at"))["at"]
    assert {name for _kind, name in sent} <= {str(member) for member in here}
    if session.state == Session.CANCELLED:
        assert {kind for kind, _name in sent} <= {"cancelled"}
    if session.state == Session.PLANNED and session.starts_at > now:
        missing_papers = {str(t.presenter) for t in session.presentations.all() if not t.shared_at}
        assert {name for kind, name in sent if kind in {"share_soon", "share_today", "overdue"}} <= missing_papers
        rows = {
            (r.kind, r.about_id, r.recipient_id, r.dedupe_key): r.state
            for r in Notification.objects.filter(starts_at=session.starts_at)
        }
        for planned in timeline(session, here, told):
            about = planned.about and planned.about.pk
            if planned.when <= now < planned.until and not has_news(session, about):
                states = {
                    rows.get((planned.kind, about, person.pk, planned.dedupe_key)) for person in planned.recipients
                }
                assert states == {"sent"}
    assert Presentation.objects.filter(session=session).count() <= 2
