"""When notifications go out is the group's to say, or a term's: what is changed changes what waits, and nothing goes out twice."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedule.models import Notification, Timetable
from schedule.notifications import outbox, reminders
from schedule.notifications.timetable import Quiet, Rules, asleep, rules_of
from tests import make
from tests.forms import hidden

pytestmark = pytest.mark.django_db
SEOUL = ZoneInfo("Asia/Seoul")
MEETS = datetime(2027, 3, 16, 10, tzinfo=SEOUL)
PUBLISHED = datetime(2027, 2, 1, tzinfo=UTC)


@pytest.fixture
def session(study):
    session = make.session(make.term(study["group"], published_at=PUBLISHED), starts_at=MEETS)
    make.presentation(session, study["alice"])
    return session


def at(day, *clock):
    return datetime(2027, 3, day, *clock, tzinfo=SEOUL)


def rule(on=True, days=1, clock="09:00"):
    return {"on": on, "days": days, "at": clock}


def planned(group, **more):
    fresh = type(group).objects.get(pk=group.pk)
    every = reminders.upcoming(fresh, now=PUBLISHED, until=MEETS)
    return {(one.kind, one.dedupe_key): f"{one.when:%m-%d %H:%M}" for one in every}


def tick(now):
    outbox.requeue(now)
    reminders.queue_due(now)
    return sorted((one.kind, str(one.recipient)) for one in outbox.deliver_due(now) if one.state == "sent")


def test_what_a_group_says_holds_and_the_rest_is_as_the_house_has_it(study, session):
    rules = {"share_soon": rule(days=3, clock="18:30"), "overdue": rule(days=1), "session_tomorrow": rule(on=False)}
    Timetable.objects.create(group=study["group"], rules=rules)
    assert planned(study["group"]) == {
        ("choose", 0): "03-02 09:00", ("share_soon", 0): "03-06 18:30", ("share_today", 0): "03-09 09:00",
        ("overdue", 1): "03-10 09:00", ("overdue_organizer", 0): "03-11 09:00",
    }  # fmt: skip


def test_what_a_term_says_stands_in_place_of_what_the_group_says(study, session):
    Timetable.objects.create(group=study["group"], rules={"session_tomorrow": rule(days=2), "choose": rule(on=False)})
    Timetable.objects.create(term=session.term, rules={"session_tomorrow": rule(days=0, clock="08:00")})
    found = planned(study["group"])
    assert (found["session_tomorrow", 0], found["choose", 0]) == ("03-16 08:00", "03-02 09:00")


def test_what_waits_and_is_not_due_by_the_new_times_is_set_aside_and_comes_later(study, session, smtp_sink):
    reminders.queue_due(at(9, 9))
    assert list(Notification.objects.values_list("kind", "state")) == [("share_today", "queued")]
    Timetable.objects.create(group=study["group"], rules={"share_today": rule(clock="15:00")})
    reminders.replanned(study["group"], now=at(9, 9))
    assert list(Notification.objects.values_list("state", "reason")) == [("skipped", "rescheduled")]
    assert [tick(at(9, hour)) for hour in (9, 14, 15, 16)] == [[], [], [("share_today", "Alice")], []]


def test_a_notification_that_went_out_is_not_sent_again_by_a_later_time(study, session, smtp_sink):
    assert tick(at(9, 9)) == [("share_today", "Alice")]
    Timetable.objects.create(group=study["group"], rules={"share_today": rule(clock="15:00")})
    reminders.replanned(study["group"], now=at(9, 9))
    assert tick(at(9, 15)) == []


# ── quiet hours ──────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def quiet(study):
    return Timetable.objects.create(group=study["group"], quiet_from=time(22), quiet_until=time(8))


def test_in_quiet_hours_nothing_is_handed_over_not_even_what_was_late(study, session, quiet, smtp_sink):
    make.notification(session, study["bob"], "place", was="Room 1", due_at=at(5, 21))
    assert [tick(at(5, 23)), tick(at(6, 3)), tick(at(6, 8))] == [[], [], [("choose", "Alice"), ("place", "Bob")]]


def test_news_of_a_session_that_begins_before_one_could_read_it_does_not_wait(study, session, quiet, smtp_sink):
    make.notification(session, study["bob"], "place", was="Room 1", due_at=at(16, 1))
    session.starts_at, session.ends_at = at(16, 9), at(16, 11)
    session.save()
    Notification.objects.update(starts_at=session.starts_at)
    assert ("place", "Bob") in tick(at(16, 3))


def test_a_time_within_the_quiet_hours_is_moved_to_their_end(study, session, quiet):
    Timetable.objects.filter(pk=quiet.pk).update(rules={"share_today": rule(clock="23:30")})
    assert planned(study["group"])["share_today", 0] == "03-10 08:00"


def test_the_quiet_hours_of_one_group_leave_another_alone(study, quiet):
    other = make.notification(make.session(make.term(study["mallory"].group), MEETS), study["mallory"])
    assert Notification.objects.exclude(asleep(at(5, 23))).get() == other


@given(
    start=st.times(), end=st.times(), zone=st.sampled_from(["Asia/Seoul", "Europe/Berlin", "America/New_York"]),
    moment=st.datetimes(datetime(2027, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),
)  # fmt: skip
def test_quiet_hours_end_and_within_a_day(start, end, zone, moment):
    quiet = Quiet(start, end, ZoneInfo(zone))
    after = quiet.after(moment)
    assert moment <= after <= moment + timedelta(hours=25)
    assert (
        after == moment or after.astimezone(quiet.zone).replace(fold=0).time() == end or after.astimezone(UTC) > moment
    )


def test_a_term_knows_its_rules_whether_or_not_it_was_loaded_with_them(study, session, quiet):
    rules = rules_of(session.term)
    assert (isinstance(rules, Rules), rules.quiet.start, rules["overdue"].days) == (True, time(22), 3)


# ── the pages ────────────────────────────────────────────────────────────────────────────────────
FORM = {
    "choose_on": "1", "choose_days": "5", "choose_at": "08:30", "share_soon_on": "1", "share_soon_days": "2",
    "share_soon_at": "09:00", "share_today_at": "09:00", "overdue_on": "1", "overdue_days": "2", "overdue_at": "09:00",
    "overdue_organizer_on": "1", "overdue_organizer_days": "1", "overdue_organizer_at": "12:00",
    "papers_shared_on": "1", "papers_shared_at": "20:00", "session_tomorrow_on": "1", "session_tomorrow_days": "0",
    "session_tomorrow_at": "07:00",
}  # fmt: skip


def test_an_organizer_changes_the_times_and_the_timeline_of_a_session_follows(study, session, sign_in):
    olivia = sign_in(study["olivia"])
    reminders.queue_due(at(9, 9))
    assert (
        olivia.post(
            "/g/study/notifications/times/",
            FORM | hidden(olivia, "/g/study/notifications/times/") | {"quiet_from": "22:00", "quiet_until": "07:00"},
        ).status_code
        == 302
    )
    assert planned(study["group"]) == {
        ("choose", 0): "03-04 08:30", ("share_soon", 0): "03-07 09:00", ("overdue", 1): "03-10 09:00",
        ("overdue", 2): "03-11 09:00", ("overdue_organizer", 0): "03-10 12:00", ("session_tomorrow", 0): "03-16 07:00",
    }  # fmt: skip
    page = olivia.get("/g/study/notifications/times/").content.decode()
    assert [f'value="{said}"' in page for said in ("08:30", "5", "22:00")] == [True] * 3


def test_a_term_may_have_times_of_its_own_and_go_back_to_the_groups(study, session, sign_in):
    olivia, address = sign_in(study["olivia"]), f"/g/study/notifications/times/{session.term.pk}/"
    olivia.post(address, FORM | hidden(olivia, address))
    assert planned(study["group"])["choose", 0] == "03-04 08:30"
    olivia.post(address, {"reset": "1"})
    assert (planned(study["group"])["choose", 0], Timetable.objects.count()) == ("03-02 09:00", 0)


@pytest.mark.parametrize(
    "harm", [{"choose_days": "99"}, {"overdue_at": ""}, {"quiet_from": "22:00"}, {"quiet_from": "22:00", "quiet_until": "22:00"}]
)  # fmt: skip
def test_times_that_make_no_sense_are_said_so_and_nothing_changes(study, session, sign_in, harm):
    olivia, address = sign_in(study["olivia"]), "/g/study/notifications/times/"
    answer = olivia.post(address, FORM | hidden(olivia, address) | harm)
    assert (answer.status_code, Timetable.objects.count()) == (422, 0)
    assert 'class="err"' in answer.content.decode() or "err" in answer.content.decode()


def test_the_page_of_a_session_says_what_goes_to_whom_when_and_why(study, sign_in):
    """An organizer reads all of it, a member their own."""
    session = make.session(make.term(study["group"]), datetime.now(UTC) + timedelta(days=10))
    make.presentation(session, study["alice"])
    make.notification(session, study["bob"], "place", state="sent", settled_at=datetime.now(UTC))
    pages = {
        name: sign_in(study[name]).get(session.get_absolute_url()).content.decode()
        for name in ("olivia", "alice", "bob")
    }
    said = ["share your paper today", "a presenter may need help", "we meet soon", "the place changed"]
    assert {name: [words in page for words in said] for name, page in pages.items()} == {
        "olivia": [True, True, True, True],
        "alice": [True, False, True, False],
        "bob": [False, False, True, True],
    }
    assert "the paper is not shared yet" in pages["alice"]
