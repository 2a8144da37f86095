"""What stands on one paper's page."""

from dataclasses import dataclass

from django.db.models import Prefetch
from django.utils.timezone import now

from members.models import Membership
from papers import files, labels, presented
from papers.citations.bibtex import bibtex
from papers.citations.formats import FORMATS
from papers.forms import PaperForm
from papers.lookup import panel, requests
from papers.models import TRASH_DAYS, UNSURE, Paper, PaperFile

SHORT_FACTS = ("title", "authors", "year", "venue", "doi", "arxiv_id")
LINKS = {"doi": "https://doi.org/", "arxiv_id": "https://arxiv.org/abs/"}


@dataclass(frozen=True)
class Fact:
    """One line of the card: a value, where it came from, and whether somebody should look at it."""

    field: str
    name: str
    value: object
    source: str
    unsure: bool
    link: str = ""
    question: PaperForm | None = None  # by which it is put right in place


def whole(papers):
    """A paper with what its page shows, in as few queries as that takes."""
    files = PaperFile.objects.select_related("added_by__member")
    return papers.select_related("group", "added_by__member", "looks_like", "deleted_by__member").prefetch_related(
        Prefetch("files", files), Prefetch("looks_like__files"), "tags", "lookups"
    )


def facts(paper: Paper, names: dict[int, str]) -> list[Fact]:
    return [
        Fact(
            field=field,
            name=labels.field_name(field),
            value=getattr(paper, field),
            source=labels.source(paper.sources.get(field, ""), names) if getattr(paper, field) else "",
            unsure=paper.confidences.get(field, 1) < UNSURE,
            link=f"{LINKS[field]}{getattr(paper, field)}" if field in LINKS and getattr(paper, field) else "",
            question=PaperForm(instance=paper, only=field) if paper.confidences.get(field, 1) < UNSURE else None,
        )
        for field in Paper.READ
    ]


def context(paper: Paper, me: Membership) -> dict:
    """Everything that templates/papers/paper.html names."""
    wishes = list(paper.wishes.select_related("membership__member"))
    people = list(paper.group.memberships.in_order())
    names = {membership.pk: str(membership) for membership in people}
    lines = facts(paper, names)
    moment, turns = now(), presented.ask().of_paper(paper)
    ahead = [turn for turn in turns if turn.session.state == "planned" and turn.session.ends_at > moment]
    return {
        "paper": paper,
        "facts": [fact for fact in lines if fact.field in SHORT_FACTS],
        "abstract": next(fact for fact in lines if fact.field == "abstract"),
        "files": paper.files.all(),
        "records": panel.shown(paper, names),
        "looks_up": requests.is_on(),
        "file_name": {file.pk: files.file_name(paper, file) for file in paper.files.all()},
        "wishes": wishes,
        "my_wish": next((wish for wish in wishes if wish.membership_id == me.pk), None),
        "shared_for": ahead,
        "to_come": [] if paper.deleted_at else [turn for turn in ahead if not turn.is_open(moment)],
        "held": [turn for turn in turns if turn.session.is_over(moment)],
        "bibtex": bibtex(paper),
        "formats": FORMATS,
        "may_be_read_again": paper.state == Paper.UNREADABLE and paper.reason in labels.MAY_BE_READ_AGAIN,
        "days": TRASH_DAYS,
        "readers": sum(membership.is_current for membership in people),
    }
