"""How often: within a window, for one key, shared by all processes."""

from datetime import timedelta

import pytest
import time_machine
from django.utils.timezone import now

from members.limits import forget_old, limited
from members.records import RateCount

pytestmark = pytest.mark.django_db


def test_within_the_limit_nobody_waits_and_beyond_it_until_the_window_ends():
    with time_machine.travel("2026-03-01T10:00:00Z", tick=False) as clock:
        assert [limited("mails:1", 3, 3600) for _ in range(4)] == [0, 0, 0, 3600]
        clock.move_to("2026-03-01T10:59:50Z")
        assert limited("mails:1", 3, 3600) == 10
        assert limited("mails:2", 3, 3600) == 0
        clock.move_to("2026-03-01T11:00:00Z")
        assert limited("mails:1", 3, 3600) == 0


def test_the_count_lives_as_long_as_its_window():
    with time_machine.travel("2026-03-01T10:00:00Z", tick=False) as clock:
        assert [limited("mails:1", 2, 3600) for _ in range(2)] == [0, 0]
        clock.move_to("2026-03-01T10:30:00Z")
        assert limited("mails:1", 2, 3600) == 1800


def test_counts_whose_window_has_ended_are_forgotten():
    with time_machine.travel("2026-03-01T10:00:00Z", tick=False):
        limited("mails:1", 2, 3600), limited("mails:1", 2, 60)
        assert forget_old(now() + timedelta(minutes=2)) == 1
        assert forget_old(now() + timedelta(hours=2)) == 1


def test_what_costs_more_than_the_limit_never_fits():
    assert limited("mails:1", 5, 60, cost=6) > 0
    assert RateCount.objects.count() == 0


def test_a_costly_request_that_does_not_fit_counts_nothing():
    with time_machine.travel("2026-03-01T10:00:00Z", tick=False):
        assert limited("mails:1", 5, 60, cost=4) == 0
        assert limited("mails:1", 5, 60, cost=2) == 60
        assert limited("mails:1", 5, 60) == 0
