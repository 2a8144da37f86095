"""What a catalogue says about a paper, tidied: one shape for all of them."""

import html
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields

TITLE, VENUE, NAME, ABSTRACT, IDENTIFIER = 500, 300, 200, 10_000, 200
AUTHORS = 200
FIRST_PRINT, LAST_PRINT = 1450, 2200
# controls, lone surrogates, zero-width and bidirectional marks
UNSEEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\ud800-\udfff\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufffe\uffff]"
)
HEADING = re.compile(r"<((?:jats:)?title)\b[^<>]*>.*?</\1>", re.IGNORECASE | re.DOTALL)
BLOCK = re.compile(r"</?(?:jats:)?(?:p|sec|list|list-item|br|div|disp-formula)\b[^<>]{0,300}>", re.IGNORECASE)
TAG = re.compile(r"</?[a-z][a-z0-9:._-]*(?:\s[^<>]{0,300})?/?>", re.IGNORECASE)


@dataclass(frozen=True)
class CatalogueRecord:
    """Empty where the catalogue says nothing. Names in reading order, as the catalogue writes them."""

    source: str
    title: str = ""
    authors: tuple[str, ...] = ()
    abstract: str = ""
    year: int | None = None
    venue: str = ""
    doi: str = ""
    arxiv_id: str = ""

    def as_json(self) -> dict:
        return asdict(self) | {"authors": list(self.authors)}


def from_json(kept: dict) -> CatalogueRecord:
    """What as_json() wrote; keys of another version of ours are left out."""
    known = {field.name: kept[field.name] for field in fields(CatalogueRecord) if field.name in kept}
    return CatalogueRecord(**known | {"authors": tuple(known.get("authors", ()))})


def line(value: object, length: int) -> str:
    """One line of plain text, whatever was sent."""
    if not isinstance(value, str):
        return ""
    return UNSEEN.sub("", " ".join(unicodedata.normalize("NFC", value).split()))[:length].strip()


def plain(value: object, length: int) -> str:
    """Text out of the HTML, MathML or JATS that publishers deposit; a heading inside says only "Abstract" and goes."""
    if not isinstance(value, str):
        return ""
    value = BLOCK.sub(" ", HEADING.sub(" ", value[: 10 * ABSTRACT]))
    return line(html.unescape(html.unescape(TAG.sub("", value))), length)


def year(value: object) -> int | None:
    """A year of print, out of a number or of a date like 2021-04-29."""
    if isinstance(value, str) and re.match(r"\d{4}(?!\d)", value):
        value = int(value[:4])
    if isinstance(value, int) and not isinstance(value, bool) and FIRST_PRINT <= value <= LAST_PRINT:
        return value
    return None


def names(values: Iterable[object]) -> tuple[str, ...]:
    return tuple(filter(None, (plain(value, NAME) for value in values)))[:AUTHORS]
