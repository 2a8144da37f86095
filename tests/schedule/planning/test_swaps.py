"""A turn changes hands: exchanged, given, offered to the group; undone; and who hears of it."""

from datetime import date, timedelta

import pytest

from schedule.models import Absence, Change, Notification, Presentation, Swap
from schedule.notifications import reminders
from schedule.planning import replanning, session_changes
from schedule.planning.swaps import choices, offers
from schedule.refusal import NotPossible
from schedule.rotation.ledger import ledger
from tests import make

NOW = make.utc(2026, 3, 1, 9)
FIRST, SECOND = make.utc(2026, 3, 10, 1), make.utc(2026, 3, 24, 1)


@pytest.fixture
def term(study):
    """Alice presents on 10 March with a paper, Bob on 24 March; Carol and Olivia have no turn."""
    study["carol"] = make.member(study["group"], "Carol")
    term = make.term(study["group"], published_at=NOW - timedelta(days=9))
    first, second = make.session(term, FIRST), make.session(term, SECOND)
    make.presentation(first, study["alice"], paper=make.paper(study["group"], "Grad-CAM"), shared_at=NOW)
    make.presentation(second, study["bob"])
    return term


def turn_of(term, name, n=0):
    return Presentation.objects.filter(session__term=term, presenter__member__name=name)[n]


def seats(term):
    """[[(presenter, paper) of the first session], …]"""
    return [[(str(t.presenter), t.paper and str(t.paper)) for t in s.presentations.all()] for s in term.sessions.all()]


def rows(term):
    return list(Presentation.objects.filter(session__term=term).order_by("pk").values())


def exchange(term, study, **fields):
    """Alice asks Bob to exchange."""
    ask = {"by": study["alice"], "now": NOW, "taker": study["bob"], "wanted": term.sessions.get(number=2)} | fields
    return offers.ask(turn_of(term, "Alice"), **ask)


def notifications():
    """{(kind, recipient): state}"""
    return {
        (notification.kind, str(notification.recipient)): notification.state
        for notification in Notification.objects.all()
    }


# ── the verbs ────────────────────────────────────────────────────────────────────────────────────
def test_two_people_exchange_and_their_papers_go_along(study, term):
    before = seats(term)
    swap = exchange(term, study, message="  I am at a wedding.  ")
    assert (swap.message, seats(term)) == ("I am at a wedding.", before)
    offers.accept(swap, by=study["bob"], now=NOW)
    assert seats(term) == [[("Bob", None)], [("Alice", "Grad-CAM")]]
    assert [session.sequence for session in term.sessions.all()] == [1, 1]
    assert set(Presentation.objects.values_list("pinned", flat=True)) == {True}


def test_a_turn_is_given_and_keeps_its_paper(study, term):
    swap = offers.ask(turn_of(term, "Alice"), by=study["alice"], now=NOW, taker=study["carol"])
    offers.accept(swap, by=study["carol"], now=NOW)
    assert seats(term) == [[("Carol", "Grad-CAM")], [("Bob", None)]]
    assert [session.sequence for session in term.sessions.all()] == [1, 0]


def test_the_group_is_asked_and_the_first_has_it(study, term):
    swap = offers.ask(turn_of(term, "Alice"), by=study["alice"], now=NOW)
    offers.accept(swap, by=study["carol"], now=NOW)
    with pytest.raises(NotPossible, match="Carol was faster: this turn is taken."):
        offers.accept(swap, by=study["bob"], now=NOW)
    assert seats(term)[0] == [("Carol", "Grad-CAM")]


def test_yes_pressed_twice_is_yes_once(study, term):
    swap = exchange(term, study)
    change = offers.accept(swap, by=study["bob"], now=NOW)
    assert offers.accept(swap, by=study["bob"], now=NOW) == change
    assert (seats(term), Change.objects.count()) == ([[("Bob", None)], [("Alice", "Grad-CAM")]], 1)


def test_an_organizer_changes_turns_at_once_and_nobody_else_does(study, term):
    given = {"now": NOW, "taker": study["bob"], "wanted": term.sessions.last()}
    with pytest.raises(NotPossible):
        offers.at_once(turn_of(term, "Alice"), by=study["alice"], **given)
    change = offers.at_once(turn_of(term, "Alice"), by=study["olivia"], **given)
    assert (change.kind, change.swap.state) == (Change.SWAP, Swap.ACCEPTED)
    assert seats(term) == [[("Bob", None)], [("Alice", "Grad-CAM")]]


@pytest.mark.parametrize("by", ["alice", "bob", "olivia"])
def test_each_side_and_organizers_undo_for_a_day(study, term, by):
    before = rows(term)
    change = offers.accept(exchange(term, study), by=study["bob"], now=NOW)
    assert rows(term) != before
    assert offers.undo(change, by=study[by], now=NOW + timedelta(hours=23)) is True
    assert (rows(term), Swap.objects.get().state) == (before, Swap.UNDONE)
    assert offers.undo(change, by=study[by], now=NOW + timedelta(hours=23)) is False


def test_after_a_day_a_swap_stays(study, term):
    change = offers.accept(exchange(term, study), by=study["bob"], now=NOW)
    with pytest.raises(NotPossible):
        offers.undo(change, by=study["alice"], now=NOW + timedelta(days=1))
    assert (seats(term)[0], Swap.objects.get().state) == ([("Bob", None)], Swap.ACCEPTED)


def test_declining_and_taking_back_leave_the_turns(study, term):
    before = rows(term)
    declined, withdrawn = exchange(term, study), None
    assert offers.decline(declined, by=study["bob"], now=NOW) is True
    assert offers.decline(declined, by=study["bob"], now=NOW) is False
    withdrawn = exchange(term, study)
    assert offers.withdraw(withdrawn, by=study["alice"], now=NOW) is True
    with pytest.raises(NotPossible, match="The question was taken back."):
        offers.accept(withdrawn, by=study["bob"], now=NOW)
    states = list(Swap.objects.order_by("pk").values_list("state", flat=True))
    assert (states, rows(term)) == ([Swap.DECLINED, Swap.WITHDRAWN], before)


def test_asking_anew_takes_the_earlier_question_back(study, term):
    exchange(term, study)
    offers.ask(turn_of(term, "Alice"), by=study["alice"], now=NOW)
    assert list(Swap.objects.order_by("pk").values_list("state", flat=True)) == [Swap.WITHDRAWN, Swap.OPEN]


def test_only_those_concerned_act(study, term):
    swap = exchange(term, study)
    to_all = offers.ask(turn_of(term, "Bob"), by=study["bob"], now=NOW)
    for verb, asked, who in [
        (offers.accept, swap, "carol"), (offers.accept, swap, "alice"), (offers.decline, swap, "olivia"),
        (offers.withdraw, swap, "bob"), (offers.accept, to_all, "bob"), (offers.accept, to_all, "mallory"),
    ]:  # fmt: skip
        with pytest.raises(NotPossible):
            verb(asked, by=study[who], now=NOW)
    with pytest.raises(NotPossible):
        offers.ask(turn_of(term, "Alice"), by=study["bob"], now=NOW, taker=study["carol"])
    assert set(Swap.objects.values_list("state", flat=True)) == {Swap.OPEN}


# ── what cannot be ───────────────────────────────────────────────────────────────────────────────
def away(member, day):
    return Absence.objects.create(membership=member, first_day=day, last_day=day)


@pytest.mark.parametrize(
    ("world", "said"),
    [
        (lambda term, study: away(study["bob"], date(2026, 3, 10)), "Bob is marked as away on"),
        (lambda term, study: away(study["alice"], date(2026, 3, 24)), "Alice is marked as away on"),
        (lambda term, study: make.presentation(term.sessions.first(), study["bob"]), "The turns were changed"),
        (lambda term, study: make.presentation(term.sessions.last(), study["alice"]), "The turns were changed"),
        (lambda term, study: term.sessions.filter(starts_at=SECOND).update(state="cancelled"), "is cancelled"),
        (lambda term, study: term.sessions.filter(starts_at=SECOND).update(starts_at=NOW), "The session has begun"),
        (lambda term, study: study["group"].memberships.filter(pk=study["bob"].pk).update(state="paused"), "no turns now"),
        (lambda term, study: study["group"].memberships.filter(pk=study["bob"].pk).update(state="left"), "no longer"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_when_asked_and_when_answered(study, term, world, said):
    swap, before = exchange(term, study), None
    world(term, study)
    before = rows(term)
    study["bob"].refresh_from_db()
    with pytest.raises(NotPossible, match=said):
        exchange(term, study)
    with pytest.raises(NotPossible, match=f"{said}|moved"):
        offers.accept(swap, by=study["bob"], now=NOW)
    assert (rows(term), list(Swap.objects.values_list("state", flat=True))) == (before, [Swap.OPEN])


def test_a_draft_and_another_term_are_refused(study, term):
    draft, other = make.term(study["group"], published=False), make.term(study["group"])
    mine, theirs = make.presentation(make.session(draft), study["alice"]), make.session(other, SECOND)
    make.presentation(theirs, study["bob"])
    with pytest.raises(NotPossible, match="still a draft"):
        offers.ask(mine, by=study["alice"], now=NOW)
    with pytest.raises(NotPossible, match="within one term"):
        exchange(term, study, wanted=theirs)


@pytest.mark.parametrize(
    "meanwhile",
    [
        lambda term, study: session_changes.set_presenters(term.sessions.first(), [study["carol"]], by=study["olivia"], now=NOW),
        lambda term, study: term.sessions.filter(starts_at=SECOND).update(starts_at=SECOND + timedelta(hours=1)),
        lambda term, study: term.sessions.filter(starts_at=FIRST).update(starts_at=NOW),
        lambda term, study: term.sessions.filter(starts_at=FIRST).update(state="cancelled"),
    ],
)  # fmt: skip
def test_a_question_ends_when_the_session_begins_or_the_turn_changes(study, term, meanwhile):
    exchange(term, study)
    assert offers.expire(NOW) == 0
    meanwhile(term, study)
    assert (offers.expire(NOW), Swap.objects.get().state) == (1, Swap.EXPIRED)
    assert offers.expire(NOW) == 0


def test_giving_a_turn_does_not_lower_what_one_owes(study, term):
    members = [study[name] for name in ("alice", "bob", "carol")]
    group = study["group"]
    group.memberships.update(joined_at=NOW - timedelta(days=99))
    carried = ledger(group, members, SECOND + timedelta(days=1)).carried
    swap = offers.ask(turn_of(term, "Alice"), by=study["alice"], now=NOW, taker=study["carol"])
    offers.accept(swap, by=study["carol"], now=NOW)
    after = ledger(group, members, SECOND + timedelta(days=1)).carried
    assert [after[m.pk] - carried[m.pk] for m in members] == [-1, 0, 1]


# ── notifications ──────────────────────────────────────────────────────────────────────────────────────
def test_the_one_who_is_asked_gets_a_notification_and_who_asked_gets_the_answer(study, term):
    swap = exchange(term, study)
    assert notifications() == {("swap_asked", "Bob"): "queued"}
    offers.accept(swap, by=study["bob"], now=NOW)
    assert notifications() == {("swap_asked", "Bob"): "skipped", ("swap_accepted", "Alice"): "queued"}


def test_a_question_to_the_group_goes_to_who_is_free_that_day(study, term):
    away(study["olivia"], date(2026, 3, 10))
    make.member(study["group"], "Paula", state="paused")
    swap = offers.ask(turn_of(term, "Alice"), by=study["alice"], now=NOW)
    assert notifications() == {("swap_asked", "Bob"): "queued", ("swap_asked", "Carol"): "queued"}
    offers.accept(swap, by=study["carol"], now=NOW)
    assert notifications() == {
        ("swap_asked", "Bob"): "skipped",
        ("swap_asked", "Carol"): "skipped",
        ("swap_accepted", "Alice"): "queued",
    }


def test_what_an_organizer_changes_at_once_both_hear_of(study, term):
    offers.at_once(turn_of(term, "Alice"), by=study["olivia"], now=NOW, taker=study["bob"], wanted=term.sessions.last())
    assert notifications() == {("swap_accepted", "Alice"): "queued", ("swap_accepted", "Bob"): "queued"}
    where = dict(Notification.objects.values_list("recipient__member__name", "session__starts_at"))
    assert where == {"Alice": SECOND, "Bob": FIRST}  # in whose thread it belongs, and whose reminders it stands for


def test_who_declines_is_heard_by_who_asked(study, term):
    offers.decline(exchange(term, study), by=study["bob"], now=NOW)
    assert notifications() == {("swap_asked", "Bob"): "skipped", ("swap_declined", "Alice"): "queued"}


def test_what_is_undone_before_anybody_heard_is_never_written_about(study, term):
    change = offers.accept(exchange(term, study), by=study["bob"], now=NOW)
    offers.undo(change, by=study["bob"], now=NOW)
    assert notifications() == {("swap_asked", "Bob"): "skipped", ("swap_accepted", "Alice"): "skipped"}


def test_who_has_heard_of_a_swap_hears_that_it_is_undone(study, term):
    change = offers.accept(exchange(term, study), by=study["bob"], now=NOW)
    Notification.objects.filter(kind="swap_accepted").update(state=Notification.SENT)
    offers.undo(change, by=study["bob"], now=NOW)
    assert notifications()["swap_undone", "Alice"] == "queued"
    assert ("swap_undone", "Bob") not in notifications()


def test_reminders_follow_the_turn(study, term):
    """Who takes a turn late is not told at once that its paper is missing, but on the next day, and Alice is not."""
    Presentation.objects.update(paper=None, shared_at=None)
    after = FIRST - timedelta(days=6)
    reminders.queue_due(after)
    assert {name for kind, name in notifications() if kind == "overdue"} == {"Alice"}
    swap = offers.ask(turn_of(term, "Alice"), by=study["alice"], now=after, taker=study["carol"])
    offers.accept(swap, by=study["carol"], now=after)
    reminders.queue_due(after + timedelta(hours=1))
    assert overdue() == {"Alice": "skipped"}
    reminders.queue_due(after + timedelta(days=1))
    assert overdue() == {"Alice": "skipped", "Carol": "queued"}


def overdue():
    """{name: state} of the notifications that say a paper is still missing."""
    return {name: state for (kind, name), state in notifications().items() if kind == "overdue"}


@pytest.mark.parametrize("taken", ["accepted a gift", "exchanged", "given at once", "set by hand", "planned again"])
def test_no_reminder_from_before_reaches_who_took_a_turn_themselves(study, term, taken):
    """10:00 on the day after the day to share: the reminder of nine o'clock was for whoever had the turn then."""
    Presentation.objects.update(paper=None, shared_at=None)
    after, first, olivia = FIRST - timedelta(days=6), term.sessions.first(), study["olivia"]
    turn = turn_of(term, "Alice")
    if taken == "accepted a gift":
        offers.accept(offers.ask(turn, by=study["alice"], now=after, taker=olivia), by=olivia, now=after)
    elif taken == "exchanged":
        make.presentation(term.sessions.last(), olivia)
        swap = offers.ask(turn, by=study["alice"], now=after, taker=olivia, wanted=term.sessions.last())
        offers.accept(swap, by=olivia, now=after)
    elif taken == "given at once":
        offers.at_once(turn, by=olivia, now=after, taker=olivia)
    elif taken == "set by hand":
        session_changes.set_presenters(first, [olivia], by=olivia, now=after)
    else:
        study["group"].memberships.exclude(pk=olivia.pk).update(state="paused")
        replanning.replan(
            term, replanning.ReplanOptions(replanning.ANEW, only=first.pk, by_hand=True), by=olivia, now=after
        )
    assert [str(one.presenter) for one in first.presentations.all()] == ["Olivia"]
    reminders.queue_due(after + timedelta(hours=1))
    assert "Olivia" not in overdue()
    reminders.queue_due(after + timedelta(days=1))
    assert overdue()["Olivia"] == "queued"


def test_who_gives_a_turn_and_takes_it_back_is_reminded_as_if_nothing_had_happened(study, term):
    Presentation.objects.update(paper=None, shared_at=None)
    after, before = FIRST - timedelta(days=6), rows(term)
    change = offers.at_once(turn_of(term, "Alice"), by=study["olivia"], now=after, taker=study["olivia"])
    offers.undo(change, by=study["olivia"], now=after + timedelta(seconds=10))
    assert rows(term) == before
    reminders.queue_due(after + timedelta(minutes=1))
    assert overdue() == {"Alice": "queued"}


# ── whom to ask ──────────────────────────────────────────────────────────────────────────────────
def test_choices_put_first_what_is_possible_and_say_why_the_rest_is_not(study, term):
    third, fourth = make.session(term, SECOND + timedelta(days=14)), make.session(term, FIRST + timedelta(days=7))
    make.presentation(third, study["carol"])
    make.presentation(fourth, study["carol"])
    make.presentation(fourth, study["olivia"])
    away(study["olivia"], date(2026, 3, 10))
    away(study["alice"], third.local_start.date())
    found = choices.choices(turn_of(term, "Alice"), NOW)
    assert [(str(one.person), one.session.number, one.reason) for one in found.exchanges] == [
        ("Carol", 4, ""),
        ("Bob", 2, ""),
        ("Olivia", 4, "Olivia is away on Tue 10 March"),
        ("Carol", 3, "Alice is away on Tue 7 April"),
    ]
    assert [(str(one.person), one.turns, one.reason) for one in found.gifts] == [
        ("Bob", 1, ""),
        ("Carol", 2, ""),
        ("Olivia", 1, "Olivia is away on Tue 10 March"),
    ]
    assert found.free == 2
    assert found.find(found.exchanges[0].value) == found.exchanges[0]
    assert (found.find(found.exchanges[2].value), found.find("nonsense")) == (None, None)


@pytest.mark.parametrize("count", [2, 20])
def test_choices_take_four_queries(study, term, django_assert_num_queries, count):
    for n in range(count):
        make.presentation(make.session(term, SECOND + timedelta(days=n + 1)), make.member(study["group"], f"M{n}"))
    turn = turn_of(term, "Alice")
    turn.session.term.group, _turn = study["group"], turn.presenter.member
    with django_assert_num_queries(4):
        assert len(choices.choices(turn, NOW).gifts) == count + 3


def test_open_questions_wait_for_those_who_can_say_yes(study, term):
    exchange(term, study)
    offers.ask(turn_of(term, "Bob"), by=study["bob"], now=NOW)
    away(study["carol"], date(2026, 3, 24))
    waiting = {name: [str(s.giver) for s in choices.waiting_for(study[name], NOW)] for name in
               ("olivia", "alice", "bob", "carol", "mallory")}  # fmt: skip
    assert waiting == {"olivia": ["Bob"], "alice": ["Bob"], "bob": ["Alice"], "carol": [], "mallory": []}
