"""From a number to a card: what the worker asks, and what every kind of answer makes of the row and the card."""

import pytest

from papers import asking, pasting, reading
from papers.models import Lookup, Paper
from tests.papers import sources_server
from tests.papers.sources_server import PAPER

pytestmark = pytest.mark.django_db


@pytest.fixture
def sources(settings):
    with sources_server.running() as server:
        sources_server.settle(settings, server)
        yield server


def paste(study, text):
    return pasting.paste(text, group=study["group"], by=study["alice"])


def worker():
    """What the worker does: look up, then read the PDFs that came; until nothing is due."""
    for paper in asking.look_up_due():
        reading.read(paper)


def test_a_pasted_arxiv_link_becomes_a_whole_card_with_its_pdf(study, sources):
    [arrived] = paste(study, "https://arxiv.org/abs/2011.12100v2")
    assert (arrived.new, arrived.paper.called, arrived.paper.state) == (True, "arXiv:2011.12100", Paper.READY)
    worker()
    paper = Paper.objects.get()
    lookup = paper.lookups.get(kind="arxiv")
    alice = f"typed:{study['alice'].pk}"
    assert {field: getattr(paper, field) for field in Paper.READ} == PAPER
    assert paper.sources == dict.fromkeys(Paper.READ, "arxiv") | {"arxiv_id": alice}
    assert (lookup.state, lookup.pdf, lookup.next_try_at) == (Lookup.FOUND, Lookup.KEPT, None)
    assert (paper.state, paper.pages, paper.latest.name) == (Paper.READY, 1, "2011.12100.pdf")
    assert sources.to("pdf") == ["/pdf/2011.12100v2"]
