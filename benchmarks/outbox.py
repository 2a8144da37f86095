"""How many notifications one worker hands over in a second, and what CPU each costs, beside Django's plain SMTP loop.

    python -m benchmarks.outbox [--db sqlite|postgres] [--kinds papers_shared overdue] [--notifications 500] [--profile]

Ours: claimed, written for its reader, asked about again, handed over, recorded, each by itself. Django's: the same mails,
ready made, in one send_messages(). Both go to the same sink, a process of its own that keeps nothing.
"""

import argparse
import cProfile
import os
import pstats
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, nullcontext
from datetime import timedelta
from io import BytesIO

import django

from tests import servers

READERS = 50  # in one group; half of them read Korean


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--db", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--kinds", nargs="*", default=["papers_shared", "overdue"])
    parser.add_argument("--notifications", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--profile", action="store_true")
    given = parser.parse_args()
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="studygroup-outbox-"))
        url = stack.enter_context(servers.postgres() if given.db == "postgres" else nullcontext(""))
        port = servers.free_port()
        os.environ.update(
            DJANGO_SETTINGS_MODULE="studygroup.settings", DATA_DIR=folder, DATABASE_URL=url,
            EMAIL_HOST="127.0.0.1", EMAIL_PORT=str(port), EMAIL_TLS="0",
        )  # fmt: skip
        sink = subprocess.Popen([sys.executable, "-m", "tests.faults.sink", str(port), "--keep-nothing"])
        stack.callback(sink.wait)
        stack.callback(sink.kill)
        servers.wait_for_port(port)
        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        for kind in given.kinds:
            compare(given, kind)


def compare(given, kind):
    """The best of a few rounds each, turn by turn, so that both meet the same machine."""
    from schedule.models import Notification

    fill(kind, given.notifications)
    ours, plain = [], []
    for _round in range(given.rounds):
        Notification.objects.update(state=Notification.QUEUED, tries=0, next_try_at=None)
        ours.append(clocked(lambda: send_as_we_do(given.notifications)))
        mails = ready_made(given.notifications)
        plain.append(clocked(lambda mails=mails: send_plainly(mails)))
    for name, rounds in (("ours", ours), ("Django's loop", plain)):
        wall, cpu = min(rounds)[0], min(cpu for _wall, cpu in rounds)
        print(
            f"{given.db:9} {kind:14} {name:14} {given.notifications / wall:6.0f} mails/s {cpu / given.notifications * 1000:6.2f} ms CPU a mail"
        )
    if given.profile:
        Notification.objects.update(state=Notification.QUEUED, tries=0, next_try_at=None)
        profile = cProfile.Profile()
        profile.runcall(send_as_we_do, given.notifications)
        pstats.Stats(profile).sort_stats("cumtime").print_stats(60)


def clocked(act):
    wall, cpu = time.perf_counter(), time.process_time()
    act()
    return time.perf_counter() - wall, time.process_time() - cpu


def fill(kind, notifications):
    """Sessions of two papers with covers and abstracts, each with a notification to everybody in its group."""
    from django.utils.timezone import now

    from schedule.demo import FRONTS
    from schedule.models import Notification
    from tests import make

    Notification.objects.all().delete()
    group = make.group()
    people = [make.member(group, f"Member {n}", language=("en", "ko")[n % 2]) for n in range(READERS)]
    papers = [read(group, people[0], name, front) for name, front in FRONTS[:2]]
    term, at = make.term(group), now()
    for number in range(notifications // READERS):
        session = make.session(term, at + timedelta(days=6, hours=number))
        for who, paper in zip(people, papers, strict=False):
            make.presentation(session, who, paper=paper, shared_at=at)
        about = make.presentation(session, people[2]).presenter if kind == Notification.OVERDUE else None
        for nth, who in enumerate(people):
            make.notification(session, who, kind, about=about, dedupe_key=nth, due_at=at)


def read(group, by, name, front):
    """A paper as an upload makes it: with its card, its abstract and its cover."""
    from papers import library, processing
    from papers.demo_pdf import write_pdf

    paper = library.add_paper(BytesIO(write_pdf(front)), group=group, by=by, name=name).paper
    processing.read(paper)
    return paper


def send_as_we_do(notifications):
    from django.utils.timezone import now

    from schedule.models import Notification
    from schedule.notifications import outbox

    sent = outbox.deliver_due(now() + timedelta(seconds=1), limit=notifications)
    assert [notification.state for notification in sent] == [Notification.SENT] * notifications, {
        notification.reason for notification in sent
    }


def ready_made(notifications):
    from django.utils.timezone import now

    from schedule.models import Notification
    from schedule.notifications.rendering import compose
    from schedule.notifications.snapshot import with_related

    return [compose(notification, now()) for notification in with_related(Notification.objects.all())[:notifications]]


def send_plainly(mails):
    from django.core.mail import get_connection

    assert get_connection().send_messages(mails) == len(mails)


if __name__ == "__main__":
    main()
