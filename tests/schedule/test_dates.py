from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schedule.dates import DatesError, MissingTime, PlannedDate, at, holidays_between, session_dates
from tests.examples import examples

# Sundays of spring 2026 in Korea: the first of March is a holiday
MARCH_1, MARCH_8, MARCH_15, MARCH_22, MARCH_29, APRIL_5 = (date(2026, 3, 1) + timedelta(weeks=n) for n in range(6))
HOLIDAY = {MARCH_1: "삼일절"}


def test_every_second_week_from_the_first_day_on():
    assert session_dates(MARCH_8, every_weeks=2, count=2) == [
        PlannedDate(MARCH_8, MARCH_8),
        PlannedDate(MARCH_22, MARCH_22),
    ]


def test_until_the_last_day_which_still_counts():
    assert session_dates(MARCH_8, every_weeks=1, last=MARCH_22) == [
        PlannedDate(MARCH_8, MARCH_8),
        PlannedDate(MARCH_15, MARCH_15),
        PlannedDate(MARCH_22, MARCH_22),
    ]


def test_with_both_limits_the_nearer_one_holds():
    assert len(session_dates(MARCH_1, every_weeks=1, count=2, last=APRIL_5)) == 2
    assert len(session_dates(MARCH_1, every_weeks=1, count=9, last=MARCH_15)) == 3


def test_a_skipped_day_keeps_the_rhythm_and_makes_a_counted_term_longer():
    assert session_dates(MARCH_1, every_weeks=2, count=2, blocked=HOLIDAY, policy="skip") == [
        PlannedDate(MARCH_1, None, "삼일절"),
        PlannedDate(MARCH_15, MARCH_15),
        PlannedDate(MARCH_29, MARCH_29),
    ]


def test_a_skipped_day_makes_a_term_with_a_last_day_shorter():
    planned = session_dates(MARCH_1, every_weeks=2, last=MARCH_15, blocked=HOLIDAY, policy="skip")
    assert [one.day for one in planned] == [None, MARCH_15]


def test_a_moved_session_meets_a_week_later_and_keeps_the_rhythm():
    assert session_dates(MARCH_1, every_weeks=2, count=2, blocked=HOLIDAY, policy="move") == [
        PlannedDate(MARCH_1, MARCH_8, "삼일절"),
        PlannedDate(MARCH_15, MARCH_15),
    ]


def test_a_session_moved_onto_a_blocked_day_moves_on_while_the_next_one_is_not_reached():
    blocked = HOLIDAY | {MARCH_8: "시험"}
    assert session_dates(MARCH_1, every_weeks=3, count=2, blocked=blocked, policy="move") == [
        PlannedDate(MARCH_1, MARCH_15, "삼일절"),
        PlannedDate(MARCH_22, MARCH_22),
    ]
    planned = session_dates(MARCH_1, every_weeks=2, count=2, blocked=blocked, policy="move")
    assert [one.day for one in planned] == [None, MARCH_15, MARCH_29]


def test_in_a_weekly_rhythm_there_is_nowhere_to_move_to():
    planned = session_dates(MARCH_1, every_weeks=1, count=2, blocked=HOLIDAY, policy="move")
    assert [one.day for one in planned] == [None, MARCH_8, MARCH_15]


def test_a_session_is_not_moved_beyond_the_last_day():
    planned = session_dates(MARCH_8, every_weeks=2, last=MARCH_22, blocked={MARCH_22: "시험"}, policy="move")
    assert planned == [PlannedDate(MARCH_8, MARCH_8), PlannedDate(MARCH_22, None, "시험")]


def test_shifting_moves_everything_after_the_blocked_day_along():
    assert session_dates(MARCH_1, every_weeks=2, count=3, blocked=HOLIDAY | {MARCH_22: "시험"}, policy="shift") == [
        PlannedDate(MARCH_1, MARCH_8, "삼일절"),
        PlannedDate(MARCH_22, MARCH_29, "시험"),
        PlannedDate(date(2026, 4, 12), date(2026, 4, 12)),
    ]


@pytest.mark.parametrize(
    ("arguments", "code", "params"),
    [
        ({"every_weeks": 0, "count": 3}, "rhythm", {"every_weeks": 0}),
        ({"every_weeks": 27, "count": 3}, "rhythm", {"every_weeks": 27}),
        ({"every_weeks": 1}, "extent", {}),
        ({"every_weeks": 1, "count": 0}, "count", {"most": 200, "count": 0}),
        ({"every_weeks": 1, "count": 201}, "count", {"most": 200, "count": 201}),
        ({"every_weeks": 1, "last": date(2031, 1, 1)}, "count", {"most": 200, "count": 201}),
        ({"every_weeks": 2, "last": date(2026, 2, 28)}, "order", {"first": MARCH_1, "last": date(2026, 2, 28)}),
        ({"every_weeks": 2, "last": MARCH_8, "blocked": HOLIDAY}, "blocked", {}),
        ({"every_weeks": 1, "count": 1, "policy": "guess"}, "policy", {"policy": "guess"}),
    ],
)
def test_nonsense_is_refused_with_a_code_and_what_to_say_it_with(arguments, code, params):
    with pytest.raises(DatesError) as refused:
        session_dates(MARCH_1, **arguments)
    assert (refused.value.code, refused.value.params) == (code, params)


@pytest.mark.parametrize("policy", ["skip", "move", "shift"])
def test_a_term_whose_every_day_is_blocked_is_refused(policy):
    always = {date(2026, 3, 1) + timedelta(weeks=n): "공사" for n in range(2000)}
    with pytest.raises(DatesError) as refused:
        session_dates(MARCH_1, every_weeks=1, count=5, blocked=always, policy=policy)
    assert refused.value.code == "blocked"


@pytest.mark.parametrize("policy", ["skip", "move", "shift"])
def test_a_term_that_runs_out_of_calendar_is_refused(policy):
    with pytest.raises(DatesError) as refused:
        session_dates(date(9999, 12, 1), every_weeks=1, count=10, blocked={date(9999, 12, 29): "끝"}, policy=policy)
    assert refused.value.code == "extent"


@settings(max_examples=examples(150), deadline=None)
@given(
    st.integers(1, 4),
    st.integers(1, 12),
    st.sets(st.integers(0, 40)),
    st.sampled_from(["skip", "move", "shift"]),
)
def test_nobody_meets_on_a_blocked_day_or_twice_on_one_and_all_stays_on_the_weekday(every, count, weeks, policy):
    blocked = {MARCH_1 + timedelta(weeks=n): f"reason {n}" for n in weeks}
    planned = session_dates(MARCH_1, every_weeks=every, count=count, blocked=blocked, policy=policy)
    days = [one.day for one in planned if one.day]
    assert len(days) == count
    assert days == sorted(set(days))
    assert not set(days) & set(blocked)
    assert {day.weekday() for day in days} == {MARCH_1.weekday()}
    assert [one.reason for one in planned] == [blocked.get(one.original, "") for one in planned]
    assert all((one.day == one.original) == (one.original not in blocked) for one in planned)
    if policy != "shift":
        assert [one.original for one in planned] == [MARCH_1 + n * timedelta(weeks=every) for n in range(len(planned))]


# ── holidays ─────────────────────────────────────────────────────────────────────────────────────


def test_korean_holidays_come_with_their_substitute_and_election_days():
    assert holidays_between("KR", date(2026, 3, 1), date(2026, 6, 6), "ko") == {
        date(2026, 3, 1): "삼일절",
        date(2026, 3, 2): "삼일절 대체 휴일",
        date(2026, 5, 1): "노동절",
        date(2026, 5, 5): "어린이날",
        date(2026, 5, 24): "부처님오신날",
        date(2026, 5, 25): "부처님오신날 대체 휴일",
        date(2026, 6, 3): "지방선거일",
        date(2026, 6, 6): "현충일",
    }


def test_holidays_are_named_in_the_language_asked_for():
    assert holidays_between("KR", MARCH_1, date(2026, 3, 2), "en") == {
        date(2026, 3, 1): "Independence Movement Day",
        date(2026, 3, 2): "Alternative holiday for Independence Movement Day",
    }


def test_a_country_that_does_not_know_the_language_is_told_in_english_wherever_the_server_stands(monkeypatch):
    monkeypatch.setenv("LANGUAGE", "uk")
    assert holidays_between("DE", date(2026, 1, 1), date(2026, 1, 31), "ko") == {date(2026, 1, 1): "New Year's Day"}
    assert holidays_between("GB", date(2026, 12, 25), date(2026, 12, 25), "en") == {date(2026, 12, 25): "Christmas Day"}


def test_a_term_over_new_year_has_the_holidays_of_both_years():
    assert list(holidays_between("KR", date(2026, 12, 20), date(2027, 1, 10), "ko")) == [
        date(2026, 12, 25),
        date(2027, 1, 1),
    ]


def test_an_unknown_country_has_no_holidays():
    assert holidays_between("XX", date(2026, 1, 1), date(2026, 12, 31), "ko") == {}
    assert holidays_between("", date(2026, 1, 1), date(2026, 12, 31), "ko") == {}


def test_a_mistyped_last_year_is_not_counted_out():
    known = holidays_between("KR", date(2026, 1, 1), date(9999, 1, 1), "ko")
    assert max(known) < date(2150, 1, 1)


def test_a_spring_term_in_korea_moves_off_the_first_of_march():
    off = holidays_between("KR", MARCH_1, date(2026, 6, 30), "ko")
    planned = session_dates(MARCH_1, every_weeks=2, last=MARCH_29, blocked=off, policy="move")
    assert planned == [
        PlannedDate(MARCH_1, MARCH_8, "삼일절"),
        PlannedDate(MARCH_15, MARCH_15),
        PlannedDate(MARCH_29, MARCH_29),
    ]


# ── clocks ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("zone", "hours"),
    [("Europe/Berlin", {8, 9}), ("America/New_York", {14, 15}), ("Asia/Seoul", {1})],
)
def test_ten_o_clock_stays_ten_o_clock_all_year(zone, hours):
    days = [one.day for one in session_dates(date(2026, 1, 4), every_weeks=1, count=52)]
    instants = [at(day, time(10), zone) for day in days]
    assert [i.astimezone(ZoneInfo(zone)).replace(tzinfo=None) for i in instants] == [
        datetime.combine(d, time(10)) for d in days
    ]
    assert {i.hour for i in instants} == hours
    assert {i.tzinfo for i in instants} == {UTC}


@pytest.mark.parametrize(
    ("day", "clock", "zone"),
    [
        (date(2026, 3, 29), time(2, 30), "Europe/Berlin"),
        (date(2026, 3, 8), time(2, 0), "America/New_York"),
        (date(2011, 12, 30), time(10), "Pacific/Apia"),  # the day that Samoa left out
    ],
)
def test_a_time_that_the_clocks_skip_is_refused(day, clock, zone):
    with pytest.raises(MissingTime) as refused:
        at(day, clock, zone)
    assert (refused.value.code, refused.value.params) == ("missing_time", {"day": day, "time": clock, "zone": zone})


@pytest.mark.parametrize("fold", [0, 1])
def test_a_time_that_comes_twice_means_its_first(fold):
    assert at(date(2026, 10, 25), time(2, 30, fold=fold), "Europe/Berlin") == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize("zone", ["Asia/Pyeongchang", "", "America", "../etc/passwd", "/etc/passwd", "a\0b"])
def test_an_unknown_zone_is_refused(zone):
    with pytest.raises(DatesError) as refused:
        at(MARCH_8, time(10), zone)
    assert (refused.value.code, refused.value.params) == ("zone", {"zone": zone})


@pytest.mark.parametrize("day", [date.min, date(1999, 12, 31), date(2100, 1, 2), date.max])
def test_a_day_that_nobody_plans_for_is_refused(day):
    with pytest.raises(DatesError) as refused:
        at(day, time(0), "Asia/Seoul")
    assert refused.value.code == "century"


# ── days that somebody decided on ────────────────────────────────────────────────────────────────
MARCH = [date(2026, 3, day) for day in (3, 10, 17, 24)]


def test_a_blocked_day_is_met_anyway_if_somebody_says_so():
    planned = session_dates(MARCH[0], every_weeks=1, count=3, blocked={MARCH[1]: "삼일절"}, chosen={MARCH[1]: MARCH[1]})
    assert planned == [
        PlannedDate(MARCH[0], MARCH[0]),
        PlannedDate(MARCH[1], MARCH[1], "삼일절"),
        PlannedDate(MARCH[2], MARCH[2]),
    ]


@pytest.mark.parametrize("policy", ["skip", "move", "shift"])
def test_a_day_that_was_chosen_keeps_the_rhythm(policy):
    chosen = {MARCH[1]: date(2026, 3, 12)}
    planned = session_dates(MARCH[0], every_weeks=1, count=3, blocked={MARCH[1]: "x"}, policy=policy, chosen=chosen)
    assert [one.day for one in planned] == [MARCH[0], date(2026, 3, 12), MARCH[2]]


@pytest.mark.parametrize("day", [MARCH[0], date(2026, 3, 1), MARCH[2], date(2026, 3, 20)])
def test_a_chosen_day_keeps_the_order_of_the_sessions(day):
    with pytest.raises(DatesError) as refused:
        session_dates(MARCH[0], every_weeks=1, count=3, chosen={MARCH[1]: day})
    assert refused.value.code == "clash"


def test_a_choice_for_a_day_that_is_no_beat_changes_nothing():
    chosen = {date(2026, 3, 11): date(2026, 3, 12)}
    assert session_dates(MARCH[0], every_weeks=1, count=2, chosen=chosen) == session_dates(
        MARCH[0], every_weeks=1, count=2
    )
