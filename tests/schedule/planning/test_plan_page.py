"""The plan page: a preview that writes nothing, a draft, a published term, and bad input answered in words."""

import re
from datetime import date, timedelta

import pytest
import time_machine
from django.utils import translation
from django.utils.timezone import localdate

from members.models import Membership
from schedule.models import Absence, Presentation, Session, Term
from schedule.planning.views.plan import suggested
from tests import make
from tests.forms import hidden

URL = "/g/study/schedule/plan/"


def filled(**fields):
    """The form as an organizer fills it in: six Tuesdays, every second week, from a Tuesday to come."""
    first = localdate() + timedelta(days=30)
    first += timedelta(days=(1 - first.weekday()) % 7)
    return {
        "name": "Spring",
        "first_day": first.isoformat(),
        "time": "10:00",
        "timezone": "Asia/Seoul",
        "every_weeks": "2",
        "count": "6",
        "last_day": "",
        "minutes": "120",
        "place": "A café near Sangdo",
        "presenters": "1",
        "share_days": "7",
        "policy": "skip",
        "days_off": "",
    } | fields


def written():
    return (Term.objects.count(), Session.objects.count(), Presentation.objects.count())


def test_the_page_opens_with_a_plan_to_look_at(sign_in, study):
    page = sign_in(study["olivia"]).get(URL).content.decode()
    assert "No plan for these dates is fairer." in page or "Everybody presents equally often." in page
    assert 'name="do" value="publish"' in page
    assert written() == (0, 0, 0)


@pytest.mark.parametrize(
    ("first_day", "name", "korean"),
    [
        ("2027-01-05", "Winter 2027", "2027 겨울 학기"),
        ("2027-02-23", "Winter 2027", "2027 겨울 학기"),
        ("2027-03-02", "Spring 2027", "2027 봄 학기"),
        ("2027-05-25", "Spring 2027", "2027 봄 학기"),
        ("2027-06-29", "Summer 2027", "2027 여름 학기"),
        ("2027-07-06", "Summer 2027", "2027 여름 학기"),
        ("2027-08-31", "Autumn 2027", "2027 가을 학기"),
        ("2027-11-30", "Autumn 2027", "2027 가을 학기"),
        ("2027-12-28", "Winter 2027", "2027 겨울 학기"),
    ],
)
def test_a_term_is_named_for_the_season_in_which_it_begins(study, first_day, name, korean):
    """All of these are Tuesdays: eight days before, that is the first day that the page proposes."""
    with time_machine.travel(make.utc(*map(int, first_day.split("-"))) - timedelta(days=8), tick=False):
        term = suggested(study["group"])
        assert (term.first_day.isoformat(), term.name) == (first_day, name)
        with translation.override("ko"):
            assert suggested(study["group"]).name == korean


def test_the_preview_gets_the_partial_alone_and_writes_nothing(sign_in, study):
    answer = sign_in(study["olivia"]).post(URL, filled(), headers={"HX-Request": "true"})
    page = answer.content.decode()
    assert "<html" not in page
    assert "6 sessions" in page and "6 turns" in page and "3 members" in page
    assert "6 turns, 3 people: 2 each." in page
    assert "HX-Request" in answer.headers["Vary"]
    assert written() == (0, 0, 0)


def test_without_javascript_the_preview_is_the_whole_page_and_writes_nothing(sign_in, study):
    page = sign_in(study["olivia"]).post(URL, filled(count="4")).content.decode()
    assert "<html" in page and "4 sessions" in page
    assert written() == (0, 0, 0)


def test_a_draft_is_saved_for_organizers_only(sign_in, study):
    answer = sign_in(study["olivia"]).post(URL, filled(do="save"))
    term = Term.objects.get()
    assert answer.headers["Location"] == f"/g/study/schedule/terms/{term.pk}/"
    assert (term.published_at, written()) == (None, (1, 6, 6))
    assert sign_in(study["olivia"]).get(term.get_absolute_url()).status_code == 200
    assert sign_in(study["alice"]).get(term.get_absolute_url()).status_code == 404
    assert sign_in(study["alice"]).get(term.sessions.first().get_absolute_url()).status_code == 404
    assert "Spring" not in sign_in(study["alice"]).get("/g/study/schedule/").content.decode()


def test_publishing_shows_the_term_to_everybody(sign_in, study):
    sign_in(study["olivia"]).post(URL, filled(do="publish"))
    assert Term.objects.get().published_at is not None
    assert "Spring" in sign_in(study["alice"]).get("/g/study/schedule/").content.decode()


@pytest.mark.parametrize("do", ["save", "publish"])
def test_a_form_sent_twice_makes_one_term(sign_in, study, do):
    form, client = filled(do=do, form_token="one"), sign_in(study["olivia"])
    first, second = client.post(URL, form), client.post(URL, form)
    assert first.headers["Location"] == second.headers["Location"]
    assert written() == (1, 6, 6)


def test_a_draft_is_changed_and_then_published_in_place(sign_in, study):
    client = sign_in(study["olivia"])
    client.post(URL, filled(do="save"))
    term = Term.objects.get()
    address = f"/g/study/schedule/plan/{term.pk}/"
    assert "A café near Sangdo" in client.get(address).content.decode()
    seen = hidden(client, address)["seen"]
    client.post(address, filled(seen=seen, do="publish", count="3", place="Library"))
    assert written() == (1, 3, 3)
    assert set(Session.objects.values_list("place", flat=True)) == {"Library"}
    again = client.post(address, filled(do="publish", count="5"))
    assert (again.status_code, "was published meanwhile" in again.content.decode()) == (409, True)
    assert client.get(address).headers["Location"] == term.get_absolute_url()
    assert written() == (1, 3, 3)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"count": "0"}, "Plan at least one session."),
        ({"count": "500"}, "A term has at most 60 sessions."),
        ({"count": "", "last_day": ""}, "Say how many sessions, or until which day."),
        ({"count": "", "last_day": "2020-01-01"}, "The last day comes before the first."),
        ({"count": "", "last_day": "2039-01-01"}, "A term lasts two years at most."),
        ({"first_day": "soon"}, "Check the date: it should look like 2026-03-29."),
        ({"first_day": "0001-01-01"}, "Choose a day of this century."),
        ({"last_day": "9999-12-31"}, "Choose a day of this century."),
        ({"days_off": "9999-12-31"}, "Line 1, “9999-12-31”: Choose a day of this century."),
        ({"presenters": "4"}, "Only 3 people take turns."),
        ({"every_weeks": "9"}, "Select a valid choice."),
        ({"timezone": "Mars/Olympus"}, "Select a valid choice."),
        ({"days_off": "midterms"}, "Line 1, “midterms”: Start with a day such as 2026-04-20"),
        ({"days_off": "2027-02-30 x"}, "The calendar has no such day."),
        ({"timezone": "Europe/Berlin", "first_day": "2027-03-28", "time": "02:30"}, "the clocks go forward"),
        ({"minutes": "1"}, "greater than or equal to 15"),
    ],
)
@pytest.mark.parametrize("do", ["publish", ""])
def test_bad_input_is_answered_in_words_and_writes_nothing(sign_in, study, fields, said, do):
    answer = sign_in(study["olivia"]).post(URL, filled(do=do, **fields))
    assert answer.status_code == (422 if do else 200)
    assert said in answer.content.decode().replace("&#x27;", "'")
    assert written() == (0, 0, 0)


def test_a_term_on_which_everybody_is_away_says_so(sign_in, study):
    for name in ("olivia", "alice", "bob"):
        Absence.objects.create(membership=study[name], first_day=date(2020, 1, 1), last_day=date(2040, 1, 1))
    page = sign_in(study["olivia"]).get(URL).content.decode()
    assert "Everybody is away on all of these dates." in page
    assert sign_in(study["olivia"]).post(URL, filled(do="publish")).status_code == 422
    assert written() == (0, 0, 0)


def test_a_group_where_nobody_takes_turns_is_told_what_to_do(sign_in, study):
    Membership.objects.filter(group=study["group"]).update(state=Membership.PAUSED)
    assert "Nobody takes turns yet." in sign_in(study["olivia"]).get(URL).content.decode()


def test_dates_that_force_uneven_turns_are_named(sign_in, study):
    first = date.fromisoformat(filled()["first_day"])
    for name in ("olivia", "bob"):
        Absence.objects.create(membership=study[name], first_day=first, last_day=first + timedelta(days=60))
    page = sign_in(study["olivia"]).post(URL, filled(count="4"), headers={"HX-Request": "true"}).content.decode()
    assert "Most 4, fewest 0: the days away force it, no plan can be more even." in page
    assert re.search(r"only these are free: Alice\.", page)


def test_a_session_nobody_can_come_to_is_named(sign_in, study):
    first = date.fromisoformat(filled()["first_day"])
    for name in ("olivia", "alice", "bob"):
        Absence.objects.create(membership=study[name], first_day=first, last_day=first)
    page = sign_in(study["olivia"]).post(URL, filled(), headers={"HX-Request": "true"}).content.decode()
    assert "everybody is away, nobody presents." in page


def test_a_skipped_date_stands_with_its_reason(sign_in, study):
    first = filled()["first_day"]
    page = sign_in(study["olivia"]).post(URL, filled(days_off=f"{first} midterms")).content.decode()
    assert "is skipped</b>: midterms" in page


def test_the_next_plan_starts_from_the_last_terms_rhythm(sign_in, study):
    make.term(study["group"], every_weeks=3, place="Room 7", presenters=2, time="19:00")
    page = sign_in(study["olivia"]).get(URL).content.decode()
    assert 'value="Room 7"' in page
    assert re.search(r'name="every_weeks" value="3"[^>]*checked', page)


def test_a_preview_takes_the_same_number_of_queries_for_3_members_and_for_30(
    sign_in, study, django_assert_max_num_queries
):
    client = sign_in(study["olivia"])
    client.get(URL)  # the first visit remembers the group in the session
    for _round in range(2):
        with django_assert_max_num_queries(11):
            assert client.post(URL, filled(), headers={"HX-Request": "true"}).status_code == 200
        for n in range(27):
            Absence.objects.create(
                membership=make.member(study["group"], f"Member {n}"), first_day=localdate(), last_day=localdate()
            )


def test_a_preview_that_a_script_asks_for_never_writes(sign_in, study):
    """A script may name the button pressed last."""
    answer = sign_in(study["olivia"]).post(URL, filled(do="publish"), headers={"HX-Request": "true"})
    assert (answer.status_code, written()) == (200, (0, 0, 0))


@pytest.mark.parametrize(("days", "said"), [(2, True), (30, False)])
def test_a_first_session_nearer_than_the_days_to_share_is_named(sign_in, study, days, said):
    first = (localdate() + timedelta(days=days)).isoformat()
    page = sign_in(study["olivia"]).post(URL, filled(do="", first_day=first, share_days="7")).text
    assert ("The first session is nearer than the days to share" in page) is said
