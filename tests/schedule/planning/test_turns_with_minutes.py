"""A turn about which something is written down is not deleted along with it: whoever asks is told the way out."""

from datetime import timedelta

import pytest
import time_machine

from schedule.meetings import minutes
from schedule.models import Presentation, Session, Term
from schedule.planning import changes, moving, replanning, session_changes, term_plan
from schedule.planning.swaps import offers
from schedule.refusal import NotPossible
from tests import make
from tests.schedule.meetings.test_running import FIVE_PAST, MEETS, NEXT_WEEK, press
from tests.schedule.meetings.test_running import session as of_alice

session = of_alice
SOON = MEETS - timedelta(minutes=30)  # minutes may be written already
KEPT = "Minutes are written about the turn of Alice, so it stays. Move them elsewhere and empty them first."


@pytest.fixture
def turn(study, session):
    """The turn of Alice, with minutes."""
    turn = session.presentations.get()
    minutes.write(turn, "- What Alice found", seen=minutes.fingerprint(""))
    return turn


def kept():
    return list(Presentation.objects.filter(presenter__member__name="Alice").values_list("minutes", flat=True))


@pytest.mark.parametrize(("do", "other"), [("remove", {}), ("change", {"other": "bob"})])
def test_a_presenter_is_not_taken_out_with_the_minutes_and_the_page_says_what_to_do(
    sign_in, study, session, turn, do, other
):
    form = {"do": do, "presenter": turn.presenter_id} | {name: study[who].pk for name, who in other.items()}
    with time_machine.travel(FIVE_PAST, tick=False):
        client = sign_in(study["olivia"])
        assert press(client, session, "presenters", **form)[0] == KEPT
        assert (kept(), Session.objects.get().sequence) == (["- What Alice found"], 0)
        minutes.write(turn, "", seen=minutes.fingerprint("- What Alice found"))
        assert press(client, session, "presenters", **form)[0].startswith("The presenters are changed.")
    assert kept() == []


def test_others_come_go_and_change_places_around_it(study, session, turn):
    for people in (["alice", "bob"], ["bob", "alice"], ["alice"]):
        there = [study[name] for name in people]
        session_changes.set_presenters(session, there, by=study["olivia"], now=FIVE_PAST)
        session.refresh_from_db()
    assert kept() == ["- What Alice found"]


@pytest.mark.parametrize("how", [replanning.OPEN, replanning.FEW, replanning.ANEW])
def test_planning_again_leaves_it_where_it_is(study, session, turn, how):
    Term.objects.update(presenters=1)
    for name in ("alice", "bob", "olivia"):
        make.presentation(make.session(session.term, MEETS + timedelta(days=7)), study[name])
    study["alice"].absences.create(first_day=MEETS.date(), last_day=MEETS.date())
    replanning.replan(Term.objects.get(), replanning.ReplanOptions(how, by_hand=True), by=study["olivia"], now=SOON)
    assert (Presentation.objects.get(pk=turn.pk).session, kept()[0]) == (session, "- What Alice found")


def test_planning_again_is_refused_where_its_presenter_left(study, session, turn):
    Term.objects.update(presenters=1)
    type(study["alice"]).objects.filter(pk=study["alice"].pk).update(state="left")
    with pytest.raises(NotPossible) as refusal:
        replanning.replan(Term.objects.get(), replanning.ReplanOptions(), by=study["olivia"], now=SOON)
    assert (str(refusal.value), kept()) == (KEPT, ["- What Alice found"])


def test_a_move_that_shares_its_turns_out_anew_keeps_it(study, session, turn):
    Term.objects.update(presenters=1)
    study["alice"].absences.create(first_day=NEXT_WEEK.date(), last_day=NEXT_WEEK.date())
    session.term.refresh_from_db()
    how = {"by": study["olivia"], "now": SOON, "turns": moving.POOL}
    moving.move(session, NEXT_WEEK.date(), NEXT_WEEK.time(), **how)
    assert kept() == ["- What Alice found"]


def test_an_exchange_does_not_carry_the_minutes_into_another_session_but_a_turn_may_be_passed_on(study, session, turn):
    other = make.session(session.term, MEETS + timedelta(days=7))
    make.presentation(other, study["bob"])
    with pytest.raises(NotPossible) as refusal:
        offers.at_once(turn, by=study["olivia"], now=SOON, taker=study["bob"], wanted=other)
    assert (str(refusal.value), Presentation.objects.get(pk=turn.pk).session) == (KEPT, session)
    offers.at_once(turn, by=study["olivia"], now=SOON, taker=study["bob"])
    there = Presentation.objects.get(pk=turn.pk)
    assert (there.session, there.presenter, there.minutes) == (session, study["bob"], "- What Alice found")


def test_undoing_what_made_the_turn_is_refused_once_it_has_minutes(study, session):
    both = [study["alice"], study["bob"]]
    change = session_changes.set_presenters(session, both, by=study["olivia"], now=FIVE_PAST)
    minutes.write(session.presentations.get(presenter=study["bob"]), "- Bob's", seen=minutes.fingerprint(""))
    with pytest.raises(NotPossible) as refusal:
        changes.undo(change, by=study["olivia"], now=FIVE_PAST)
    assert str(refusal.value) == KEPT.replace("Alice", "Bob")
    assert session.presentations.get(presenter=study["bob"]).minutes == "- Bob's"


def test_a_draft_with_minutes_is_neither_planned_again_nor_deleted(sign_in, study, session, turn):
    Term.objects.update(published_at=None)
    with time_machine.travel(FIVE_PAST, tick=False):
        client, term = sign_in(study["olivia"]), Term.objects.get()
        with pytest.raises(NotPossible) as refusal:
            term_plan.apply(term, by=study["olivia"], now=FIVE_PAST, publishing=False)
        assert KEPT in client.post(f"{term.get_absolute_url()}delete/", follow=True).text
    assert (str(refusal.value), kept()) == (KEPT, ["- What Alice found"])


def test_who_still_types_about_a_turn_that_is_gone_is_told_and_keeps_the_text(sign_in, study, session):
    address = f"{session.get_absolute_url()}minutes/{session.presentations.get().pk}/"
    session_changes.set_presenters(session, [study["bob"]], by=study["olivia"], now=FIVE_PAST)
    form, said = {"text": "- not to be lost", "seen": minutes.fingerprint("")}, "This turn is no longer here"
    with time_machine.travel(FIVE_PAST, tick=False):
        client = sign_in(study["bob"])
        told = client.post(address, form, headers={"Accept": "application/json"})
        page = client.post(address, form)
    assert (told.status_code, said in told.json()["words"]) == (410, True)
    assert (page.status_code, said in page.text, "- not to be lost" in page.text) == (410, True, True)
    assert "Save mine instead" not in page.text
