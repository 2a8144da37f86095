"""A mail server that takes nothing for hours, or refuses whatever we send: nothing is lost, and nobody is held to be unreachable."""

from collections import Counter
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils.timezone import now

from members.models import Invitation, Member
from members.tasks import send_invitations
from schedule.models import Notification
from schedule.worker import heartbeat
from tests import make

pytestmark = pytest.mark.django_db
HOUR = 60
BACK = 10  # minutes after which the backlog of an outage is gone
TROUBLES = {
    "451 at RCPT": (6 * HOUR, {"RCPT": "451 4.7.1 Greylisted, try later"}),
    "451 at the final dot": (6 * HOUR, {"DATA": "451 4.3.0 Try later"}),
    "451 at MAIL": (6 * HOUR, {"MAIL": "451 4.3.2 Try later"}),
    "nobody listens": (6 * HOUR, None),
    "the line is cut at RCPT": (6 * HOUR, {"RCPT": "hangs up"}),
    "a wrong sender": (HOUR, {"RCPT": "550 5.1.8 <studygroup@localhost>: Sender address rejected: Domain not found"}),
    "a wrong sender at MAIL": (HOUR, {"MAIL": "550 5.1.7 Invalid sender address"}),
    "a daily limit": (HOUR, {"DATA": "550 5.4.5 Daily user sending limit exceeded"}),
    "too many recipients": (HOUR, {"RCPT": "554 5.5.1 Too many recipients"}),
    "encryption is missing": (HOUR, {"RCPT": "503 5.5.1 need STARTTLS"}),
    "relay access denied": (HOUR, {"RCPT": "554 5.7.1 <{}>: Relay access denied"}),
    "a directory that is empty": (HOUR, {"RCPT": "550 5.1.1 <{}>: User unknown in virtual mailbox table"}),
    "spam, whatever it is": (6 * HOUR, {"DATA": "554 Looks like spam"}),
}
# one of each kind: put off, cut off, refused for a while; the others only with --full
EVERYDAY = {
    "451 at RCPT", "nobody listens", "a wrong sender", "a daily limit", "relay access denied", "a directory that is empty",
}  # fmt: skip


@pytest.fixture
def six(study):
    """Six members, each with a notification that is of use until tomorrow, and one invited person."""
    names = ["olivia", "alice", "bob", *(make.member(study["group"], name) for name in ("Dora", "Emil", "Fred"))]
    session = make.session(make.term(study["group"]), starts_at=now() + timedelta(hours=20))
    make.invitation(study["olivia"], email="greta@example.org")
    return [
        make.notification(session, study.get(name, name) if isinstance(name, str) else name, due_at=now())
        for name in names
    ]


def break_down(sink, settings, answers):
    """Let the server answer so, phase by phase; None: it is not there."""
    if answers is None:
        settings.EMAIL_PORT = 1
        return
    for phase, answer in answers.items():
        if answer == "hangs up":
            sink.hangs_up.add(phase)
        elif phase == "RCPT":
            sink.refuses_all = answer
        else:
            sink.answers[phase] = answer


def mend(sink, settings):
    settings.EMAIL_PORT = sink.port
    sink.refuses_all = ""
    sink.hangs_up.clear()
    sink.answers.clear()


def tick(at):
    with time_machine.travel(at, tick=False):
        heartbeat.tick(now())
        send_invitations()


def step_of(minutes: int) -> int:
    """Return the minutes between two ticks: more often than a try is put off, in a short trouble and in a long one."""
    return 10 if minutes <= HOUR else 30


@pytest.mark.parametrize(
    "trouble", [one if one in EVERYDAY else pytest.param(one, marks=pytest.mark.slow) for one in TROUBLES]
)
def test_a_server_in_trouble_loses_nothing_and_marks_nobody(six, smtp_sink, settings, trouble):
    minutes, answers = TROUBLES[trouble]
    step = step_of(minutes)
    start, marked = now(), Counter()
    break_down(smtp_sink, settings, answers)
    for minute in range(0, minutes, step):
        tick(start + timedelta(minutes=minute))
        if minute == 30:  # the mail of an account meets the same server
            assert Client().post("/accounts/login/code/", {"email": six[0].recipient.member.email}).status_code == 503
        marked[Member.objects.exclude(refused_email="").count()] += 1
    assert (dict(marked), smtp_sink.messages) == ({0: minutes // step}, [])
    mend(smtp_sink, settings)
    for minute in range(minutes, minutes + BACK + 1):
        tick(start + timedelta(minutes=minute))
    assert Counter(Notification.objects.values_list("state", flat=True)) == {"sent": 6}
    assert Invitation.objects.exclude(mailed_at=None).count() == 1
    copies = Counter(message["Message-ID"] for message in smtp_sink.messages)
    assert (len(copies), set(copies.values())) == (7, {1})
