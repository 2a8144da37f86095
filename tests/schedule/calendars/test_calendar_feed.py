"""Feeds, read back by a calendar library: what they say, and that they follow every change."""

from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlparse
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from members import membership
from papers import library
from schedule.calendars import calendar_feed, secret_links
from schedule.calendars.secret_links import GROUP, MINE
from schedule.models import CalendarLink, Session
from schedule.planning import changes, moving, session_changes, turns
from schedule.planning.swaps import offers
from tests import make
from tests.examples import examples
from tests.forms import hidden

pytestmark = pytest.mark.django_db
NEEDED = {"UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "DESCRIPTION", "STATUS", "SEQUENCE", "LAST-MODIFIED", "URL"}


@pytest.fixture
def session(study):
    """In two weeks at 10:00 in Seoul; Alice presents GIRAFFE, Bob has no paper yet."""
    start = (now() + timedelta(days=14)).astimezone(ZoneInfo("Asia/Seoul"))
    made = make.session(make.term(study["group"]), start.replace(hour=10, minute=0, second=0, microsecond=0))
    paper = make.paper(study["group"], "GIRAFFE", authors=["Michael Niemeyer", "Andreas Geiger"])
    make.presentation(made, study["alice"], paper=paper, shared_at=now())
    make.presentation(made, study["bob"])
    return made


def parsed(body: bytes) -> list:
    """The events, after everything that must hold for any calendar was held against it."""
    assert all(len(line) <= 75 for line in body.split(b"\r\n"))
    assert b"\n" not in body.replace(b"\r\n", b"")
    calendar = Calendar.from_ical(body)
    assert (calendar["VERSION"], calendar["METHOD"], calendar.errors) == ("2.0", "PUBLISH", [])
    events = calendar.walk("VEVENT")
    assert [NEEDED - set(event) for event in events] == [set()] * len(events)
    assert [event.errors for event in events] == [[]] * len(events)
    clocks = {
        event[name].params["TZID"] for event in events for name in ("DTSTART", "DTEND") if "TZID" in event[name].params
    }
    assert {str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")} == clocks
    assert len({event["UID"] for event in events}) == len(events)
    return events


def read(me, scope=MINE, at=None) -> dict:
    """{name: event} of a member's feed; the name is the UID before its @."""
    content = calendar_feed.feed(_link(me), scope, at or now())
    return {str(event["UID"]).partition("@")[0]: event for event in parsed(content.as_bytes())}


def _link(me):
    link = secret_links.link_of(me)
    return secret_links.find(link.pk, MINE, secret_links.key_of(link, MINE))


def told(event) -> tuple:
    return tuple(str(event[name]) for name in ("SUMMARY", "STATUS")) + (event["SEQUENCE"],)


def path(me, scope=MINE) -> str:
    return urlparse(secret_links.address(secret_links.link_of(me), scope)).path


def test_my_feed_says_when_where_who_and_until_when_i_share(study, session):
    found = read(study["bob"])
    meeting, deadline = found.pop(f"session-{session.pk}"), found.pop(f"share-{session.pk}-{study['bob'].pk}")
    assert found == {}
    assert told(meeting) == ("CV Reading Study 1: you present", "CONFIRMED", 0)
    assert meeting["DTSTART"].params["TZID"] == meeting["DTEND"].params["TZID"] == "Asia/Seoul"
    assert (meeting.decoded("DTSTART"), meeting.decoded("DTEND")) == (session.starts_at, session.ends_at)
    assert (str(meeting["LOCATION"]), meeting.walk("VALARM")) == ("A café near Sangdo", [])
    said = str(meeting["DESCRIPTION"]).split("\n")
    assert said[:2] == ["Alice: GIRAFFE", "Michael Niemeyer, Andreas Geiger"]
    assert said[3:5] == ["", "Bob: no paper yet"] and said[6].endswith(session.get_absolute_url())
    assert told(deadline) == ("CV Reading Study 1: share your paper", "CONFIRMED", 0)
    assert (deadline.decoded("DTSTART"), deadline.decoded("DTEND") - deadline.decoded("DTSTART")) == (
        session.share_day,
        timedelta(days=1),
    )


def test_the_groups_feed_holds_sessions_only_and_drafts_stay_at_home(study, session):
    make.session(make.term(study["group"], published=False))
    make.session(make.term())
    found = read(study["bob"], GROUP)
    assert {name: told(event) for name, event in found.items()} == {
        f"session-{session.pk}": ("CV Reading Study 1, session 1", "CONFIRMED", 0)
    }


def test_moving_cancelling_and_restoring_keep_the_uid_and_raise_the_sequence(study, session):
    name, olivia = f"session-{session.pk}", study["olivia"]
    later = session.local_start + timedelta(days=7, hours=4)
    moving.move(session, later.date(), later.time(), by=olivia, now=now(), seen=session.sequence)
    moved = read(study["alice"])[name]
    assert (told(moved), moved.decoded("DTSTART")) == (("CV Reading Study 1: you present", "CONFIRMED", 1), later)
    session.refresh_from_db()
    moving.cancel(session, by=olivia, now=now())
    assert {key: told(event) for key, event in read(study["bob"]).items()} == {
        name: ("Cancelled: CV Reading Study 1: you present", "CANCELLED", 2),
        f"share-{session.pk}-{study['bob'].pk}": ("Cancelled: CV Reading Study 1: share your paper", "CANCELLED", 2),
    }
    assert list(read(study["bob"], at=now() + timedelta(days=59))) != []
    assert read(study["bob"], at=now() + timedelta(days=61)) == {}
    session.refresh_from_db()
    moving.restore(session, by=olivia, now=now())
    assert told(read(study["alice"])[name]) == ("CV Reading Study 1: you present", "CONFIRMED", 3)


def test_other_presenters_are_a_new_sequence_and_take_the_day_to_share_along(study, session):
    bob, olivia = study["bob"], study["olivia"]
    change = session_changes.set_presenters(session, [study["alice"], olivia], by=olivia, now=now(), seen=0)
    assert {name: told(event) for name, event in read(bob).items()} == {
        f"session-{session.pk}": ("CV Reading Study 1, session 1", "CONFIRMED", 1)
    }
    assert {name: told(event) for name, event in read(olivia).items()} == {
        f"session-{session.pk}": ("CV Reading Study 1: you present", "CONFIRMED", 1),
        f"share-{session.pk}-{olivia.pk}": ("CV Reading Study 1: share your paper", "CONFIRMED", 1),
    }
    changes.undo(change, by=olivia, now=now())
    assert {name: told(event) for name, event in read(bob).items()} == {
        f"session-{session.pk}": ("CV Reading Study 1: you present", "CONFIRMED", 2),
        f"share-{session.pk}-{bob.pk}": ("CV Reading Study 1: share your paper", "CONFIRMED", 2),
    }


def test_a_swap_is_heard_of_in_both_sessions(study, session):
    other = make.session(session.term, session.starts_at + timedelta(days=7))
    make.presentation(other, study["olivia"])
    turn = session.presentations.get(presenter=study["bob"])
    offers.at_once(turn, by=study["olivia"], now=now(), taker=study["olivia"], wanted=other)
    assert {name: told(event) for name, event in read(study["bob"]).items()} == {
        f"session-{session.pk}": ("CV Reading Study 1, session 1", "CONFIRMED", 1),
        f"session-{other.pk}": ("CV Reading Study 1: you present", "CONFIRMED", 1),
        f"share-{other.pk}-{study['bob'].pk}": ("CV Reading Study 1: share your paper", "CONFIRMED", 1),
    }


def test_words_that_change_are_a_later_modification_and_no_new_sequence(study, session):
    """A title that is corrected, a paper that is read anew, taken back, shared again: programs see it, and ask nobody."""
    alice, name = study["alice"], f"session-{session.pk}"
    turn = session.presentations.get(presenter=alice)
    paper, seen = turn.paper, []

    def look():
        event = read(alice)[name]
        seen.append((event.decoded("LAST-MODIFIED"), event["SEQUENCE"], "GIRAFFE 2" in event["DESCRIPTION"]))

    past = now() - timedelta(days=1)
    Session.objects.update(changed_at=past)
    session.presentations.update(shared_at=past)
    type(paper).objects.update(changed_at=past)
    look()
    library.edit(paper, by=alice, changes={"title": "GIRAFFE 2"})
    look()
    turns.withdraw(turn, by=alice, now=now() + timedelta(minutes=1))
    look()
    turns.share(turn, paper, by=alice, now=now() + timedelta(minutes=2))
    look()
    modified, sequences, shown = zip(*seen, strict=True)
    assert (sorted(set(modified)), set(sequences), shown) == (list(modified), {0}, (False, True, False, True))


def test_a_session_that_is_deleted_is_gone(study, session):
    session.delete()
    assert read(study["bob"]) == {}


@pytest.mark.parametrize(
    ("zone", "days"),
    [
        ("Europe/Berlin", [date(2026, 3, 24), date(2026, 3, 31), date(2026, 10, 20), date(2026, 10, 27)]),
        ("America/New_York", [date(2026, 3, 3), date(2026, 3, 10), date(2026, 10, 27), date(2026, 11, 3)]),
    ],
)
def test_ten_oclock_stays_ten_oclock_over_both_changes_of_the_clock(study, zone, days):
    term = make.term(study["group"], timezone=zone)
    for day in days:
        make.session(term, datetime(day.year, day.month, day.day, 10, tzinfo=ZoneInfo(zone)))
    body = calendar_feed.feed(_link(study["bob"]), GROUP, make.utc(2026, 6, 1)).as_bytes()
    starts = [event.decoded("DTSTART") for event in parsed(body)]
    assert [(start.date(), start.hour, start.minute) for start in starts] == [(day, 10, 0) for day in days]
    rows = Session.objects.order_by("starts_at").values_list("starts_at", flat=True)
    assert [start.astimezone(UTC) for start in starts] == list(rows)
    [clock] = Calendar.from_ical(body).walk("VTIMEZONE")  # what a program without zones of its own would compute
    own = clock.to_tz(lookup_tzid=False)
    assert [datetime.combine(d, datetime.min.time(), own).replace(hour=10).astimezone(UTC) for d in days] == list(rows)


def test_days_to_share_as_the_person_likes_them(study, session):
    link, name = _link(study["bob"]), f"share-{session.pk}-{study['bob'].pk}"
    CalendarLink.objects.filter(pk=link.pk).update(deadlines=CalendarLink.TIMED, alarm=60)
    deadline = read(study["bob"])[name]
    start = deadline.decoded("DTSTART")
    assert (start.date(), start.hour, deadline["DTSTART"].params["TZID"]) == (session.share_day, 23, "Asia/Seoul")
    assert [alarm.decoded("TRIGGER") for alarm in deadline.walk("VALARM")] == [timedelta(hours=-1)]
    CalendarLink.objects.filter(pk=link.pk).update(deadlines=CalendarLink.NONE)
    assert list(read(study["bob"])) == [f"session-{session.pk}"]


@settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), min_size=1, max_size=120))
@example(text='a,b;c\\n\\,d: "e" 논문 읽기 🦒 ' + "가" * 60)
def test_any_title_and_place_come_through(study, session, text):
    Session.objects.filter(pk=session.pk).update(place=text)
    session.presentations.first().paper.__class__.objects.update(title=text)
    event = read(study["bob"], GROUP)[f"session-{session.pk}"]
    assert str(event["LOCATION"]) == text
    assert str(event["DESCRIPTION"]).split("\n")[0] == f"Alice: {text}"


def test_a_line_break_in_a_place_cannot_add_a_property(study, session):
    Session.objects.filter(pk=session.pk).update(place="Café\r\nATTENDEE:mailto:x@example.org\nEND:VEVENT")
    [event] = parsed(calendar_feed.feed(_link(study["bob"]), GROUP, now()).as_bytes())
    assert "ATTENDEE" not in event
    assert str(event["LOCATION"]).split("\n") == ["Café", "ATTENDEE:mailto:x@example.org", "END:VEVENT"]


# ── over HTTP ────────────────────────────────────────────────────────────────────────────────────
def test_a_program_reads_without_signing_in_and_hears_when_nothing_is_new(study, session, client):
    answer = client.get(path(study["bob"]))
    heads = ["Content-Type", "Cache-Control", "Referrer-Policy"]
    assert [answer.headers[name] for name in heads] == [
        "text/calendar; charset=utf-8",
        "private, no-cache",
        "no-referrer",
    ]
    assert (len(parsed(answer.content)), answer.cookies) == (2, {})
    head = client.head(path(study["bob"]))
    assert (head.status_code, head.headers["ETag"], head.content) == (200, answer.headers["ETag"], b"")
    again = client.get(path(study["bob"]), headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", answer.headers["ETag"])
    moving.cancel(session, by=study["olivia"], now=now())
    fresh = client.get(path(study["bob"]), headers={"If-None-Match": answer.headers["ETag"]})
    assert (fresh.status_code, fresh.headers["ETag"] == answer.headers["ETag"]) == (200, False)


def test_new_links_close_the_old_ones_and_wrong_ones_open_nothing(study, session, client, sign_in):
    old, others = [path(study["bob"], scope) for scope in (MINE, GROUP)], path(study["mallory"])
    assert [client.get(one).status_code for one in old] == [200, 200]
    sign_in(study["bob"]).post("/g/study/calendar/renew/")
    study["bob"].refresh_from_db()
    assert [client.get(one).status_code for one in (*old, path(study["bob"]))] == [404, 404, 200]
    pk = study["bob"].calendar_link.pk
    key = others.rpartition("/")[2]
    wrong = [
        f"/calendar/{pk}/mine/{key}",
        f"/calendar/{pk}/group/{path(study['bob']).rpartition('/')[2]}",
        "/calendar/9999/mine/é.ics",
    ]
    assert [client.get(one).status_code for one in wrong] == [404, 404, 404]
    assert client.post(path(study["bob"])).status_code == 405
    assert parsed(client.get(others).content) == []


@pytest.mark.parametrize(("verb", "answer"), [("pause", 200), ("leave", 404), ("remove", 404)])
def test_whoever_may_enter_the_group_reads_its_dates(study, session, client, verb, answer):
    address = path(study["bob"])
    membership.change(study["bob"], verb)
    assert client.get(address).status_code == answer


def test_a_closed_address_is_written_to_no_log(study, session, client, caplog):
    address = path(study["bob"])
    membership.change(study["bob"], "leave")
    client.get(address)
    assert address.rpartition("/")[2] not in caplog.text


def test_a_program_that_asks_without_end_is_told_to_wait(study, session, client, monkeypatch, standing_clock):
    monkeypatch.setattr("schedule.calendars.views.READS_AN_HOUR", 3)
    address = path(study["alice"])
    answers = [client.get(address) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 3600


def test_thirty_sessions_take_as_many_queries_as_one(study, session, client):
    def count():
        with CaptureQueriesContext(connection) as asked:
            assert client.get(path(study["bob"])).status_code == 200
        return len([one for one in asked if "cache" not in one["sql"]])

    count()
    few = count()
    for number in range(30):
        paper = make.paper(study["group"], f"Paper {number}")
        made = make.session(session.term, now() + timedelta(days=number))
        make.presentation(made, study["bob"], paper=paper, shared_at=now())
    assert count() == few


def test_the_page_makes_links_by_a_button_and_keeps_choices(study, session, sign_in):
    client = sign_in(study["bob"])
    before = client.get("/g/study/calendar/").content.decode()
    assert ("Make my links" in before, CalendarLink.objects.count()) == (True, 0)
    assert client.post("/g/study/calendar/renew/").status_code == 302
    page = client.get("/g/study/calendar/").content.decode()
    assert [path(study["bob"], scope) in page for scope in (MINE, GROUP)] == [True, True]
    seen = hidden(client, "/g/study/calendar/")
    client.post("/g/study/calendar/", seen | {"deadlines": "time", "alarm": "1440", "salt": "mine"})
    link = CalendarLink.objects.get()
    assert (link.deadlines, link.alarm, link.salt == "mine") == ("time", 1440, False)


def test_one_session_as_a_file_for_those_of_the_group(study, session, sign_in):
    address = f"{session.get_absolute_url()}session.ics"
    answer = sign_in(study["bob"]).get(address)
    [event] = parsed(answer.content)
    assert (told(event), event.decoded("DTSTART")) == (
        ("CV Reading Study 1: you present", "CONFIRMED", 0),
        session.starts_at,
    )
    assert answer.headers["Content-Disposition"] == 'attachment; filename="session-1.ics"'
    assert sign_in(study["mallory"]).get(address).status_code == 404
