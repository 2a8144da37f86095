"""A mail server that fails in one phase, again and again: when it is well again every notification has arrived, none is lost."""

from collections import Counter
from datetime import timedelta

import pytest
from django.utils.timezone import now

from schedule.models import Notification
from schedule.notifications import outbox
from tests import make
from tests.examples import examples

pytestmark = pytest.mark.django_db
TIMES = examples(8, full=50)
AFTER_THE_DOT = {"hangs up DOT", "silent"}  # the answer is lost: a second copy is right

# each breaks the server in one way
PHASES = {
    "nobody listens": lambda sink, settings: setattr(settings, "EMAIL_PORT", 1),
    "hangs up EHLO": lambda sink, settings: sink.hangs_up.add("EHLO"),
    "hangs up MAIL": lambda sink, settings: sink.hangs_up.add("MAIL"),
    "hangs up RCPT": lambda sink, settings: sink.hangs_up.add("RCPT"),
    "hangs up DATA": lambda sink, settings: sink.hangs_up.add("DATA"),
    "hangs up DOT": lambda sink, settings: sink.hangs_up.add("DOT"),
    "silent": lambda sink, settings: (setattr(settings, "EMAIL_TIMEOUT", 0.05), setattr(sink, "keeps_silent", 0.1)),
    **{
        f"{code} at {phase}": lambda sink, settings, phase=phase, code=code: sink.answers.update(
            {phase: f"{code} Not now"}
        )
        for phase in ("EHLO", "MAIL", "RCPT", "DATA")
        for code in (421, 451, 554)
    },
}


@pytest.mark.parametrize("phase", PHASES)
def test_failures_in_a_phase_lose_no_notification(study, smtp_sink, settings, phase):
    session = make.session(make.term(study["group"]), starts_at=now() + timedelta(days=40))
    port, timeout, at = smtp_sink.port, settings.EMAIL_TIMEOUT, now()
    notifications = [make.notification(session, study["bob"], dedupe_key=nth, due_at=at) for nth in range(TIMES)]
    PHASES[phase](smtp_sink, settings)
    for notification in notifications:  # each meets the broken server
        outbox.deliver(notification.pk, at)
    smtp_sink.hangs_up.clear()
    smtp_sink.answers.clear()
    smtp_sink.keeps_silent, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = 0, port, timeout
    for _beat in range(3):
        at += timedelta(minutes=3)
        outbox.requeue(at)
        outbox.deliver_due(at)
    assert Counter(Notification.objects.values_list("state", flat=True)) == {"sent": TIMES}
    copies = Counter(message["Message-ID"] for message in smtp_sink.messages)
    assert set(copies) == {notification.message_id for notification in notifications}
    assert max(copies.values()) == (2 if phase in AFTER_THE_DOT else 1)
