"""A .bib file comes in: every style is read, the broken are named by line, nothing comes twice, what goes out comes in."""

import re

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from members.sandbox import Unreadable
from papers.citations import bib_file, bib_import
from papers.citations.bib_import import MOST_BYTES, NotABibFile
from papers.citations.bibtex import bibliography
from papers.citations.latex import plain
from papers.clean_text import clean_text
from papers.duplicates import same_paper
from papers.models import Paper, ReadingList
from papers.search.index import search
from tests import make
from tests.examples import examples


def keep(data: bytes, *, by):
    return bib_import.keep(ContentFile(data, "a.bib"), "a.bib", by=by)


def paper(**fields):
    return Paper(**{"pk": 12, "title": "Untold", "authors": [], **fields})


STYLES = r"""
% Google Scholar, DBLP, Zotero, JabRef, ACM and a hand in a hurry
@string{cvpr = "IEEE Conference on Computer Vision and Pattern Recognition"}
@inproceedings{niemeyer2021giraffe,
  title={{GIRAFFE}: Representing Scenes as Compositional Generative Neural Feature Fields},
  author={Niemeyer, Michael and Geiger, Andreas},
  booktitle=cvpr, pages={11453--11464}, year={2021}
}
@article{DBLP:journals/corr/abs-1912-11370, title = "Gr{\"o}{\ss}e und \'Etude {\&} 100\% more", journal={CoRR},
  author = "G{\'o}mez, Jos{\'e} and {Procter and Gamble} and others and van der Maaten, Laurens", volume = {abs/1912.11370},
  eprint = {1912.11370}, eprinttype = {arXiv}, year=2020, month=jan}
@article{broken, title = {No end, author={X}
@misc{twice, title={Second}, eprint={2011.12100v2}, archivePrefix={arXiv}, primaryClass={cs.CV}}
@misc{twice, title={Third}, doi={https://doi.org/10.1109/5.771073}}
@inproceedings{child, title={A child}, crossref={par}}
@proceedings{par, title={Proceedings of Things}, year=1999}
@misc{notitle, year=2000}
@book(k, title={한국어 제목 & Co}, author={김민규 and 이하윤}, date = {2022-03-15})
"""


def test_every_style_is_read_and_the_broken_are_named_by_line():
    found = bib_file.read(STYLES.encode())
    assert [card for _line, card in found["cards"]] == [
        {
            "title": "GIRAFFE: Representing Scenes as Compositional Generative Neural Feature Fields",
            "authors": ["Michael Niemeyer", "Andreas Geiger"],
            "year": 2021,
            "venue": "IEEE Conference on Computer Vision and Pattern Recognition",
        },
        {
            "title": "Größe und Étude & 100% more",
            "authors": ["José Gómez", "Procter and Gamble", "Laurens van der Maaten"],
            "year": 2020,
            "arxiv_id": "1912.11370",
        },
        {"title": "Second", "arxiv_id": "2011.12100"},
        {"title": "Third", "doi": "10.1109/5.771073"},
        {"title": "A child", "year": 1999, "venue": "Proceedings of Things"},
        {"title": "한국어 제목 & Co", "authors": ["김민규", "이하윤"], "year": 2022},
    ]
    assert found["broken"] == [(12, "broken", "unclear"), (17, "notitle", "no_title")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16"])
def test_other_encodings_are_read_or_refused_in_words(encoding):
    data = "@misc{a, title={한국어 제목}, author={김민규}}".encode(encoding)
    if encoding == "utf-16":
        data = data.replace(b"@", b"?")
        with pytest.raises(Unreadable, match="no_entries"):
            bib_file.read(data)
    else:
        assert bib_file.read(data)["cards"] == [(1, {"title": "한국어 제목", "authors": ["김민규"]})]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("data", "words"),
    [(b"", "no BibTeX entry"), (b"%PDF-1.7", "no BibTeX entry"), (b"x" * (MOST_BYTES + 1), "5 MB")],
)
def test_what_is_no_bib_file_is_refused_in_words(study, data, words):
    with pytest.raises(NotABibFile, match=words):
        keep(data, by=study["alice"])


@pytest.mark.django_db
def test_too_many_entries_are_refused(study):
    data = "".join(f"@misc{{k{n}, title={{Title {n}}}}}\n" for n in range(5001)).encode()
    with pytest.raises(NotABibFile, match="5000 entries"):
        keep(data, by=study["alice"])


GIRAFFE_TITLE = "GIRAFFE: Representing Scenes as Compositional Generative Neural Feature Fields"


@pytest.mark.django_db
def test_a_list_is_brought_in_once(study):
    group, alice, bob = study["group"], study["alice"], study["bob"]
    make.paper(group, "Another title", arxiv_id="1912.11370")
    listed, same = (
        keep(STYLES.encode(), by=alice),
        keep(STYLES.encode(), by=bob),
    )
    seen = bib_import.look(listed, group)
    assert [card["title"] for _line, card in seen.new] == [
        GIRAFFE_TITLE, "Second", "Third", "A child", "한국어 제목 & Co",
    ]  # fmt: skip
    assert [(line, there.title) for line, _title, there in seen.here] == [(9, "Another title")]
    assert group.papers.count() == 1  # looking adds nothing
    taken = bib_import.take(listed, group)
    assert [paper.title for paper in taken] == [card["title"] for _line, card in seen.new]
    assert bib_import.take(listed, group) is None
    assert bib_import.take(same, group) == []
    assert group.papers.count() == 6 and not ReadingList.objects.exists()


@pytest.mark.django_db
def test_a_paper_of_a_list_is_a_card_to_search_and_to_add_a_pdf_to(study):
    data = (
        b"@article{a, title={Deep Things}, author={Lovelace, Ada}, journal={Nature}, year=2020, abstract={On zebras.}}"
    )
    [made] = bib_import.take(keep(data, by=study["alice"]), study["group"])
    card = study["group"].papers.get()
    assert (card.pk, card.title, card.authors, card.year, card.venue, card.abstract) == (
        made.pk, "Deep Things", ["Ada Lovelace"], 2020, "Nature", "On zebras.",
    )  # fmt: skip
    assert (card.state, card.added_by, card.latest) == (Paper.READY, study["alice"], None)
    assert card.holds("title") and card.holds("abstract")
    assert list(search(study["group"].papers.all(), "zebra")) == [card]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("entry", "here"),
    [
        ("@misc{a, title={Other}, doi={10.1109/5.77}}", True),
        ("@misc{a, title={Other}, eprint={2011.12100v3}, archiveprefix={arXiv}}", True),
        ("@misc{a, title={{GRAD-CAM}: Visual Explanations from Deep Networks}}", True),
        ("@misc{a, title={Grad-CAM: Visual Explantions from Deep Networks}}", True),
        ("@misc{a, title={Grad-CAM++: Visual Explanations from Deep Networks}}", False),
        ("@misc{a, title={Grad-CAM: Visual Explanations}}", False),
        ("@misc{a, title={Grad-CAM: Visual Explanations from Deep Networks}, eprint={1.2}, archiveprefix={arXiv}}", True),
        ("@misc{a, title={Grad-CAM: Visual Explanations from Deep Networks}, eprint={1610.02391}, archiveprefix={arXiv}}", False),
    ],
)  # fmt: skip
def test_what_is_here_is_known_as_the_shelf_knows_it(study, entry, here):
    group = study["group"]
    title = "Grad-CAM: Visual Explanations from Deep Networks"
    make.paper(group, title, doi="10.1109/5.77", arxiv_id="2011.12100")
    make.paper(title=title)  # in another group
    listed = keep(entry.encode(), by=study["alice"])
    [[_line, card]] = listed.cards
    assert bool(bib_import.look(listed, group).here) is here
    assert bool(same_paper(Paper(group=group, **card))) is here


@pytest.mark.django_db
def test_looking_and_taking_ask_as_often_for_one_as_for_three_hundred(study):
    asked = []
    for number in (1, 300):
        data = "".join(f"@misc{{k{number}x{n}, title={{{number} things of {n}}}}}\n" for n in range(number))
        listed = keep(data.encode(), by=study["alice"])
        with CaptureQueriesContext(connection) as looking:
            assert len(bib_import.look(listed, study["group"]).new) == number
        with CaptureQueriesContext(connection) as taking:
            assert len(bib_import.take(listed, study["group"])) == number
        asked.append((len(looking), len(taking)))
    assert asked[0][0] == asked[1][0] == 1
    assert asked[1][1] - asked[0][1] < 300 / 30  # SQLite takes so many values in a statement, not one paper each


@pytest.mark.django_db
def test_the_page_shows_first_and_adds_once(study, sign_in):
    client, address = sign_in(study["alice"]), f"/g/{study['group'].slug}/papers/bib/"
    assert client.get(address).status_code == 200
    sent = client.post(address, {"file": SimpleUploadedFile("a.bib", STYLES.encode())})
    look = sent.headers["Location"]
    assert (sent.status_code, look) == (302, f"{address}{ReadingList.objects.get().pk}/")
    page = client.get(look).content.decode()
    assert "6 papers are new" in page and "line 12" in page and "It has no title." in page
    assert "UTF-8" not in page and study["group"].papers.count() == 0
    bob = sign_in(study["bob"])
    assert bob.get(look).status_code == 404
    assert "not waiting" in bob.post(look, follow=True).content.decode()
    client = sign_in(study["alice"])
    assert "6 papers are on the shelf now." in client.post(look, follow=True).content.decode()
    assert "not waiting" in client.post(look, follow=True).content.decode()
    assert study["group"].papers.count() == 6
    assert client.post(address, {"file": SimpleUploadedFile("a.bib", b"nothing")}).status_code == 422
    assert client.post(address).status_code == 422


@pytest.mark.django_db
def test_the_page_says_in_which_letters_it_read_the_file(study, sign_in):
    client, data = sign_in(study["alice"]), "@misc{a, title={한국어 제목}}".encode("cp949")
    sent = client.post(f"/g/{study['group'].slug}/papers/bib/", {"file": SimpleUploadedFile("a.bib", data)})
    page = client.get(sent.headers["Location"]).content.decode()
    assert "read as cp949" in page and "한국어 제목" in page


UGLY = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=20)
LATEX = st.sampled_from(
    [r"\'e", r"\o x", "--", "``", "?`", "{", "}}", "$x$", "\\", "~", "^", "%", "Grad-CAM++", "한국어"]
)
WORDS = st.lists(st.one_of(UGLY, LATEX), min_size=1, max_size=6).map(" ".join)
LETTERS = st.text(st.characters(categories=["Ll", "Lu"], max_codepoint=0x24F), min_size=2, max_size=8)
NAMES = st.lists(LETTERS, min_size=1, max_size=3).map(" ".join)
PRINTED = st.sampled_from(
    [
        "김민규",
        "이 하윤",
        "王小明",
        "Laurens van der Maaten",
        "Procter and Gamble",
        "Martin Luther King Jr.",
        "King, Jr.",
        "R&D_1",
    ]
)


@settings(max_examples=examples(300), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    title=WORDS,
    authors=st.lists(st.one_of(NAMES, PRINTED), max_size=4),
    year=st.one_of(st.none(), st.integers(1900, 2099)),
    venue=st.one_of(st.sampled_from(["", "Nature", "Proceedings of the 1st Conference on A & B"]), WORDS),
    doi=st.sampled_from(
        ["", "10.1007/978-3-030-58558-7_29", "10.1002/(SICI)1097-4636(199823)43:3<197::AID-JBM1>3.0.CO;2-%23"]
    ),
)
def test_what_goes_out_comes_in_again(title, authors, year, venue, doi):
    title, venue = clean_text(title, 500), clean_text(venue, 300)
    assume(title and not re.match("arxiv|corr", venue, re.IGNORECASE))
    assume(not {name.lower() for name in authors} & bib_file.OTHERS)
    [(_line, read)] = bib_file.read(
        bibliography([paper(title=title, authors=authors, year=year, venue=venue, doi=doi)]).encode()
    )["cards"]
    wanted = {"title": title, "authors": authors, "year": year, "venue": venue, "doi": doi}
    assert read == {name: value for name, value in wanted.items() if value}


@pytest.mark.parametrize(
    ("latex", "letters"),
    [
        (r"G{\"o}{\ss}e und \'Etude {\&} 100\% more", "Göße und Étude & 100% more"),
        (r"Jos\'{\i} \v{S}koda \c{c} {\L}ukasz \O{}re", "Josí Škoda ç Łukasz Øre"),
        (r"Erd\H{o}s, Bo\u{g}az, S{\~a}o, \aa{}b, \k{a}", "Erdős, Boğaz, São, åb, ą"),
        (r"\emph{$\alpha$-GAN}: \textbf{a}~--- ``b'' 1--2", "α-GAN: a — “b” 1–2"),
        (r"\LaTeX and \unknown{x}", "LaTeXand unknownx"),
    ],
)
def test_latex_is_read_as_letters(latex, letters):
    assert plain(latex) == letters
