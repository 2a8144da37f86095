"""76 real papers, read in place, against what a person typed from their pages."""

import json
import runpy

import pytest

from papers.extraction.pipeline import extract
from tests.corpus import SHARED

CORPUS = SHARED / "corpus"
pytestmark = pytest.mark.corpus


def test_front_pages_are_read_as_well_as_promised():
    labels = json.loads((CORPUS / "labels.json").read_text())
    cards = {label["file"]: extract(CORPUS / "pdf" / label["file"]).as_dict() for label in labels}
    summary, _ = runpy.run_path(str(CORPUS / "score.py"))["score"](labels, cards)
    at_least = {
        "title_exact": 0.92, "title_words": 0.92, "authors_exact": 0.92, "authors_f1": 0.94, "year_acc": 0.96,
        "doi_acc": 1, "arxiv_acc": 1, "abstract_f1_ge_0.9": 0.94,
    }  # fmt: skip
    at_most = {"year_fp": 1, "doi_wrong": 0, "doi_fp": 0, "arxiv_wrong": 0, "arxiv_fp": 0, "abstract_fp": 0}
    short = {name: summary[name] for name, goal in at_least.items() if summary[name] < goal}
    over = {name: summary[name] for name, goal in at_most.items() if summary[name] > goal}
    assert (short, over) == ({}, {})
