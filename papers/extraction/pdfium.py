"""The only file that knows PDFium: the cover, every page's text, and lines for files that pypdf cannot read.

PDFium may abort its whole process on a hostile file: it is used in a child of the sandbox, nowhere else.
"""

import contextlib
import ctypes
import io
import re
import time
from collections.abc import Iterator

import PIL.WebPImagePlugin  # noqa: F401 (loaded while it still can be)
import pypdfium2
import pypdfium2.raw as raw
from PIL import Image

from papers.extraction.layout import Page, lines_of
from papers.extraction.metadata import UnreadablePdf, clean
from papers.extraction.runs import Run, Style

COVER_WIDTH, COVER_HEIGHT, COVER_BYTES = 600, 900, 60_000
MOST_TEXT = 1_000_000
TEXT_SECONDS = 4.0
MOST_SIGNS = 20_000  # read as lines from one page
Image.preinit()
BROKEN_WORD = re.compile("(?<=\\w)[\x02\ufffe\u00ad]\r?\n?")


def open_document(data: bytes) -> pypdfium2.PdfDocument:
    """A document with at least one page. Raises UnreadablePdf."""
    if not data.strip():
        raise UnreadablePdf("empty")
    try:
        document = pypdfium2.PdfDocument(data)
        count = len(document)
    except pypdfium2.PdfiumError as error:
        locked = getattr(error, "err_code", None) == raw.FPDF_ERR_PASSWORD
        raise UnreadablePdf("password" if locked else "broken" if b"%PDF" in data[:2048] else "not_pdf") from error
    if not count:
        raise UnreadablePdf("no_pages")
    return document


def read_pages(data: bytes) -> Iterator[dict]:
    """Yield how many pages there are, their text, and the cover. Raises UnreadablePdf."""
    document = open_document(data)
    yield {"count": len(document)}
    yield {"text": whole_text(document)}
    yield {"cover": cover(document)}


def whole_text(document: pypdfium2.PdfDocument) -> str:
    """The text of all pages, a form feed between them, as far as length and time allow."""
    until, room, pages = time.monotonic() + TEXT_SECONDS, MOST_TEXT, []
    for number in range(len(document)):
        if room <= 0 or time.monotonic() > until:
            break
        text = ""
        with contextlib.suppress(pypdfium2.PdfiumError, ValueError):
            text = document[number].get_textpage().get_text_range()
        text = clean(BROKEN_WORD.sub("", text), lines=True)
        pages.append(text[:room])
        room -= len(text) + 1
    return "\f".join(pages)


def cover(document: pypdfium2.PdfDocument) -> bytes:
    """The first page as a small WebP."""
    page = document[0]
    width, height = page.get_size()
    scale = min(COVER_WIDTH / max(width, 1), COVER_HEIGHT / max(height, 1), 8)
    image = page.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB")
    for quality in (72, 45, 20):
        out = io.BytesIO()
        image.save(out, "WEBP", quality=quality, method=4)
        if out.tell() <= COVER_BYTES:
            break
    return out.getvalue()


def read_page(document: pypdfium2.PdfDocument, number: int) -> Page:
    """Page `number`, counted from 0, as lines."""
    page = document[number]
    width, height = page.get_size()
    runs = _runs(page.get_textpage())
    return Page(width, height, lines_of([run for run in runs if run.text], width), [], number)


def _runs(textpage: pypdfium2.PdfTextPage) -> list[Run]:
    """Signs that follow each other on a baseline, in one style, without a space between."""
    runs: list[Run] = []
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    x, y = ctypes.c_double(), ctypes.c_double()
    text, start, end, base, size, style = "", 0.0, 0.0, 0.0, 0.0, Style()
    fonts: dict = {}
    for index in range(min(raw.FPDFText_CountChars(textpage), MOST_SIGNS)):
        sign = chr(raw.FPDFText_GetUnicode(textpage, index) or 32)
        if sign.isspace() or sign in "\x02\ufffe" or raw.FPDFText_GetCharAngle(textpage, index) > 0.1:
            if text:
                runs.append(Run(text, start, end, base, size, style))
            text = ""
            continue
        raw.FPDFText_GetCharBox(textpage, index, left, right, bottom, top)
        raw.FPDFText_GetCharOrigin(textpage, index, x, y)
        here, look = _size(textpage, index), _style(textpage, index, fonts)
        if text and (
            abs(y.value - base) > 0.1 * size or abs(here - size) > 0.1 or look != style or x.value < end - size
        ):
            runs.append(Run(text, start, end, base, size, style))
            text = ""
        if not text:
            start, base, size, style = x.value, y.value, here, look
        text += sign
        end = right.value
    if text:
        runs.append(Run(text, start, end, base, size, style))
    return runs


def _size(textpage: pypdfium2.PdfTextPage, index: int) -> float:
    matrix = raw.FS_MATRIX()
    size = raw.FPDFText_GetFontSize(textpage, index)
    if raw.FPDFText_GetMatrix(textpage, index, matrix):
        size *= (matrix.c**2 + matrix.d**2) ** 0.5 or 1.0
    return round(size, 2) or 1.0


def _style(textpage: pypdfium2.PdfTextPage, index: int, fonts: dict) -> Style:
    flags, name = ctypes.c_int(), ctypes.create_string_buffer(64)
    raw.FPDFText_GetFontInfo(textpage, index, name, 64, flags)
    key = (name.value, flags.value)
    if key not in fonts:
        label = name.value.decode("latin-1")
        bold = bool(re.search("bold|black|heavy|medi(?!um)|cmbx", label, re.I) or flags.value & 1 << 18)
        fonts[key] = Style(bold, bool(flags.value & 1 << 6 or "ital" in label.lower()), label)
    return fonts[key]
