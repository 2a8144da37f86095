"""Today, tomorrow, in eight days: counted on one calendar, wherever the reader lives."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone, translation

from members.templatetags.formatting import days_until, near_day, own_clock
from schedule.models import Absence
from schedule.planning.late_days import can_be_held
from schedule.templatetags.turns import time_to
from schedule.transfer import group_export
from tests import make
from tests.schedule.notifications.test_notifications import MEETS, write
from tests.schedule.notifications.test_notifications import session as session_of_notifications

pytestmark = pytest.mark.django_db
session_with_notifications = session_of_notifications
ZONES = ["Asia/Seoul", "America/New_York", "Pacific/Honolulu", "Pacific/Auckland", "Europe/Berlin"]
START = make.utc(2026, 3, 15, 1)  # Sunday 10:00 in Seoul, Saturday 21:00 in New York
HOUR = timedelta(hours=1)


@pytest.fixture
def meeting(study):
    return make.session(make.term(study["group"]), START)


@pytest.mark.parametrize("reader", ZONES)
@pytest.mark.parametrize("place", ZONES)
def test_a_session_to_come_is_never_in_the_past_and_counts_down_where_the_group_meets(study, reader, place):
    session = make.session(make.term(study["group"], timezone=place), START)
    with timezone.override(ZoneInfo(reader)), translation.override("en"):
        for hours in range(1, 75):
            with time_machine.travel(START - hours * HOUR, tick=False):
                here = timezone.now().astimezone(ZoneInfo(place)).date()
                nights = (session.local_start.date() - here).days
                expected = {0: "today", 1: "tomorrow"}.get(nights, f"in {nights} days")
                assert (hours, time_to(session)) == (hours, expected)


def test_a_session_that_runs_over_midnight_is_now_and_not_yesterday(study):
    session = make.session(make.term(study["group"]), make.utc(2026, 3, 15, 14))  # 23:00 in Seoul
    said = []
    for hours in (-0.5, 0, 1.5, 2):
        with time_machine.travel(session.starts_at + hours * HOUR, tick=False), translation.override("en"):
            said.append(time_to(session))
    assert said == ["today", "now", "now", "yesterday"]


@pytest.mark.parametrize(
    ("zone", "hours", "said"),
    [
        ("America/New_York", 12, "tomorrow"),  # Saturday 9:00 there, 22:00 in Seoul
        ("America/New_York", 1, "today"),  # Saturday 20:00 there, Sunday 9:00 in Seoul
        ("Pacific/Auckland", 11, "tomorrow"),  # Sunday 3:00 there, Saturday 23:00 in Seoul
        ("Asia/Seoul", 11, "tomorrow"),
    ],
)
def test_home_and_the_session_page_count_alike(sign_in, study, meeting, zone, hours, said):
    study["alice"].member.timezone = zone
    study["alice"].member.save()
    with time_machine.travel(START - hours * HOUR, tick=False):
        client = sign_in(study["alice"])
        home, page = (client.get(at).content.decode() for at in ("/g/study/", meeting.get_absolute_url()))
    assert f"<span>{said}</span>" in home
    assert said in page.partition('class="eyebrow"')[2].partition("</p>")[0]


@pytest.mark.parametrize(
    ("zone", "said"),
    [("America/New_York", "on your clock Sat 14 March, 21:00 (EDT)"), ("Europe/Berlin", "on your clock 02:00 (CET)")],
)
def test_who_lives_by_another_clock_reads_their_own_beside_the_groups(sign_in, study, meeting, zone, said):
    study["alice"].member.timezone = zone
    study["alice"].member.save()
    with time_machine.travel(START - 30 * HOUR, tick=False):
        client = sign_in(study["alice"])
        pages = [client.get(at).content.decode() for at in ("/g/study/", meeting.get_absolute_url())]
        own = sign_in(study["bob"]).get(meeting.get_absolute_url()).content.decode()
    assert [said in page for page in pages] == [True, True] and "on your clock" not in own


def test_a_moment_is_counted_on_the_calendar_it_carries_and_a_bare_day_on_the_readers():
    with (
        time_machine.travel(make.utc(2026, 3, 14, 20), tick=False),  # Sunday 5:00 in Seoul, Saturday 16:00 in New York
        timezone.override(ZoneInfo("America/New_York")),
        translation.override("en"),
    ):
        moments = [START.astimezone(ZoneInfo(zone)) for zone in ("Asia/Seoul", "America/New_York")]
        assert [days_until(moment) for moment in moments] == ["today", "today"]
        assert [days_until(date(2026, 3, day)) for day in (13, 14, 15, 16)] == ["yesterday", "today", "tomorrow", "in 2 days"]  # fmt: skip
        assert [near_day(date(2026, 3, day)) for day in (13, 14, 15, 16)] == ["13 Mar", "today", "tomorrow", "16 Mar"]
        assert [own_clock(moment) for moment in moments] == ["Sat 14 March, 21:00 (EDT)", ""]


def test_home_says_when_mail_goes_out_on_the_readers_clock_and_calendar(sign_in, study, meeting):
    make.presentation(meeting, study["bob"])
    study["alice"].member.timezone = "America/New_York"
    study["alice"].member.save()
    with time_machine.travel(START - 30 * HOUR, tick=False):  # Friday 15:00 there, Saturday 4:00 in Seoul
        page = sign_in(study["alice"]).get("/g/study/").content.decode()
    # at 10:00 on Saturday in Seoul we are reminded: there that is today, at 21:00
    assert '<time datetime="2026-03-14T10:00:00+09:00">today<br>21:00</time>' in page


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        (8, "tomorrow is the day to share your paper"),  # 16:00 on the eve in Seoul, 8:00 in Berlin
        (21, "please share your paper by Tue 9 March"),  # 3:00 on the eve in Seoul, in Berlin the day before that
        (-3, "please share your paper by Tue 9 March"),  # 3:00 on the day itself, in Berlin the eve
        (-9, "today is the day to share your paper"),
    ],
)
def test_a_reminder_says_today_and_tomorrow_only_where_the_readers_calendar_agrees(
    study, session_with_notifications, hours, said
):
    study["bob"].member.timezone = "Europe/Berlin"
    midnight = MEETS - timedelta(days=7, hours=10)  # the day to share begins
    body = write(session_with_notifications, study["bob"], "share_today", now=midnight - hours * HOUR).body
    assert said in body


def test_a_date_that_fell_out_can_be_held_until_it_has_begun_where_the_group_meets(study):
    skipped = [{"date": "2026-03-15", "reason": "Holiday", "to": None}]
    term = make.term(study["group"], skipped=skipped)
    moments = make.utc(2026, 3, 14, 14), make.utc(2026, 3, 14, 16)  # 23:00 on the eve in Seoul, 1:00 on the day
    assert [len(can_be_held(term, moment)) for moment in moments] == [1, 0]


def test_days_away_have_passed_when_they_have_where_the_group_is(sign_in, study):
    study["alice"].member.timezone = "Pacific/Auckland"
    study["alice"].member.save()
    with time_machine.travel(make.utc(2026, 3, 14, 12), tick=False):  # Saturday 21:00 in Seoul, Sunday 1:00 there
        client = sign_in(study["alice"])
        client.post("/g/study/schedule/turns/away/", {"first_day": "2026-03-14"})
        assert [one.first_day for one in Absence.objects.all()] == [date(2026, 3, 14)]
        assert "14 Mar" in client.get("/g/study/schedule/turns/").content.decode()
        answer = client.post("/g/study/schedule/turns/away/", {"first_day": "2026-03-13"})
    assert (answer.status_code, "These days have passed." in answer.content.decode()) == (422, True)


def test_what_a_group_takes_out_bears_the_day_it_has_where_the_group_is(study):
    with time_machine.travel(make.utc(2026, 3, 14, 20), tick=False), translation.override("en"):  # Sunday 5:00 in Seoul
        kept = dict(group_export._lists(study["group"], {}))
    assert "Everything of this group as of 2026-03-15." in kept["README.txt"].decode()
