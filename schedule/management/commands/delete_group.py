"""python3 manage.py delete_group SLUG: a whole group, for good. It says what goes, and asks."""

from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError

from members.models import Group
from schedule.transfer import group_deletion


class Command(BaseCommand):
    help = "Deletes a group with all its papers, sessions, notifications and files, for good. Accounts of people stay."

    def add_arguments(self, parser):
        parser.add_argument("slug", help="the address of the group: what follows /g/")
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *, slug, yes, **options):
        group = Group.objects.filter(slug=slug).first()
        if group is None:
            raise CommandError(f"There is no group at /g/{slug}/. Nothing was deleted.")
        has = group_deletion.belongings(group)
        self.stdout.write(
            f"{group} has {has.papers} papers in {has.versions} versions, {has.terms} terms with {has.sessions} sessions, "
            f"{has.notifications} notifications and {has.files} files. All of it goes for good.\n"
            f"Its {has.people} people lose their places in it and keep their accounts."
        )
        if not yes and self.answer() != slug:
            raise CommandError("That is not its address. Nothing was deleted.")
        try:
            group_deletion.delete_group(group)
        except (Group.DoesNotExist, IntegrityError) as error:
            raise CommandError("Somebody changed it at this moment. Nothing was deleted; try again.") from error
        self.stdout.write(f"{group} is gone. Backups that were made before still hold it.")

    def answer(self) -> str:
        try:
            return input("Type its address to delete it: ").strip()
        except EOFError:
            return ""
