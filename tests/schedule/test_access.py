"""Who may do what with the schedule, verb by verb. The presenter has the turn, the photo, the days away."""

from types import SimpleNamespace

import pytest
from django.utils.timezone import now

from schedule import access
from schedule.models import Change, Photo, Session, Swap
from schedule.planning.changes import changing
from tests import make
from tests.permissions import answered, cast, rows, verbs

TABLE = rows("""
verb                        about                        organizer  presenter  member  paused  former
may_plan                    -                            yes        no         no      no      no
may_see_drafts              -                            yes        no         no      no      no
may_see_term                a draft                      yes        no         no      no      no
may_see_term                a published term             yes        yes        yes     yes     -
may_undo                    a move by the organizer      yes        no         no      no      no
may_undo                    a move by the member         yes        no         no      no      no
may_undo                    a gift by the presenter      yes        yes        yes     no      no
may_undo                    a closing by the organizer   no         no         no      no      no
may_undo                    a plan by nobody             yes        no         no      no      no
may_export                  -                            yes        no         no      no      no
may_change_slides           -                            yes        no         no      no      no
may_change_turn             a turn                       yes        yes        no      no      no
may_share                   a turn                       yes        yes        no      no      no
may_share                   a turn in a closed record    no         no         no      no      no
may_share                   a turn that is cancelled     no         no         no      no      no
may_help_presenters         -                            yes        no         no      no      no
may_change_absence          of the presenter             yes        yes        no      no      no
may_change_absence          of nobody                    yes        no         no      no      no
may_see_all_absences        -                            yes        no         no      no      no
may_tap                     the presenter's row          no         yes        no      no      no
may_swap_at_once            -                            yes        no         no      no      no
may_see_swap                asked of the member          yes        yes        yes     no      no
may_see_swap                asked of the group           yes        yes        yes     yes     -
may_see_swap                asked by the member          yes        yes        yes     no      no
may_answer_swap             asked of the member          no         no         yes     no      no
may_answer_swap             asked of the group           yes        no         yes     yes     -
may_decline_swap            asked of the member          no         no         yes     no      no
may_decline_swap            asked of the group           no         no         no      no      no
may_withdraw_swap           asked of the member          yes        yes        no      no      no
may_withdraw_swap           asked of the group           yes        yes        no      no      no
may_withdraw_swap           asked by the member          yes        yes        no      no      no
may_mark                    the presenter's row          yes        no         no      no      no
may_mark                    somebody in another group    no         no         no      no      no
may_open_code               -                            yes        no         no      no      no
may_remove_photo            the presenter's photo        yes        yes        no      no      no
may_remove_photo            nobody's photo               yes        no         no      no      no
may_close_record            a session                    yes        no         no      no      no
may_close_record            a session of another group   no         no         no      no      no
may_read_all_notifications  -                            yes        no         no      no      no
may_read_notification       of the presenter             yes        yes        no      no      no
may_send_now                -                            yes        no         no      no      no
may_change_times            -                            yes        no         no      no      no
may_see_troubles            -                            yes        no         no      no      no
""")


@pytest.fixture
def world(study):
    """A term in which the presenter has a turn, and whatever the table speaks of."""
    people = cast(study)
    presenter, term = people["presenter"], make.term(study["group"])
    session, closed = make.session(term), make.session(term, closed_at=now())
    cancelled = make.session(term, state=Session.CANCELLED)
    about = {
        "-": (),
        "a draft": make.term(study["group"], published=False),
        "a published term": term,
        "a turn": make.presentation(session, presenter),
        "a turn in a closed record": make.presentation(closed, presenter),
        "a turn that is cancelled": make.presentation(cancelled, presenter),
        "of the presenter": presenter.pk,
        "of nobody": None,
        "the presenter's row": presenter,
        "somebody in another group": study["mallory"],
        "the presenter's photo": Photo(session=session, added_by=presenter),
        "nobody's photo": Photo(session=session),
        "a session": session,
        "a session of another group": make.session(),
        "asked of the member": asked(session, people, taker=people["member"]),
        "asked of the group": asked(session, people, to_group=True),
        # as an organizer once, for the presenter
        "asked by the member": Swap(session=session, giver=presenter, taker=study["olivia"], by=people["member"]),
        "a move by the organizer": Change(kind=Change.MOVE, by=people["organizer"]),
        # as an organizer once
        "a move by the member": Change(kind=Change.MOVE, by=people["member"]),
        "a closing by the organizer": Change(kind=Change.CLOSE, by=people["organizer"]),
        "a plan by nobody": Change(kind=Change.PLAN),
        "a gift by the presenter": given(make.session(term), people),
    }
    about = {name: thing if thing == () else (thing,) for name, thing in about.items()}
    return SimpleNamespace(people=people, about=about)


def asked(session, people, **to):
    return Swap(session=session, giver=people["presenter"], by=people["presenter"], **to)


def given(session, people):
    """The change in which the presenter gave a turn to the member."""
    turn = make.presentation(session, people["presenter"])
    with changing(session.term, by=people["presenter"], kind=Change.GIVE, now=now()) as change:
        session.presentations.filter(pk=turn.pk).update(presenter=people["member"])
    return change


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.verb}: {row.about}")
def test_who_may(world, row):
    assert answered(access, row, world.people, world.about) == row.answers


def test_every_permission_has_a_row():
    assert {row.verb for row in TABLE} == verbs(access)


def test_a_permission_without_a_row_is_noticed():
    def may_burn(me): ...

    may_burn.__module__ = "schedule.burning"
    assert verbs(SimpleNamespace(__name__="schedule.burning", may_burn=may_burn, organizes=may_burn)) == {"may_burn"}


def test_only_what_was_swapped_costs_a_query(world, django_assert_num_queries):
    with django_assert_num_queries(0):
        for row in TABLE:
            if row.about != "a gift by the presenter":
                answered(access, row, world.people, world.about)
