"""Titles and author blocks that are easily misread, each with what its card must say."""

from tests.samples.sheet import Sheet
from tests.samples.words import ABSTRACT, BODY

TITLE = "Fair Turns in Reading Groups"


def _rest(s):
    """Abstract and body, as anywhere."""
    s.down(18).center("Abstract", 11, "B", gap=1.6).para(ABSTRACT, 10, x=110, width=392)
    s.down(14).left("1 Introduction", 13, "B", gap=1.6).para(BODY * 2, 11)
    return s


def _card(*names, title=TITLE):
    return {"title": title, "authors": names, "abstract": ABSTRACT}


def a_running_head_that_is_a_heading():
    s = Sheet()
    s.at(72, "Group Reading", 9, y=36).at(480, "1 INTRODUCTION", 9, "I", y=46)
    s.center(TITLE, 17, "B").down(8).center("Alice Carroll and Bob Marley", 11)
    return _rest(s), _card("Alice Carroll", "Bob Marley")


def a_subtitle_as_large_as_the_names():
    s = Sheet()
    s.center(TITLE, 17, "B").center("An Experience of Eleven Weeks", 11).down(8)
    s.row(["Alice Carroll", "Bob Marley"], 11).row(["Northern University", "Southern University"], 9)
    return _rest(s), _card("Alice Carroll", "Bob Marley", title=f"{TITLE}: An Experience of Eleven Weeks")


def a_preprint_is_no_cover():
    """It says where it was published, and bears nothing but title, names and abstract."""
    s = Sheet()
    s.y = 140
    s.center(TITLE, 17).down(8).center("Alice Carroll", 12).down(20)
    s.center("Abstract", 11, "B", gap=1.6).para(ABSTRACT, 10, x=110, width=392)
    s.foot("This is a preprint of an article published in Letters on Groups; see the eprint of the archive.", 9)
    s.page().left("1 Introduction", 14, "B", gap=1.6).para(BODY * 3, 11)
    return s, _card("Alice Carroll")


def members_in_another_slope_and_over_a_lines_end():
    s = Sheet(margin=54)
    s.center(TITLE, 24).down(8)
    for y, parts in (
        (120, [("Alice Carroll, ", ""), ("Member, IEEE, ", "I"), ("Benedikt Gräler, ", ""), ("Senior", "I")]),
        (133, [("Member, IEEE, ", "I"), ("Soo-yeon Han, ", ""), ("Student Member, IEEE, ", "I"), ("and Ravi", "")]),
        (146, [("Narayan", "")]),
    ):
        x = 120
        for text, style in parts:
            s.at(x, text, 11, style, y=y)
            x += s.measure(text, 11, style)
    s.y = 160
    return _rest(s), _card("Alice Carroll", "Benedikt Gräler", "Soo-yeon Han", "Ravi Narayan")


def names_larger_than_the_affiliations_behind_them():
    s = Sheet()
    s.left(TITLE, 15, "B").down(6)
    for name, place in (
        ("ALICE CARROLL", "Stony Brook, New York"),
        ("MINH LE", "Technical University, Vienna"),
        ("GRETA CHASE", "Rutgers, NJ"),
    ):
        s.at(72, f"{name}, ", 11).at(72 + s.measure(f"{name}, ", 11), place, 9).down(14)
    return _rest(s), _card("ALICE CARROLL", "MINH LE", "GRETA CHASE")


def affiliations_in_italics_behind_names():
    s = Sheet()
    s.center(TITLE, 15, "B").down(6)
    for name, place in (
        ("Alice Carroll", "Purdue"),
        ("Pieter de Vries", "Robert Bosch GmbH"),
        ("Hao Wu", "Tel Aviv University"),
    ):
        s.at(200, f"{name}, ", 12).at(200 + s.measure(f"{name}, ", 12), place, 12, "I").down(14)
    return _rest(s), _card("Alice Carroll", "Pieter de Vries", "Hao Wu")


def names_and_places_behind_commas():
    """A place that looks like a name: every line has one name, for some have."""
    s = Sheet()
    s.left(TITLE, 16, "B").down(6)
    for line in (
        "Alice Carroll, Northern University, Leeds",
        "G. E. P. Box, Stony Brook, New York, USA",
        "Hao Wu, Oxford, Oxford, UK",
    ):
        s.left(line, 10)
    return _rest(s), _card("Alice Carroll", "G. E. P. Box", "Hao Wu")


def names_and_places_between_semicolons():
    s = Sheet()
    s.left(TITLE, 16, "B").down(6)
    s.left("Alice Carroll, Northern University; Hao Wu, Stony Brook; Pieter de Vries, Robert Bosch GmbH; Charlie", 10)
    s.left("Brown, Oxford", 10)
    return _rest(s), _card("Alice Carroll", "Hao Wu", "Pieter de Vries", "Charlie Brown")


def a_place_in_a_grid_that_looks_like_a_name():
    s = Sheet()
    s.center(TITLE, 17).down(10)
    s.row(["Alice Carroll", "Karl-Heinz Grün", "Bo Peng"], 12)
    s.row(["Northern University", "Fraunhofer Birlinghoven", "Institute of Groups"], 12)
    s.row(["Leeds, UK", "Sankt Augustin", "Nanjing, China"], 12)
    return _rest(s), _card("Alice Carroll", "Karl-Heinz Grün", "Bo Peng")


def a_name_broken_in_double_spacing():
    s = Sheet()
    s.left(TITLE, 17, "B").down(16)
    s.left(
        "Alice Carroll^1^, Vincent Willem van Gogh^2^, Gerard ’t Hooft^1^, Charlotte Bell Brontë^2^ & Mary Ann",
        12,
        gap=2.4,
    )
    s.left("O’Neill^1^", 12, gap=2.4).left("^1^Northern University, Leeds", 12, "I", gap=2.2)
    return _rest(s), _card(
        "Alice Carroll", "Vincent Willem van Gogh", "Gerard ’t Hooft", "Charlotte Bell Brontë", "Mary Ann O’Neill"
    )


def what_stands_behind_names():
    """ORCIDs, degrees, places in brackets, a collaboration."""
    s = Sheet()
    s.left(TITLE, 17, "B").down(6)
    s.left("Alice Carroll (0000-0002-1825-0097), Bob Marley, Ph.D., Carla Haddad (Spotify),", 11)
    s.left("MSc, and Dana Scully on behalf of the Turns Study Group", 11)
    s.left("Northern University, Leeds", 9, "I")
    return _rest(s), _card("Alice Carroll", "Bob Marley", "Carla Haddad", "Dana Scully")


def a_word_cut_at_the_titles_line_end():
    s = Sheet()
    s.center("Fairness, Well-Being and Atten-", 17, "B").center("tion in Multi-", 17, "B").center("Party Talk", 17, "B")
    s.down(8).center("Alice Carroll", 11).foot("On attention, see the notes.")
    return _rest(s), _card("Alice Carroll", title="Fairness, Well-Being and Attention in Multi-Party Talk")


def a_lowered_letter():
    s = Sheet()
    s.at(150, "Setting Turns in LAT", 18).at(150 + s.measure("Setting Turns in LAT", 18) - 2, "E", 18, y=s.y + 4)
    s.at(150 + s.measure("Setting Turns in LATE", 18) - 4, "X and Elsewhere", 18).down(26)
    s.center("Alice Carroll", 12)
    return _rest(s), _card("Alice Carroll", title="Setting Turns in LATEX and Elsewhere")


def a_report_number_larger_than_the_title():
    s = Sheet()
    s.right("Proceedings of the Congress on Groups", 9, "B").right("GRP2023-10412", 15, "B").down(20)
    s.center("A METHOD FOR CONFERENCE PAPERS AND THEIR READERS", 11, "B").down(8)
    s.center("Alice Carroll^1^, Bob Marley^2^", 10, "B").center("^1^Northern University, Leeds", 9)
    return _rest(s), _card("Alice Carroll", "Bob Marley", title="A METHOD FOR CONFERENCE PAPERS AND THEIR READERS")


def by_names_in_capitals():
    s = Sheet()
    s.center(TITLE, 15, "B").down(8)
    s.center("BY ALICE CARROLL, AIKO A.", 9).center("BISHOP and VINCENT VAN GOGH", 9)
    return _rest(s), _card("ALICE CARROLL", "AIKO A. BISHOP", "VINCENT VAN GOGH")


def rows_that_climb_as_scans_do():
    s = Sheet()

    def scanned(text, size, x, y):
        for number, word in enumerate(text.split()):
            wobble = size * (1 + 0.02 * (-1) ** number)
            s.at(x, word, wobble, y=y - 0.012 * x)
            x += s.measure(word + " ", size)

    scanned("On the Order of Speakers in Small Groups", 17, 130, 100)
    scanned("Alice Carroll, Bob Marley, Vincent van Gogh, and Charlotte Weiss", 11, 130, 130)
    scanned("Northern University, Leeds", 9.5, 230, 146)
    s.y = 150
    names = ("Alice Carroll", "Bob Marley", "Vincent van Gogh", "Charlotte Weiss")
    return _rest(s), _card(*names, title="On the Order of Speakers in Small Groups")


def names_larger_than_the_title():
    s = Sheet()
    s.center(TITLE, 15, "B").down(8)
    s.center("Alice Carroll and Bob Marley", 16).center("Northern University", 9)
    return _rest(s), _card("Alice Carroll", "Bob Marley")


def a_preprint_with_its_number_at_the_foot():
    s = Sheet()
    s.center(TITLE, 17, "B").down(8).center("Alice Carroll and Bob Marley", 11)
    s.foot("arXiv:2011.12100v2 [cs.LG] 24 Nov 2020", 9)
    return _rest(s), _card("Alice Carroll", "Bob Marley") | {"arxiv_id": "2011.12100", "year": 2020}


LAYOUTS = (
    a_running_head_that_is_a_heading, a_subtitle_as_large_as_the_names, a_preprint_is_no_cover,
    members_in_another_slope_and_over_a_lines_end, names_larger_than_the_affiliations_behind_them,
    affiliations_in_italics_behind_names, names_and_places_behind_commas, names_and_places_between_semicolons,
    a_place_in_a_grid_that_looks_like_a_name,
    a_name_broken_in_double_spacing, what_stands_behind_names, a_word_cut_at_the_titles_line_end, a_lowered_letter,
    a_report_number_larger_than_the_title, by_names_in_capitals, rows_that_climb_as_scans_do,
    names_larger_than_the_title, a_preprint_with_its_number_at_the_foot,
)  # fmt: skip
