"""Pages that are pictures, or whose fonts say nothing, read by tesseract where it is installed: runs as from any page.

PDFium draws the page, tesseract gets plain grey pixels and answers with hOCR: the same finders work on what comes out. Used in
a child of the sandbox, which cannot start a program; it asks the process of tesseract.py, which was started beforehand.
"""

import html
import io
import re
import time
from collections.abc import Iterator
from dataclasses import replace
from statistics import median

import PIL.PpmImagePlugin  # noqa: F401 (loaded while it still can be)
import pypdfium2

from papers.extraction import pdfium
from papers.extraction.finders.front import Front
from papers.extraction.layout import LazyPages, Page, lines_of
from papers.extraction.metadata import Metadata, clean
from papers.extraction.pipeline import MOST_PAGES, answer, forgiving
from papers.extraction.runs import Run, Style
from papers.extraction.tesseract import Tesseract

DPI, DPI_FOR_TEXT = 300, 200  # the card is read from fine pixels; for a search coarser ones do, in half the time
MOST_PIXELS, LONGEST_SIDE = 10_000_000, 8_000
MOST_RECOGNISED = 8  # pages, for the search index
SECONDS_FOR_TEXT = 6.0  # after these no further page is begun
SURE = 0.6  # how far a recognised value is believed, compared with one that was read
MOST_SURE = 0.55  # always below what asks a person to check it
LEAST_WORD, LEAST_SIGN = 25, 80  # of 100, as tesseract judges a word; dirt looks like signs

LINE = re.compile(r"<span class='ocr_(?!x_word)[a-z]+' .*?(?=<span class='ocr_(?!x_word)[a-z]+' |\Z)", re.S)
PARAGRAPH = re.compile(r"<p class='ocr_par'.*?</p>", re.S)
BOX = re.compile(r"bbox (-?\d+) (-?\d+) (-?\d+) (-?\d+)")
BASELINE = re.compile(r"baseline (-?[\d.]+) (-?[\d.]+)")
SIZE = re.compile(r"x_size ([\d.]+)")
WORD = re.compile(r"<span class='ocrx_word'[^>]*?bbox (\d+) (\d+) (\d+) (\d+); x_wconf (\d+)[^>]*>(.*?)</span>", re.S)
EM = 1.1  # a font's size, compared with the height of its tallest letters over its descenders


class Recogniser:
    """The pages of one document as tesseract sees them, each at most once, until the time is over."""

    def __init__(self, document: pypdfium2.PdfDocument, tesseract: Tesseract):
        self.document, self.tesseract = document, tesseract
        self.begun = time.monotonic()
        self.done: dict[int, Page] = {}

    def page(self, number: int, dpi: int = DPI) -> Page:
        if number not in self.done:
            self.done[number] = self._recognised(number, dpi)
        return self.done[number]

    def for_search(self, number: int) -> Page:
        return self.page(number, DPI_FOR_TEXT)

    def has_time(self) -> bool:
        return time.monotonic() - self.begun < SECONDS_FOR_TEXT

    def _recognised(self, number: int, dpi: int) -> Page:
        pixels, scale, height = drawn(self.document, number, dpi)
        hocr = self.tesseract.hocr(pixels, round(72 * scale))
        width = self.document[number].get_size()[0]
        runs = runs_of(hocr, scale, height)
        return Page(width, height, lines_of(runs, width), [], number)


def prepare(program: str, languages: str) -> dict:
    """Start what the child may ask when it can start nothing any more."""
    return {"tesseract": Tesseract(program, languages)}


def recognise(data: bytes, *, tesseract: Tesseract) -> Iterator[dict]:
    """The card, marked as recognised; then the text of the first pages, as far as the time goes."""
    document = pdfium.open_document(data)
    recogniser = Recogniser(document, tesseract)
    pages = LazyPages(forgiving(recogniser.page), min(MOST_PAGES - 1, len(document)))
    found = answer(Front(pages), len(document), ())
    yield found | {"card": marked(Metadata.from_dict(found["card"])).as_dict()}
    texts = []
    for number in range(min(MOST_RECOGNISED, len(document))):
        if number not in recogniser.done and not recogniser.has_time():
            break
        texts.append(clean(forgiving(recogniser.for_search)(number).text, lines=True))
        yield {"text": "\f".join(texts)}


def marked(card: Metadata) -> Metadata:
    """Everything that was recognised says so, and is not believed far enough to go unchecked."""
    sure = {field: round(min(MOST_SURE, SURE * sure), 2) for field, sure in card.confidences.items()}
    return replace(card, sources=dict.fromkeys(card.sources, "ocr"), confidences=sure)


def drawn(document: pypdfium2.PdfDocument, number: int, dpi: int = DPI) -> tuple[bytes, float, float]:
    """The page as a grey picture (PGM), how many pixels a point has, and its height in points."""
    page = document[number]
    width, height = page.get_size()
    scale = min(dpi / 72, (MOST_PIXELS / max(1.0, width * height)) ** 0.5, LONGEST_SIDE / max(1.0, width, height))
    out = io.BytesIO()
    page.render(scale=scale, grayscale=True, may_draw_forms=False).to_pil().save(out, "PPM")
    return out.getvalue(), scale, height


def runs_of(hocr: str, scale: float, height: float) -> list[Run]:
    """Words with their boxes, on their line's baseline; sizes that differ by chance are the same."""
    lines = [(line, size) for paragraph in PARAGRAPH.findall(hocr) for line, size in _sized(paragraph)]
    body = _body_size(lines)
    runs: list[Run] = []
    for line, size in lines:
        even = body if abs(size - body) < 0.05 * body else size
        baseline = height - _baseline(line) / scale
        for x0, _, x1, _, sure, word in WORD.findall(line):
            text = html.unescape(re.sub("<[^>]*>", "", word)).strip()
            if int(sure) >= (LEAST_WORD if re.search(r"\w", text) else LEAST_SIGN):
                runs.append(Run(text, int(x0) / scale, int(x1) / scale, baseline, EM * even / scale, Style(), True))
    return runs


def _sized(paragraph: str) -> list[tuple[str, float]]:
    """The lines of a paragraph, with its size."""
    lines = [line for line in LINE.findall(paragraph) if BOX.search(line) and SIZE.search(line)]
    size = median(float(found[1]) for line in lines if (found := SIZE.search(line))) if lines else 0.0
    return [(line, size) for line in lines]


def _body_size(lines: list[tuple[str, float]]) -> float:
    """The size in the middle, counted by words."""
    sizes = [size for line, size in lines for _ in WORD.findall(line)]
    return median(sizes) if sizes else 1.0


def _baseline(line: str) -> float:
    """In pixels from the top, at the line's middle."""
    left, _, right, bottom = map(int, next(BOX.finditer(line)).groups())
    slope, offset = map(float, found.groups()) if (found := BASELINE.search(line)) else (0.0, 0.0)
    return bottom + offset + slope * (right - left) / 2
