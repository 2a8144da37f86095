"""What is known about a paper, and what is said when nothing can be."""

import re
import unicodedata
from dataclasses import asdict, dataclass, field, fields

from members.sandbox import Unreadable

LONGEST = {"title": 500, "abstract": 10_000, "venue": 300, "doi": 200, "arxiv_id": 40, "language": 10}
MOST_AUTHORS, LONGEST_AUTHOR = 200, 200

WORDS = {
    "missing": "The file is not there.",
    "empty": "The file is empty.",
    "not_pdf": "This is not a PDF.",
    "password": "It opens only with a password.",
    "no_pages": "It has no page.",
    "broken": "The PDF is damaged and cannot be opened.",
    "timeout": "Reading it took too long.",
    "memory": "Reading it needs too much memory.",
    "crashed": "Reading it failed.",
}

# C0 and C1 controls, lone surrogates, controls of direction, invisible marks, non-characters
DIRT = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufffe\uffff]"
)


class UnreadablePdf(Unreadable):
    """No card can be read from this file; `reason` is one of WORDS."""

    def __init__(self, reason: str, words: str = ""):
        reason = reason if reason in WORDS else "broken"
        self.words = words or WORDS[reason]
        super().__init__(reason, self.words)

    def __reduce__(self) -> tuple[type["UnreadablePdf"], tuple[str, str]]:
        return UnreadablePdf, (self.reason, self.words)


@dataclass(frozen=True)
class Metadata:
    """A paper's card as its file tells it. What is not on the pages stays empty."""

    title: str | None = None
    authors: tuple[str, ...] = ()
    abstract: str | None = None
    year: int | None = None
    venue: str | None = None
    doi: str | None = None
    arxiv_id: str | None = None
    language: str | None = None
    pages: int = 0
    sources: dict[str, str] = field(default_factory=dict)  # field -> page, stamp, ocr
    confidences: dict[str, float] = field(default_factory=dict)  # field -> 0 … 1
    active: tuple[str, ...] = ()  # what the PDF can do by itself: javascript, launch, embedded
    image_only: bool = False  # its pages are pictures: nothing to read without recognition

    def as_dict(self) -> dict:
        """Ready for JSON."""
        return asdict(self) | {"authors": list(self.authors), "active": list(self.active)}

    @classmethod
    def from_dict(cls, card: dict) -> "Metadata":
        known = {name.name for name in fields(cls)}
        card = {name: value for name, value in card.items() if name in known}
        return cls(**card | {"authors": tuple(card.get("authors", ())), "active": tuple(card.get("active", ()))})


def clean(text: str, longest: int | None = None, *, lines: bool = False) -> str:
    """Printable text in composed form (NFC), single spaces; `lines` keeps line and page breaks."""
    if lines:
        parts = [clean(line) for line in re.split(r"\r\n|[\n\r\f]", text)] if "\f" not in text else None
        text = (
            "\n".join(parts) if parts is not None else "\f".join(clean(page, lines=True) for page in text.split("\f"))
        )
    else:
        text = " ".join(DIRT.sub(" ", unicodedata.normalize("NFC", text)).split())
    return text[:longest].rstrip() if longest else text
