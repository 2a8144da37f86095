"""CSL-JSON, the input of citation processors (citationstyles.org, schema 1.0.2): a list of items."""

import json
from collections.abc import Iterable

from papers.citations.bibtex import keys
from papers.citations.entry_types import CONFERENCE, JOURNAL, OTHER, PREPRINT, address, kind_of, split
from papers.models import Paper

TYPES = {CONFERENCE: "paper-conference", JOURNAL: "article-journal", PREPRINT: "article", OTHER: "document"}


def item(paper: Paper, its_key: str) -> dict:
    """One item; a variable without a value is left out."""
    said = {
        "id": its_key,
        "type": TYPES[kind_of(paper)],
        "title": paper.title or str(paper),
        "author": [_name(name) for name in paper.authors],
        "issued": {"date-parts": [[paper.year]]} if paper.year else None,
        "container-title": paper.venue,
        "abstract": paper.abstract,
        "DOI": paper.doi,
        "number": f"arXiv:{paper.arxiv_id}" if paper.arxiv_id else "",
        "URL": address(paper),
        "language": paper.language,
    }
    return {name: value for name, value in said.items() if value}


def items(papers: Iterable[Paper]) -> str:
    listed = [item(paper, its_key) for its_key, paper in keys(papers)]
    return json.dumps(listed, ensure_ascii=False, indent=2) + "\n"


def _name(name: str) -> dict:
    parts = split(name)
    if parts.literal:
        return {"literal": parts.literal}
    said = {"family": parts.family, "given": parts.given, "suffix": parts.suffix}
    return {part: value for part, value in said.items() if value}
