"""Citing: names, RIS and CSL-JSON read back by strict readers, and the files of a choice, a session, all."""

import json
import re

import pytest
from django.utils.timezone import now

from papers.citations.csl import items
from papers.citations.entry_types import Name, kind_of, split
from papers.citations.formats import written
from papers.citations.ris import records, ris
from papers.models import Paper
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
