"""A reading list as a file: which papers, and in which format."""

from typing import NamedTuple

from papers.citations import bibtex, csl, ris
from papers.models import Paper, PaperQuerySet


class Format(NamedTuple):
    """A way to write papers down: its name, the ending of its files, their media type."""

    name: str
    ending: str
    media: str


FORMATS = {
    "bib": Format("BibTeX", "bib", "application/x-bibtex"),
    "ris": Format("RIS", "ris", "application/x-research-info-systems"),
    "csl": Format("CSL-JSON", "json", "application/vnd.citationstyles.csl+json"),
}
WRITE = {"bib": bibtex.bibliography, "ris": ris.records, "csl": csl.items}
MOST = 10_000  # papers in one file
NEEDED = [*Paper.READ, "language"]


def written(papers: PaperQuerySet, form: str) -> str:
    """The papers of a query in one of FORMATS, in one query; abstracts and all, but no text of their pages."""
    return WRITE[form](list(papers.only("pk", "group", *NEEDED).order_by("pk")[:MOST]))
