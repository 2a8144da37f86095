"""Small real PDFs, set here."""

from datetime import UTC, datetime
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from fpdf import FPDF
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from papers.demo_pdf import DemoPaper, write_pdf

GIRAFFE = DemoPaper(
    title="GIRAFFE: Representing Scenes as Compositional Generative Neural Feature Fields",
    authors=("Michael Niemeyer", "Andreas Geiger"),
    abstract="Deep generative models allow for photorealistic image synthesis at high resolutions. But for many "
    "applications, this is not enough: content creation also needs to be controllable.",
    stamp="arXiv:2011.12100v2 [cs.CV] 29 Apr 2021",
)
BIT = DemoPaper(
    title="Big Transfer (BiT): General Visual Representation Learning",
    authors=("Alexander Kolesnikov", "Lucas Beyer"),
    abstract="Transfer of pre-trained representations improves sample efficiency and simplifies hyperparameter tuning "
    "when training deep neural networks for vision.",
    stamp="arXiv:1912.11370v3 [cs.CV] 5 May 2020",
)


def giraffe() -> bytes:
    return write_pdf(GIRAFFE)


def bit() -> bytes:
    return write_pdf(BIT)


def sheet(words="A sheet of paper", pages=1) -> bytes:
    """A PDF that says `words` on its first page; the same words give the same bytes."""
    pdf = FPDF()
    pdf.set_creation_date(datetime(2022, 3, 15, tzinfo=UTC))
    pdf.set_font("Helvetica", size=12)
    for _ in range(pages):
        pdf.add_page()
        pdf.multi_cell(0, 6, words)
    return bytes(pdf.output())


def locked(words="A locked paper") -> bytes:
    """Opens only with a password."""
    pdf = FPDF()
    pdf.set_encryption(owner_password="owner", user_password="reader")
    pdf.set_font("Helvetica", size=12)
    pdf.add_page()
    pdf.multi_cell(0, 6, words)
    return bytes(pdf.output())


def upload(data: bytes, name="paper.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, content_type="application/pdf")


def opened(data: bytes) -> BytesIO:
    return BytesIO(data)


def many_pages(count: int) -> bytes:
    """As many pages as asked, with a word on each."""
    pdf = FPDF()
    pdf.set_font("Helvetica", size=12)
    for number in range(count):
        pdf.add_page()
        pdf.cell(text=f"Page {number + 1}")
    return bytes(pdf.output())


def with_script() -> bytes:
    """Wants to run a script when it is opened."""
    writer = PdfWriter(BytesIO(giraffe()))
    script = {"/S": NameObject("/JavaScript"), "/JS": TextStringObject("app.alert('Hello');")}
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject({NameObject(k): v for k, v in script.items()})
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def endless(number: int = 0) -> bytes:
    """A few hundred bytes that take for ever to draw and to read: nine forms, each of which draws the next ten times."""
    objects = ["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>"]
    objects.append("<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Resources<</XObject<</F 5 0 R>>>>/Contents 4 0 R>>")
    objects.append(_stream(f"/F Do % {number}"))
    objects += [
        _stream("/F Do " * 10, f"/Type/XObject/Subtype/Form/BBox[0 0 612 792]/Resources<</XObject<</F {6 + n} 0 R>>>>")
        for n in range(9)
    ]
    objects.append(_stream("0 0 9 9 re f", "/Type/XObject/Subtype/Form/BBox[0 0 612 792]"))
    body = "".join(f"{n} 0 obj {one} endobj\n" for n, one in enumerate(objects, 1))
    return f"%PDF-1.7\n{body}trailer <</Root 1 0 R/Size {len(objects) + 1}>>\n%%EOF".encode()


def _stream(content: str, more: str = "") -> str:
    return f"<</Length {len(content)}{more}>> stream\n{content}\nendstream"
