"""Kill Celery's workers and beats at random moments while a schedule changes; then count what arrived.

    python -m tests.faults.run --kills 200 --seed 1 --db postgres --broker redis [--workers 3] [--beats 2]

Database and broker go away and come back, the clock jumps. Prints JSON at the end. Passed when lost, wrong_recipient and
stuck are 0, extra is at most kills + stalls, and every extra copy bears the Message-ID and Date of the first.
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
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from statistics import quantiles

import django

from tests import servers
from tests.faults.crew import Crew, Filesystem, Postgres, Redis, Sqlite, away
from tests.stack import clean_environment
from tests.translatable import ROOT

STEP = timedelta(minutes=30)
A_MOMENT = 1.0  # seconds in which a notification whose hand-over had begun may still arrive
PATIENCE = 90.0  # seconds for the notifications of one step
WORLD = {"NOTIFICATION_LEASE_SECONDS": "4", "NOTIFICATION_PAUSE_SECONDS": "1", "EMAIL_TIMEOUT": "2", "EMAIL_TLS": "0"}


class Run:
    def __init__(self, folder, given, crew, database, broker):
        self.clock, self.given, self.crew = folder / "clock", given, crew
        self.servers, self.dice = [database, broker], crew.dice
        self.reached = []  # (moment of the clock, when it was reached)
        self.stalls = 0

    def set_clock(self, at):
        new = self.clock.with_suffix(".new")
        new.write_text(at.isoformat())
        new.replace(self.clock)
        self.reached.append((at, time.time()))

    def play(self, story, start, days):
        """Time waits for the notifications of the hour, and for the kills that are still to come, not for the processes."""
        steps, now = days * 48, start
        for step in range(steps):
            self.set_clock(now)
            if self.dice.random() < 0.25:
                story.stir(now)
            self._settle(now, self.given.kills * (step + 1) // steps)
            if self.dice.random() < self.given.stalls / steps:
                self._stall()
            now += STEP
            if self.dice.random() < 0.01:  # the clock is set: an hour back for a moment, or on by two
                self.set_clock(now - timedelta(hours=1))
                time.sleep(1)
                now += self.dice.choice([timedelta(), timedelta(hours=2)])
        self.set_clock(now)
        self._settle(now, self.given.kills)
        while self.crew.killed < self.given.kills:
            self.crew.kill_one()
            time.sleep(0.2)
        self._settle(now, 0)
        return now

    def _stall(self):
        self.stalls += 1
        with away(self.dice.choice(self.servers), self.dice.uniform(1, 4)):
            pass

    def _settle(self, now, kills):
        """Whoever is killed is killed while there are notifications to send: at other times there is little to harm."""
        deadline = time.monotonic() + PATIENCE
        while on_its_way(now) and time.monotonic() < deadline:
            self.crew.replace_the_ended()
            if self.crew.killed < kills and self.dice.random() < 0.5:
                self.crew.kill_one()
            time.sleep(self.dice.uniform(0, 0.1))

    def reached_at(self, moment) -> float:
        """When the clock first said so."""
        return next((wall for clock, wall in self.reached if clock >= moment), self.reached[-1][1])


def on_its_way(now) -> bool:
    """Is anything due that is not written down, or written down and not settled?"""
    from django.db import OperationalError, connection
    from django.db.models import Q

    from schedule.models import Notification
    from schedule.notifications import reminders

    tried = Q(state__in=[Notification.FAILED, Notification.UNCERTAIN], next_try_at__lte=now)
    ready = Q(state=Notification.QUEUED, due_at__lte=now) & (Q(next_try_at=None) | Q(next_try_at__lte=now))
    try:
        return (
            any(reminders.missing(now))
            or Notification.objects.filter(tried | ready | Q(state=Notification.SENDING)).exists()
        )
    except OperationalError:
        connection.close()
        return True


def count(run, story, mails, start, end):
    """What arrived beside what the rules say should have."""
    from schedule.models import Notification, Session
    from schedule.notifications.timeline import timeline

    arrived = defaultdict(list)
    for mail in mails:
        arrived[mail["id"]].append(mail)
    rows = {row.message_id: row for row in Notification.objects.select_related("recipient__member", "session")}
    sent = {
        (r.kind, r.session_id, r.about_id, r.recipient_id, r.dedupe_key)
        for r in rows.values()
        if r.message_id in arrived
    }
    members, due = list(story.calm.group.memberships.current().in_order()), set()
    for session in Session.objects.filter(term=story.calm).select_related("term").prefetch_related("presentations"):
        for one in timeline(session, members):
            if start < one.when <= end:
                about = one.about.pk if one.about else None
                due |= {(one.kind, session.pk, about, person.pk, one.dedupe_key) for person in one.recipients}
    unheard = sum(r.state == Notification.SENT and r.message_id not in arrived for r in rows.values())
    calm = {key: row for key, row in rows.items() if row.session.term_id == story.calm.pk and key in arrived}
    late = sorted(arrived[key][0]["at"] - run.reached_at(row.due_at) for key, row in calm.items())
    cuts = quantiles(late, n=100, method="inclusive")
    return {
        "db": run.given.db, "broker": run.given.broker, "seed": run.given.seed,
        "kills": run.crew.killed, "ended_by_themselves": run.crew.ended, "stalls": run.stalls,
        "due": len(due), "notifications": len(mails), "lost": len(due - sent) + unheard,
        "extra": sum(len(those) - 1 for those in arrived.values()),
        "extra_with_other_message_id": sum(key not in rows for key in arrived),
        "extra_with_other_date": sum(len({mail["date"] for mail in those}) > 1 for those in arrived.values()),
        "wrong_recipient": sum(is_wrong(story, rows.get(mail["id"]), mail) for mail in mails),
        "late_p50": round(cuts[49], 2), "late_p99": round(cuts[98], 2),
        "stuck": sum(r.state not in {Notification.SENT, Notification.SKIPPED, Notification.EXPIRED} and r.due_at <= end for r in rows.values()),
    }  # fmt: skip


def is_wrong(story, row, mail):
    """To somebody else, or begun after it had become void."""
    if row is None or mail["to"] != [row.recipient.member.email]:
        return True
    void = story.void_since(row)
    return void is not None and mail["at"] > void + A_MOMENT


def main(arguments=None):
    given = parse(arguments)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="studygroup-faults-")))
        database = Postgres(stack) if given.db == "postgres" else Sqlite(folder)
        broker = Redis(stack) if given.broker == "redis" else Filesystem(folder)
        port, kept, clock = servers.free_port(), folder / "mails", folder / "clock"
        kept.touch()
        place = {
            "DATA_DIR": str(folder), "DATABASE_URL": database.url, "CELERY_BROKER_URL": broker.url, "FAULTS_CLOCK": str(clock),
            "EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": str(port), "DJANGO_SETTINGS_MODULE": "studygroup.settings",
        }  # fmt: skip
        own = clean_environment(**place, **WORLD)
        os.environ.clear()
        os.environ.update(own)
        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        sink = subprocess.Popen([sys.executable, "-m", "tests.faults.sink", str(port), str(kept)], cwd=ROOT)
        stack.callback(sink.wait)
        stack.callback(sink.kill)
        servers.wait_for_port(port)
        from tests.faults.story import DAYS, START, Story

        dice = random.Random(given.seed)
        story = Story(dice)
        clock.write_text(START.isoformat())
        crew = Crew(folder, dice, workers=given.workers, beats=given.beats)
        stack.callback(crew.dismiss)
        run = Run(folder, given, crew, database, broker)
        end = run.play(story, START, given.days or DAYS)
        crew.dismiss()
        mails = [json.loads(line) for line in kept.read_text().splitlines()]
        print(json.dumps(count(run, story, mails, START, end)))


def parse(arguments):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--stalls", type=int, default=4, help="how often, about, a server goes away")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--days", type=int, default=0)
    parser.add_argument("--workers", type=int, default=3)
    parser.add_argument("--beats", type=int, default=2)
    parser.add_argument("--db", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--broker", choices=["filesystem", "redis"], default="filesystem")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
