"""How often: within a window, for one key, shared by all processes."""

import pytest
import time_machine

from members.limits import limited

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
        clock.move_to("2026-03-01T10:30:00Z")  # longer than the cache's default age
        assert limited("mails:1", 2, 3600) == 1800


def test_a_costly_request_that_does_not_fit_counts_nothing():
    with time_machine.travel("2026-03-01T10:00:00Z", tick=False):
        assert limited("mails:1", 5, 60, cost=4) == 0
        assert limited("mails:1", 5, 60, cost=2) == 60
        assert limited("mails:1", 5, 60) == 0
