"""A session is cancelled while it runs, and that was a mistake: what happened is neither lost nor shut away."""

from datetime import timedelta

import pytest
import time_machine

from schedule.meetings import attendance, closing, minutes
from schedule.models import AttendanceRecord, Change, Photo, Presentation, Session
from schedule.planning import changes, moving, session_changes
from schedule.refusal import NotPossible
from tests import make
from tests.schedule.meetings.test_record import picture
from tests.schedule.meetings.test_running import ENDS, FIVE_PAST, MEETS, mailed, press
from tests.schedule.meetings.test_running import session as of_alice

session = of_alice
AFTERWARDS = ENDS + timedelta(hours=1)
CAN_COME_BACK = "This session is cancelled. An organizer can bring it back."
HAS_PASSED = "This session is cancelled, and its time has passed."


def write(session, study, text="- What Alice found"):
    minutes.write(session.presentations.get(presenter=study["alice"]), text, seen=minutes.fingerprint(""))


def cancel(session, study, at=FIVE_PAST, **how):
    session.refresh_from_db()
    change = moving.cancel(session, by=study["olivia"], now=at, **how)
    session.refresh_from_db()
    return change


def page(sign_in, who, session, at, part=""):
    with time_machine.travel(at, tick=False):
        return sign_in(who).get(f"{session.get_absolute_url()}{part}").text


def post(sign_in, who, session, at, part, **form):
    """What the page says after a press."""
    with time_machine.travel(at, tick=False):
        return sign_in(who).post(f"{session.get_absolute_url()}{part}", form, follow=True).text


# ── it comes back, also after its end ────────────────────────────────────────────────────────────
def _minuted(session, study):
    write(session, study)


def _noted(session, study):
    minutes.write(session, "- We met", seen=minutes.fingerprint(""))


def _marked(session, study):
    attendance.mark(session, study["bob"], AttendanceRecord.PRESENT, by=study["olivia"], now=FIVE_PAST)


@pytest.mark.parametrize("met", [_minuted, _noted, _marked])
def test_a_session_with_a_record_is_brought_back_after_its_end_and_can_be_closed(
    sign_in, study, session, met, smtp_sink
):
    met(session, study)
    cancel(session, study)
    mailed(smtp_sink, ENDS - timedelta(minutes=30))
    assert CAN_COME_BACK in post(sign_in, study["olivia"], session, AFTERWARDS, "close/")
    assert f"{session.get_absolute_url()}restore/" in page(sign_in, study["olivia"], session, AFTERWARDS)
    assert f"{session.get_absolute_url()}restore/" not in page(sign_in, study["bob"], session, AFTERWARDS)
    with time_machine.travel(AFTERWARDS, tick=False):
        words, _undo = press(sign_in(study["olivia"]), session, "restore")
    assert (words, Session.objects.get().state) == ("The session is no longer cancelled.", Session.PLANNED)
    assert mailed(smtp_sink, AFTERWARDS + timedelta(minutes=2)) == set()
    assert "The session is closed." in post(sign_in, study["olivia"], session, AFTERWARDS, "close/")
    assert Session.objects.get().state == Session.HELD


def test_bringing_back_after_the_end_is_undone_until_the_record_is_closed(sign_in, study, session):
    write(session, study)
    cancel(session, study)
    back = moving.restore(session, by=study["olivia"], now=AFTERWARDS)
    assert back in changes.recent(session.term, study["olivia"], AFTERWARDS, session)
    changes.undo(back, by=study["olivia"], now=AFTERWARDS)
    session.refresh_from_db()
    assert session.state == Session.CANCELLED
    again = moving.restore(session, by=study["olivia"], now=AFTERWARDS)
    closing.close(session, by=study["olivia"], now=AFTERWARDS)
    session = Session.objects.select_related("term").get()
    assert again not in changes.recent(session.term, study["olivia"], AFTERWARDS, session)


def test_the_cancelling_of_a_session_with_a_record_is_undone_after_its_end(study, session):
    write(session, study)
    change = cancel(session, study)
    assert changes.recent(session.term, study["olivia"], AFTERWARDS, session) == [change]
    changes.undo(Change.objects.get(), by=study["olivia"], now=AFTERWARDS)
    assert Session.objects.get().state == Session.PLANNED


def test_a_cancelled_session_without_a_record_stays_cancelled_once_its_time_has_passed(sign_in, study, session):
    change = cancel(session, study)
    assert f"{session.get_absolute_url()}restore/" not in page(sign_in, study["olivia"], session, AFTERWARDS)
    for part in ("restore/", "close/", "reopen/"):
        assert HAS_PASSED in post(sign_in, study["olivia"], session, AFTERWARDS, part)
    assert changes.recent(session.term, study["olivia"], AFTERWARDS, session) == []
    with pytest.raises(NotPossible, match="This session is over"):
        changes.undo(Change.objects.get(pk=change.pk), by=study["olivia"], now=AFTERWARDS)
    assert Session.objects.get().state == Session.CANCELLED


# ── its minutes are shown ────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("at", [FIVE_PAST, AFTERWARDS, AFTERWARDS + timedelta(days=30)])
def test_the_minutes_of_a_turn_are_shown_while_its_session_is_cancelled(sign_in, study, session, at):
    write(session, study)
    cancel(session, study)
    assert "What Alice found" in page(sign_in, study["bob"], session, at)


def test_minutes_that_are_typed_in_a_cancelled_session_are_there_after_a_reload(sign_in, study, session):
    Presentation.objects.update(paper=make.paper(study["group"], "Grad-CAM"), shared_at=MEETS)
    cancel(session, study)
    address = f"{session.get_absolute_url()}minutes/{Presentation.objects.get().pk}/"
    assert f'action="{address}"' in page(sign_in, study["bob"], session, FIVE_PAST)
    with time_machine.travel(FIVE_PAST, tick=False):
        client, form = sign_in(study["bob"]), {"text": "- typed on", "seen": minutes.fingerprint("")}
        told = client.post(address, form, headers={"Accept": "application/json"}).json()
        shown = client.get(session.get_absolute_url()).text
    assert told["words"].startswith("saved at ")
    assert ("<li>typed on</li>" in shown, f'action="{address}"' in shown) == (True, True)


# ── its code ends, and every answer says that it is cancelled ────────────────────────────────────
def test_cancelling_ends_the_check_in_code(sign_in, study, session):
    attendance.open_code(session, now=FIVE_PAST)
    session.refresh_from_db()
    digits = attendance.code(session, FIVE_PAST)
    cancel(session, study)
    assert session.code_key == ""
    shown = page(sign_in, study["olivia"], session, FIVE_PAST, "code/")
    assert (CAN_COME_BACK in shown, "digits" in shown, "hx-get" in shown) == (True, False, False)
    offered = page(sign_in, study["bob"], session, FIVE_PAST, f"here/?code={digits}")
    assert (CAN_COME_BACK in offered, "I am here" in offered) == (True, False)
    assert CAN_COME_BACK in post(sign_in, study["bob"], session, FIVE_PAST, "here/", code=digits)


def test_a_code_that_was_open_when_an_earlier_version_cancelled_its_session_does_not_hold(sign_in, study, session):
    Session.objects.update(code_key="0123456789abcdef", state=Session.CANCELLED)
    shown = page(sign_in, study["olivia"], session, FIVE_PAST, "code/")
    assert (CAN_COME_BACK in shown, "digits" in shown) == (True, False)
    session.refresh_from_db()
    assert not attendance.code_is_open(session, FIVE_PAST)


@pytest.mark.parametrize(
    ("at", "words"),
    [(MEETS - timedelta(days=2), CAN_COME_BACK), (FIVE_PAST, CAN_COME_BACK), (AFTERWARDS, HAS_PASSED)],
)
def test_whatever_is_asked_of_a_cancelled_session_is_answered_with_that(sign_in, study, session, at, words):
    cancel(session, study, MEETS - timedelta(days=3))
    olivia, bob = study["olivia"], study["bob"]
    said = [
        post(sign_in, olivia, session, at, "attendance/", member=bob.pk, state="present"),
        post(sign_in, olivia, session, at, "code/open/"),
        post(sign_in, bob, session, at, "here/", code="123456"),
        post(sign_in, bob, session, at, "photos/", photos=picture()),
    ]
    assert [(words in one, "The record opens an hour before" in one) for one in said] == [(True, False)] * 4
    assert not AttendanceRecord.objects.exists() and not Photo.objects.exists()


# ── its turns come back ──────────────────────────────────────────────────────────────────────────
def presenters(session):
    return [str(turn.presenter) for turn in session.presentations.order_by("position")]


def test_a_turn_with_minutes_stays_with_its_session_when_the_others_return_to_the_pool(sign_in, study, session):
    make.presentation(session, study["bob"])
    write(session, study)
    with time_machine.travel(FIVE_PAST, tick=False):
        words, undo = press(sign_in(study["olivia"]), session, "cancel", turns="pool")
    assert words.endswith("Turns with minutes stay with it.")
    assert presenters(session) == ["Alice"]
    assert "What Alice found" in page(sign_in, study["bob"], session, FIVE_PAST)
    write_on = session.presentations.get()
    minutes.write(write_on, "- and more", seen=minutes.fingerprint(write_on.minutes))
    with time_machine.travel(FIVE_PAST, tick=False):
        assert "Undone: everything is as it was before." in sign_in(study["olivia"]).post(undo, follow=True).text
    assert presenters(session) == ["Alice", "Bob"]
    assert session.presentations.first().minutes == "- and more"


def test_bringing_it_back_gives_its_turns_back_as_they_were(sign_in, study, session):
    Presentation.objects.update(paper=make.paper(study["group"]), shared_at=MEETS - timedelta(days=8))
    make.presentation(session, study["bob"])
    before = list(Presentation.objects.order_by("pk").values())
    cancel(session, study, turns=moving.POOL)
    assert presenters(session) == []
    with time_machine.travel(FIVE_PAST, tick=False):
        client = sign_in(study["olivia"])
        _words, undo = press(client, session, "restore")
        assert list(Presentation.objects.order_by("pk").values()) == before
        assert "Undone" in client.post(undo, follow=True).text
        assert (Session.objects.get().state, presenters(session)) == (Session.CANCELLED, [])
        press(client, session, "restore")
    assert list(Presentation.objects.order_by("pk").values()) == before


def test_whoever_left_gets_no_turn_back_and_nobody_sits_twice(study, session):
    make.presentation(session, study["bob"])
    cancel(session, study, turns=moving.POOL)
    make.presentation(session, study["bob"])
    type(study["alice"]).objects.filter(pk=study["alice"].pk).update(state="left")
    moving.restore(session, by=study["olivia"], now=FIVE_PAST)
    assert presenters(session) == ["Bob"]


def test_turns_that_an_earlier_cancelling_gave_up_stay_given_up(study, session):
    cancel(session, study, turns=moving.POOL)
    moving.restore(session, by=study["olivia"], now=FIVE_PAST)
    session_changes.set_presenters(session, [study["bob"]], by=study["olivia"], now=FIVE_PAST)
    cancel(session, study)
    moving.restore(session, by=study["olivia"], now=FIVE_PAST)
    assert presenters(session) == ["Bob"]
