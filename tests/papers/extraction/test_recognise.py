"""Scans: pictures of pages, without a letter in them, read by a real tesseract in the sandbox."""

import io
import shutil
import stat
from contextlib import suppress
from pathlib import Path

import pytest
from fpdf import FPDF

from papers.extraction import pdfium, sandbox
from papers.extraction.recognise import LEAST_SIGN, drawn, runs_of
from tests.papers import pdfs
from tests.samples import asian
from tests.samples.sheet import CJK

needs_tesseract = pytest.mark.skipif(not shutil.which("tesseract"), reason="tesseract is not installed")
ABSTRACT = (
    "Deep generative models allow for photorealistic image synthesis at high resolutions. But for many applications, "
    "this is not enough: content creation also needs to be controllable."
)


def scan(data: bytes) -> bytes:
    """The pages of a PDF as pictures, nothing else."""
    document = pdfium.open_document(data)
    pdf = FPDF(unit="pt")
    for number in range(len(document)):
        pixels, _, height = drawn(document, number)
        width = document[number].get_size()[0]
        pdf.add_page(format=(width, height))
        pdf.image(io.BytesIO(pixels), x=0, y=0, w=width, h=height)
    return bytes(pdf.output())


@pytest.fixture
def scanned(tmp_path):
    path = tmp_path / "scan.pdf"
    path.write_bytes(scan(pdfs.giraffe()))
    return path


@needs_tesseract
def test_a_scan_is_recognised_and_asks_to_be_checked(scanned):
    reading = sandbox.read_pdf(scanned)
    card = reading.metadata
    assert (card.title, card.authors, card.abstract) == (
        "GIRAFFE: Representing Scenes as Compositional Generative Neural Feature Fields",
        ("Michael Niemeyer", "Andreas Geiger"),
        ABSTRACT,
    )
    assert set(card.sources.values()) == {"ocr"}
    assert max(card.confidences.values()) < 0.6
    assert (card.image_only, card.pages) == (True, 1)
    assert "photorealistic image synthesis" in " ".join(reading.pages.text.split())


@needs_tesseract
@pytest.mark.skipif(not CJK.exists(), reason="no Noto CJK fonts here")
def test_a_korean_scan_is_recognised(tmp_path):
    sheet, wanted = asian.LAYOUTS[0]()
    path = tmp_path / "scan.pdf"
    path.write_bytes(scan(sheet.bytes()))
    card = sandbox.read_pdf(path).metadata
    assert (card.language, card.sources["language"]) == (wanted.get("language", "ko"), "ocr")


def test_without_tesseract_a_scan_is_a_picture(scanned, monkeypatch):
    monkeypatch.setattr(sandbox, "_tesseract", lambda: ("", ""))
    reading = sandbox.read_pdf(scanned)
    assert (reading.metadata.image_only, reading.metadata.sources, reading.pages.text) == (True, {}, "")


@pytest.mark.parametrize("behaviour", ["exit 3", "echo no hocr", "exec sleep 60", "head -c 900000000 /dev/zero"])
def test_a_tesseract_that_misbehaves_costs_nothing_but_its_time(scanned, monkeypatch, tmp_path, behaviour):
    program = tmp_path / "tesseract"
    program.write_text(f"#!/bin/sh\nPATH=/usr/bin:/bin\n{behaviour}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr(sandbox, "_tesseract", lambda: (str(program), "eng"))
    monkeypatch.setattr(sandbox, "TO_RECOGNISE", (0.0, 3.0))
    reading = sandbox.read_pdf(scanned)
    assert (reading.metadata.image_only, reading.metadata.sources) == (True, {})
    assert reading.seconds < 25
    assert str(program) not in running_commands()


def running_commands() -> str:
    """What runs on this machine, as far as it can be seen."""
    found = []
    for commands in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            found.append(commands.read_bytes().replace(b"\0", b" ").decode("utf8", "replace"))
    return "\n".join(found)


def test_hocr_becomes_runs_on_their_baseline():
    hocr = (
        "<p class='ocr_par' id='par_1'><span class='ocr_line' title=\"bbox 100 200 500 240; baseline 0.01 -10; x_size 40\">"
        "<span class='ocrx_word' title='bbox 100 200 300 240; x_wconf 96'>A &amp; <strong>B</strong></span> "
        f"<span class='ocrx_word' title='bbox 310 200 330 240; x_wconf {LEAST_SIGN - 1}'>|</span> "
        "<span class='ocrx_word' title='bbox 340 200 500 240; x_wconf 3'>lost</span></span></p>"
    )
    (run,) = runs_of(hocr, 2.0, 800.0)
    assert (run.text, run.x0, run.x1, run.y, run.size) == ("A & B", 50, 150, 684, 22)
