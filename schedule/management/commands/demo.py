"""python3 manage.py demo [--reset]: fill in the group that visitors look around in."""

from django.core.management.base import BaseCommand
from django.utils.timezone import now

from schedule import demo


class Command(BaseCommand):
    help = "Fills in the demo group (three members, a term around today, three papers)."

    def add_arguments(self, parser):
        parser.add_argument("--reset", action="store_true", help="take the demo group away first, then make it again")

    def handle(self, *, reset, **options):
        if reset:
            demo.empty()
        if demo.is_filled():
            self.stdout.write("The demo group is here already; --reset makes it again.")
            return
        self.stdout.write("Setting three papers and planning a term for the demo group …")
        group = demo.fill(now())
        self.stdout.write(f"The demo group is ready: {group.name}.")
