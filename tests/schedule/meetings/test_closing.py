"""A session is closed, opened again and closed: which mail goes out, when, and which does not any more."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from schedule.meetings import closing, minutes
from schedule.models import Notification, Presentation
from schedule.notifications import outbox
from schedule.planning import moving, session_changes
from tests import make

pytestmark = pytest.mark.django_db
SOON, WEEK = timedelta(seconds=20), timedelta(days=7)


@pytest.fixture
def session(study):
    """It began an hour ago and runs for another one; Alice presents."""
    term = make.term(study["group"], published_at=now() - timedelta(days=30))
    session = make.session(term, now() - timedelta(hours=1))
    make.presentation(session, study["alice"], paper=make.paper(study["group"], title="GIRAFFE"), shared_at=now())
    return session


def write(row, text):
    row.refresh_from_db()
    minutes.write(row, text, seen=minutes.fingerprint(getattr(row, minutes.field_of(row))))


def close(session, study, at):
    session.refresh_from_db()
    closing.close(session, by=study["olivia"], now=at)


def reopen(session, study, at):
    session.refresh_from_db()
    closing.reopen(session, by=study["olivia"], now=at)


def text_of(message) -> str:
    return message.get_body(("plain",)).get_content().replace("\r", "")


# ── the minutes ──
def test_minutes_of_a_session_opened_at_once_and_closed_for_good_after_ten_days_go_out(study, session, smtp_sink):
    write(session, "We met.")
    at = now()
    close(session, study, at)
    reopen(session, study, at)
    later = at + timedelta(days=10)
    close(session, study, later)
    found = set(Notification.objects.values_list("state", "due_at", "expires_at"))
    assert found == {("queued", later + SOON, later + WEEK)}
    assert outbox.deliver_due(later + SOON / 2) == []
    outbox.requeue(later + SOON)
    assert [one.state for one in outbox.deliver_due(later + SOON)] == ["sent"] * 3
    assert len(smtp_sink.messages) == 3


def test_minutes_completed_after_they_went_out_go_out_again_and_once(study, session, smtp_sink):
    write(session, "We met.")
    at = now()
    close(session, study, at)
    outbox.deliver_due(at + timedelta(minutes=1))
    reopen(session, study, at + timedelta(minutes=2))
    write(Presentation.objects.get(), "- Heat maps")
    close(session, study, at + timedelta(minutes=3))
    outbox.deliver_due(at + timedelta(minutes=4))
    for minute in (5, 7):  # nothing was written meanwhile
        reopen(session, study, at + timedelta(minutes=minute))
        close(session, study, at + timedelta(minutes=minute + 1))
    outbox.deliver_due(at + timedelta(minutes=9))
    first, second = smtp_sink.to(study["bob"].member.email)
    assert "Heat maps" not in text_of(first) and "We met." in text_of(first)
    assert "* GIRAFFE – Heat maps" in text_of(second)
    assert len(smtp_sink.messages) == 6


def test_minutes_put_back_as_they_went_out_are_not_sent_again(study, session, smtp_sink):
    at = now()
    for minute, text, sent in ((0, "We met.", 3), (10, "We left.", 3), (20, "We met.", 3), (30, "We stayed.", 6)):
        write(session, text)
        close(session, study, at + timedelta(minutes=minute))
        if text != "We left.":  # opened again before it could go out
            outbox.deliver_due(at + timedelta(minutes=minute + 1))
        reopen(session, study, at + timedelta(minutes=minute + 2))
        assert len(smtp_sink.messages) == sent


def test_the_button_says_that_everybody_gets_the_minutes(study, session, sign_in):
    words = "When you close it, everybody gets the minutes by mail."
    assert words in sign_in(study["olivia"]).get(session.get_absolute_url()).text
    assert words not in sign_in(study["bob"]).get(session.get_absolute_url()).text
    close(session, study, now())
    assert words not in sign_in(study["olivia"]).get(session.get_absolute_url()).text


# ── what it would still have said about the session ──
def test_once_a_session_is_closed_nothing_says_that_it_takes_place(study, session, smtp_sink):
    at = now()
    moving.change_place(session, "Library", by=study["olivia"], now=at)
    session_changes.set_presenters(session, [study["bob"]], by=study["olivia"], now=at)
    close(session, study, at + timedelta(seconds=5))
    assert outbox.deliver_due(at + timedelta(minutes=1)) == []
    assert set(Notification.objects.values_list("state", "reason")) == {("skipped", "closed")}
    assert smtp_sink.messages == []


def test_what_closing_kept_back_goes_out_when_it_is_opened_while_it_still_runs(study, session, smtp_sink):
    at = now()
    moving.change_place(session, "Library", by=study["olivia"], now=at)
    close(session, study, at + timedelta(seconds=5))
    reopen(session, study, at + timedelta(minutes=5))
    assert outbox.deliver_due(at + timedelta(minutes=5)) == []
    assert {one.state for one in outbox.deliver_due(at + timedelta(minutes=6))} == {"sent"}
    assert len(smtp_sink.to(study["bob"].member.email)) == 1


def test_what_closing_kept_back_is_of_no_use_once_the_session_is_over(study, session):
    at = now()
    moving.change_place(session, "Library", by=study["olivia"], now=at)
    close(session, study, at + timedelta(seconds=5))
    reopen(session, study, at + timedelta(hours=3))
    assert outbox.deliver_due(at + timedelta(hours=4)) == []
    assert set(Notification.objects.values_list("state", flat=True)) == {"expired"}
