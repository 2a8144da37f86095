"""What notifications about swaps say to each side, and what they open."""

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils.timezone import now

from members import preferences
from schedule.models import Notification, Presentation, Swap
from schedule.notifications import outbox, rendering, snapshot, swap_links
from schedule.planning.swaps import offers
from tests import make

NOW = make.utc(2027, 3, 1, 9)
FIRST, SECOND = make.utc(2027, 3, 16, 1), make.utc(2027, 3, 30, 1)  # Tuesdays, ten o'clock in Seoul


@pytest.fixture
def world_of(study):
    """Alice presents on 16 March, Bob on 30 March; Carol is free."""
    study["carol"] = make.member(study["group"], "Carol")
    study["term"] = make.term(study["group"], place="Café", published_at=NOW - timedelta(days=9))
    for name, start in (("alice", FIRST), ("bob", SECOND)):
        make.presentation(make.session(study["term"], start), study[name])
    study["mine"] = study["term"].sessions.first().presentations.select_related("session__term", "presenter").get()
    return study


def asked(study, by="alice", taker="bob", exchange=True, message=""):
    wanted = study["term"].sessions.last() if exchange else None
    taker = taker and study[taker]
    return offers.ask(study["mine"], by=study[by], now=NOW, taker=taker, wanted=wanted, message=message)


def mail(kind, reader, language="en", now=NOW):
    """(subject without the group's name, the lines before the button) of the notification this person gets."""
    notification = snapshot.with_related(Notification.objects.filter(kind=kind, recipient__member__name=reader)).get()
    notification.recipient.member.language = language
    message = rendering.compose(notification, now)
    said = message.body.split("\n\n")
    return message.subject.removeprefix("[CV Reading Study 1] "), f"{said[0]}\n{said[1]}".strip().splitlines()


def link(kind, reader):
    notification = snapshot.with_related(Notification.objects.filter(kind=kind, recipient__member__name=reader)).get()
    return re.search(r"http://localhost:8000(/\S+)", rendering.compose(notification, NOW).body)[1]


def test_a_question_about_an_exchange(world_of):
    asked(world_of, message="I am at a wedding: 100% sure.")
    assert mail("swap_asked", "Bob") == (
        "Alice asks: Tue 16 March in exchange for your Tue 30 March?",
        [
            "Alice asks for a swap",
            "You would present on Tue 16 March, 10:00 (KST) · Café, and Alice on Tue 30 March in your place.",
            "“I am at a wedding: 100% sure.”",
            "Papers for that day are shared by Tue 9 March.",
        ],
    )
    assert (
        mail("swap_asked", "Bob", "ko")[0]
        == "Alice 님의 부탁: 3월 16일 화요일 발표와 내 3월 30일 화요일 발표를 맞바꿀까요?"
    )


def test_a_question_about_a_gift_and_one_to_the_group(world_of):
    asked(world_of, exchange=False)
    assert mail("swap_asked", "Bob") == (
        "Tue 16 March: can you present instead of Alice?",
        [
            "Alice asks you to take a turn",
            "You would present on Tue 16 March, 10:00 (KST) · Café. Nothing is asked in return.",
            "Papers for that day are shared by Tue 9 March.",
        ],
    )
    asked(world_of, by="olivia", taker=None, exchange=False)
    assert mail("swap_asked", "Carol") == (
        "Tue 16 March: who can present instead of Alice?",
        [
            "Alice asks who can take a turn",
            "It is the turn on Tue 16 March, 10:00 (KST) · Café. The first who says yes has it.",
            "Olivia asks this for Alice.",
            "Papers for that day are shared by Tue 9 March.",
        ],
    )


def test_the_answer_tells_where_one_presents_now(world_of):
    offers.accept(asked(world_of), by=world_of["bob"], now=NOW)
    assert mail("swap_accepted", "Alice") == (
        "Tue 30 March, Alice: you present, your turns are swapped",
        [
            "Alice, you now present on Tue 30 March instead of Tue 16 March",
            "We meet on Tue 30 March, 10:00 (KST) · Café.",
            "Bob had this turn and presents on Tue 16 March now.",
            "Please share your paper by Tue 23 March.",
        ],
    )
    assert mail("swap_accepted", "Alice", "ko") == (
        "3월 30일 화요일 Alice 발표: 차례를 맞바꿨어요",
        [
            "Alice 님, 이제 3월 16일 화요일 대신 3월 30일 화요일에 발표해요",
            "모임: 3월 30일 화요일 오전 10:00 (KST) · Café",
            "Bob의 차례였어요. Bob의 새 발표 날: 3월 16일 화요일",
            "3월 23일 화요일까지 논문을 공유해 주세요.",
        ],
    )


def test_who_gave_a_turn_away_still_owes_one(world_of):
    offers.accept(asked(world_of, exchange=False), by=world_of["bob"], now=NOW)
    assert mail("swap_accepted", "Alice") == (
        "Tue 16 March: Bob presents instead of you",
        [
            "Bob takes your turn on Tue 16 March",
            "You no longer present on Tue 16 March, 10:00 (KST) · Café.",
            "The turn counts for Bob. One of yours is still to come: the next plan takes that into account.",
        ],
    )


def test_what_an_organizer_arranged_says_so_to_both(world_of):
    Presentation.objects.filter(pk=world_of["mine"].pk).update(paper=make.paper(world_of["group"]), shared_at=NOW)
    offers.at_once(world_of["mine"], by=world_of["olivia"], now=NOW, taker=world_of["carol"])
    assert mail("swap_accepted", "Carol") == (
        "Tue 16 March, Carol: you present",
        [
            "Carol, you now present on Tue 16 March",
            "We meet on Tue 16 March, 10:00 (KST) · Café.",
            "Alice had this turn.",
            "Olivia arranged this.",
            "A paper for it is shared already; you can choose another one.",
        ],
    )
    assert mail("swap_accepted", "Alice")[1][-1] == "Olivia arranged this."


def test_an_organizer_who_asked_for_somebody_hears_the_answer(world_of):
    offers.accept(asked(world_of, by="olivia"), by=world_of["bob"], now=NOW)
    assert mail("swap_accepted", "Olivia") == (
        "Bob presents on Tue 16 March, Alice on Tue 30 March",
        ["Bob presents on Tue 16 March, Alice on Tue 30 March", "Your question for Alice was answered: yes."],
    )


def test_who_cannot_says_so_and_there_are_others_to_ask(world_of):
    offers.decline(asked(world_of), by=world_of["bob"], now=NOW)
    assert mail("swap_declined", "Alice") == (
        "Tue 16 March: Bob cannot take the turn",
        [
            "Bob cannot this time",
            "You still present on Tue 16 March, 10:00 (KST) · Café.",
            "You can ask somebody else, or the whole group.",
        ],
    )
    assert link("swap_declined", "Alice") == f"/g/study/schedule/turns/{world_of['mine'].pk}/swap/"


def test_what_is_undone_is_told_to_the_other_side(world_of):
    change = offers.accept(asked(world_of), by=world_of["bob"], now=NOW)
    Notification.objects.update(state=Notification.SENT)
    offers.undo(change, by=world_of["alice"], now=NOW)
    assert mail("swap_undone", "Bob") == (
        "Tue 30 March, Bob: you present after all",
        [
            "The swap is undone: the turns are as they were",
            "We meet on Tue 30 March, 10:00 (KST) · Café.",
            "On Tue 16 March Alice presents.",
            "Please share your paper by Tue 23 March.",
        ],
    )


def test_who_got_a_turn_that_is_taken_back_hears_so(world_of):
    change = offers.accept(asked(world_of, exchange=False), by=world_of["bob"], now=NOW)
    offers.undo(change, by=world_of["alice"], now=NOW)
    assert mail("swap_undone", "Bob") == (
        "Tue 16 March: the swap is undone",
        ["The swap is undone: the turns are as they were", "Alice presents on Tue 16 March, as before."],
    )


# ── sent when it is true ─────────────────────────────────────────────────────────────────────────
def sent(now):
    return [
        (notification.kind, str(notification.recipient), notification.state, notification.reason)
        for notification in outbox.deliver_due(now)
    ]


def test_a_notification_waits_for_the_time_of_undo_and_is_sent_once(world_of, smtp_sink):
    asked(world_of)
    assert sent(NOW + timedelta(seconds=10)) == []
    assert sent(NOW + timedelta(seconds=21)) == [("swap_asked", "Bob", "sent", "")]
    assert sent(NOW + timedelta(minutes=5)) == []
    (mail,) = smtp_sink.messages
    notification = Notification.objects.get()
    assert (mail["Message-ID"], mail["Subject"]) == (notification.message_id, notification.subject)


def test_who_wants_no_such_questions_gets_none_and_still_sees_them_at_home(world_of, sign_in):
    preferences.mute(world_of["bob"].member, preferences.SWAPS)
    asked_today(world_of)
    assert Notification.objects.count() == 0
    assert "asks for a swap" in sign_in(world_of["bob"]).get("/g/study/").text


def test_a_question_that_waits_is_not_sent_to_who_stopped_them_meanwhile(world_of, smtp_sink):
    asked(world_of)
    preferences.mute(world_of["bob"].member, preferences.SWAPS)
    assert sent(NOW + timedelta(minutes=1)) == [("swap_asked", "Bob", "skipped", "muted")]
    assert smtp_sink.messages == []


def test_a_question_can_be_stopped_by_one_click_and_an_answer_cannot(world_of, smtp_sink):
    offers.accept(asked(world_of, by="olivia", exchange=False), by=world_of["bob"], now=NOW)
    asked(world_of | {"mine": Presentation.objects.select_related("session__term").get(session__starts_at=SECOND)},
          by="olivia", taker="carol", exchange=False)  # fmt: skip
    sent(NOW + timedelta(minutes=1))
    stops = {
        message["To"].partition("@")[0].rstrip("0123456789"): message["List-Unsubscribe"]
        for message in smtp_sink.messages
    }
    stop = preferences.stop_address(world_of["carol"].member, preferences.SWAPS)
    assert stops == {"alice": None, "olivia": None, "carol": f"<{stop}>"}


@pytest.mark.parametrize(
    ("meanwhile", "reason"),
    [
        (lambda study: Swap.objects.update(state=Swap.WITHDRAWN), "answered"),
        (lambda study: study["mine"].delete(), "reassigned"),
        (lambda study: make.presentation(study["term"].sessions.first(), study["bob"]), "reassigned"),
        (lambda study: study["term"].sessions.update(state="cancelled"), "reassigned"),
        (lambda study: study["group"].memberships.filter(pk=study["alice"].pk).update(state="left"), "gone"),
    ],
)  # fmt: skip
def test_a_question_that_is_no_longer_one_is_not_sent(world_of, meanwhile, reason):
    asked(world_of)
    meanwhile(world_of)
    assert sent(NOW + timedelta(minutes=1)) == [("swap_asked", "Bob", "skipped", reason)]


def test_an_answer_that_was_overtaken_is_not_sent(world_of):
    offers.accept(asked(world_of), by=world_of["bob"], now=NOW)
    Presentation.objects.filter(presenter=world_of["alice"]).update(presenter=world_of["carol"])
    assert sent(NOW + timedelta(minutes=1)) == [("swap_accepted", "Alice", "skipped", "reassigned")]


def test_news_of_an_undone_swap_is_not_sent_when_the_turns_changed_again(world_of):
    change = offers.accept(asked(world_of), by=world_of["bob"], now=NOW)
    Notification.objects.update(state=Notification.SENT)
    offers.undo(change, by=world_of["alice"], now=NOW)
    Presentation.objects.filter(presenter=world_of["bob"]).update(presenter=world_of["carol"])
    assert sent(NOW + timedelta(minutes=1)) == [("swap_undone", "Bob", "skipped", "reassigned")]


# ── the link ─────────────────────────────────────────────────────────────────────────────────────
def asked_today(study):
    """Pages go by the clock on the wall: the sessions are some weeks from now."""
    for session, days in zip(study["term"].sessions.all(), (20, 34), strict=True):
        start = now() + timedelta(days=days)
        study["term"].sessions.filter(pk=session.pk).update(starts_at=start, ends_at=start + timedelta(hours=2))
    study["mine"].session.refresh_from_db()
    swap = offers.ask(
        study["mine"], by=study["alice"], now=now(), taker=study["bob"], wanted=study["term"].sessions.last()
    )
    return swap, swap_links.address(swap, study["bob"]).removeprefix("http://localhost:8000")


def test_the_link_opens_a_page_with_a_button_and_changes_nothing_by_itself(world_of):
    _swap, address = asked_today(world_of)
    browser = Client()
    assert link("swap_asked", "Bob") == address
    for _ in range(2):
        page = browser.get(address)
        assert (page.status_code, Swap.objects.get().state) == (200, Swap.OPEN)
    assert "Yes, exchange" in page.text and "this page is for Bob" in page.text


def test_yes_and_undo_work_without_signing_in(world_of):
    swap, address = asked_today(world_of)
    browser = Client()
    page = browser.post(address, {"do": "accept"}, follow=True)
    assert (page.redirect_chain, Swap.objects.get().state) == ([(address, 302)], Swap.ACCEPTED)
    assert Swap.objects.get().taker == world_of["bob"]
    browser.post(address, {"do": "undo"})
    assert Swap.objects.get().state == Swap.UNDONE


def test_who_is_signed_in_acts_as_themselves_with_a_forwarded_link(world_of, sign_in):
    swap, address = asked_today(world_of)
    answer = sign_in(world_of["carol"]).post(address, {"do": "accept"})
    swap.refresh_from_db()
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/g/study/schedule/swaps/{swap.pk}/")
    assert (swap.state, sign_in(world_of["carol"]).get(answer.headers["Location"]).status_code) == (Swap.OPEN, 404)


def test_a_link_is_for_one_person_and_ends_with_their_place(world_of):
    swap, address = asked_today(world_of)
    browser = Client()
    assert browser.get(address[:-3] + "xx/").status_code == 404
    other = swap_links.address(swap, world_of["mallory"]).removeprefix("http://localhost:8000")
    assert browser.get(other).status_code == 404
    world_of["group"].memberships.filter(pk=world_of["bob"].pk).update(state="removed")
    assert browser.get(address).status_code == 404
    assert browser.post(address, {"do": "accept"}).status_code == 404
    assert Swap.objects.get().state == Swap.OPEN


def test_times_on_the_page_are_the_readers_own(world_of):
    member = world_of["bob"].member
    member.timezone = "America/New_York"
    member.save()
    swap, address = asked_today(world_of)
    asked_at = swap.asked_at.astimezone(ZoneInfo("America/New_York"))
    assert f"{asked_at:%H:%M}" in Client().get(address).text
