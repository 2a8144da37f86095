"""While a session runs, and after it: what is changed then reaches people, can be undone, and keeps the record true."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from schedule.meetings import attendance
from schedule.models import AttendanceRecord, Change, Notification, Photo, Session
from schedule.notifications import outbox, reminders
from schedule.planning import changes, moving, session_changes
from schedule.refusal import NotPossible
from tests import make

SEOUL = ZoneInfo("Asia/Seoul")
MEETS = make.utc(2027, 3, 16, 1)  # 10:00 in Seoul, until 12:00
FIVE_PAST, ENDS = MEETS + timedelta(minutes=5), MEETS + timedelta(hours=2)
NEXT_WEEK = MEETS.astimezone(SEOUL) + timedelta(days=7)


@pytest.fixture
def session(study):
    """It meets on a Tuesday at ten; Alice presents."""
    session = make.session(make.term(study["group"], published_at=make.utc(2027, 2, 1)), MEETS)
    make.presentation(session, study["alice"])
    return session


def mailed(smtp_sink, now):
    """{(reader, subject)} of what goes out at that moment."""
    smtp_sink.messages.clear()
    outbox.requeue(now)
    reminders.queue_due(now)
    outbox.deliver_due(now)
    return {(str(m["To"]).partition("@")[0].rstrip("0123456789"), m["Subject"]) for m in smtp_sink.messages}


def press(client, session, name, **form):
    """Press one of the organizer's buttons; what the next page says, and the address of its Undo."""
    form = {"seen": Session.objects.get(pk=session.pk).sequence} | form
    answer = client.post(f"{session.get_absolute_url()}{name}/", form, follow=True)
    (message,) = answer.context["messages"]
    return str(message), message.extra_tags


VERBS = {
    "cancel": (
        {},
        "The session is cancelled. Everybody gets a notification.",
        "The session of Tue 16 March is cancelled",
    ),
    "place": (
        {"place": "Library"},
        "The place is changed. Everybody gets a notification.",
        "Tue 16 March, new place: Library",
    ),
    "move": (
        {"day": "2027-03-23", "time": "10:00"},
        "Moved to Tue 23 March 2027, 10:00. Everybody gets a notification.",
        "The session of Tue 16 March is now on Tue 23 March, 10:00",
    ),
}


# ── while it runs ────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("verb", VERBS)
def test_a_change_while_the_session_runs_reaches_everybody_and_can_be_undone(sign_in, study, session, smtp_sink, verb):
    form, said, subject = VERBS[verb]
    before = Session.objects.values("starts_at", "place", "state").get()
    with time_machine.travel(FIVE_PAST, tick=False):
        words, undo = press(sign_in(study["olivia"]), session, verb, **form)
    assert words.replace(" 2027", "") == said.replace(" 2027", "")
    readers = mailed(smtp_sink, FIVE_PAST + timedelta(minutes=1))
    assert readers == {(name, f"[CV Reading Study 1] {subject}") for name in ("alice", "bob")}
    with time_machine.travel(FIVE_PAST + timedelta(minutes=2), tick=False):
        client = sign_in(study["olivia"])
        assert undo in client.get(session.get_absolute_url()).text
        assert "Undone: everything is as it was before." in client.post(undo, follow=True).text
    assert Session.objects.values("starts_at", "place", "state").get() == before
    assert {name for name, _subject in mailed(smtp_sink, FIVE_PAST + timedelta(minutes=3))} == {"alice", "bob"}


def test_a_session_held_after_all_while_it_should_run_brings_people_back(sign_in, study, session, smtp_sink):
    with time_machine.travel(MEETS - timedelta(hours=2), tick=False):
        press(sign_in(study["olivia"]), session, "cancel")
    mailed(smtp_sink, MEETS - timedelta(hours=1))
    with time_machine.travel(FIVE_PAST, tick=False):
        client = sign_in(study["olivia"])
        words, undo = press(client, session, "restore")
        assert undo in client.get(session.get_absolute_url()).text
    assert words == "The session takes place after all."
    after = mailed(smtp_sink, FIVE_PAST + timedelta(minutes=1))
    title = "[CV Reading Study 1] The session of Tue 16 March takes place after all"
    assert after == {("alice", title), ("bob", title)}
    assert "please share" not in smtp_sink.messages[0].get_body(("plain",)).get_content()


def test_news_of_a_running_session_is_of_no_use_once_it_is_over(study, session, smtp_sink):
    moving.cancel(session, by=study["olivia"], now=FIVE_PAST)
    assert set(Notification.objects.values_list("expires_at", flat=True)) == {ENDS}
    assert mailed(smtp_sink, ENDS) == set()
    assert set(Notification.objects.values_list("state", flat=True)) == {Notification.EXPIRED}


def test_presenters_changed_while_it_runs_hear_of_it_without_being_asked_for_a_paper(study, session, smtp_sink):
    session_changes.set_presenters(session, [study["bob"]], by=study["olivia"], now=FIVE_PAST)
    assert mailed(smtp_sink, FIVE_PAST + timedelta(minutes=1)) == {
        ("alice", "[CV Reading Study 1] Tue 16 March, Alice: you no longer present"),
        ("bob", "[CV Reading Study 1] Tue 16 March, Bob: you present"),
    }
    for message in smtp_sink.messages:
        assert "share it by" not in message.get_body(("plain",)).get_content()


@pytest.mark.parametrize("verb", VERBS)
def test_a_draft_says_that_no_notification_goes_out(sign_in, study, session, verb):
    type(session.term).objects.update(published_at=None)
    with time_machine.travel(MEETS - timedelta(days=3), tick=False):
        client = sign_in(study["olivia"])
        assert "Everybody gets a notification" not in client.get(session.get_absolute_url()).text
        words, _undo = press(client, session, verb, **VERBS[verb][0])
        assert (
            "The term is a draft, so no notification goes out." in words
            and "Everybody gets a notification" not in words
        )
    assert not Notification.objects.exists()


def test_a_move_is_undone_only_while_the_old_time_is_not_over(study, session):
    change = moving.move(session, NEXT_WEEK.date(), NEXT_WEEK.time(), by=study["olivia"], now=FIVE_PAST)
    assert offered(study, session, ENDS) == []
    with pytest.raises(NotPossible, match="The time that this session had before has passed."):
        undo_of(change, study, ENDS)
    assert Session.objects.get().starts_at == MEETS + timedelta(days=7)
    assert offered(study, session, ENDS - timedelta(minutes=1)) == [change]
    undo_of(change, study, ENDS - timedelta(minutes=1))
    assert Session.objects.get().starts_at == MEETS


def offered(study, session, at):
    session = Session.objects.select_related("term").get(pk=session.pk)
    return changes.recent(session.term, study["olivia"], at, session)


def undo_of(change, study, at):
    return changes.undo(Change.objects.get(pk=change.pk), by=study["olivia"], now=at)


# ── its record stays with it ─────────────────────────────────────────────────────────────────────
def _marked(session, study):
    attendance.mark(session, study["bob"], AttendanceRecord.PRESENT, by=study["olivia"], now=FIVE_PAST)


def _photographed(session, study):
    Photo.objects.create(session=session, file="1/photos/a.jpg", width=1, height=1, taken_at=FIVE_PAST)


@pytest.mark.parametrize("met", [_marked, _photographed])
def test_a_session_that_has_met_is_not_moved_with_its_record(sign_in, study, session, met):
    met(session, study)
    with pytest.raises(NotPossible, match="this session stays on its day"):
        moving.move(session, NEXT_WEEK.date(), NEXT_WEEK.time(), by=study["olivia"], now=FIVE_PAST)
    with time_machine.travel(FIVE_PAST, tick=False):
        client = sign_in(study["olivia"])
        page = client.get(session.get_absolute_url()).text
        assert "this session stays on its day" in page and "/move/" not in page and "/cancel/" in page
        answer = client.post(
            f"{session.get_absolute_url()}move/", {"day": "2027-03-23", "time": "11:30", "seen": session.sequence}
        )
    assert (answer.status_code, 'value="2027-03-23"' in answer.text) == (422, True)
    assert "this session stays on its day" in answer.text
    assert Session.objects.get().starts_at == MEETS


def test_undoing_a_move_does_not_take_the_record_along(study, session):
    """Moved to today from a later day, and begun: putting it back would date the attendance into the future."""
    later = make.session(session.term, MEETS + timedelta(days=7))
    day, clock = MEETS.astimezone(SEOUL) + timedelta(minutes=30), (MEETS + timedelta(minutes=30)).astimezone(SEOUL)
    change = moving.move(later, day.date(), clock.time(), by=study["olivia"], now=FIVE_PAST)
    at = MEETS + timedelta(minutes=40)
    assert offered(study, later, at) == [change]
    attendance.mark(later, study["bob"], AttendanceRecord.PRESENT, by=study["olivia"], now=at)
    assert offered(study, later, at) == []
    with pytest.raises(NotPossible, match="this session stays on its day"):
        undo_of(change, study, at)


def test_an_open_code_ends_when_the_session_moves(study, session):
    attendance.open_code(session, now=FIVE_PAST)
    moving.move(session, NEXT_WEEK.date(), NEXT_WEEK.time(), by=study["olivia"], now=FIVE_PAST)
    assert Session.objects.get().code_key == ""


# ── after it ─────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("name", "form", "typed"),
    [
        ("move", {"day": "2027-03-23", "time": "11:30"}, ["2027-03-23", "11:30"]),
        ("place", {"place": "Library, room 3"}, ["Library, room 3"]),
    ],
)
@pytest.mark.parametrize("state", ["over", "held", "cancelled"])
def test_a_form_refused_because_the_session_is_over_or_cancelled_stays_with_its_words(
    sign_in, study, session, name, form, typed, state
):
    if state != "over":
        Session.objects.update(state=state, closed_at=FIVE_PAST if state == "held" else None)
    with time_machine.travel(ENDS if state == "over" else FIVE_PAST, tick=False):
        answer = sign_in(study["olivia"]).post(f"{session.get_absolute_url()}{name}/", form | {"seen": 0})
    said = "This session is cancelled. Bring it back first." if state == "cancelled" else "This session is over"
    assert (answer.status_code, said in answer.text) == (422, True)
    for words in typed:
        assert f'value="{words}"' in answer.text
    others = {"move", "place", "cancel"} - {name}
    assert not any(f"{session.get_absolute_url()}{other}/" in answer.text for other in others)


def test_closing_is_offered_from_the_minute_it_can_be_done(sign_in, study, session):
    address, offers = session.get_absolute_url(), []
    for at in (MEETS - timedelta(minutes=59), MEETS - timedelta(seconds=1), MEETS, ENDS + timedelta(days=9)):
        with time_machine.travel(at, tick=False):
            page = sign_in(study["olivia"]).get(address).text
            offers.append((f"{address}close/" in page, "Who is here" in page))
    assert offers == [(False, True), (False, True), (True, True), (True, True)]


def test_a_check_in_code_ends_by_itself_an_hour_after_the_session(sign_in, study, session):
    attendance.open_code(session, now=FIVE_PAST)
    session.refresh_from_db()
    last = ENDS + timedelta(minutes=59)
    attendance.enter(session, attendance.code(session, last), by=study["bob"], now=last)
    for at in (ENDS + timedelta(hours=1), ENDS + timedelta(days=2)):
        with pytest.raises(NotPossible, match="No code is open now."):
            attendance.enter(session, attendance.code(session, at), by=study["alice"], now=at)
        with pytest.raises(NotPossible, match="This session ended more than an hour ago."):
            attendance.open_code(session, now=at)
        with time_machine.travel(at, tick=False):
            client, address = sign_in(study["olivia"]), session.get_absolute_url()
            page = client.get(address).text
            assert not any(f"{address}{part}" in page for part in ("code/", "here/"))
            assert client.get(f"{address}code/").status_code == 302
            said = client.post(f"{address}code/open/", follow=True).text
            assert "This session ended more than an hour ago." in said
    assert [(str(mark.membership), mark.state) for mark in AttendanceRecord.objects.all()] == [("Bob", "late")]
