"""Days away with a tap in the table of the term."""

from datetime import date, timedelta

import pytest
from django.utils.timezone import now

from schedule.models import Absence
from schedule.planning import absences
from tests import make

DAYS = [date(2026, 4, day) for day in range(1, 8)]


def ranges(member):
    return [(a.first_day, a.last_day, a.note) for a in member.absences.order_by("first_day")]


def test_a_tap_marks_one_day_and_twice_is_once(study):
    assert (absences.mark(study["alice"], DAYS[0]), absences.mark(study["alice"], DAYS[0])) == (True, False)
    assert ranges(study["alice"]) == [(DAYS[0], DAYS[0], "")]


@pytest.mark.parametrize(
    ("day", "left"),
    [
        (0, [(1, 6)]),
        (6, [(0, 5)]),
        (3, [(0, 2), (4, 6)]),
    ],
)
def test_being_free_again_leaves_the_days_around_it(study, day, left):
    Absence.objects.create(membership=study["alice"], first_day=DAYS[0], last_day=DAYS[6], note="a trip")
    Absence.objects.create(membership=study["bob"], first_day=DAYS[0], last_day=DAYS[6])
    assert (absences.free(study["alice"], DAYS[day]), absences.free(study["alice"], DAYS[day])) == (True, False)
    assert ranges(study["alice"]) == [(DAYS[first], DAYS[last], "a trip") for first, last in left]
    assert ranges(study["bob"]) == [(DAYS[0], DAYS[6], "")]


def test_marking_then_freeing_is_the_identity(study):
    Absence.objects.create(membership=study["alice"], first_day=DAYS[0], last_day=DAYS[1])
    before = ranges(study["alice"])
    absences.mark(study["alice"], DAYS[3])
    absences.free(study["alice"], DAYS[3])
    assert ranges(study["alice"]) == before


@pytest.fixture
def session(study):
    made = make.session(make.term(study["group"]))
    make.presentation(made, study["bob"])
    return made


def test_one_row_of_the_table_is_ones_own_to_press(sign_in, study, session):
    client, day = sign_in(study["alice"]), session.local_start.date()
    address = f"{session.term.get_absolute_url()}"
    page = " ".join(client.get(address).content.decode().split())
    assert page.count('<button form="taps"') == 1 and f'name="away" value="{day}"' in page
    answer = client.post(f"{address}tap/", {"away": day.isoformat()})
    assert answer.headers["Location"] == f"{address}#h-grid"
    assert ranges(study["alice"]) == [(day, day, "")]
    assert f'name="free" value="{day}"' in " ".join(client.get(address).content.decode().split())
    client.post(f"{address}tap/", {"free": day.isoformat()})
    assert Absence.objects.count() == 0


@pytest.mark.parametrize(
    "asked", [{}, {"away": "soon"}, {"free": "2026-02-30"}, {"away": "9999-12-31"}, {"free": "0001-01-01"}]
)
def test_what_is_no_day_is_not_found(sign_in, study, session, asked):
    assert sign_in(study["alice"]).post(f"{session.term.get_absolute_url()}tap/", asked).status_code == 404
    assert Absence.objects.count() == 0


def test_what_is_over_is_not_pressed(sign_in, study):
    old = make.session(make.term(study["group"]), starts_at=now() - timedelta(days=9))
    page = sign_in(study["alice"]).get(old.term.get_absolute_url()).content.decode()
    assert '<button form="taps"' not in page
