"""PDF bytes become pages of lines: with fonts.py the only files that know pypdf.

pypdf's public text visitor tells where a piece of text starts but not where it ends; so painter.py plays the operators
itself, with the widths and characters that pypdf's internal Font class found. For that class pypdf's version is pinned.
"""

import codecs
import contextlib
import io
import logging
from typing import Any

import fontTools.cffLib  # noqa: F401 (as those of pypdf below)
import pypdf._cmap
import pypdf._codecs.core_font_metrics
import pypdf._crypt_providers
import pypdf._text_extraction
import pypdf.filters
import pypdf.generic._image_xobject
import pypdf.xmp  # noqa: F401 (pypdf imports these when it needs them, too late in a child that can open nothing)
from pypdf import PageObject, PdfReader
from pypdf.errors import DependencyError, FileNotDecryptedError, WrongPasswordError
from pypdf.generic import DictionaryObject, StreamObject

from papers.extraction.fonts import MOST_BYTES, Glyphs
from papers.extraction.layout import Page, lines_of
from papers.extraction.metadata import UnreadablePdf
from papers.extraction.painter import IDENTITY, Form, Matrix, Painter

logging.getLogger("pypdf").setLevel(logging.CRITICAL)
logging.getLogger("fontTools").setLevel(logging.CRITICAL)
for _name in ("charmap", "gbk", *pypdf._cmap._predefined_cmap.values()):  # the encodings of fonts and names
    codecs.lookup(_name)


def open_pdf(data: bytes) -> PdfReader:
    """A reader with at least one page, decrypted when no password is needed. Raises UnreadablePdf."""
    if not data.strip():
        raise UnreadablePdf("empty")
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise UnreadablePdf("password")
        count = len(reader.pages)
    except (UnreadablePdf, MemoryError):
        raise
    except (FileNotDecryptedError, WrongPasswordError, DependencyError) as error:
        raise UnreadablePdf("password") from error
    except Exception as error:  # pypdf raises ValueError, TypeError, AttributeError and more besides its own
        raise UnreadablePdf("broken" if b"%PDF" in data[:2048] else "not_pdf") from error
    if not count:
        raise UnreadablePdf("no_pages")
    return reader


def read_page(reader: PdfReader, number: int) -> Page:
    """Page `number`, counted from 0, as lines. A part that cannot be read is left out."""
    page = reader.pages[number]
    left, bottom, width, height = _frame(page)
    turn = _quarter_turns(page)
    base = _base_matrix(left, bottom, width, height, turn)
    if turn % 2:
        width, height = height, width
    painter = Painter()
    with contextlib.suppress(Exception):  # keep what was read before the fault
        painter.paint(_contents(page), PageResources(page), base)
    upright = [run for run in painter.upright if -5 < run.x0 < width + 5 and -5 < run.y < height + 5]
    margin = [line.text for runs in painter.turned.values() for line in lines_of(runs, width)]
    return Page(width, height, lines_of(upright, width), margin, number)


def _contents(page: PageObject) -> bytes:
    """The page's content streams, one after the other."""
    found: Any = page["/Contents"].get_object()
    parts = found if isinstance(found, list) else [found]
    return b"\n".join(part.get_object().get_data() for part in parts)[:MOST_BYTES]


def _frame(page: PageObject) -> tuple[float, float, float, float]:
    with contextlib.suppress(Exception):
        box = page.cropbox
        left, bottom, width, height = float(box.left), float(box.bottom), float(box.width), float(box.height)
        if width > 10 and height > 10:
            return left, bottom, width, height
    return 0.0, 0.0, 612.0, 792.0


def _quarter_turns(page: PageObject) -> int:
    with contextlib.suppress(Exception):
        return int(page.rotation) // 90 % 4
    return 0


def _base_matrix(left: float, bottom: float, width: float, height: float, turn: int) -> Matrix:
    """User space to the page as it is shown: origin at its lower left corner, /Rotate applied."""
    return {
        0: (1, 0, 0, 1, -left, -bottom),
        1: (0, -1, 1, 0, -bottom, left + width),
        2: (-1, 0, 0, -1, left + width, bottom + height),
        3: (0, 1, -1, 0, bottom + height, -left),
    }[turn]


class PageResources:
    """Fonts and forms by the names that a content stream calls them."""

    def __init__(self, holder: DictionaryObject, above: "PageResources | None" = None) -> None:
        self.above = above
        self.fonts: dict[str, Glyphs] = {}
        with contextlib.suppress(Exception):
            self.found: Any = holder["/Resources"].get_object()
            return
        self.found = above.found if above else DictionaryObject()

    def font(self, name: str) -> "Glyphs":
        if name not in self.fonts:
            self.fonts[name] = Glyphs(self._entry("/Font", name))
        return self.fonts[name]

    def form(self, name: str) -> Form | None:
        found = self._entry("/XObject", name)
        if not isinstance(found, StreamObject) or found.get("/Subtype") != "/Form":
            return None
        matrix = found.get("/Matrix")
        shape = tuple(float(number) for number in matrix) if matrix else IDENTITY
        return Form(found.get_data()[:MOST_BYTES], shape, PageResources(found, self))

    def _entry(self, kind: str, name: str) -> Any:
        with contextlib.suppress(Exception):
            return self.found[kind].get_object()[name].get_object()
        return None


def info(reader: PdfReader) -> dict[str, str]:
    """The Info dictionary's plain strings."""
    out = {}
    with contextlib.suppress(Exception):
        for key, value in (reader.metadata or {}).items():
            if isinstance(value, str):
                out[str(key)] = value
    return out
