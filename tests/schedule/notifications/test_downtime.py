"""The server sleeps over due notifications: when it wakes, what is still of use goes out, and says what is true then."""

import re
from collections import Counter
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from schedule.formatting import days_in_words
from schedule.models import Notification, Session
from schedule.notifications import outbox, reminders
from schedule.worker import heartbeat
from tests import make

pytestmark = pytest.mark.django_db
SEOUL = ZoneInfo("Asia/Seoul")
MEETS = datetime(2027, 3, 16, 10, tzinfo=SEOUL)
SHARE_DAY = MEETS.date() - timedelta(days=7)
STEP = timedelta(hours=17)  # falls on every hour of the day
SHORT, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=8)


def true_at(now) -> set[str]:
    """All that may be said of the day, and nothing else, by somebody with a calendar."""
    today = now.astimezone(SEOUL).date()
    to_share, to_session = (SHARE_DAY - today).days, (MEETS.date() - today).days
    share = {0: "today is the day to share your paper", 1: "tomorrow is the day to share your paper"}
    meet = {0: "We meet today, 10:00", 1: "We meet tomorrow, 10:00"}
    late = to_share < 0
    return {
        "your paper is not there yet" if late else share.get(to_share, "please share your paper by Tue 9 March"),
        meet.get(to_session, "We meet on Tue 16 March, 10:00"),
        *([f"the others still have {days_in_words(to_session)} to read it"] if late and to_session > 0 else []),
    }


SAYS_A_DAY = re.compile(
    r"(?:today|tomorrow) is the day to share your paper|please share your paper by Tue 9 March|your paper is not there yet"
    r"|^We meet (?:today|tomorrow), 10:00$|^We meet on Tue 16 March, 10:00$|the others still have .* to read it",
    re.MULTILINE,
)


def notifications_of_a_life(study, sink, asleep, awake):
    """A session of its own: Alice shares nothing. What arrived, each with the moment at which it was handed over."""
    Session.objects.all().delete()
    session = make.session(make.term(study["group"], published_at=MEETS - timedelta(days=60)), starts_at=MEETS)
    make.presentation(session, study["alice"])
    found = []
    for now in (asleep, awake, awake + timedelta(minutes=1)):
        sink.messages.clear()
        heartbeat.tick(now)
        found += [(now, message.get_body(("plain",)).get_content()) for message in sink.messages]
    return found


@pytest.mark.parametrize(
    "downtime",
    [
        pytest.param(SHORT, id="an hour", marks=pytest.mark.slow),
        pytest.param(DAY, id="a day"),
        pytest.param(WEEK, id="eight days", marks=pytest.mark.slow),
    ],
)
def test_what_is_late_is_caught_up_or_expired_and_never_says_a_wrong_day(study, smtp_sink, downtime):
    wrong, missed, doubled, caught_up = [], [], [], 0
    asleep = MEETS - timedelta(days=15)
    while asleep < MEETS:
        awake = asleep + downtime
        for now, text in notifications_of_a_life(study, smtp_sink, asleep, awake):
            caught_up += now == awake
            said = set(SAYS_A_DAY.findall(text))
            if not said <= true_at(now) or now >= MEETS:
                wrong.append((asleep, now, said))
        missed += reminders.missing(awake)[0]
        missed += Notification.objects.exclude(state__in=[Notification.SENT, Notification.EXPIRED])
        doubled += [
            key
            for key, n in Counter(Notification.objects.values_list("kind", "recipient", "dedupe_key")).items()
            if n > 1
        ]
        asleep += STEP
    assert (wrong, missed, doubled) == ([], [], [])
    assert caught_up > 0


def test_notifications_that_were_queued_before_the_server_slept_are_written_when_it_wakes(study, smtp_sink):
    """Written for the day before and handed over on the day itself, or never."""
    session = make.session(make.term(study["group"]), starts_at=MEETS)
    found = []
    for hours in (26, 4, -1):
        notification = make.notification(
            session, study["bob"], Notification.TOMORROW, dedupe_key=hours + 1, due_at=MEETS - timedelta(hours=27)
        )
        outbox.requeue(MEETS - timedelta(hours=hours))
        outbox.deliver_due(MEETS - timedelta(hours=hours))
        notification.refresh_from_db()
        found.append((notification.state, notification.subject.partition(" Study 1] ")[2].partition(",")[0]))
    assert found == [("sent", "Tomorrow 10:00"), ("sent", "Today 10:00"), ("expired", "")]
