"""The second witness: the card as PDFium sees it, for files that pypdf cannot read."""

from papers.extraction import pdfium
from papers.extraction.finders.front import Front
from papers.extraction.layout import LazyPages
from papers.extraction.pipeline import MOST_PAGES, answer, forgiving


def rescue_front(data: bytes) -> dict:
    """As pipeline.read_front. Raises UnreadablePdf."""
    document = pdfium.open_document(data)
    pages = LazyPages(forgiving(lambda number: pdfium.read_page(document, number)), min(MOST_PAGES, len(document)))
    return answer(Front(pages), len(document), ())
