"""Crossref: the registry of most publishers' DOIs, in JSON."""

import json
from typing import Any
from urllib.parse import quote

from papers.lookup.catalogues.identifiers import Identifier
from papers.lookup.catalogues.record import (
    ABSTRACT,
    IDENTIFIER,
    TITLE,
    VENUE,
    CatalogueRecord,
    line,
    names,
    plain,
    year,
)
from papers.lookup.catalogues.transport import GARBLED, CatalogueError

# the earliest thing that a reader would call its year
DATES = ("published", "published-print", "published-online", "issued", "created")


def path(identifier: Identifier) -> str:
    return f"/works/{quote(identifier.value, safe='')}"


def parse(answer: bytes, identifier: Identifier) -> CatalogueRecord:
    work = entries(read_json(answer).get("message"))
    doi = line(work.get("DOI"), IDENTIFIER)
    if identifier.value.casefold() not in {
        doi.casefold(),
        *(line(other, IDENTIFIER).casefold() for other in listed(work.get("aliases"))),
    }:
        raise CatalogueError(GARBLED, "a work with another DOI")
    title = plain(first(work.get("title")), TITLE)
    if not title:
        raise CatalogueError(GARBLED, "a work without title")
    if subtitle := plain(first(work.get("subtitle")), TITLE):
        title = title if subtitle.casefold() in title.casefold() else f"{title}: {subtitle}"[:TITLE]
    return CatalogueRecord(
        source="crossref",
        title=title,
        authors=names(_name(entries(author)) for author in listed(work.get("author"))),
        abstract=plain(work.get("abstract"), ABSTRACT),
        year=next(filter(None, (_year(entries(work.get(date))) for date in DATES)), None),
        venue=plain(first(work.get("container-title")) or entries(work.get("event")).get("name"), VENUE),
        doi=doi,
    )


def _name(author: dict) -> str:
    """Given before family, as papers print it; a consortium has one name only."""
    parts = (author.get("given"), author.get("family"), author.get("suffix"))
    return " ".join(part for part in parts if isinstance(part, str)) or line(author.get("name"), TITLE)


def _year(date: dict) -> int | None:
    return year(first(first(date.get("date-parts"))))


def read_json(answer: bytes) -> dict:
    """The object that was sent; anything else is garbled."""
    try:
        found = json.loads(answer)
    except (ValueError, RecursionError) as error:
        raise CatalogueError(GARBLED, f"no JSON: {error}") from error
    if not isinstance(found, dict):
        raise CatalogueError(GARBLED, "JSON, but no object")
    return found


def entries(value: object) -> dict:
    return value if isinstance(value, dict) else {}


def listed(value: object) -> list:
    return value if isinstance(value, list) else []


def first(value: Any) -> Any:
    """The first of a list; what is no list, itself."""
    return next(iter(value), None) if isinstance(value, list) else value
