import pytest

from papers.forms import PaperForm
from papers.models import Paper


def seen(paper, **options):
    return PaperForm(instance=paper, **options)["seen"].value()


def cleaned(**data):
    paper = Paper(title="A title")
    form = PaperForm({"title": "A title", "seen": seen(paper), **data}, instance=paper)
    return form.cleaned_data if form.is_valid() else {name: str(errors[0]) for name, errors in form.errors.items()}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://doi.org/10.1109/CVPR46437.2021.01129", "10.1109/CVPR46437.2021.01129"),
        ("doi: 10.1007/978-3-030-58558-7_29.", "10.1007/978-3-030-58558-7_29"),
        ("", ""),
        ("CVPR", "A DOI looks like 10.1109/CVPR46437.2021.01129."),
    ],
)
def test_a_doi_is_kept_bare(typed, kept):
    assert cleaned(doi=typed)["doi"] == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://arxiv.org/abs/2011.12100v2", "2011.12100"),
        ("arxiv.org/pdf/2011.12100v2.pdf", "2011.12100"),
        ("arXiv:cs/0101001", "cs/0101001"),
        ("12100", "An arXiv number looks like 2011.12100."),
    ],
)
def test_an_arxiv_number_is_kept_bare(typed, kept):
    assert cleaned(arxiv_id=typed)["arxiv_id"] == kept


def test_authors_are_one_name_a_line_as_typed():
    assert cleaned(authors="김민규\r\n\n  Aidan N.  Gómez \n")["authors"] == ["김민규", "Aidan N. Gómez"]


def test_unseen_letters_go():
    assert cleaned(title="A\u202e t\u200bi\x00tle\nhere")["title"] in {
        "A title here",
        "Null characters are not allowed.",
    }
    assert cleaned(abstract="One\r\ntwo\x07three")["abstract"] == "One two three"


@pytest.mark.parametrize("year", ["1449", "2999", "-1", "x"])
def test_a_year_is_one(year):
    assert "year" in cleaned(year=year) and not isinstance(cleaned(year=year)["year"], int)


def test_a_card_has_a_title_but_one_question_may_stand_alone():
    assert cleaned(title=" ") == {"title": "Give the paper a title."}
    paper = Paper(title="A title")
    typed = {"year": "2021", "title": "Changed", "seen": seen(paper, only="year")}
    form = PaperForm(typed, instance=paper, only="year")
    assert form.is_valid() and (form.cleaned_data["year"], "title" in form.cleaned_data) == (2021, False)
