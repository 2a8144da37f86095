"""Citing: RIS and CSL-JSON read back by strict readers, .bib files in every style, and the round trip through BibTeX."""

import json
import re
import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.timezone import now
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from papers.cite import bibfile
from papers.cite.bibfile import NotABibFile
from papers.cite.bibtex import bibliography
from papers.cite.bring_in import bring_in
from papers.cite.csl import items
from papers.cite.export import written
from papers.cite.latex import plain
from papers.cite.names import Name, kind_of, split
from papers.cite.ris import records, ris
from papers.models import Paper
from papers.uploads import clean_text
from tests import make


def paper(**fields):
    return Paper(**{"pk": 12, "title": "Untold", "authors": [], **fields})


GIRAFFE = {
    "title": "GIRAFFE: Representing Scenes",
    "authors": ["Michael Niemeyer", "Laurens van der Maaten", "김민규"],
    "year": 2021,
    "venue": "CVPR 2021",
    "arxiv_id": "2011.12100",
    "abstract": "Deep models.\nTwo lines.",
}


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Ada Lovelace", Name("Lovelace", "Ada")),
        ("Laurens van der Maaten", Name("van der Maaten", "Laurens")),
        ("Juan Ponce de la Cruz", Name("de la Cruz", "Juan Ponce")),
        ("Martin Luther King Jr.", Name("King", "Martin Luther", "Jr.")),
        ("Van Morrison", Name("Morrison", "Van")),
        ("김민규", Name("김민규", literal="김민규")),
        ("이 하윤", Name("이 하윤", literal="이 하윤")),
        ("DeepMind", Name("DeepMind", literal="DeepMind")),
        ("Procter and Gamble", Name("Procter and Gamble", literal="Procter and Gamble")),
        ("", Name()),
    ],
)
def test_names_are_taken_apart_by_one_rule(name, parts):
    assert split(name) == parts


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"venue": "Proceedings of the ACM Conference"}, "conference"),
        ({"venue": "한국정보과학회 학술발표논문집"}, "conference"),
        ({"venue": "Nature"}, "journal"),
        ({"venue": "arXiv preprint", "arxiv_id": "1"}, "preprint"),
        ({"arxiv_id": "2011.12100"}, "preprint"),
        ({}, "other"),
    ],
)
def test_what_a_paper_is(fields, kind):
    assert kind_of(paper(**fields)) == kind


# ── RIS ──
def read_ris(text):
    """[[(tag, value)]]: every line is a tag, two spaces, a hyphen, a space; records end with ER."""
    assert text.endswith("\r\n") and "\n" not in text.replace("\r\n", "")
    found, record = [], []
    for line in filter(None, text.split("\r\n")):
        tag, value = re.fullmatch(r"([A-Z][A-Z0-9])  - (.*)", line).groups()
        record.append((tag, value))
        if tag == "ER":
            found.append(record)
            record = []
    assert record == []
    return found


def test_ris_says_what_the_card_says():
    assert read_ris(ris(paper(**GIRAFFE))) == [
        [
            ("TY", "CPAPER"),
            ("TI", "GIRAFFE: Representing Scenes"),
            ("AU", "Niemeyer, Michael"),
            ("AU", "van der Maaten, Laurens"),
            ("AU", "김민규"),
            ("PY", "2021"),
            ("T2", "CVPR 2021"),
            ("AB", "Deep models. Two lines."),
            ("UR", "https://arxiv.org/abs/2011.12100"),
            ("AN", "arXiv:2011.12100"),
            ("ER", ""),
        ]
    ]
    assert [record[0] for record in read_ris(records([paper(), paper(venue="Nature")]))] == [
        ("TY", "GEN"),
        ("TY", "JOUR"),
    ]


# ── CSL-JSON ──
CSL_TYPES = {"paper-conference", "article-journal", "article", "document"}
CSL_VARIABLES = {
    "id", "type", "title", "author", "issued", "container-title", "abstract", "DOI", "number", "URL", "language",
}  # fmt: skip


def check_csl(listed):
    """The rules of the schema that our variables fall under."""
    assert len({one["id"] for one in listed}) == len(listed)
    for one in listed:
        assert one["type"] in CSL_TYPES and set(one) <= CSL_VARIABLES
        assert all(isinstance(value, str) and value for name, value in one.items() if name not in {"author", "issued"})
        for author in one.get("author", []):
            assert set(author) == {"literal"} or {"family"} < set(author) <= {"family", "given", "suffix"}
        if "issued" in one:
            assert [[type(year)] for [year] in one["issued"]["date-parts"]] == [[int]]


def test_csl_says_what_the_card_says():
    listed = json.loads(items([paper(**GIRAFFE), paper(pk=13, **GIRAFFE)]))
    check_csl(listed)
    assert listed[0] == {
        "id": "niemeyer2021giraffe",
        "type": "paper-conference",
        "title": "GIRAFFE: Representing Scenes",
        "author": [
            {"family": "Niemeyer", "given": "Michael"},
            {"family": "van der Maaten", "given": "Laurens"},
            {"literal": "김민규"},
        ],
        "issued": {"date-parts": [[2021]]},
        "container-title": "CVPR 2021",
        "abstract": "Deep models.\nTwo lines.",
        "number": "arXiv:2011.12100",
        "URL": "https://arxiv.org/abs/2011.12100",
    }
    assert listed[1]["id"] == "niemeyer2021giraffe-2"


# ── .bib in ──
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
    found = bibfile.read(STYLES.encode())
    assert [card for _line, card in found.cards] == [
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
    assert [(entry.line, entry.key) for entry in found.broken] == [(12, "broken"), (17, "notitle")]
    assert "brace" in found.broken[0].reason and found.broken[1].reason == "It has no title."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16"])
def test_other_encodings_are_read_or_refused_in_words(encoding):
    data = "@misc{a, title={한국어 제목}, author={김민규}}".encode(encoding)
    if encoding == "utf-16":
        data = data.replace(b"@", b"?")
        with pytest.raises(NotABibFile):
            bibfile.read(data)
    else:
        assert bibfile.read(data).cards == [(1, {"title": "한국어 제목", "authors": ["김민규"]})]


@pytest.mark.parametrize(
    ("data", "words"),
    [(b"", "no BibTeX entry"), (b"%PDF-1.7", "no BibTeX entry"), (b"x" * (5 * 1024 * 1024 + 1), "5 MB")],
)
def test_what_is_no_bib_file_is_refused_in_words(data, words):
    with pytest.raises(NotABibFile, match=words):
        bibfile.read(data)


def test_too_many_entries_are_refused_in_bounded_time():
    data = "".join(f"@misc{{k{n}, title={{Title {n}}}}}\n" for n in range(5001)).encode()
    began = time.process_time()
    with pytest.raises(NotABibFile, match="5000 entries"):
        bibfile.read(data)
    assert time.process_time() - began < 20


@pytest.mark.django_db
def test_a_list_is_brought_in_once(study):
    make.paper(study["group"], "Another title", arxiv_id="1912.11370")
    first = bring_in(STYLES.encode(), group=study["group"], by=study["alice"])
    assert [card.title for card in first.new] == [
        "GIRAFFE: Representing Scenes as Compositional Generative Neural Feature Fields",
        "Second", "Third", "A child", "한국어 제목 & Co",
    ]  # fmt: skip
    assert [(line, there.title) for line, _title, there in first.here] == [(9, "Another title")]
    second = bring_in(STYLES.encode(), group=study["group"], by=study["bob"])
    assert (len(second.new), len(second.here), len(second.broken)) == (0, 6, 2)
    assert study["group"].papers.count() == 6


@pytest.mark.django_db
def test_the_page_brings_in_and_takes_back(study, sign_in):
    client, address = sign_in(study["alice"]), f"/g/{study['group'].slug}/papers/bib/"
    assert client.get(address).status_code == 200
    answer = client.post(address, {"file": SimpleUploadedFile("a.bib", STYLES.encode())})
    page = answer.content.decode()
    assert "6 papers are new" in page and "line 12" in page and "It has no title." in page
    new = [card.pk for card in answer.context["brought"].new]
    sign_in(study["bob"]).post(f"{address}back/", {"paper": new})
    assert study["group"].papers.kept().count() == 6
    client.post(f"{address}back/", {"paper": new})
    assert study["group"].papers.kept().count() == 0
    assert client.post(address, {"file": SimpleUploadedFile("a.bib", b"nothing")}).status_code == 422


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


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
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
    assume(not {name.lower() for name in authors} & bibfile.OTHERS)
    [(_line, read)] = bibfile.read(
        bibliography([paper(title=title, authors=authors, year=year, venue=venue, doi=doi)]).encode()
    ).cards
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


# ── out ──
@pytest.mark.django_db
def test_a_choice_a_session_and_all(study, sign_in, django_assert_num_queries):
    group, client = study["group"], sign_in(study["alice"])
    papers = [make.paper(group, f"Paper {number}") for number in range(3)]
    session = make.session(make.term(group), now())
    make.presentation(session, study["alice"], paper=papers[2])
    stranger = make.paper(title="Elsewhere")
    at = f"/g/{group.slug}/papers/"

    def titles(answer):
        return [one["title"] for one in json.loads(answer.content)]

    assert titles(client.get(f"{at}papers.csl")) == ["Paper 0", "Paper 1", "Paper 2"]
    assert titles(client.get(f"{at}papers.csl?paper={papers[1].pk}&paper={stranger.pk}")) == ["Paper 1"]
    assert titles(client.get(f"{at}papers.csl?session={session.pk}")) == ["Paper 2"]
    chosen = client.post(f"{at}cite/chosen/", {"form": "csl", "paper": [papers[0].pk, stranger.pk]})
    assert titles(chosen) == ["Paper 0"]
    assert chosen.headers["Content-Disposition"] == f'attachment; filename="{group.slug}.json"'
    nothing = client.post(f"{at}cite/chosen/", {"form": "csl"}, follow=True)
    assert "Tick the papers" in nothing.content.decode()
    assert client.get(f"{at}papers.exe").status_code == 404
    assert [one.title for one in client.get(f"{at}cite/?sort=title").context["papers"]] == [
        "Paper 0",
        "Paper 1",
        "Paper 2",
    ]


@pytest.mark.django_db
def test_a_file_takes_one_query_for_one_paper_or_a_hundred(study, django_assert_num_queries):
    for number in range(100):
        make.paper(study["group"], f"Paper {number}")
    for form in ("bib", "ris", "csl"):
        with django_assert_num_queries(1):
            assert written(study["group"].papers.kept(), form).count("Paper ") == 100
