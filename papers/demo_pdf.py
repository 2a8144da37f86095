"""Sets a paper's front page: title, authors, abstract and the arXiv stamp, two columns, as a PDF of our own making.

For the demo group: the words are arXiv's metadata (CC0); the authors' own files are not ours to hand out.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from fpdf import FPDF
from fpdf.enums import Align, XPos, YPos

WIDTH, MARGIN, GUTTER = 210, 20, 8  # millimetres, A4
COLUMN = (WIDTH - 2 * MARGIN - GUTTER) / 2
STAMP_GREY, BAR_GREY = 120, 215
BOTTOM = 297 - MARGIN  # A4
LONG_AGO = datetime(2022, 3, 15, tzinfo=UTC)


@dataclass(frozen=True)
class DemoPaper:
    title: str
    authors: tuple[str, ...]
    abstract: str
    stamp: str  # "arXiv:2011.12100v2 [cs.CV] 29 Apr 2021"
    note: str = ""


def write_pdf(front: DemoPaper) -> bytes:
    """The PDF's bytes; the same card gives the same bytes."""
    pdf = FPDF(format="A4")
    pdf.set_creation_date(LONG_AGO)
    pdf.set_margins(MARGIN, MARGIN)
    pdf.set_auto_page_break(True, MARGIN)
    pdf.add_page()
    _stamp(pdf, front.stamp)
    _head(pdf, front)
    _columns(pdf, front)
    return bytes(pdf.output())


def _stamp(pdf, stamp):
    pdf.set_font("Times", size=16)
    pdf.set_text_color(STAMP_GREY)
    with pdf.rotation(90, x=12, y=200):
        pdf.text(12, 200, stamp)
    pdf.set_text_color(0)


def _head(pdf, front):
    below = {"new_x": XPos.LMARGIN, "new_y": YPos.NEXT}
    pdf.set_y(30)
    pdf.set_font("Times", "B", 20)
    pdf.multi_cell(0, 9, front.title, align=Align.C, **below)
    pdf.ln(5)
    pdf.set_font("Times", size=13)
    pdf.multi_cell(0, 7, ", ".join(front.authors), align=Align.C, **below)
    pdf.ln(8)


def _columns(pdf, front):
    """Abstract and a note in the left column, as far as they go; grey bars where a paper's own text would run."""
    top = pdf.get_y()
    with pdf.text_columns(ncols=2, gutter=GUTTER, text_align=Align.J, line_height=1.2) as columns:
        _paragraph(pdf, columns, "Abstract", "B", 13, text_align=Align.C, bottom_margin=3)
        _paragraph(pdf, columns, front.abstract, "I", 11, bottom_margin=6)
        _paragraph(pdf, columns, "1. Introduction", "B", 13, bottom_margin=2)
        _paragraph(pdf, columns, front.note, "", 11)
    _bars(pdf, MARGIN, pdf.get_y() + 4)
    _bars(pdf, MARGIN + COLUMN + GUTTER, top)


def _paragraph(pdf, columns, text, style, size, **layout):
    pdf.set_font("Times", style, size)
    with columns.paragraph(**layout) as paragraph:
        paragraph.write(text)


def _bars(pdf, x, y):
    pdf.set_fill_color(BAR_GREY)
    while y < BOTTOM:
        pdf.rect(x, y, COLUMN, 1.6, style="F")
        y += 5
