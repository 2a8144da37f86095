"""Put a folder of PDFs on a group's shelf and read them; running it twice adds nothing twice."""

import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from members.models import Group
from papers import library, processing
from papers.management.commands.extract import pdfs_in
from papers.models import Paper
from papers.uploads import UploadRefused

BAR = 30


class Command(BaseCommand):
    help = "Add PDFs to a group's library, with a line for each file. Takes files and folders; may be run twice."

    def add_arguments(self, parser):
        parser.add_argument("group", help="the group as its address names it: cv-study in /g/cv-study/")
        parser.add_argument("path", nargs="+", type=Path)
        parser.add_argument("--by", metavar="EMAIL", help="the member who adds them; otherwise the first organizer")

    def handle(self, *, group, path, by, **options):
        group = Group.objects.filter(slug=group).first()
        if group is None:
            known = ", ".join(Group.objects.order_by("slug").values_list("slug", flat=True)) or "none yet"
            raise CommandError(f"There is no such group. The groups here: {known}.")
        membership = self._who(group, by)
        added = self._add(pdfs_in(path), group, membership)
        self._read(added)
        papers = Paper.objects.filter(pk__in=added)
        unread = papers.filter(state=Paper.UNREADABLE).count()
        self.stdout.write(f"{len(added)} added, {unread} of them could not be read.")

    def _who(self, group, by):
        members = group.memberships.current().filter(member__email__iexact=by) if by else group.memberships.organizers()
        if found := members.in_order().first():
            return found
        raise CommandError(f"{by} is no member of {group}." if by else f"{group} has no organizer.")

    def _add(self, pdfs, group, membership) -> dict[int, str]:
        """{pk of each new paper: its file's name}"""
        new = {}
        for pdf in pdfs:
            try:
                with pdf.open("rb") as file:
                    added = library.add_paper(file, group=group, by=membership, name=pdf.name)
            except (UploadRefused, OSError) as error:
                self.stdout.write(f"refused  {pdf.name}: {error}")
                continue
            if added.new:
                new[added.paper.pk] = pdf.name
            else:
                place = "in the trash" if added.paper.deleted_at else "here already"
                self.stdout.write(f"{place}  {pdf.name}: {added.paper.called}")
        return new

    def _read(self, added: dict[int, str]) -> None:
        waiting = Paper.objects.filter(pk__in=added).order_by("pk")
        for number, paper in enumerate(processing.read_all(waiting), start=1):
            paper.refresh_from_db()
            word = "added   " if paper.state == Paper.READY else f"unread ({paper.reason})"
            self.stdout.write(f"{word} {added[paper.pk]}: {paper.title or 'no title found'}")
            self._bar(number, len(added))

    def _bar(self, done: int, of: int) -> None:
        if sys.stderr.isatty():
            full = BAR * done // of
            end = "\n" if done == of else "\r"
            self.stderr.write(f"[{'█' * full}{' ' * (BAR - full)}] {done} of {of}", ending=end)
