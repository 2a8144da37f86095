"""What a name looks like, and what only looks like one."""

import pytest

from papers.extraction.finders.authors import authors
from papers.extraction.finders.front import Front
from papers.extraction.finders.names import full_name, pieces, strange
from papers.extraction.finders.title import title
from papers.extraction.layout import Line, Page, Word
from papers.extraction.runs import Style


def line(text: str) -> Line:
    """`^x` is raised; a word is five points a letter, a space three."""
    words, x = [], 0.0
    for token in text.split(" "):
        raised = token.startswith("^")
        token = token.removeprefix("^")
        if token:
            words.append(Word(token, x, x + 5 * len(token), 100.0, 10.0, Style(), raised))
            x += 5 * len(token)
        x += 3
    return Line(words, 100.0, 10.0)


@pytest.mark.parametrize(
    "name",
    "Alice Carroll|R. W. Picard|Vincent van Gogh|Ana de la Cruz|Jean-Luc Ponty|Conor O’Neill|Li Fei-Fei|Kyle Lo|Bo An|"
    "M. de Rijke|Yo-Yo Ma|KIM Minkyu|Leith (Casey) Leedom|Ngô Bao Châu|김민규|남궁민수|王小明|欧阳娜娜|佐々木花子".split(
        "|"
    ),
)
def test_a_name_is_a_name(name):
    assert full_name(name)
    assert not strange(name)


@pytest.mark.parametrize(
    "text",
    "Northern University|Google Brain|ETH Zurich|Leeds, United Kingdom|Palo Alto|Equal contribution|Deep Neural Networks|"
    "alice@n.example|Technical Report|컴퓨터공학과|지도교수 김민규|北方大学|Element AI|A Universal Formalism".split(
        "|"
    ),
)
def test_what_is_no_name_is_told_apart(text):
    assert strange(text) or not full_name(text)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Alice Carroll, Bob Marley and Charlie Parker", ["Alice Carroll", "Bob Marley", "Charlie Parker"]),
        ("Alice Carroll ^1,2 Bob Marley ^∗", ["Alice Carroll", "Bob Marley"]),
        ("Alice Carroll1,*, Bob Marley2†", ["Alice Carroll", "Bob Marley"]),
        ("Alice Carroll a, Bob Marley b,*", ["Alice Carroll", "Bob Marley"]),
        ("Alice Carroll, Senior Member, IEEE, and Bob Marley, Fellow, IEEE", ["Alice Carroll", "Bob Marley"]),
        ("By Alice Carroll, Ph.D. & Dr. Bob Marley", ["Alice Carroll", "Bob Marley"]),
        ("Alice Carroll     Bob Marley     Vincent van Gogh", ["Alice Carroll", "Bob Marley", "Vincent van Gogh"]),
        ("Alice Carroll (Northern University)", ["Alice Carroll"]),
        ("김 민 규 ^† · 이하윤*", ["김민규", "이하윤"]),
        ("황가은 (Ga-Eun Hwang)", ["황가은"]),
    ],
)
def test_a_line_of_names_comes_apart(text, names):
    assert pieces(line(text)) == names


def test_names_below_a_title_of_nothing_but_marks_are_found():
    page = Page(612, 792, [], [])
    for text, y, size in (
        ("* * *", 700, 20),
        ("Alice Carroll", 675, 20),
        *(("and plain words", y, 10) for y in (600, 586)),
    ):
        row = line(text)
        row.y, row.size = y, size
        page.lines.append(row)
    front = Front([page])
    assert title(front) is None
    assert authors(front).value == ("Alice Carroll",)
