"""The process apart: real children, real files, real limits."""

import io

import pytest
from PIL import Image

from papers.extraction import UnreadablePdf, pdfium, sandbox
from tests.papers import pdfs
from tests.samples import manuscripts


@pytest.fixture
def paper(tmp_path):
    sheet, _ = manuscripts.many_names_over_lines()
    path = tmp_path / "inbox" / "paper.pdf"
    path.parent.mkdir()
    path.write_bytes(sheet.bytes())
    return path


def test_a_reading_brings_card_cover_text_and_says_each_step(paper):
    steps = []
    reading = sandbox.read_pdf(paper, progress=steps.append)
    cover = Image.open(io.BytesIO(reading.pages.cover))
    assert (steps, reading.metadata.title, reading.pages.count) == (
        ["front", "pages"],
        "A Note on the Order of Speakers",
        1,
    )
    assert (cover.format, cover.width, len(reading.pages.cover) < pdfium.COVER_BYTES) == ("WEBP", 600, True)
    assert "Alice Carroll" in reading.pages.text


def test_the_two_steps_can_be_asked_one_by_one(paper):
    assert sandbox.read_front(paper).authors[-1] == "Ngô Bao Châu"
    assert sandbox.read_pages(paper).count == 1


@pytest.mark.parametrize(
    ("data", "reason"),
    [(b"", "empty"), (b"hello", "not_pdf"), (b"%PDF-1.7\n%%EOF", "broken"), (pdfs.locked(), "password")],
)
def test_a_file_that_cannot_be_read_says_why(tmp_path, data, reason):
    path = tmp_path / "bad.pdf"
    path.write_bytes(data)
    with pytest.raises(UnreadablePdf) as refusal:
        sandbox.read_pdf(path)
    assert refusal.value.reason == reason
    assert sandbox.read_pages(path) == sandbox.Pages()


def test_a_file_that_is_not_there_says_so(tmp_path):
    with pytest.raises(UnreadablePdf) as refusal:
        sandbox.read_front(tmp_path / "nothing.pdf")
    assert refusal.value.reason == "missing"


def test_many_files_come_as_they_are_done_and_bad_ones_cost_only_themselves(tmp_path, paper):
    bad = tmp_path / "bad.pdf"
    bad.write_bytes(b"hello")
    found = dict(sandbox.read_many([paper, bad, paper], workers=2))
    assert (found[paper].metadata.title, found[bad].reason) == ("A Note on the Order of Speakers", "not_pdf")
