"""Sets a paper's front page: title, authors, abstract and the arXiv stamp, two columns, as a PDF of our own making.

For the demo group: the words are arXiv's metadata (CC0); the authors' own files are not ours to hand out.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from fpdf import FPDF
from fpdf.enums import Align, XPos, YPos

WIDTH, MARGIN, GUTTER = 210, 20, 8  # millimetres, A4
COLUMN = (WIDTH - 2 * MARGIN - GUTTER) / 2
STAMP_GREY = 120
LONG_AGO = datetime(2022, 3, 15, tzinfo=UTC)


@dataclass(frozen=True)
class Front:
    title: str
    authors: tuple[str, ...]
    abstract: str
    stamp: str  # "arXiv:2011.12100v2 [cs.CV] 29 Apr 2021"
    note: str = ""


def typeset(front: Front) -> bytes:
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
    pdf.set_y(32)
    pdf.set_font("Times", "B", 17)
    pdf.multi_cell(0, 8, front.title, align=Align.C, **below)
    pdf.ln(5)
    pdf.set_font("Times", size=12)
    pdf.multi_cell(0, 6, ", ".join(front.authors), align=Align.C, **below)
    pdf.ln(8)


def _columns(pdf, front):
    with pdf.text_columns(ncols=2, gutter=GUTTER, text_align=Align.J, line_height=1.15) as columns:
        pdf.set_font("Times", "B", 12)
        with columns.paragraph(text_align=Align.C, bottom_margin=3) as heading:
            heading.write("Abstract")
        pdf.set_font("Times", "I", 10)
        with columns.paragraph(bottom_margin=5) as abstract:
            abstract.write(front.abstract)
        pdf.set_font("Times", "B", 12)
        with columns.paragraph(bottom_margin=2) as heading:
            heading.write("1. Introduction")
        pdf.set_font("Times", size=10)
        with columns.paragraph() as note:
            note.write(front.note)
