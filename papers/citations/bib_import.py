"""A reading list brought to the shelf: looked at first, then each entry that is not here yet becomes a card."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from django.core.files import File
from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members.models import Group, Membership
from members.sandbox.process import Limits, run
from papers import library
from papers.clean_text import clean_text
from papers.duplicates import nearly, title_words
from papers.models import Paper, PaperQuerySet, ReadingList

MIB = 1024 * 1024
MOST_BYTES = 5 * MIB
LIMITS = Limits(memory=256 * MIB, seconds=15.0, cpu=6, output=16 * MIB)
TOO_MUCH = gettext_lazy(
    "This file is too tangled to be read. Send it in parts, or save it anew in the program it is from."
)
REFUSED = {
    "busy": gettext_lazy("The server is busy with other files. Send this one again in a moment."),
    "no_text": gettext_lazy("This file is no text. Choose a file that ends in .bib."),
    "no_entries": gettext_lazy("There is no BibTeX entry in this file. Choose a file that ends in .bib."),
    "too_many": gettext_lazy("This file has more than 5000 entries. Send it in parts."),
}
CARD = {"title": str, "authors": list, "year": int, "venue": str, "doi": str, "arxiv_id": str, "abstract": str}
LEFT_OUT = {
    "no_title": gettext_lazy("It has no title."),
    "unclear": gettext_lazy("It cannot be read: perhaps a brace or a comma is missing."),
}
COMMON = 200  # titles with a word that tells nothing; with so many papers, the comparing must end
NEAREST = 10  # titles that are compared letter by letter with a new one
FORGOTTEN_AFTER = timedelta(days=1)


class NotABibFile(Exception):
    """Nothing in it can be read; str() says why and what to do."""


@dataclass
class Preview:
    """What would become of a list: new cards, and entries that are here already, with their paper (None: in the list)."""

    new: list[tuple[int, dict]] = field(default_factory=list)
    here: list[tuple[int, str, Paper | None]] = field(default_factory=list)


def keep(file: File, name: str, *, by: Membership) -> ReadingList:
    """Read a .bib file and keep what it holds until `by` has looked at it. Raises NotABibFile."""
    if file.size > MOST_BYTES:
        raise NotABibFile(_("This file is larger than 5 MB. Send it in parts."))
    found = run("papers.citations.bib_file:read", file, LIMITS, asker=by.member_id)
    if reason := found.get("error"):
        raise NotABibFile(REFUSED.get(reason, TOO_MUCH))
    cards = [(line, _known(card)) for line, card in found["cards"]]
    broken = [[line, key, str(LEFT_OUT[reason])] for line, key, reason in found["broken"]]
    ReadingList.objects.filter(by=by).delete()
    ReadingList.objects.filter(sent_at__lt=now() - FORGOTTEN_AFTER).delete()
    return ReadingList.objects.create(
        by=by, name=clean_text(name, 200), encoding=found["encoding"], cards=cards, broken=broken
    )


def _known(card: dict) -> dict:
    """The fields of a card, and no others: whoever broke out of the child must not choose whose row it becomes."""
    return {name: card[name] for name, kind in CARD.items() if isinstance(card.get(name), kind)}


def look(listed: ReadingList, group: Group) -> Preview:
    """Which entries are new, in as many queries for one entry as for thousands."""
    shelf, seen = _Shelf(group.papers.kept()), Preview()
    for line, card in listed.cards:
        found, paper = shelf.find(card)
        if found:
            seen.here.append((line, card["title"], paper))
        else:
            seen.new.append((line, card))
            shelf.put(None, card["title"], card.get("doi", ""), card.get("arxiv_id", ""))
    return seen


def take(listed: ReadingList, group: Group) -> list[Paper] | None:
    """Put what is new on the shelf, all or nothing; None when the list was taken before."""
    with transaction.atomic():
        Group.objects.select_for_update().get(pk=group.pk)  # two lists at once: the second sees the first's papers
        seen = look(listed, group)
        gone, _rows = ReadingList.objects.filter(pk=listed.pk).delete()
        return library.add_cards([card for _line, card in seen.new], group=group, by=listed.by) if gone else None


class _Shelf:
    """Papers by what tells them apart, as papers.duplicates.same_paper does it, for many questions at once."""

    def __init__(self, papers: PaperQuerySet) -> None:
        self.known: list[tuple[Paper | None, str, str]] = []
        self.by_doi: dict[str, int] = {}
        self.by_arxiv: dict[str, int] = {}
        self.by_title: dict[str, list[int]] = {}
        self.by_word: defaultdict[str, list[int]] = defaultdict(list)
        for paper in papers.only("pk", "title", "doi", "arxiv_id", "group").order_by("added_at", "pk"):
            self.put(paper, paper.title, paper.doi, paper.arxiv_id)

    def put(self, paper: Paper | None, title: str, doi: str, arxiv_id: str) -> None:
        at, words = len(self.known), title_words(title)
        self.known.append((paper, title, arxiv_id))
        if doi:
            self.by_doi.setdefault(doi.casefold(), at)
        if arxiv_id:
            self.by_arxiv.setdefault(arxiv_id.casefold(), at)
        if words:
            self.by_title.setdefault("".join(words), []).append(at)
        for word in set(words):
            self.by_word[word].append(at)

    def find(self, card: dict) -> tuple[bool, Paper | None]:
        """(here?, its paper): by DOI, arXiv id, title, or a title that is nearly the same; two arXiv ids are two papers."""
        at = self.by_doi.get(card.get("doi", "").casefold())
        at = self.by_arxiv.get(card.get("arxiv_id", "").casefold()) if at is None else at
        if at is not None:
            return True, self.known[at][0]
        for at in self._alike(title_words(card["title"])):
            paper, title, arxiv_id = self.known[at]
            if not (arxiv_id and card.get("arxiv_id")) and nearly(card["title"], title):
                return True, paper
        return False, None

    def _alike(self, words: list[str]) -> Iterator[int]:
        """Those of the same title, then the few that share most of its rarer words, to be compared letter by letter."""
        yield from self.by_title.get("".join(words), [])
        shared: Counter[int] = Counter()
        for word in set(words):
            if len(self.by_word.get(word, [])) <= COMMON:
                for at in self.by_word.get(word, []):
                    shared[at] += len(word)
        yield from (at for at, _letters in shared.most_common(NEAREST))
