"""The demo group is the first group as it was, around today, made through the same doors as any other."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core.management import call_command

from members.models import Group, Member
from papers.models import Paper
from schedule import demo
from schedule.models import Session

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 3, 9, 3, tzinfo=UTC)


@pytest.mark.parametrize("ahead", range(7))
def test_the_second_session_is_a_tuesday_whose_papers_are_not_late_yet(ahead):
    today = date(2026, 3, 9) + timedelta(days=ahead)
    day = demo.second_session_day(today)
    assert day.weekday() == 1
    assert timedelta(days=7) <= day - today <= timedelta(days=13)


@time_machine.travel(MONDAY, tick=False)
def test_the_demo_group_has_three_people_three_read_papers_and_a_turn_to_fill():
    group = demo.fill(MONDAY)
    assert [str(m) for m in group.memberships.in_order()] == ["김민규", "김지욱", "이하윤"]
    assert [m.role for m in group.memberships.in_order()] == ["organizer", "member", "member"]
    cards = {p.arxiv_id: (p.state, p.title, p.authors[0], p.year) for p in Paper.objects.all()}
    assert cards == {
        "2011.12100": (
            "ready",
            "GIRAFFE: Representing Scenes as Compositional Generative Neural Feature Fields",
            "Michael Niemeyer",
            2020,
        ),
        "1912.11370": (
            "ready",
            "Big Transfer (BiT): General Visual Representation Learning",
            "Alexander Kolesnikov",
            2019,
        ),
        "1610.02391": (
            "ready",
            "Grad-CAM: Visual Explanations from Deep Networks via Gradient-based Localization",
            "Ramprasaath R. Selvaraju",
            2016,
        ),
    }
    kick_off, second = Session.objects.order_by("number")[:2]
    assert (kick_off.state, second.local_start.isoformat()) == ("held", "2026-03-17T10:00:00+09:00")
    shared = {str(turn.presenter): bool(turn.shared_at) for turn in second.presentations.all()}
    assert shared == {"김민규": True, "김지욱": True, "이하윤": False}


def test_reset_makes_it_anew_and_leaves_other_groups_alone():
    other = Group.objects.create(name="Another", slug="another")
    call_command("demo")
    call_command("demo")
    first = Group.objects.get(slug=demo.SLUG)
    call_command("demo", reset=True)
    assert Group.objects.filter(pk__in=[first.pk, other.pk]).get() == other
    assert (Group.objects.count(), Member.objects.count(), Paper.objects.count()) == (2, 3, 3)
