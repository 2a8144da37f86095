"""A day off is announced, or withdrawn, after the term was published."""

from datetime import date, time, timedelta

import pytest
from django.utils.timezone import localdate, now

from schedule.models import Notification, Term
from schedule.planning import term_plan
from tests.forms import hidden

DAY = timedelta(days=1)


@pytest.fixture
def term(study):
    """Four Tuesdays to come, every second week, one presenter each; the second date fell out for exams."""
    first = localdate() + timedelta(days=30)
    first += timedelta(days=(1 - first.weekday()) % 7)
    off = [{"from": (first + 14 * DAY).isoformat(), "to": (first + 14 * DAY).isoformat(), "reason": "exams"}]
    made = Term(
        group=study["group"], name="Spring", first_day=first, time=time(10), timezone="Asia/Seoul",
        every_weeks=2, count=4, presenters=1, with_holidays=False, days_off=off,
    )  # fmt: skip
    term_plan.plan_term(made, by=study["olivia"], now=now())
    term_plan.publish(made, by=study["olivia"], now=now(), quietly=True)
    return made


def days(term):
    return [session.local_start.date() for session in term.sessions.order_by("number")]


def weeks(term, *numbers):
    return [term.first_day + 7 * n * DAY for n in numbers]


def decide(client, term, **asked):
    address = f"{term.get_absolute_url()}days-off/"
    seen = hidden(client, term.get_absolute_url(), address) if "days_off" in asked else {}
    return client.post(address, seen | asked, follow=True)


def undo(client, answer):
    (message,) = answer.context["messages"]
    client.post(message.extra_tags)


def test_a_day_announced_late_is_named_with_its_session_and_the_ways_out(sign_in, study, term):
    client, late = sign_in(study["olivia"]), term.first_day + 28 * DAY
    page = decide(client, term, days_off=f"{late} 임시공휴일")
    (clash,) = page.context["page"].clashes
    assert (clash.session.local_start.date(), clash.reason, clash.to) == (late, "임시공휴일", late + 7 * DAY)
    assert "you meet on a day off." in page.content.decode()
    assert days(term) == weeks(term, 0, 4, 6, 8)
    alice = sign_in(study["alice"]).get(term.get_absolute_url()).content.decode()
    assert "you meet on a day off." not in alice
    client.post(
        f"{clash.session.get_absolute_url()}move/",
        {"seen": clash.session.sequence, "day": clash.to.isoformat(), "time": "10:00"},
    )
    assert days(term) == weeks(term, 0, 5, 6, 8)
    assert client.get(term.get_absolute_url()).context["page"].clashes == []


def test_a_session_is_held_on_a_day_off_if_somebody_says_so(sign_in, study, term):
    client, late = sign_in(study["olivia"]), term.first_day + 28 * DAY
    decide(client, term, days_off=f"{late} 임시공휴일")
    answer = decide(client, term, do="anyway", day=late.isoformat())
    assert answer.context["page"].clashes == []


@pytest.mark.parametrize("do", ["anyway", "hold"])
def test_a_day_where_calendars_end_is_none_that_a_button_names(sign_in, study, term, do):
    assert decide(sign_in(study["olivia"]), term, do=do, day="9999-12-31").status_code == 404
    term.refresh_from_db()
    assert term.chosen == {}


def test_days_off_are_undone_and_wrong_lines_are_answered_in_words(sign_in, study, term):
    client, before = sign_in(study["olivia"]), term.days_off
    answer = decide(client, term, days_off="")
    assert Term.objects.get().days_off == []
    undo(client, answer)
    assert Term.objects.get().days_off == before
    assert "Start with a day such as" in decide(client, term, days_off="midterms").content.decode()
    assert Term.objects.get().days_off == before


def test_a_date_that_fell_out_is_met_after_all_and_its_turns_are_shared_out(sign_in, study, term):
    client, day = sign_in(study["olivia"]), term.first_day + 14 * DAY
    page = client.get(term.get_absolute_url())
    assert page.context["page"].held_out == [(day, "exams")]
    answer = decide(client, term, do="hold", day=day.isoformat())
    assert days(term) == weeks(term, 0, 2, 4, 6, 8)
    assert [session.number for session in term.sessions.order_by("starts_at")] == [1, 2, 3, 4, 5]
    turns = [session.presentations.get() for session in term.sessions.order_by("starts_at")]
    assert str(turns[1].presenter) in {"Alice", "Bob"}  # Olivia has two turns of the other four
    assert Term.objects.get().skipped == []
    assert {x.kind for x in Notification.objects.exclude(state=Notification.SKIPPED)} <= {"restored", "assigned"}
    undo(client, answer)
    assert days(term) == weeks(term, 0, 4, 6, 8)
    assert [session.number for session in term.sessions.order_by("starts_at")] == [1, 2, 3, 4]
    assert Term.objects.get().skipped == term.skipped


def test_holding_twice_holds_once(sign_in, study, term):
    client, day = sign_in(study["olivia"]), (term.first_day + 14 * DAY).isoformat()
    decide(client, term, do="hold", day=day)
    assert "This date is met already." in decide(client, term, do="hold", day=day).content.decode()
    assert term.sessions.count() == 5


@pytest.mark.parametrize("asked", [{"do": "hold", "day": "soon"}, {"do": "anyway", "day": ""}])
def test_what_is_no_day_is_not_found(sign_in, study, term, asked):
    assert decide(sign_in(study["olivia"]), term, **asked).status_code == 404


def test_a_day_of_no_beat_is_not_held(sign_in, study, term):
    answer = decide(sign_in(study["olivia"]), term, do="hold", day=(term.first_day + date.resolution).isoformat())
    assert "This date is met already." in answer.content.decode()
    assert term.sessions.count() == 4
