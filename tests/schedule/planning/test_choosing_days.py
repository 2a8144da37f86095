"""Single dates are decided in the preview: meet anyway, move, take it back; and what a plan lacks is said with a way out."""

import re
from datetime import date, timedelta

import pytest

from schedule.models import Absence, Term
from tests import make
from tests.forms import hidden
from tests.schedule.planning.test_plan_page import URL, filled, written


def first_day():
    return date.fromisoformat(filled()["first_day"])


def preview(client, **fields):
    return client.post(URL, filled(**fields), headers={"HX-Request": "true"})


def days(answer):
    return [meeting.day for meeting in answer.context["proposal"].meetings]


def weeks(*numbers):
    return [first_day() + timedelta(weeks=n) for n in numbers]


@pytest.fixture
def off():
    """The second beat is a day off."""
    return {"days_off": f"{first_day() + timedelta(weeks=2)} 삼일절", "count": "3"}


def test_a_blocked_date_stands_with_its_reason_and_its_ways_out(sign_in, study, off):
    client, (beat, after) = sign_in(study["olivia"]), weeks(2, 3)
    page = preview(client, **off).content.decode()
    assert "is skipped</b>: 삼일절" in page
    assert f'name="choose" value="{beat}={beat}"' in page and "Meet anyway" in page
    assert f'name="choose" value="{beat}={after}"' in page
    moved = preview(client, policy="move", **off)
    assert days(moved) == weeks(0, 3, 4)
    assert re.search(r"<b>\d+ \w+ 삼일절 → ", moved.content.decode())


def test_meeting_anyway_moving_and_taking_it_back(sign_in, study, off):
    client, (beat, after) = sign_in(study["olivia"]), weeks(2, 3)
    assert days(preview(client, **off)) == weeks(0, 4, 6)
    anyway = preview(client, choose=f"{beat}={beat}", **off)
    assert days(anyway) == weeks(0, 2, 4)
    assert "you meet anyway" in anyway.content.decode()
    assert f'name="on-{beat}"' in anyway.content.decode() and f'value="{beat}"' in anyway.content.decode()
    assert days(preview(client, choose=f"{beat}={after}", **off)) == weeks(0, 3, 4)
    assert days(preview(client, **{f"on-{beat}": after.isoformat()}, **off)) == weeks(0, 3, 4)
    back = preview(client, choose=f"{beat}=", **{f"on-{beat}": after.isoformat()}, **off)
    assert days(back) == weeks(0, 4, 6)
    assert written() == (0, 0, 0)


def test_a_choice_is_kept_with_the_draft_and_shown_again(sign_in, study, off):
    client, (beat, after) = sign_in(study["olivia"]), weeks(2, 3)
    client.post(URL, filled(do="save", **{f"on-{beat}": after.isoformat()}, **off))
    term = Term.objects.get()
    assert term.chosen == {beat.isoformat(): after.isoformat()}
    assert term.skipped == [{"date": beat.isoformat(), "reason": "삼일절", "to": after.isoformat()}]
    page = client.get(f"/g/study/schedule/plan/{term.pk}/")
    assert days(page) == weeks(0, 3, 4) and "Take it back" in page.content.decode()
    seen = hidden(client, f"/g/study/schedule/plan/{term.pk}/")["seen"]
    client.post(f"/g/study/schedule/plan/{term.pk}/", filled(do="save", seen=seen, **off))
    assert (Term.objects.get().chosen, Term.objects.get().sessions.count()) == ({}, 3)


def test_a_day_out_of_order_is_refused_in_words_and_can_be_taken_back(sign_in, study, off):
    client, (beat, far) = sign_in(study["olivia"]), weeks(2, 5)
    answer = preview(client, **{f"on-{beat}": far.isoformat()}, **off)
    assert "comes no later than the session before it." in answer.content.decode()
    assert f'name="choose" value="{beat}="' in answer.content.decode()


@pytest.mark.parametrize("choose", ["nonsense", "2026-03-01=soon", "=2026-03-01", "2026-02-30=2026-03-01"])
def test_a_choice_that_is_no_date_decides_nothing(sign_in, study, choose):
    answer = preview(sign_in(study["olivia"]), choose=choose, count="3")
    assert days(answer) == weeks(0, 2, 4)


# ── what is missing, and what would mend it ──────────────────────────────────────────────────────
def away(member, *which):
    for day in which:
        Absence.objects.create(membership=member, first_day=day, last_day=day)


def test_open_seats_name_the_date_whom_to_ask_and_a_better_day(sign_in, study):
    away(study["alice"], *weeks(2))
    away(study["bob"], *weeks(2))
    answer = preview(sign_in(study["olivia"]), presenters="2", count="3")
    page, (beat,) = answer.content.decode(), weeks(2)
    assert "1 turn stays open; only these are free: Olivia." in page
    assert "Away on that day, ask whether one can come: Alice, Bob." in page
    assert "With 1 presenter per session every seat is taken." in page
    assert f'name="choose" value="{beat}={beat + timedelta(days=1)}"' in page
    mended = preview(sign_in(study["olivia"]), presenters="2", count="3", choose=f"{beat}={beat + timedelta(days=1)}")
    assert "stays open" not in mended.content.decode()
    assert mended.context["proposal"].plan.lacking == {}


def test_people_free_on_too_few_dates_are_named(sign_in, study):
    charlie = make.member(study["group"], "Charlie")
    away(charlie, *weeks(2, 4, 6, 8, 10))
    page = preview(sign_in(study["olivia"]), presenters="2", count="6").content.decode()
    assert "Most 4, fewest 1: the days away force it, no plan can be more even." in page
    assert "only these are free: Olivia, Alice, Bob." in page


def test_earlier_terms_that_cannot_be_evened_out_are_named(sign_in, study):
    old = make.term(study["group"], first_day="2025-09-02")
    type(study["bob"]).objects.update(joined_at=make.utc(2025, 1, 1))
    for week in range(12):
        make.presentation(make.session(old, starts_at=make.utc(2025, 9, 2) + timedelta(weeks=week)), study["alice"])
    page = preview(sign_in(study["olivia"]), count="3").content.decode()
    assert "earlier terms left more behind than this one can even out." in page


def test_the_preview_explains_every_turn(sign_in, study):
    answer = preview(sign_in(study["olivia"]), count="3")
    assert [[str(person) for person, _why in row.turns] for row in answer.context["proposal"].reasons] == [
        ["Olivia"],
        ["Alice"],
        ["Bob"],
    ]
    assert "Of the 3 people free that day nobody had presented less: it is the first turn." in answer.content.decode()


# ── applying, and the way back ───────────────────────────────────────────────────────────────────
def test_what_the_plan_knew_is_kept_with_the_turns(sign_in, study):
    sign_in(study["olivia"]).post(URL, filled(do="publish", count="4"))
    turns = [session.presentations.get() for session in Term.objects.get().sessions.order_by("number")]
    assert [turn.why for turn in turns] == [
        {"for": turn.presenter_id, "because": "fewest", "free": 3, "since": since}
        for turn, since in zip(turns, [None, None, None, 3], strict=True)
    ]


def test_undoing_a_published_plan_makes_it_a_draft_again(sign_in, study):
    client = sign_in(study["olivia"])
    (message,) = client.post(URL, filled(do="publish"), follow=True).context["messages"]
    client.post(message.extra_tags)
    assert (Term.objects.get().published_at, written()) == (None, (1, 6, 6))


def test_undoing_a_saved_draft_takes_it_away(sign_in, study):
    client = sign_in(study["olivia"])
    (message,) = client.post(URL, filled(do="save"), follow=True).context["messages"]
    assert client.post(message.extra_tags, follow=True).status_code == 200
    assert written() == (0, 0, 0)


def test_undoing_a_changed_draft_brings_the_old_one_back(sign_in, study):
    client = sign_in(study["olivia"])
    client.post(URL, filled(do="save"))
    term = Term.objects.get()
    before = list(term.sessions.values("pk", "starts_at")), term.count
    answer = client.post(f"/g/study/schedule/plan/{term.pk}/", filled(do="save", count="2"), follow=True)
    client.post(list(answer.context["messages"])[-1].extra_tags)
    term.refresh_from_db()
    assert (list(term.sessions.values("pk", "starts_at")), term.count) == before
