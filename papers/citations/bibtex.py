"""How a paper is cited: BibTeX for LaTeX, with keys that stay. Plain text in, plain text out."""

import re
import unicodedata
from collections.abc import Iterable

from papers.citations.entry_types import CONFERENCE, JOURNAL, kind_of, split
from papers.citations.latex import escape
from papers.models import Paper

LETTERS = re.compile(r"[a-z0-9]+")
SMALL_WORDS = set("a an the on of in to for and with from at by is are towards".split())
# a capital inside a word, or a digit in it: BibTeX styles would make it small
KEEPS_CASE = re.compile(r"\w[^\W\d_]*[A-Z]|\d")


def key(paper: Paper) -> str:
    """'niemeyer2021giraffe': last name, year, first word that says something; 'paper12' where Latin letters are missing."""
    last_name = _plain(split(paper.authors[0]).family) if paper.authors else ""
    words = [word for word in map(_plain, re.split(r"[\s:–—-]+", paper.title)) if word and word not in SMALL_WORDS]
    if not last_name or not words:
        return f"paper{paper.pk}"
    return f"{last_name}{paper.year or ''}{words[0]}"


def bibtex(paper: Paper, its_key: str | None = None) -> str:
    """One entry. LaTeX's own signs are escaped; other letters stay as they are, in UTF-8."""
    kind = {CONFERENCE: "inproceedings", JOURNAL: "article"}.get(kind_of(paper), "misc")
    booktitle = kind == "inproceedings"
    fields = {
        "title": _title(paper.title or str(paper)),
        "author": " and ".join(map(_author, paper.authors)),
        ("booktitle" if booktitle else "journal"): escape(paper.venue),
        "year": str(paper.year or ""),
        "doi": _number(paper.doi),
        "eprint": _number(paper.arxiv_id),
        "archiveprefix": "arXiv" if paper.arxiv_id else "",
    }
    width = max(len(name) for name, value in fields.items() if value)
    lines = [f"  {name:<{width}} = {{{value}}}" for name, value in fields.items() if value]
    return f"@{kind}{{{its_key or key(paper)},\n" + ",\n".join(lines) + "\n}\n"


def keys(papers: Iterable[Paper]) -> list[tuple[str, Paper]]:
    """[(key, paper)] in the order they came to the shelf; a key that is taken gets a number, the first keeps its own."""
    taken: dict[str, int] = {}
    found = []
    for paper in sorted(papers, key=lambda paper: paper.pk):
        its_key = key(paper)
        nth = taken[its_key] = taken.get(its_key, 0) + 1
        found.append((its_key if nth == 1 else f"{its_key}-{nth}", paper))
    return found


def bibliography(papers: Iterable[Paper]) -> str:
    return "\n".join(bibtex(paper, its_key) for its_key, paper in keys(papers))


def _plain(word: str) -> str:
    folded = unicodedata.normalize("NFKD", word).casefold()
    return "".join(LETTERS.findall(folded))


def _number(value: str) -> str:
    """A DOI stands as it is, links are made of it; only what would break the file is escaped."""
    return re.sub(r"[{}\\\\]", lambda found: escape(found[0]), value)


def _title(title: str) -> str:
    return " ".join(f"{{{escape(word)}}}" if KEEPS_CASE.search(word) else escape(word) for word in title.split())


def _author(name: str) -> str:
    """'van der Maaten, Laurens'; in braces, as printed, where BibTeX would take a whole name apart."""
    parts = split(name)
    if parts.literal:
        return f"{{{escape(parts.literal)}}}"
    return ", ".join(escape(part) for part in (parts.family, parts.suffix, parts.given) if part)
