"""OpenAlex: an open catalogue that knows most DOIs, also those of other registries, in JSON."""

from urllib.parse import quote

from papers.lookup.catalogues.crossref import entries, listed, read_json
from papers.lookup.catalogues.identifiers import DOI, Identifier, recognise
from papers.lookup.catalogues.record import ABSTRACT, TITLE, VENUE, CatalogueRecord, names, plain, year
from papers.lookup.catalogues.transport import GARBLED, CatalogueError

LONGEST = 5000  # words of an abstract


def path(identifier: Identifier) -> str:
    return f"/works/doi:{quote(identifier.value, safe='/')}"


def parse(answer: bytes, identifier: Identifier) -> CatalogueRecord:
    work = read_json(answer)
    found = [one for one in recognise(str(work.get("doi") or "")) if one.kind == DOI]
    if [one.value.casefold() for one in found] != [identifier.value.casefold()]:
        raise CatalogueError(GARBLED, "a work with another DOI")
    title = plain(work.get("title") or work.get("display_name"), TITLE)
    if not title:
        raise CatalogueError(GARBLED, "a work without title")
    venue = entries(entries(work.get("primary_location")).get("source")).get("display_name")
    return CatalogueRecord(
        source="openalex",
        title=title,
        authors=names(_name(entries(one)) for one in listed(work.get("authorships"))),
        abstract=plain(_abstract(entries(work.get("abstract_inverted_index"))), ABSTRACT),
        year=year(work.get("publication_year")),
        venue=plain(venue, VENUE),
        doi=found[0].value,
    )


def _name(authorship: dict) -> str | None:
    """As printed on this paper, rather than as the catalogue calls the person."""
    return authorship.get("raw_author_name") or entries(authorship.get("author")).get("display_name")


def _abstract(index: dict) -> str:
    """OpenAlex keeps an abstract as {word: [its places]}."""
    places = {
        place: word
        for word, where in index.items()
        for place in listed(where)
        if isinstance(place, int) and 0 <= place < LONGEST
    }
    return " ".join(places[place] for place in sorted(places))
