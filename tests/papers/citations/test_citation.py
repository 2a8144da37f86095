import pytest

from papers.citations.bibtex import bibliography, bibtex, key
from papers.models import Paper


def paper(**fields):
    return Paper(**{"pk": 12, "title": "Untold", "authors": [], **fields})


def test_a_conference_paper_with_its_preprint():
    giraffe = paper(
        title="GIRAFFE: Representing Scenes as Compositional Generative Neural Feature Fields",
        authors=["Michael Niemeyer", "Andreas Geiger"],
        year=2021,
        venue="CVPR 2021",
        arxiv_id="2011.12100",
    )
    assert bibtex(giraffe) == (
        "@inproceedings{niemeyer2021giraffe,\n"
        "  title         = {{GIRAFFE:} Representing Scenes as Compositional Generative Neural Feature Fields},\n"
        "  author        = {Niemeyer, Michael and Geiger, Andreas},\n"
        "  booktitle     = {CVPR 2021},\n"
        "  year          = {2021},\n"
        "  eprint        = {2011.12100},\n"
        "  archiveprefix = {arXiv}\n"
        "}\n"
    )


def test_a_preprint_is_misc_and_a_journal_an_article():
    assert bibtex(paper(arxiv_id="1912.11370")).startswith("@misc{")
    assert bibtex(paper(venue="Nature")).startswith("@article{")
    assert "  journal = {Nature}" in bibtex(paper(venue="Nature"))


def test_korean_names_are_not_taken_apart_and_the_key_stays_latin():
    korean = paper(title="트랜스포머 읽기", authors=["김민규", "이하윤"], year=2022)
    assert key(korean) == "paper12"
    assert "author = {{김민규} and {이하윤}}" in bibtex(korean)


@pytest.mark.parametrize(
    ("title", "written"),
    [
        ("100% & $5 #1_a", r"{100\%} \& {\$5} {\#1\_a}"),
        ("a{b}c~d^e\\f", r"a\textbraceleft{}b\textbraceright{}c\textasciitilde{}d\textasciicircum{}e\textbackslash{}f"),
        ("Grad-CAM and YOLOv3 for 3D", "{Grad-CAM} and {YOLOv3} for {3D}"),
        ("}, note={injected", r"\textbraceright{}, note=\textbraceleft{}injected"),
    ],
)
def test_latex_sees_no_command(title, written):
    assert f"title = {{{written}}}" in bibtex(paper(title=title)).replace("title  =", "title =")


def test_keys_stay_and_a_second_of_the_same_key_gets_a_number():
    first = paper(pk=1, title="Attention", authors=["A. Vaswani"], year=2017)
    second = paper(pk=2, title="Attention again", authors=["B. Vaswani"], year=2017)
    entries = bibliography([second, first])
    assert "{vaswani2017attention,\n" in entries.partition("\n\n")[0]
    assert "{vaswani2017attention-2,\n" in entries.partition("\n\n")[2]


def test_a_name_with_and_or_a_comma_is_one_name():
    assert "author = {{Procter and Gamble} and {King, Jr.} and Lovelace, Ada}" in bibtex(
        paper(authors=["Procter and Gamble", "King, Jr.", "Ada Lovelace"])
    )
