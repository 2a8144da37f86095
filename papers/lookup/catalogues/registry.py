"""The catalogues that are asked, and who is asked about which identifier."""

from papers.lookup.catalogues import arxiv, crossref, openalex
from papers.lookup.catalogues.identifiers import ARXIV

# each has path(identifier) and parse(bytes, identifier) -> CatalogueRecord; raises CatalogueError
CATALOGUES = {"arxiv": arxiv, "crossref": crossref, "openalex": openalex}


def sources_of(kind: str) -> tuple[str, ...]:
    """Return who is asked about an identifier, in order: the next one when the one before knows nothing or is away."""
    return ("arxiv",) if kind == ARXIV else ("crossref", "openalex")
