"""python3 manage.py bring_in FILE: a group that was taken out of another server, as a new group of this one."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import now

from schedule.transfer.group_import import ImportRefused, bring_in


class Command(BaseCommand):
    help = (
        "Brings in what an organizer took out: a new group, whole or not at all. Nobody is written to about the past."
    )

    def add_arguments(self, parser):
        parser.add_argument("file")

    def handle(self, *, file, **options):
        try:
            with Path(file).open("rb") as stream:
                group = bring_in(stream, now=now())
        except (OSError, ImportRefused) as error:
            raise CommandError(f"Nothing was brought in. {error}") from error
        people = ", ".join(str(one) for one in group.memberships.organizers().in_order())
        self.stdout.write(f"{group} is here: {settings.SITE_URL}{group.get_absolute_url()}")
        self.stdout.write(
            f"It is organized by {people}. Who has no account here yet asks for a password on the sign-in page."
        )
