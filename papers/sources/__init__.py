"""Public catalogues of papers: what an identifier is, how to ask arXiv, Crossref and OpenAlex, and what they answer.

Plain Python. The rows that remember what was asked are in papers/lookups.py, the asking itself in papers/asking.py.
"""

from papers.sources import arxiv, crossref, openalex
from papers.sources.identifiers import ARXIV, DOI, Identifier, recognise
from papers.sources.record import Record
from papers.sources.transport import Catalogue, Trouble, get

__all__ = ["ARXIV", "DOI", "SPEAKS", "Catalogue", "Identifier", "Record", "Trouble", "get", "recognise", "sources_of"]

# each has path(identifier) and parse(bytes, identifier) -> Record; raises Trouble
SPEAKS = {"arxiv": arxiv, "crossref": crossref, "openalex": openalex}


def sources_of(kind: str) -> tuple[str, ...]:
    """Who is asked about an identifier, in order: the next one when the one before knows nothing or is away."""
    return ("arxiv",) if kind == ARXIV else ("crossref", "openalex")
