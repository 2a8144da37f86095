"""A pasted arXiv number or DOI puts a card on the shelf, and the worker looks up what stands on it."""

from dataclasses import dataclass

from django.contrib import messages
from django.db import transaction
from django.utils.translation import gettext as _

from members.limits import limited, too_many
from members.models import Group, Membership
from papers import library
from papers.clean_text import clean_text
from papers.intake.receive import Arrived
from papers.lookup import requests
from papers.lookup.catalogues.identifiers import ARXIV, Identifier, recognise
from papers.models import Paper
from papers.uploads import UploadRefused

A_MINUTE = 30  # one member's
SHOWN = 60  # letters of what was not understood


@dataclass(frozen=True)
class Pasted(Arrived):
    """One number: its paper and whether that is new here."""

    @property
    def words(self) -> str:
        if self.error or self.paper is None:
            return self.error
        names = {"name": self.name, "title": self.paper.called}
        if self.new:
            return _("%(name)s is on the shelf. It is being looked up now.") % names
        if self.paper.deleted_at:
            return _("%(name)s is ‘%(title)s’, which lies in the trash. Restore it there.") % names
        return _("%(name)s is ‘%(title)s’, so there is still one of it.") % names


def say(request, arrived: list[Pasted]) -> None:
    """The same in words on the next page, for a form sent without JavaScript."""
    for one in arrived:
        (messages.error if one.error else messages.info)(request, one.words)


def slow_down(request):
    """The answer to more than A_MINUTE; None, and it is counted, while it is fewer."""
    asked = max(1, len(recognise(request.POST.get("what", "")[:5000])))
    wait = limited(f"paste:{request.membership.pk}", A_MINUTE, 60, cost=asked)
    return too_many(request, wait) if wait else None


def paste(text: str, *, group: Group, by: Membership) -> list[Pasted]:
    """Every number in `text` as a card of its own, or as the paper that is here; what is not understood is said."""
    found = recognise(text[:5000])
    if not requests.is_on():
        return [Pasted(_("Not looked up"), error=_("This server does not look papers up. Add the PDF instead."))]
    if not found:
        return [Pasted(clean_text(text, SHOWN) or _("Nothing arrived"), error=not_understood(text))]
    return [bring_in(identifier, group=group, by=by) for identifier in found]


def not_understood(text: str) -> str:
    if not text.strip():
        return _("Paste an arXiv link or a DOI first. They look like arXiv:2011.12100 and 10.1109/5.771073.")
    return _("There is no arXiv number and no DOI in this. They look like arXiv:2011.12100 and 10.1109/5.771073.")


def only_one(text: str, *, group: Group, by: Membership) -> Paper:
    """The paper for a turn: the first number in `text`. Raises UploadRefused."""
    first = paste(text, group=group, by=by)[0]
    if first.error or not first.paper:
        raise UploadRefused(first.error)
    if first.paper.deleted_at:
        library.restore(first.paper)
        first.paper.deleted_at = None
    return first.paper


@transaction.atomic
def bring_in(identifier: Identifier, *, group: Group, by: Membership) -> Pasted:
    """The group's paper with this number; made, and queued to be looked up, if there is none. One at a time in a group."""
    Group.objects.select_for_update().get(pk=group.pk)
    field = "arxiv_id" if identifier.kind == ARXIV else "doi"
    here = group.papers.filter(**{f"{field}__iexact": identifier.value}).order_by("deleted_at", "pk")
    paper = here.kept().first() or here.first()
    if paper and (paper.title or paper.deleted_at or paper.files.exists()):
        return Pasted(str(identifier), paper)
    paper = paper or library.add_card(group=group, by=by, **{field: identifier.value})
    requests.queue(paper, identifier, by=by)
    return Pasted(str(identifier), paper, new=True)
