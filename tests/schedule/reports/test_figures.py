"""A term in figures: counted right, asked for in as many queries for three as for forty, and nobody is ranked."""

from django.urls import reverse

from schedule.models import AttendanceRecord
from schedule.reports.figures import Bar, bars, charts
from tests import make

NOW = make.utc(2026, 3, 31)


def test_the_longest_bar_fills_its_row_unless_a_full_row_is_known():
    assert bars([("a", 2), ("b", 1)]) == (Bar("a", 2, 100), Bar("b", 1, 50))
    assert bars([("a", 2)], most=8, said=" / 8") == (Bar("a", 2, 25, " / 8"),)
    assert bars([("a", 0)]) == (Bar("a", 0, 0),)
    assert bars([]) == ()


def term_of(study):
    term = make.term(study["group"])
    first, second, cancelled = (make.session(term, make.utc(2026, 3, day, 1)) for day in (3, 10, 17))
    cancelled.state = "cancelled"
    cancelled.save()
    for session, year in ((first, 2016), (second, 2020), (cancelled, 1999)):
        paper = make.paper(study["group"], f"Paper of {year}", year=year, venue="ICCV")
        make.presentation(session, study["alice"], paper=paper)
    for who, state in (("alice", "present"), ("bob", "absent"), ("bob", "late")):
        AttendanceRecord.objects.create(
            session=first, membership=study[who], state=state, by=study["olivia"], at=first.starts_at
        )
    return term


def test_what_was_cancelled_does_not_count_and_people_stand_in_order_of_joining(study):
    told = {
        chart.title: [(bar.label, bar.value, bar.part) for bar in chart.bars] for chart in charts(term_of(study), NOW)
    }
    assert told == {
        "Attendance": [("Olivia", 0, 0), ("Alice", 1, 50), ("Bob", 1, 50)],
        "Turns": [("Olivia", 0, 0), ("Alice", 2, 100), ("Bob", 0, 0)],
        "Papers by year": [("2016", 1, 100), ("2020", 1, 100)],
        "Papers by venue": [("ICCV", 2, 100)],
    }


def test_forty_members_cost_as_many_queries_as_three(study, django_assert_num_queries):
    term = term_of(study)
    for number in range(37):
        make.member(study["group"], f"Member {number}")
    with django_assert_num_queries(5):
        charts(term, NOW)


def test_the_page_is_the_groups_own(client, study):
    path = reverse("schedule:figures", args=["study", term_of(study).pk])
    client.force_login(study["bob"].member)
    page = client.get(path).text
    assert "<caption>Papers by venue</caption>" in page and page.count("<svg") >= 9
    client.force_login(study["mallory"].member)
    assert client.get(path).status_code == 404
