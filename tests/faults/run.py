"""Kill workers at random moments while sessions move, are cancelled and get their papers; then count what arrived.

    python -m tests.faults.run --kills 20 --seed 1 --workers 3 [--db postgres]

Prints JSON. Passed when lost, wrong and stuck are 0, extra is at most the number of kills, and every extra copy bears
the Message-ID and Date of the first. The clock of the workers is a file: nine days pass in a minute.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import django
from django.db.models import Q

from tests import servers
from tests.stack import clean_environment
from tests.translatable import ROOT

START = datetime(2027, 3, 1, tzinfo=UTC)
STEP = timedelta(minutes=30)
DAYS = 9
A_MOMENT = 1.0  # seconds in which a letter whose hand-over had begun may still arrive
WORLD = {"LETTER_LEASE_SECONDS": "4", "LETTER_PAUSE_SECONDS": "1", "EMAIL_TIMEOUT": "2", "EMAIL_TLS": "0"}


@dataclass
class Run:
    folder: Path
    dice: random.Random
    kills: int
    workers: int
    killed: int = 0
    void_since: dict = field(
        default_factory=dict
    )  # (session, its start) or member -> when it was cancelled, moved, removed

    @property
    def clock(self):
        return self.folder / "clock"

    def set_clock(self, at):
        new = self.folder / "clock.new"
        new.write_text(at.isoformat())
        new.replace(self.clock)


def seed(run):
    """Sessions that nobody touches, and some that somebody does; in each one presenter shares and one never does."""
    from tests import make

    group = make.group()
    people = [make.organizer(group), *[make.member(group, f"M{number}") for number in range(5)]]
    calm = make.term(group, published_at=START - timedelta(days=1))
    stirred = make.term(group, published_at=START - timedelta(days=1))
    for term, count in ((calm, 14), (stirred, 10)):
        for number in range(count):
            starts_at = START + timedelta(days=2 + run.dice.randrange(DAYS - 3), hours=number % 12, minutes=number)
            session = make.session(term, starts_at)
            first, second = run.dice.sample(people, 2)
            make.presentation(session, first, paper=make.paper(group), shared_at=START)
            make.presentation(session, second)
    return group, calm, stirred, people


def stir(run, stirred, people, now):
    """One change to one session, noted with the moment after which its old letters must not begin."""
    from papers.models import Paper
    from schedule import planning, turns

    session = run.dice.choice(list(stirred.sessions.all()))
    turn = session.presentations.order_by("?").first()
    before = session.starts_at
    try:
        act = run.dice.choice(["move", "cancel", "restore", "share", "swap"])
        if act == "move":
            day = (now + timedelta(days=run.dice.randrange(1, 9))).date()
            planning.move_session(session, day, session.local_start.time(), by=people[0], now=now)
            run.void_since[session.pk, before] = time.time()
            run.void_since.pop((session.pk, session.starts_at), None)
        elif act == "cancel":
            planning.cancel_session(session, by=people[0], now=now)
            run.void_since[session.pk, before] = time.time()
        elif act == "restore":
            planning.restore_session(session, by=people[0], now=now)
            run.void_since.pop((session.pk, before), None)
        elif act == "share" and turn:
            turns.share(turn, Paper.objects.first(), by=people[0], now=now)
        elif act == "swap":
            planning.set_presenters(session, run.dice.sample(people, 2), by=people[0], now=now)
    except planning.NotPossible:
        pass


def play(run, stirred, people, environment):
    """Days pass, people change their minds, workers die. Time waits for the letters of the hour, not for the workers."""
    from schedule import reminders

    crew = Crew(run, [sys.executable, "-m", "tests.faults.worker", str(run.clock)], environment)
    try:
        for step in range(DAYS * 48):
            now = START + step * STEP
            run.set_clock(now)
            if run.dice.random() < 0.2:
                stir(run, stirred, people, now)
            reminders.queue_due(now)
            settle(now, while_waiting=crew.maybe_kill)
        run.set_clock(now + STEP)  # what was refused or changed in the last hour
        settle(now + STEP, while_waiting=crew.maybe_kill)
    finally:
        crew.dismiss()


class Crew:
    """Workers who die young and are replaced."""

    def __init__(self, run, command, environment):
        self.run, self.command, self.environment = run, command, environment
        self.members = [self.hire() for _ in range(run.workers)]

    def hire(self):
        return subprocess.Popen(self.command, cwd=ROOT, env=self.environment), time.monotonic()

    def maybe_kill(self):
        """One that is old enough to be at work, at some moment of its work."""
        time.sleep(self.run.dice.uniform(0, 0.05))
        grown = [place for place, (_one, born) in enumerate(self.members) if time.monotonic() - born > 2]
        if not grown or self.run.killed >= self.run.kills or self.run.dice.random() < 0.7:
            return
        place = self.run.dice.choice(grown)
        self.members[place][0].kill()
        self.members[place][0].wait()
        self.members[place] = self.hire()
        self.run.killed += 1

    def dismiss(self):
        for one, _born in self.members:
            one.kill()
            one.wait()


def settle(now, while_waiting, seconds=30):
    """Wait until nothing that is due is on its way any more."""
    from schedule.models import Letter

    deadline = time.monotonic() + seconds
    tried = Q(state__in=[Letter.FAILED, Letter.UNCERTAIN], next_try_at__lte=now)
    ready = Q(state=Letter.QUEUED, due_at__lte=now) & (Q(next_try_at=None) | Q(next_try_at__lte=now))
    on_its_way = Letter.objects.filter(tried | ready | Q(state=Letter.SENDING))
    while on_its_way.exists() and time.monotonic() < deadline:
        while_waiting()


def count(run, calm, mails):
    """What arrived beside what the rules say should have."""
    from schedule.models import Letter, Session
    from schedule.timeline import timeline

    arrived = defaultdict(list)
    for mail in mails:
        arrived[mail["id"]].append(mail)
    rows = {row.message_id: row for row in Letter.objects.select_related("recipient__member")}
    members = list(calm.group.memberships.here().in_order())
    sent = {(r.kind, r.session_id, r.about_id, r.recipient_id, r.nth) for r in rows.values() if r.message_id in arrived}
    due = set()
    for session in Session.objects.filter(term=calm).select_related("term").prefetch_related("presentations"):
        for one in timeline(session, members):
            if one.when > START:
                about = one.about.pk if one.about else None
                due |= {(one.kind, session.pk, about, person.pk, one.nth) for person in one.recipients}
    wrong = [mail for mail in mails if is_wrong(run, rows.get(mail["id"]), mail)]
    copies = {key: those for key, those in arrived.items() if len(those) > 1}
    return {
        "kills": run.killed,
        "due": len(due),
        "letters": len(mails),
        "lost": len(due - sent) + sum(r.state == Letter.SENT and r.message_id not in arrived for r in rows.values()),
        "extra": sum(len(those) - 1 for those in copies.values()),
        "extra_with_other_date": sum(len({mail["date"] for mail in those}) > 1 for those in copies.values()),
        "wrong": len(wrong),
        "stuck": sum(r.state not in {Letter.SENT, Letter.SKIPPED, Letter.EXPIRED} for r in rows.values()),
    }


def is_wrong(run, row, mail):
    """To somebody else, or begun after its session was cancelled or moved away."""
    if row is None or mail["to"] != [row.recipient.member.email]:
        return True
    void = run.void_since.get((row.session_id, row.starts_at))
    return row.kind != "cancelled" and void is not None and mail["at"] > void + A_MOMENT


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=3)
    parser.add_argument("--db", choices=["sqlite", "postgres"], default="sqlite")
    given = parser.parse_args(arguments)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="studygroup-faults-")))
        url = stack.enter_context(servers.postgres() if given.db == "postgres" else nullcontext(""))
        port, kept = servers.free_port(), folder / "mails"
        kept.touch()
        place = {"DATA_DIR": str(folder), "DATABASE_URL": url, "EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": str(port)}
        os.environ.update(place | WORLD | {"DJANGO_SETTINGS_MODULE": "studygroup.settings"})
        environment = clean_environment(**place, **WORLD)
        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        sink = subprocess.Popen([sys.executable, "-m", "tests.faults.sink", str(port), str(kept)], cwd=ROOT)
        stack.callback(sink.wait)
        stack.callback(sink.kill)
        servers.wait_for_port(port)
        run = Run(folder, random.Random(given.seed), given.kills, given.workers)
        run.set_clock(START)
        _group, calm, stirred, people = seed(run)
        play(run, stirred, people, environment)
        mails = [json.loads(line) for line in kept.read_text().splitlines()]
        print(json.dumps(count(run, calm, mails)))


if __name__ == "__main__":
    main()
