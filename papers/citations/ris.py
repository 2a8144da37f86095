"""RIS, the tagged format that reference managers read: two letters, two spaces, a hyphen, a space; lines end in CR LF."""

from collections.abc import Iterable

from papers.citations.entry_types import CONFERENCE, JOURNAL, OTHER, PREPRINT, address, kind_of, split
from papers.models import Paper

TYPES = {CONFERENCE: "CPAPER", JOURNAL: "JOUR", PREPRINT: "UNPB", OTHER: "GEN"}


def ris(paper: Paper) -> str:
    """One record, TY first and ER last; a tag without a value is left out."""
    kind = kind_of(paper)
    where = {CONFERENCE: "T2", JOURNAL: "JO"}.get(kind, "T2")
    tags = [
        ("TY", TYPES[kind]),
        ("TI", paper.title or str(paper)),
        *(("AU", _name(name)) for name in paper.authors),
        ("PY", str(paper.year or "")),
        (where, paper.venue),
        ("AB", paper.abstract),
        ("DO", paper.doi),
        ("UR", address(paper)),
        ("AN", f"arXiv:{paper.arxiv_id}" if paper.arxiv_id else ""),
        ("LA", paper.language),
    ]
    lines = [f"{tag}  - {' '.join(value.split())}" for tag, value in tags if value.strip()]
    return "\r\n".join([*lines, "ER  - ", ""])


def records(papers: Iterable[Paper]) -> str:
    return "\r\n".join(map(ris, papers))


def _name(name: str) -> str:
    """'Family, Given, Suffix'; a whole name as it is."""
    parts = split(name)
    return parts.literal or ", ".join(part for part in (parts.family, parts.given, parts.suffix) if part)
