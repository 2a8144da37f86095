"""Every typeset sample says exactly what its card must say."""

import pytest

from papers.extraction.pipeline import extract
from tests.samples import asian, blocks, conferences, journals, manuscripts
from tests.samples.sheet import CJK

FIELDS = ("title", "authors", "abstract", "year", "doi", "arxiv_id")
EMPTY = dict.fromkeys(FIELDS) | {"authors": ()}


def card(data: bytes, fields=FIELDS) -> dict:
    metadata = extract(data)
    return {name: getattr(metadata, name) for name in fields}


@pytest.mark.parametrize(
    "layout",
    [*conferences.LAYOUTS, *journals.LAYOUTS, *manuscripts.LAYOUTS, *blocks.LAYOUTS],
    ids=lambda layout: layout.__name__,
)
def test_a_page_gives_its_card(layout):
    sheet, wanted = layout()
    assert card(sheet.bytes()) == EMPTY | wanted


@pytest.mark.skipif(not CJK.exists(), reason="no Noto CJK fonts here")
@pytest.mark.parametrize("layout", asian.LAYOUTS, ids=lambda layout: layout.__name__)
def test_an_asian_page_gives_its_card(layout):
    sheet, wanted = layout()
    assert card(sheet.bytes(), [*FIELDS, *wanted]) == EMPTY | wanted
