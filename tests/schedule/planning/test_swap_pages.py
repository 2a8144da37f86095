"""Swaps on the group's pages: whom to ask, answering, what one sees of it, and days away."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate, now

from schedule.models import Absence, Change, Notification, Presentation, Swap
from schedule.planning.swaps import offers
from tests import make


@pytest.fixture
def world(study):
    """Alice presents in two weeks, Bob in four; Carol and Olivia are free."""
    study["carol"] = make.member(study["group"], "Carol")
    study["term"] = term = make.term(study["group"])
    for name, weeks in (("alice", 2), ("bob", 4)):
        session = make.session(term, now() + timedelta(weeks=weeks))
        study[f"{name} turn"] = make.presentation(session, study[name])
    return study


def seats(study):
    return [[str(t.presenter) for t in s.presentations.all()] for s in study["term"].sessions.all()]


def choose(study, name="alice"):
    return f"/g/study/schedule/turns/{study[name + ' turn'].pk}/swap/"


def exchange_value(study):
    return f"{study['bob turn'].session_id}-{study['bob'].pk}"


def ask(study, client, **asked):
    client.post(choose(study), {"do": "ask"} | asked)
    return Swap.objects.first()


def test_ask_answer_and_undo_on_the_pages(world, sign_in):
    alice, bob = sign_in(world["alice"]), sign_in(world["bob"])
    swap = ask(world, alice, to=exchange_value(world), message="A wedding.")
    assert (swap.taker, swap.wanted, swap.message) == (world["bob"], world["bob turn"].session, "A wedding.")
    for page in ("/g/study/", "/g/study/schedule/turns/"):
        assert f'href="/g/study/schedule/swaps/{swap.pk}/">Answer' in bob.get(page).text
        assert "Answer</a>" not in sign_in(world["carol"]).get(page).text
    address = f"/g/study/schedule/swaps/{swap.pk}/"
    page = bob.get(address).text
    assert "A wedding." in page and "Yes, exchange" in page and "No, I cannot" in page
    assert "Yes, exchange" not in alice.get(address).text
    bob.post(address, {"do": "accept"})
    assert seats(world) == [["Bob"], ["Alice"]]
    assert "See it, or undo it" in alice.get("/g/study/schedule/turns/").text
    alice.post(address, {"do": "undo"})
    assert (seats(world), Swap.objects.get().state) == ([["Alice"], ["Bob"]], Swap.UNDONE)


def test_a_turn_is_given_or_offered_to_the_group(world, sign_in):
    swap = ask(world, sign_in(world["alice"]), to=str(world["carol"].pk))
    assert (swap.taker, swap.wanted) == (world["carol"], None)
    to_all = ask(world, sign_in(world["alice"]), to="group")
    assert (to_all.taker, Swap.objects.get(pk=swap.pk).state) == (None, Swap.WITHDRAWN)
    carol = sign_in(world["carol"])
    assert "asks who can take a turn" in carol.get("/g/study/").text
    carol.post(f"/g/study/schedule/swaps/{to_all.pk}/", {"do": "accept"})
    page = sign_in(world["bob"]).post(f"/g/study/schedule/swaps/{to_all.pk}/", {"do": "accept"}, follow=True)
    assert "Carol was faster: this turn is taken." in page.text
    assert seats(world) == [["Carol"], ["Bob"]]


def test_declining_and_taking_back(world, sign_in):
    swap = ask(world, sign_in(world["alice"]), to=exchange_value(world))
    sign_in(world["bob"]).post(f"/g/study/schedule/swaps/{swap.pk}/", {"do": "decline"})
    again = ask(world, sign_in(world["alice"]), to="group")
    sign_in(world["alice"]).post(f"/g/study/schedule/swaps/{again.pk}/", {"do": "withdraw"})
    states = list(Swap.objects.order_by("pk").values_list("state", flat=True))
    assert (states, seats(world)) == ([Swap.DECLINED, Swap.WITHDRAWN], [["Alice"], ["Bob"]])


def test_an_organizer_changes_turns_at_once_and_undoes_it_from_the_message(world, sign_in):
    olivia = sign_in(world["olivia"])
    page = olivia.post(choose(world), {"do": "now", "to": exchange_value(world)}, follow=True)
    assert seats(world) == [["Bob"], ["Alice"]]
    (message,) = page.context["messages"]
    olivia.post(message.extra_tags)
    assert (seats(world), Swap.objects.get().state) == ([["Alice"], ["Bob"]], Swap.UNDONE)


def test_a_member_cannot_do_it_without_asking(world, sign_in):
    page = sign_in(world["alice"]).post(choose(world), {"do": "now", "to": exchange_value(world)})
    assert (page.status_code, seats(world), Swap.objects.count()) == (422, [["Alice"], ["Bob"]], 0)
    assert "Only organizers can do this without asking." in page.text


def test_both_sides_and_organizers_undo_from_the_session_page(world, sign_in):
    swap = ask(world, sign_in(world["alice"]), to=exchange_value(world))
    offers.accept(swap, by=world["bob"], now=now())
    address = f"/g/study/schedule/changes/{Change.objects.get().pk}/undo/"
    page = world["alice turn"].session.get_absolute_url()
    offered = {name: address in sign_in(world[name]).get(page).text for name in ("olivia", "alice", "bob", "carol")}
    assert offered == {"olivia": True, "alice": True, "bob": True, "carol": False}
    assert sign_in(world["carol"]).post(address).status_code == 404
    assert sign_in(world["bob"]).post(address).status_code == 302
    assert seats(world) == [["Alice"], ["Bob"]]


def test_who_cannot_is_shown_with_the_reason_and_cannot_be_asked(world, sign_in):
    day = world["alice turn"].session.local_start.date()
    Absence.objects.create(membership=world["carol"], first_day=day, last_day=day)
    page = sign_in(world["alice"]).get(choose(world)).text
    assert "Carol is away on" in page
    answer = sign_in(world["alice"]).post(choose(world), {"do": "ask", "to": str(world["carol"].pk)})
    assert (answer.status_code, Swap.objects.count()) == (422, 0)
    assert "Choose whom to ask." in answer.text


def test_where_nobody_can_the_page_says_so(world, sign_in):
    for name in ("bob", "carol", "olivia"):
        make.presentation(world["alice turn"].session, world[name])
    page = sign_in(world["alice"]).get(choose(world)).text
    assert "Nobody can take this turn" in page and 'value="ask"' not in page


def test_a_forged_choice_is_refused(world, sign_in):
    for to in ("", "999999", "1-1", str(world["mallory"].pk), str(world["alice"].pk), "group-group"):
        answer = sign_in(world["alice"]).post(choose(world), {"do": "ask", "to": to})
        assert (to, answer.status_code) == (to, 422)
    assert Swap.objects.count() == 0


def test_others_and_another_group_find_nothing(world, sign_in):
    swap = ask(world, sign_in(world["alice"]), to=exchange_value(world))
    address = f"schedule/swaps/{swap.pk}/"
    assert sign_in(world["carol"]).get(f"/g/study/{address}").status_code == 404
    assert sign_in(world["mallory"]).get(f"/g/study/{address}").status_code == 404
    assert sign_in(world["mallory"]).get(f"/g/another/{address}").status_code == 404
    assert sign_in(world["mallory"]).post(f"/g/another/{address}", {"do": "accept"}).status_code == 404
    assert sign_in(world["bob"]).get(choose(world)).status_code == 404
    assert Swap.objects.get().state == Swap.OPEN


def test_a_question_that_is_moot_says_why(world, sign_in):
    swap = ask(world, sign_in(world["alice"]), to=exchange_value(world))
    start = world["bob turn"].session.starts_at + timedelta(hours=1)
    world["term"].sessions.filter(pk=world["bob turn"].session_id).update(starts_at=start)
    page = sign_in(world["bob"]).get(f"/g/study/schedule/swaps/{swap.pk}/").text
    assert "The session was moved since this was asked." in page and "Yes, exchange" not in page
    assert "Answer</a>" not in sign_in(world["bob"]).get("/g/study/").text


def test_asking_too_often_is_slowed_down(world, sign_in):
    alice = sign_in(world["alice"])
    with time_machine.travel(now().replace(second=1), tick=False):
        answers = [alice.post(choose(world), {"do": "ask", "to": "group"}).status_code for _ in range(11)]
    assert answers == [302] * 10 + [422]
    assert Swap.objects.filter(state=Swap.OPEN).count() == 1


def test_who_is_away_when_presenting_is_offered_a_swap_at_once(world, sign_in):
    day = world["alice turn"].session.local_start.date()
    client = sign_in(world["alice"])
    page = client.post("/g/study/schedule/turns/away/", {"first_day": day}, follow=True)
    assert page.redirect_chain == [(choose(world), 302)]
    assert "Offer that turn to somebody" in page.text
    mine = client.get("/g/study/schedule/turns/").text
    assert "You are away on this day." in mine and mine.count(f'href="{choose(world)}"') == 2


def test_a_turn_can_be_swapped_until_the_session_begins(world, sign_in):
    session = world["alice turn"].session
    page = session.get_absolute_url()
    who = {name: choose(world) in sign_in(world[name]).get(page).text for name in ("olivia", "alice", "bob")}
    assert who == {"olivia": True, "alice": True, "bob": False}
    world["term"].sessions.filter(pk=session.pk).update(starts_at=now() - timedelta(minutes=5))
    assert choose(world) not in sign_in(world["alice"]).get(page).text
    answer = sign_in(world["alice"]).post(choose(world), {"do": "ask", "to": "group"})
    assert (answer.status_code, Swap.objects.count()) == (422, 0)


def test_ones_own_turn_in_the_table_of_the_term_leads_to_the_choices(world, sign_in):
    mine = f"{world['alice turn'].session.get_absolute_url()}swap/"
    links = {name: mine in sign_in(world[name]).get(world["term"].get_absolute_url()).text for name in ("alice", "bob")}
    assert links == {"alice": True, "bob": False}
    assert sign_in(world["alice"]).get(mine).headers["Location"] == choose(world)
    assert sign_in(world["bob"]).get(mine).status_code == 404
    assert sign_in(world["mallory"]).get(mine.replace("/study/", "/another/")).status_code == 404


def test_the_reminder_of_a_missing_paper_offers_a_swap(world, sign_in):
    """The link in it opens the page with the choices."""
    turn = Presentation.objects.get(pk=world["alice turn"].pk)
    make.notification(turn.session, world["alice"], Notification.OVERDUE, about=world["alice"], dedupe_key=1)
    page = sign_in(world["alice"]).get(f"/g/study/notifications/{Notification.objects.get().pk}/html/").text
    assert f'href="http://localhost:8000{choose(world)}"' in page
    assert sign_in(world["alice"]).get(choose(world)).status_code == 200


def test_the_home_page_takes_the_same_queries_for_one_question_and_for_fifteen(world, sign_in):
    client = sign_in(world["bob"])

    def queries():
        with CaptureQueriesContext(connection) as seen:
            assert client.get("/g/study/").status_code == 200
        return len(seen)

    ask(world, sign_in(world["alice"]), to="group")
    queries()  # the first visit writes down which group one was in
    one = queries()
    for n in range(15):
        member = make.member(world["group"], f"M{n}")
        turn = make.presentation(make.session(world["term"], now() + timedelta(days=40 + n)), member)
        offers.ask(turn, by=member, now=now())
    assert queries() == one


def test_a_day_away_without_a_turn_leads_back_to_my_turns(world, sign_in):
    today = localdate() + timedelta(days=2)
    page = sign_in(world["alice"]).post("/g/study/schedule/turns/away/", {"first_day": today}, follow=True)
    assert page.redirect_chain == [("/g/study/schedule/turns/", 302)]


# ── when it is too late to offer a turn ──────────────────────────────────────────────────────────
def _settled(study, state):
    """Alice's session is cancelled, or has begun; her turn is still on it."""
    fields = {"state": "cancelled"} if state == "cancelled" else {"starts_at": now() - timedelta(minutes=5)}
    study["term"].sessions.filter(pk=study["alice turn"].session_id).update(**fields)


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("cancelled", "The session is cancelled, so there is no turn to swap."),
        ("begun", "The session has begun: what happened stays as it was."),
    ],
)
@pytest.mark.parametrize("who", ["alice", "olivia"])
def test_the_page_that_offers_a_turn_says_when_that_is_no_longer_possible(world, sign_in, state, said, who):
    _settled(world, state)
    client = sign_in(world[who])
    page = client.get(choose(world))
    assert (page.status_code, said in page.text, 'name="do"' in page.text) == (200, True, False)
    for do in ("ask", "now"):
        answer = client.post(choose(world), {"do": do, "to": exchange_value(world)})
        assert (answer.status_code, said in answer.text) == (422, True)
    assert (seats(world), Swap.objects.count(), Notification.objects.count()) == ([["Alice"], ["Bob"]], 0, 0)


def test_a_question_about_a_session_that_was_cancelled_says_so_to_both_sides(world, sign_in):
    swap = ask(world, sign_in(world["alice"]), to=exchange_value(world))
    _settled(world, "cancelled")
    address = f"/g/study/schedule/swaps/{swap.pk}/"
    for who in ("alice", "bob"):
        assert "The session is cancelled, so there is no turn to swap." in sign_in(world[who]).get(address).text
    answer = sign_in(world["bob"]).post(address, {"do": "accept"}, follow=True)
    assert "The session is cancelled, so there is no turn to swap." in answer.text
    assert seats(world) == [["Alice"], ["Bob"]]
