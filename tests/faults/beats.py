"""Several beats look for due notifications in the same moment, minute after minute: run on a database file, or called in a test.

python -m tests.faults.beats BEATS MINUTES
"""

import json
import os
import sys
from collections import Counter
from datetime import UTC, datetime, time, timedelta
from threading import Barrier

from aiosmtpd.controller import Controller

from tests import servers
from tests.papers.intake.storm import at_once

START = datetime(2027, 3, 8, 23, 58, tzinfo=UTC)  # 08:58 in Seoul, where the groups meet
GROUPS, PEOPLE = 4, 4


def beats(messages: list, count: int, minutes: int) -> dict:
    """What an hour's notifications came to, when `count` beats tick at once in each of its minutes."""
    from schedule.models import Notification
    from schedule.worker import heartbeat

    due, together = _world(START + timedelta(minutes=minutes)), Barrier(count)

    def beat(_number):
        for minute in range(minutes + 1):
            together.wait()
            heartbeat.tick(START + timedelta(minutes=minute), beat=True)
        return "ticked"

    answers = at_once(count, beat)
    copies = Counter(message["Message-ID"] for message in messages)
    return {
        "answers": answers,
        "due": due,
        "notifications": Notification.objects.count(),
        "states": sorted({f"{state} {tries}" for state, tries in Notification.objects.values_list("state", "tries")}),
        "arrived": len(copies),
        "doubles": len(messages) - len(copies),
    }


def _world(end) -> int:
    """Groups whose notifications are due at different minutes; how many these are until `end`."""
    from members.models import Group
    from schedule.models import Timetable
    from schedule.notifications import reminders
    from schedule.notifications.timetable import DEFAULT_RULES
    from tests import make

    for number in range(GROUPS):
        group = make.group(f"Group {number}")
        people = [
            make.organizer(group),
            *[make.member(group, f"Member {number}.{nth}") for nth in range(PEOPLE)],
        ]
        at = time(9, 2 * number).isoformat()
        rules = {kind: {"on": True, "days": rule.days, "at": at} for kind, rule in DEFAULT_RULES.items()}
        Timetable.objects.create(group=group, rules=rules)
        term = make.term(group, published_at=START - timedelta(days=60))
        for days in (1, 5, 6, 7, 8, 14):  # a reminder of each kind
            session = make.session(term, START + timedelta(days=days, hours=3))
            make.presentation(session, people[days % 5])
            make.presentation(session, people[(days + 1) % 5], paper=make.paper(group), shared_at=START)
    planned = [one for group in Group.objects.all() for one in reminders.upcoming(group, now=START, until=end)]
    return len(reminders.missing(START)[0]) + sum(len(one.recipients) for one in planned)


def main(count: int, minutes: int) -> None:
    port = servers.free_port()
    os.environ |= {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": str(port), "EMAIL_TLS": "0"}
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    from tests.conftest import Sink

    sink = Sink()
    controller = Controller(sink, hostname="127.0.0.1", port=port)
    controller.start()
    print(json.dumps(beats(sink.messages, count, minutes)))
    controller.stop()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
