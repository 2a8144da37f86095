"""arXiv: its query API answers with an Atom feed; PDFs lie beside it."""

import re
from urllib.parse import quote
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from papers.lookup.catalogues.identifiers import ARXIV, DOI, Identifier, recognise
from papers.lookup.catalogues.record import ABSTRACT, TITLE, VENUE, CatalogueRecord, line, names, year
from papers.lookup.catalogues.transport import GARBLED, LIMITED, NOTHING, CatalogueError

ATOM, OURS = "{http://www.w3.org/2005/Atom}", "{http://arxiv.org/schemas/atom}"
DEEPEST = 30
THROTTLED = re.compile(rb"\s*rate exceeded", re.IGNORECASE)


def path(identifier: Identifier) -> str:
    return f"/api/query?id_list={quote(identifier.value + identifier.version)}&max_results=1"


def pdf_path(identifier: Identifier) -> str:
    return f"/pdf/{quote(identifier.value + identifier.version)}"


def parse(answer: bytes, identifier: Identifier) -> CatalogueRecord:
    """The one entry of the feed. arXiv reports its errors as an entry, too, and its throttle as a bare sentence."""
    if THROTTLED.match(answer):
        raise CatalogueError(LIMITED, "rate exceeded")
    feed = tree(answer)
    if feed.tag != f"{ATOM}feed":
        raise CatalogueError(GARBLED, f"no feed but {feed.tag}")
    entry = feed.find(f"{ATOM}entry")
    if entry is None or "/api/errors" in _text(entry, f"{ATOM}id"):
        raise CatalogueError(NOTHING, "no entry")
    if not _is_asked_for(_text(entry, f"{ATOM}id"), identifier):
        raise CatalogueError(GARBLED, "an entry for another number")
    title = line(_text(entry, f"{ATOM}title"), TITLE)
    if not title:
        raise CatalogueError(GARBLED, "an entry without title")
    return CatalogueRecord(
        source="arxiv",
        title=title,
        authors=names(author.findtext(f"{ATOM}name") for author in entry.iter(f"{ATOM}author")),
        abstract=line(_text(entry, f"{ATOM}summary"), ABSTRACT),
        year=year(_text(entry, f"{ATOM}published")),
        venue=line(_text(entry, f"{OURS}journal_ref"), VENUE),
        doi=next((one.value for one in recognise(_text(entry, f"{OURS}doi")) if one.kind == DOI), ""),
        arxiv_id=identifier.value,
    )


def _text(entry: Element, tag: str) -> str:
    return entry.findtext(tag) or ""


def _is_asked_for(address: str, identifier: Identifier) -> bool:
    return any((one.kind, one.value) == (ARXIV, identifier.value) for one in recognise(address))


def tree(answer: bytes) -> Element:
    """The root element; a document type, and so every entity, is refused before it can do anything."""
    builder, depth = TreeBuilder(), 0
    parser = expat.ParserCreate(namespace_separator="}")

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise CatalogueError(GARBLED, "nested too deep")
        builder.start("{" + name if "}" in name else name, attributes)

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end("{" + name if "}" in name else name)

    def refuse(*declared: object) -> None:
        raise CatalogueError(GARBLED, "a document type")

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = refuse
    try:
        parser.Parse(answer, True)
        return builder.close()
    except (expat.ExpatError, ValueError, LookupError, AssertionError) as error:
        raise CatalogueError(GARBLED, f"no XML: {error}") from error
