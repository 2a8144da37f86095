"""A sheet is one A4, whatever was said: what a printer makes of it is in tests/browser/test_paper.py."""

from dataclasses import replace

import pytest

from schedule.meetings.attendance import AttendanceRow
from schedule.models import AttendanceRecord
from schedule.reports.activity_sheet import Read, sheet
from schedule.reports.one_page import on_one_page
from tests import make


@pytest.fixture
def told(study):
    """A sheet with nobody and nothing on it yet."""
    return replace(sheet(make.session(make.term(study["group"]))), recorded=True)


def seats(count, name="Kim Min-gyu"):
    return tuple(
        AttendanceRow(
            make.Membership(member=make.Member(name=f"{name} {n}")), (AttendanceRecord(state=AttendanceRecord.PRESENT),)
        )
        for n in range(count)
    )


def papers(count, title="Grad-CAM", points=()):
    return tuple(Read(f"Alice {n}", title, points) for n in range(count))


def test_what_fits_is_left_as_it_is(told):
    whole = replace(told, came=seats(8), read=papers(4, points=("Heat maps", "To do: try it")), notes=("We met late.",))
    assert on_one_page(whole) == whole


def test_where_much_was_said_the_minutes_give_way_before_anybody_is_left_out(told):
    whole = replace(
        told, came=seats(30), read=papers(9, "A title of a paper " * 8, ("Heat maps, again and again " * 9,) * 3)
    )
    short = on_one_page(whole)
    assert (short.density, short.count, short.more_came, short.more_read) == ("close", 30, 0, 0)
    assert [len(read.points) for read in short.read] == [1] * 9
    assert short.unsaid == "18 more lines of the minutes are in the report."
    assert all(read.title.endswith("…") for read in short.read)


def test_what_is_left_out_is_counted(told):
    short = on_one_page(replace(told, came=seats(300, "A name that goes on " * 3), read=papers(60)))
    assert (short.count, len(short.read) + short.more_read) == (300, 60)
    assert short.names.endswith(f"and {short.more_came} more")
    assert short.rest == f"and {short.more_read} more"
    assert len(short.read) > 10 and len(short.came) > 10


def test_who_came_late_is_named_so(told):
    late = AttendanceRow(
        make.Membership(member=make.Member(name="Bob")), (AttendanceRecord(state=AttendanceRecord.LATE),)
    )
    assert replace(told, came=(*seats(1), late)).names == "Kim Min-gyu 0, Bob (late)"
