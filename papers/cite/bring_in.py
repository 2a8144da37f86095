"""A reading list brought to the shelf: each entry that is not here yet becomes a card, all of them in one transaction."""

from dataclasses import dataclass, field

from django.db import transaction

from members.models import Group, Membership
from papers import library
from papers.cite import bibfile
from papers.cite.bibfile import Broken
from papers.models import Paper
from papers.same import nearly, title_words

NEAR_BELOW = 200_000  # pairs of titles that are compared letter by letter; beyond, titles must be equal


@dataclass
class Brought:
    """What became of a .bib file: new cards, entries that are here already (with the paper), and broken ones."""

    new: list[Paper] = field(default_factory=list)
    here: list[tuple[int, str, Paper]] = field(default_factory=list)
    broken: list[Broken] = field(default_factory=list)


def bring_in(data: bytes, *, group: Group, by: Membership) -> Brought:
    """Read a .bib file and add what is new. The same file again adds nothing. Raises NotABibFile."""
    found = bibfile.read(data)
    brought = Brought(broken=found.broken)
    with transaction.atomic():
        Group.objects.select_for_update().get(pk=group.pk)  # the same file sent twice at once is added once
        shelf = _Shelf(group, len(found.cards))
        for line, card in found.cards:
            paper = shelf.find(card)
            if paper:
                brought.here.append((line, card["title"], paper))
            else:
                brought.new.append(shelf.put(library.add_card(group=group, by=by, **card)))
    return brought


class _Shelf:
    """The group's papers by what tells them apart, loaded once."""

    def __init__(self, group, coming):
        self.by_doi, self.by_arxiv, self.by_title, self.papers = {}, {}, {}, []
        for paper in group.papers.kept().only("pk", "title", "doi", "arxiv_id", "group").order_by("pk"):
            self.put(paper)
        self.compares = len(self.papers) * coming < NEAR_BELOW

    def put(self, paper):
        self.papers.append(paper)
        if paper.doi:
            self.by_doi.setdefault(paper.doi.casefold(), paper)
        if paper.arxiv_id:
            self.by_arxiv.setdefault(paper.arxiv_id.casefold(), paper)
        if words := title_words(paper.title):
            self.by_title.setdefault("".join(words), paper)
        return paper

    def find(self, card) -> Paper | None:
        """By DOI, arXiv id, title, or a title that is nearly the same; two arXiv ids or DOIs are two papers."""
        doi, arxiv_id = card.get("doi", "").casefold(), card.get("arxiv_id", "").casefold()
        if found := self.by_doi.get(doi) or self.by_arxiv.get(arxiv_id):
            return found
        same = self.by_title.get("".join(title_words(card["title"])))
        if same is None and self.compares:
            same = next((paper for paper in self.papers if nearly(card["title"], paper.title)), None)
        if same and ((doi and same.doi) or (arxiv_id and same.arxiv_id)):
            return None
        return same
