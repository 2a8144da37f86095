"""How many letters one worker hands over in a second, and what CPU each costs, beside Django's plain SMTP loop.

    python -m benchmarks.outbox [--db sqlite|postgres] [--kinds papers_shared overdue] [--letters 500] [--profile]

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
    parser.add_argument("--letters", type=int, default=500)
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
    from schedule.models import Letter

    fill(kind, given.letters)
    ours, plain = [], []
    for _round in range(given.rounds):
        Letter.objects.update(state=Letter.QUEUED, tries=0, next_try_at=None)
        ours.append(clocked(lambda: send_as_we_do(given.letters)))
        mails = ready_made(given.letters)
        plain.append(clocked(lambda mails=mails: send_plainly(mails)))
    for name, rounds in (("ours", ours), ("Django's loop", plain)):
        wall, cpu = min(rounds)[0], min(cpu for _wall, cpu in rounds)
        print(
            f"{given.db:9} {kind:14} {name:14} {given.letters / wall:6.0f} mails/s {cpu / given.letters * 1000:6.2f} ms CPU a mail"
        )
    if given.profile:
        Letter.objects.update(state=Letter.QUEUED, tries=0, next_try_at=None)
        profile = cProfile.Profile()
        profile.runcall(send_as_we_do, given.letters)
        pstats.Stats(profile).sort_stats("cumtime").print_stats(60)


def clocked(act):
    wall, cpu = time.perf_counter(), time.process_time()
    act()
    return time.perf_counter() - wall, time.process_time() - cpu


def fill(kind, letters):
    """Sessions of two papers with covers and abstracts, each with a letter to everybody in its group."""
    from django.utils.timezone import now

    from schedule.demo import FRONTS
    from schedule.models import Letter
    from tests import make

    Letter.objects.all().delete()
    group = make.group()
    people = [make.member(group, f"Member {n}", language=("en", "ko")[n % 2]) for n in range(READERS)]
    papers = [read(group, people[0], name, front) for name, front in FRONTS[:2]]
    term, at = make.term(group), now()
    for number in range(letters // READERS):
        session = make.session(term, at + timedelta(days=6, hours=number))
        for who, paper in zip(people, papers, strict=False):
            make.presentation(session, who, paper=paper, shared_at=at)
        about = make.presentation(session, people[2]).presenter if kind == Letter.OVERDUE else None
        for nth, who in enumerate(people):
            make.letter(session, who, kind, about=about, nth=nth, due_at=at)


def read(group, by, name, front):
    """A paper as it comes in by the door: with its card, its abstract and its cover."""
    from papers import library, processing
    from papers.demo_pdf import typeset

    paper = library.add_paper(BytesIO(typeset(front)), group=group, by=by, name=name).paper
    processing.read(paper)
    return paper


def send_as_we_do(letters):
    from django.utils.timezone import now

    from schedule.models import Letter
    from schedule.notifications import outbox

    sent = outbox.deliver_due(now() + timedelta(seconds=1), limit=letters)
    assert [letter.state for letter in sent] == [Letter.SENT] * letters, {letter.reason for letter in sent}


def ready_made(letters):
    from django.utils.timezone import now

    from schedule.models import Letter
    from schedule.notifications.rendering import compose
    from schedule.notifications.snapshot import with_world

    return [compose(letter, now()) for letter in with_world(Letter.objects.all())[:letters]]


def send_plainly(mails):
    from django.core.mail import get_connection

    assert get_connection().send_messages(mails) == len(mails)


if __name__ == "__main__":
    main()
