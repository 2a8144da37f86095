"""The same tick for cron: everything that waits is done, without Celery: papers read, invitations and notifications sent."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import is_naive, now

from members import account_notices, failures, invitation_mail
from papers import processing
from papers.lookup import queue
from schedule.transfer import bundles
from schedule.worker import heartbeat


class Command(BaseCommand):
    help = "Read new papers, send what is due. Once a minute from cron it does what beat and worker do."

    def add_arguments(self, parser):
        zone = settings.DEFAULT_MEMBER_TIME_ZONE
        parser.add_argument("--at", metavar="ISO", help=f"as if it were then; without an offset on the clock of {zone}")

    def handle(self, *, at, **options):
        if not at:  # papers and invitations wait for no moment, so another one than now is not theirs
            self._without_a_moment(now())
        settled = heartbeat.tick(_moment(at) if at else now())
        for notification in settled:
            why = f" ({notification.reason})" if notification.reason else ""
            self.stdout.write(
                f"{notification.state} {notification.kind} → {notification.recipient.member.email} {notification.subject}{why}"
            )
        if not settled:
            self.stdout.write("Nothing is due.")

    def _without_a_moment(self, at):
        steps = (
            (processing.READING, processing.read_waiting),
            (invitation_mail.INVITATIONS, lambda: invitation_mail.send_due(at)),
            (account_notices.NOTICES, lambda: account_notices.send_due(at)),
            (queue.LOOK_UPS, lambda: processing.read_these(queue.look_up_due())),
            (bundles.NEW_ZIPS, self._make_zips),
        )
        for name, work in steps:
            failures.attempt(name, work, at)

    def _make_zips(self):
        for pk in bundles.waiting():
            bundles.make(pk)


def _moment(text):
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError(
            f"{text!r} is not a moment. Write it like 2026-03-15T09:00 or 2026-03-15T09:00+09:00."
        ) from error
    return moment.replace(tzinfo=ZoneInfo(settings.DEFAULT_MEMBER_TIME_ZONE)) if is_naive(moment) else moment
