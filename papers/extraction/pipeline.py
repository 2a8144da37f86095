"""From pages to a card: every finder is asked in the order of trust; the first to fill a field wins, and is remembered."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from papers.extraction import page as pdf
from papers.extraction.active import active_content
from papers.extraction.finders import abstract, authors, identifiers, language, title, venue, year
from papers.extraction.finders.front import Found, Front
from papers.extraction.layout import LazyPages, Page
from papers.extraction.metadata import LONGEST, LONGEST_AUTHOR, MOST_AUTHORS, Metadata, clean

FINDERS = (
    ("arxiv_id", identifiers.arxiv_id),
    ("doi", identifiers.doi),
    ("title", title.title),
    ("authors", authors.authors),
    ("abstract", abstract.abstract),
    ("year", year.year),
    ("venue", venue.venue),
    ("language", language.language),
)
TOLD_BY_WORDS = ("title", "authors", "abstract", "venue")
MOST_PAGES = 3  # a cover, the title page, and where its abstract ends


def extract(source: bytes | str | Path) -> Metadata:
    """The card of a PDF. Raises UnreadablePdf, and nothing else that a file can cause."""
    data = source if isinstance(source, bytes) else Path(source).read_bytes()
    return Metadata.from_dict(read_front(data)["card"])


def read_front(data: bytes) -> dict:
    """The card as pypdf sees it, and how word-like its text is. Raises UnreadablePdf."""
    reader = pdf.open_pdf(data)
    pages = LazyPages(forgiving(lambda number: pdf.read_page(reader, number)), min(MOST_PAGES, len(reader.pages)))
    return answer(Front(pages, pdf.info(reader)), len(reader.pages), active_content(reader))


def forgiving(read: Callable[[int], Page]) -> Callable[[int], Page]:
    """A page that cannot be read is an empty page: the others may tell enough."""

    def page(number: int) -> Page:
        try:
            return read(number)
        except MemoryError:
            raise
        except Exception:  # whatever a library raised over a damaged page
            return Page(612.0, 792.0, [], [], number)

    return page


def answer(front: Front, count: int, active: tuple[str, ...]) -> dict:
    if not any(page.lines for page in front.pages):
        return {"card": Metadata(pages=count, image_only=True, active=active).as_dict(), "quality": 0.0}
    quality = 0.0 if garbled(front) else wordlike(front.page.text)
    return {"card": card(front, count, active).as_dict(), "quality": quality}


WORD = re.compile(r"^[(\[“‘\"']?(?:[^\W\d_]+(?:[-’'/][^\W\d_]+)*|\d+(?:[.,:/-]\d+)*%?)[)\]”’\"'.,:;?!…*†‡∗]*$")


def garbled(front: Front) -> bool:
    """A full page without any common small word, in no script we know: its fonts do not say what their glyphs mean."""
    return sum(map(str.isalpha, front.page.text)) > 800 and language.language(front) is None


def wordlike(text: str) -> float:
    """The share of tokens that look like words or numbers: low when fonts do not say what their glyphs mean."""
    tokens = text.split()
    return sum(bool(WORD.match(token)) for token in tokens) / len(tokens) if tokens else 0.0


def card(front: Front, pages: int, active: tuple[str, ...] = ()) -> Metadata:
    """What the finders say about these pages; a finder that stumbles costs its own field only."""
    values: dict[str, Any] = {}
    sources: dict[str, str] = {}
    confidences: dict[str, float] = {}
    unread = TOLD_BY_WORDS if garbled(front) else ()
    for name, find in FINDERS:
        if values.get(name) or name in unread:
            continue
        try:
            found = _cleaned(name, find(front))
        except (MemoryError, RecursionError):
            raise
        except Exception:  # one odd field must not lose the others
            continue
        if found and found.value:
            values[name], sources[name], confidences[name] = found.value, found.source, round(found.confidence, 2)
    return Metadata(**values, pages=pages, sources=sources, confidences=confidences, active=active)


def _cleaned(name: str, found: Found | None) -> Found | None:
    if found is None or isinstance(found.value, int):
        return found
    if name == "authors":
        names = [clean(author, LONGEST_AUTHOR) for author in found.value[:MOST_AUTHORS]]
        return found._replace(value=tuple(author for author in names if author))
    return found._replace(value=clean(found.value, LONGEST[name]))
