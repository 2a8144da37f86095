"""What holds for any bytes, and what a card tells besides its words."""

import json

import pytest
from fpdf import FPDF
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from papers.extraction import Metadata, UnreadablePdf
from papers.extraction.metadata import clean
from papers.extraction.pipeline import extract
from tests.examples import examples
from tests.papers import pdfs
from tests.samples import conferences, manuscripts

SAMPLES = [layout()[0].bytes() for layout in (conferences.neurips, manuscripts.thesis)]


def test_the_same_bytes_give_the_same_card():
    assert extract(SAMPLES[0]) == extract(SAMPLES[0])


@settings(max_examples=examples(60), deadline=None, suppress_health_check=list(HealthCheck))
@given(data=some.data(), sample=some.sampled_from(SAMPLES))
def test_damaged_bytes_give_a_card_or_a_refusal(data, sample):
    damaged = bytearray(sample)
    for _ in range(data.draw(some.integers(1, 8))):
        start = data.draw(some.integers(0, len(damaged) - 1))
        damaged[start : start + data.draw(some.integers(0, 40))] = data.draw(some.binary(max_size=40))
    outcome(bytes(damaged))


@settings(max_examples=examples(60), deadline=None)
@given(some.binary(max_size=300))
def test_any_bytes_give_a_card_or_a_refusal(data):
    outcome(data)
    outcome(b"%PDF-1.4\n" + data)


def outcome(data: bytes) -> None:
    try:
        card = extract(data)
    except UnreadablePdf:
        return
    assert Metadata.from_dict(json.loads(json.dumps(card.as_dict()))) == card


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"hello", "not_pdf"),
        (b"%PDF-1.7 and nothing", "broken"),
        (pdfs.locked(), "password"),
    ],
)
def test_what_cannot_be_read_says_why(data, reason):
    with pytest.raises(UnreadablePdf) as refusal:
        extract(data)
    assert refusal.value.reason == reason


def test_every_value_carries_its_source_and_how_sure_it_is():
    card = extract(SAMPLES[0])
    filled = {"title", "authors", "abstract", "year", "arxiv_id", "venue", "language"}
    assert (set(card.sources), card.sources["arxiv_id"], card.sources["title"]) == (filled, "stamp", "page")
    assert all(0 < sure <= 1 for sure in card.confidences.values())
    assert set(card.confidences) == filled


def test_a_page_without_words_is_called_a_picture():
    pdf = FPDF()
    pdf.add_page()
    pdf.rect(20, 20, 100, 100)
    card = extract(bytes(pdf.output()))
    assert (card.image_only, card.pages, card.title, card.authors, card.sources) == (True, 1, None, (), {})


def test_an_owner_password_alone_locks_nobody_out():
    pdf = FPDF()
    pdf.set_encryption(owner_password="owner", permissions=0)
    pdf.add_page()
    pdf.set_font("Times", size=24)
    pdf.cell(text="A Title for Everybody")
    assert extract(bytes(pdf.output())).title == "A Title for Everybody"


def test_what_a_pdf_can_do_by_itself_is_told():
    pdf = FPDF()
    pdf.add_page()
    pdf.embed_file(bytes=b"surprise", basename="surprise.txt")
    assert extract(bytes(pdf.output())).active == ("embedded",)


@pytest.mark.parametrize(
    ("dirty", "tidy"),
    [
        ("a\x00b", "a b"),
        ("Go\u0308del", "Gödel"),
        ("left\u202eright", "left right"),
        ("lone \ud800 half", "lone half"),
        ("  many   spaces\nand lines ", "many spaces and lines"),
    ],
)
def test_strings_come_clean(dirty, tidy):
    assert clean(dirty) == tidy
