"""Whole terms are lived through, over HTTP, rows and tick: nothing breaks, nobody is refused, no page and no mail is untrue.

Each test gives the list of all that was wrong, with when it was first seen, by whom, and how often.
"""

import logging

import pytest
import time_machine

from tests.lived import everywhere, newyear, newyork, seoul
from tests.lived.life import Life

pytestmark = pytest.mark.django_db
FLAGS = {"thorough": "full", "hourly": "hourly"}


@pytest.fixture
def lived(smtp_sink, request, caplog):
    """lived(story) -> everything that was wrong while the story was lived through."""
    for talkative in ("mail.log", "django.request"):
        caplog.set_level(logging.ERROR, talkative)

    def through(story):
        with time_machine.travel(story.BEGIN, tick=False) as traveller:
            options = {name: request.config.getoption(f"--{flag}") for name, flag in FLAGS.items()}
            life = Life(traveller, smtp_sink, **options)
            story.lived(life)
            return life.report()

    return through


def test_a_group_in_new_york_where_turns_people_and_clocks_change(lived):
    assert lived(newyork) == []


def test_a_group_in_seoul_where_everybody_presents(lived):
    assert lived(seoul) == []


def test_a_group_in_paris_whose_next_term_is_published_over_new_year(lived):
    assert lived(newyear) == []


def test_every_address_in_every_state_of_a_session(lived):
    assert lived(everywhere) == []
