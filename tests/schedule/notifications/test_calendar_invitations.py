"""Invitations inside notifications: as a mail program finds them after the notification went through a real mail server."""

from datetime import timedelta
from email import message_from_bytes, policy
from email.utils import parseaddr

import pytest
from django.utils.timezone import now
from icalendar import Calendar

from members import membership
from members.mail import as_sent
from schedule.calendars import secret_links
from schedule.models import CalendarLink, Notification
from schedule.notifications import rendering
from schedule.notifications.smtp import SmtpClient
from schedule.notifications.snapshot import with_related
from schedule.planning import moving
from schedule.worker import heartbeat
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(study):
    """In two weeks; Bob presents, and wants invitations."""
    made = make.session(make.term(study["group"]), place="Café, 2층; “Hanok”")
    make.presentation(made, study["bob"])
    secret_links.link_of(study["bob"])
    CalendarLink.objects.update(invites=True)
    return made


def composed(session, reader, kind):
    session.refresh_from_db()
    known = session.notifications.filter(recipient=reader, kind=kind, dedupe_key=session.sequence).first()
    row = known or make.notification(session, reader, kind, dedupe_key=session.sequence)
    return rendering.compose(with_related(Notification.objects.filter(pk=row.pk)).get(), now())


def read(message):
    """The mail as its reader's program parses it, and the calendar inside, or None."""
    wire = as_sent(message).removesuffix(b".\r\n")
    mail = message_from_bytes(wire, policy=policy.default)
    parts = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    return mail, [(part["Content-Type"].params["method"], Calendar.from_ical(part.get_content())) for part in parts]


def told(found):
    [(method, calendar)] = found
    [event] = calendar.walk("VEVENT")
    assert (calendar["METHOD"], calendar.errors, event.errors) == (method, [], [])
    return method, event.decoded("DTSTART"), str(event["STATUS"]), event["SEQUENCE"], str(event["UID"])


def test_an_invitation_stands_beside_text_and_page_as_mail_programs_expect(study, session, smtp_sink):
    with SmtpClient() as post:
        post.send(composed(session, study["bob"], Notification.ASSIGNED))
    [mail] = smtp_sink.to(study["bob"].member.email)
    [inner] = [part for part in mail.walk() if part.get_content_type() == "multipart/alternative"]
    assert [part.get_content_type() for part in inner.iter_parts()] == ["text/plain", "text/html", "text/calendar"]
    part = list(inner.iter_parts())[-1]
    assert dict(part["Content-Type"].params) == {"method": "REQUEST", "charset": "utf-8"}
    [event] = Calendar.from_ical(part.get_content()).walk("VEVENT")
    assert str(event["LOCATION"]) == "Café, 2층; “Hanok”"
    assert str(event["ATTENDEE"]) == f"mailto:{study['bob'].member.email}"
    assert str(event["ORGANIZER"]) == f"mailto:{parseaddr(mail['From'])[1]}"
    asked = {name: event["ATTENDEE"].params[name] for name in ("CN", "RSVP", "PARTSTAT")}
    assert asked == {"CN": "Bob", "RSVP": "FALSE", "PARTSTAT": "NEEDS-ACTION"}


def test_a_move_updates_a_cancel_takes_away_and_restoring_brings_back(study, session):
    bob, olivia, uid = study["bob"], study["olivia"], f"session-{session.pk}@"
    first = told(read(composed(session, bob, Notification.ASSIGNED))[1])
    later = session.local_start + timedelta(days=7)
    moving.move(session, later.date(), later.time(), by=olivia, now=now(), seen=session.sequence)
    moved = told(read(composed(session, bob, Notification.MOVED))[1])
    moving.cancel(session, by=olivia, now=now())
    cancelled = told(read(composed(session, bob, Notification.CANCELLED))[1])
    moving.restore(session, by=olivia, now=now())
    restored = told(read(composed(session, bob, Notification.RESTORED))[1])
    found = [first, moved, cancelled, restored]
    assert [one[0] for one in found] == ["REQUEST", "REQUEST", "CANCEL", "REQUEST"]
    assert [one[2:4] for one in found] == [("CONFIRMED", 0), ("CONFIRMED", 1), ("CANCELLED", 2), ("CONFIRMED", 3)]
    assert (moved[1] - first[1], {one[4] for one in found}) == (timedelta(days=7), {first[4]})
    assert first[4].startswith(uid)


def test_nobody_is_invited_who_did_not_ask_nor_by_a_notification_about_papers_to_choose(study, session):
    secret_links.link_of(study["alice"])  # links, but no invitations
    asked = [
        (study["alice"], Notification.TOMORROW),
        (study["olivia"], Notification.TOMORROW),
        (study["bob"], Notification.CHOOSE),
    ]
    assert [read(composed(session, who, kind))[1] for who, kind in asked] == [[], [], []]


def test_a_second_copy_is_the_same_to_the_byte(study, session):
    row = make.notification(session, study["bob"], Notification.TOMORROW)
    first, second = (
        as_sent(rendering.compose(with_related(Notification.objects.filter(pk=row.pk)).get(), at))
        for at in (now(), now() + timedelta(minutes=1))
    )
    assert b"BEGIN:VEVENT" in first
    assert first == second


def test_who_wants_no_more_invitations_still_hears_of_changes_to_those_they_have(study, session, smtp_sink):
    bob, olivia = study["bob"], study["olivia"]
    make.notification(session, bob, Notification.RESTORED, due_at=now())
    heartbeat.tick(now())
    CalendarLink.objects.update(invites=False)
    assert read(composed(session, bob, Notification.TOMORROW))[1] == []
    later = session.local_start + timedelta(days=7)
    moving.move(session, later.date(), later.time(), by=olivia, now=now(), seen=session.sequence)
    assert told(read(composed(session, bob, Notification.MOVED))[1])[:2] == ("REQUEST", later.replace(microsecond=0))
    moving.cancel(session, by=olivia, now=now())
    assert told(read(composed(session, bob, Notification.CANCELLED))[1])[0] == "CANCEL"
    other = make.session(session.term, session.starts_at + timedelta(days=30))
    moving.cancel(other, by=olivia, now=now())
    assert read(composed(other, bob, Notification.CANCELLED))[1] == []


# ── who leaves ───────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def invited(study, session, smtp_sink):
    """Bob has the session in his calendar: its invitation went out through a real mail server."""
    make.notification(session, study["bob"], Notification.RESTORED, due_at=now())
    heartbeat.tick(now())
    assert [row.invited for row in session.notifications.filter(recipient=study["bob"])] == [True]
    return study["bob"]


def calendar_cancellations(session):
    rows = session.notifications.filter(kind=Notification.CALENDAR_CANCELLED).order_by("pk")
    return [(str(row.recipient), row.state, row.reason) for row in rows]


def ticks(start, *minutes):
    for minute in minutes:
        heartbeat.tick(start + timedelta(minutes=minute))


@pytest.mark.parametrize("verb", ["leave", "remove"])
def test_who_goes_takes_no_invitation_along(session, invited, smtp_sink, verb):
    membership.change(invited, verb)
    ticks(now(), 0, 1, 2, 3)
    assert calendar_cancellations(session) == [("Bob", "sent", "")]
    _first, mail = smtp_sink.to(invited.member.email)
    assert mail["Subject"].endswith(": taken out of your calendar")
    [part] = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    method, [event] = part["Content-Type"].params["method"], Calendar.from_ical(part.get_content()).walk("VEVENT")
    assert (method, event["SEQUENCE"], "STATUS" in event, event.errors) == ("CANCEL", session.sequence, False, [])
    assert str(event["UID"]).startswith(f"session-{session.pk}@")
    [(_first_method, before)] = read(composed(session, invited, Notification.RESTORED))[1]
    assert event.decoded("DTSTAMP") >= before.walk("VEVENT")[0].decoded("DTSTAMP")


def test_who_stays_or_was_never_invited_or_comes_back_at_once_keeps_everything(study, session, invited, smtp_sink):
    make.notification(session, study["alice"], Notification.RESTORED, due_at=now())
    heartbeat.tick(now())
    membership.change(study["alice"], "leave")  # had the notification, without an invitation
    membership.change(invited, "remove")
    heartbeat.tick(now())
    membership.change(invited, "restore")
    ticks(now(), 1, 2)
    assert calendar_cancellations(session) == [("Bob", "skipped", "returned")]
    membership.change(invited, "leave")
    ticks(now(), 3, 4)
    assert calendar_cancellations(session) == [("Bob", "sent", "")]


def test_who_is_invited_again_and_leaves_again_hears_of_it_again(session, invited, smtp_sink):
    membership.change(invited, "remove")
    ticks(now(), 0, 1)
    membership.change(invited, "restore")
    make.notification(session, invited, Notification.PLACE, due_at=now())
    ticks(now(), 2)
    membership.change(invited, "leave")
    ticks(now(), 3, 4, 5)
    assert calendar_cancellations(session) == [("Bob", "sent", ""), ("Bob", "sent", "")]


def test_a_cancelled_session_is_taken_away_once(study, session, invited, smtp_sink):
    moving.cancel(session, by=study["olivia"], now=now())
    ticks(now(), 1, 2)
    membership.change(invited, "leave")
    ticks(now(), 3, 4)
    kinds = (
        session.notifications.filter(state=Notification.SENT, recipient=invited)
        .order_by("pk")
        .values_list("kind", flat=True)
    )
    assert list(kinds) == [Notification.RESTORED, Notification.CANCELLED]


def test_the_notification_of_a_term_says_how_its_dates_come_into_the_calendar(study, session):
    said = "Invitations come one by one"
    bob, alice = (composed(session, study[name], Notification.PUBLISHED) for name in ("bob", "alice"))
    assert [said in one.body for one in (bob, alice)] == [True, False]
    assert ["/g/study/calendar/\n" in one.body for one in (bob, alice)] == [True, True]
    assert [read(one)[1] for one in (bob, alice)] == [[], []]
