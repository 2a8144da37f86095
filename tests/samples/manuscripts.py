"""Preprints, reports, theses and typescripts, each with what its card must say."""

from tests.samples.sheet import Sheet
from tests.samples.words import ABSTRACT, BODY

TITLE = "A Note on the Order of Speakers"


def article_class():
    s = Sheet(margin=125)
    s.y = 150
    s.center("A Note on the Order of Speakers", 17.2).down(14)
    s.row(["Alice Carroll", "Vincent van Gogh"], 12).row(["Northern University", "University of Amsterdam"], 12).row(
        ["alice@n.example", "vincent@a.example"], 12
    ).down(12)
    s.center("March 9, 2018", 12).down(18)
    s.center("Abstract", 9, "B", gap=1.6).para(ABSTRACT, 9, x=148, width=316, indent=12)
    s.down(18).left("1   Introduction", 14.3, "B", gap=1.6).para(BODY * 2, 10)
    s.stamp("arXiv:math/0309136v1 [math.CO] 9 Sep 2003").foot("1", 10, x=306)
    return s, {
        "title": TITLE,
        "authors": ("Alice Carroll", "Vincent van Gogh"),
        "abstract": ABSTRACT,
        "year": 2003,
        "arxiv_id": "math/0309136",
    }


def many_names_over_lines():
    s = Sheet(margin=80)
    s.center("A Note on the Order of Speakers", 17).down(8)
    s.center("Alice Carroll^1^, Bob Marley^1,2^, Charlie Parker^3^, Diego Rivera^2^, Edith", 11)
    s.center("Piaf^1^, Frida Kahlo^2^, George Orwell^3^, Ursula K.", 11).center(
        "Le Guin^1^, and Ngô Bao Châu^2^", 11
    ).down(4)
    s.center("^1^Northern University, ^2^Southern University, ^3^Readers Inc.", 10).down(12)
    s.center("Abstract", 11, "B", gap=1.5).para(ABSTRACT, 10, x=110, width=392)
    s.down(12).left("1 Introduction", 12, "B", gap=1.5).para(BODY * 2, 10)
    names = (
        "Alice Carroll",
        "Bob Marley",
        "Charlie Parker",
        "Diego Rivera",
        "Edith Piaf",
        "Frida Kahlo",
        "George Orwell",
        "Ursula K. Le Guin",
        "Ngô Bao Châu",
    )
    return s, {"title": TITLE, "authors": names, "abstract": ABSTRACT}


def technical_report():
    s = Sheet(margin=90, font="Courier")
    s.left("NORTHERN UNIVERSITY", 11).left("READING LABORATORY", 11).down(12)
    s.left("Memo No. 239", 11).right("February 29, 1972", 11).down(40)
    s.center("A NOTE ON THE ORDER OF SPEAKERS", 11).down(12).center("by", 11).down(4).center("Alice Carroll", 11).down(
        30
    )
    s.center("ABSTRACT", 11).down(8).para(ABSTRACT, 11, leading=1.6)
    return s, {"title": TITLE.upper(), "authors": ("Alice Carroll",), "abstract": ABSTRACT, "year": 1972}


def report_without_abstract():
    s = Sheet(margin=90)
    s.center("A Note on the Order of Speakers", 18, "B").down(10).center(
        "Alice Carroll, Northern University, Leeds", 12
    ).center("April 1961", 12).down(24)
    s.left("Background", 13, "B", gap=1.6)
    for _ in range(4):
        s.para(BODY, 11, indent=14)
    return s, {"title": TITLE, "authors": ("Alice Carroll",), "year": 1961}


def double_spaced_typescript():
    s = Sheet(margin=72)
    s.y = 110
    s.center("A Note on the Order of Speakers:", 12, "B", gap=2.3).center(
        "Evidence from Small Groups", 12, "B", gap=2.3
    )
    s.center("Alice Carroll", 12, gap=2.3).center("Northern University", 12, gap=2.3)
    s.center("Abstract", 12, gap=2.3).para(ABSTRACT, 12, leading=2.3)
    return s, {
        "title": "A Note on the Order of Speakers: Evidence from Small Groups",
        "authors": ("Alice Carroll",),
        "abstract": ABSTRACT,
    }


def thesis():
    s = Sheet(margin=90)
    s.y = 130
    s.center("A Note on the Order of Speakers", 20, "B").down(30).center("by", 12).center("Alice Carroll", 14).down(40)
    for line in (
        "A dissertation submitted in partial fulfillment of the",
        "requirements for the degree of",
        "Doctor of Philosophy",
        "(Computer Science)",
        "at the",
        "NORTHERN UNIVERSITY",
        "2009",
    ):
        s.center(line, 12, gap=1.5)
    s.page().center("Abstract", 16, "B", gap=2.4).para(ABSTRACT, 12, leading=1.5)
    s.page().left("Chapter 1", 20, "B", gap=2).left("Introduction", 20, "B", gap=2).para(BODY * 2, 12)
    return s, {"title": TITLE, "authors": ("Alice Carroll",), "abstract": ABSTRACT, "year": 2009}


def subtitle_in_smaller_letters():
    s = Sheet(margin=90)
    s.center("The Order of Speakers", 22, "B", gap=1.3).center("A Study of Waiting in Small Groups", 15, gap=1.6)
    s.down(6).center("Alice Carroll*", 12).center("Northern University", 11, "I").down(20)
    s.center("Abstract", 11, "B", gap=1.5).para(ABSTRACT, 10, x=110, width=392)
    s.down(12).left("1 Introduction", 13, "B", gap=1.5).para(BODY * 2, 11)
    s.foot("*This work was supported by the Readers' Fund under grant 2001-17.", 8, up=60)
    return s, {
        "title": "The Order of Speakers: A Study of Waiting in Small Groups",
        "authors": ("Alice Carroll",),
        "abstract": ABSTRACT,
    }


def italic_abstract_without_heading():
    s = Sheet(margin=80)
    s.center("A Note on the Order of Speakers", 16, "B").down(8).center("By ALICE CARROLL AND BOB MARLEY*", 10).down(20)
    s.para(ABSTRACT, 10, "I", x=120, width=372).down(20)
    for _ in range(3):
        s.para(BODY, 10, indent=12)
    s.foot("* Carroll: Northern University, 1 High Street, Leeds. Marley: Tuff Gong, 56 Hope Road, Kingston.", 8, up=60)
    return s, {"title": TITLE, "authors": ("ALICE CARROLL", "BOB MARLEY"), "abstract": ABSTRACT}


def abstract_over_the_page():
    """It starts at the foot of the first page and ends on top of the second, below a running head."""
    s = Sheet(margin=90)
    s.y = 430
    s.center("A Note on the Order of Speakers", 16, "B").down(8).center("Alice Carroll and Bob Marley", 12).center(
        "Northern University", 10
    ).down(100)
    s.center("Abstract", 11, "B", gap=1.5)
    lines = s.lines(ABSTRACT, 432, 10)
    first = " ".join(lines[:3])
    cut = len(first) - (2 if False else 0)
    whole = not first.endswith("-")
    rest = ABSTRACT[cut:].strip() if whole else ABSTRACT[cut - 1 :]
    s.para(first if whole else first[:-1], 10)
    s.page()
    s.at(90, "2", 9, y=40).at(220, "A. Carroll and B. Marley", 9, "I", y=40)
    s.para(rest, 10).down(14).left("1 Introduction", 13, "B", gap=1.5).para(BODY * 2, 10)
    return s, {"title": TITLE, "authors": ("Alice Carroll", "Bob Marley"), "abstract": ABSTRACT}


def anonymous():
    s = Sheet(margin=108)
    s.at(108, "Under review as a conference paper at READ 2024", 10, y=36)
    s.y = 100
    s.left("A Note on the Order of Speakers", 17, "B").down(10).left("Anonymous authors", 10, "B", x=114).left(
        "Paper under double-blind review", 10, x=114
    ).down(24)
    s.center("Abstract", 12, gap=1.6).para(ABSTRACT, 10, x=144, width=324).down(20).left(
        "1 Introduction", 12, gap=1.6
    ).para(BODY, 10)
    return s, {"title": TITLE, "abstract": ABSTRACT, "year": 2024}


def review_copy_with_line_numbers():
    s = Sheet(margin=90)
    s.center("A Note on the Order of Speakers", 17, "B").down(10).center("Alice Carroll and Bob Marley", 12).center(
        "Northern University", 10
    ).down(20)
    s.center("Abstract", 11, "B", gap=1.5).para(ABSTRACT, 10, x=110, width=392)
    s.down(12).left("1 Introduction", 13, "B", gap=1.5).para(BODY * 2, 11)
    for number in range(54):
        s.at(76, f"{number:03}", 7, y=72 + 12 * number)
    return s, {"title": TITLE, "authors": ("Alice Carroll", "Bob Marley"), "abstract": ABSTRACT}


def letters_with_drawn_accents():
    """The old way of TeX: the accent is a sign of its own, set over the letter."""
    s = Sheet(margin=90)
    s.center("Turns in R^3^ and Their Order*", 17, "B").down(10)
    x = 200
    for piece in ("Mart", "´i", "n Gr", "¨o", "tschel and Ren", "´e", " Dubois"):
        if piece[0] in "´¨":
            s.pdf.set_font("Times", "", 12)
            shift = (s.measure(piece[1], 12) - s.measure(piece[0], 12)) / 2
            s.pdf.text(x + shift, s.y, piece[0])
            s.pdf.text(x, s.y, piece[1])
            x += s.measure(piece[1], 12)
        else:
            s.at(x, piece, 12)
            x += s.measure(piece, 12)
    s.down(14).center("Northern University", 10).down(20)
    s.center("Abstract", 11, "B", gap=1.5).para(ABSTRACT, 10, x=110, width=392)
    s.down(12).left("1 Introduction", 13, "B", gap=1.5).para(BODY * 2, 11)
    return s, {
        "title": "Turns in R3 and Their Order",
        "authors": ("Martín Grötschel", "René Dubois"),
        "abstract": ABSTRACT,
    }


def ids_and_years_of_others():
    """Cited DOIs, arXiv ids and years are not the paper's own."""
    s = Sheet(margin=54)
    s.center("A Note on the Order of Speakers", 17, "B").down(10).center("Alice Carroll and Bob Marley", 12).center(
        "Northern University", 10
    ).down(16)
    top = s.y
    column = s.column(0, top)
    s.left("Abstract", 11, "B", x=column["x"]).para(ABSTRACT, 9, **column).down(8)
    s.left("1 Introduction", 11, "B", x=column["x"], gap=1.5).para(BODY * 2, 10, **column)
    s.foot("Our measurements are at https://doi.org/10.5281/zenodo.1234567.", 8, up=70)
    column = s.column(1, top)
    s.para(BODY * 3, 10, **column)
    s.para(
        "Similar rules were tried before [3] (Parker et al., 2015; arXiv:1502.01234) and in the Workshop on Groups 2014.",
        10,
        **column,
    )
    s.para(
        "An older account (Rivera, 1999, doi:10.1000/xyz123) has the proof; see arXiv preprint arXiv:1706.03762 for more on this.",
        10,
        **column,
    )
    return s, {"title": TITLE, "authors": ("Alice Carroll", "Bob Marley"), "abstract": ABSTRACT}


def affiliations_in_brackets():
    s = Sheet(margin=90)
    s.center("A Note on the Order of Speakers", 17, "B").down(10)
    s.center("Alice Carroll (Northern University) and Bob Marley (Tuff Gong Institute)", 12).down(16)
    s.center("Abstract", 11, "B", gap=1.5).para(ABSTRACT, 10, x=110, width=392)
    s.down(12).left("1 Introduction", 13, "B", gap=1.5).para(BODY * 2, 11)
    return s, {"title": TITLE, "authors": ("Alice Carroll", "Bob Marley"), "abstract": ABSTRACT}


def names_with_mail_behind():
    s = Sheet(margin=90)
    s.center("A Note on the Order of Speakers", 17, "B").down(10)
    for name, mail in (("Alice Carroll", "alice@n.example"), ("Bob Marley", "bob@t.example")):
        s.center(f"{name} <{mail}>", 11)
    s.down(16).center("Abstract", 11, "B", gap=1.5).para(ABSTRACT, 10, x=110, width=392)
    s.down(12).left("1 Introduction", 13, "B", gap=1.5).para(BODY * 2, 11)
    return s, {"title": TITLE, "authors": ("Alice Carroll", "Bob Marley"), "abstract": ABSTRACT}


def names_only_a_little_apart():
    s = Sheet(margin=90)
    s.center("A Note on the Order of Speakers", 17, "B").down(10)
    s.center("Alice Carroll   Bob Marley   Vincent van Gogh", 12).center("Northern University", 10, "I")
    s.down(16).center("Abstract", 11, "B", gap=1.5).para(ABSTRACT, 10, x=110, width=392)
    s.down(12).left("1 Introduction", 13, "B", gap=1.5).para(BODY * 2, 11)
    return s, {"title": TITLE, "authors": ("Alice Carroll", "Bob Marley", "Vincent van Gogh"), "abstract": ABSTRACT}


def heading_in_the_margin():
    s = Sheet("a4", margin=60)
    s.left("A Note on the Order of Speakers", 20, "B").down(6).left("Alice Carroll and Bob Marley", 12).left(
        "Northern University, Leeds, UK", 9
    ).down(20)
    s.at(60, "ABSTRACT", 9, "B")
    s.para(ABSTRACT, 10, x=160, width=375).down(8)
    s.at(60, "KEYWORDS", 9, "B").at(160, "fairness, turns, groups", 10).down(30)
    s.left("1. Introduction", 12, "B", gap=1.6).para(BODY * 2, 10)
    return s, {"title": TITLE, "authors": ("Alice Carroll", "Bob Marley"), "abstract": ABSTRACT}


def physics_preprint():
    s = Sheet(margin=54)
    s.center("A Note on the Order of Speakers", 12, "B").down(6).center("Alice Carroll^1,2^ and Bob Marley^1,*^", 10)
    s.center("^1^Department of Groups, Northern University, Leeds LS2 9JT, United Kingdom", 9, "I")
    s.center("^2^Tuff Gong, Kingston", 9, "I").center("(Dated: May 5, 2015)", 9).down(8)
    s.para(ABSTRACT, 9, x=104, width=404, indent=9).down(4).left("PACS numbers: 89.65.-s", 9, x=104).down(14)
    top = s.y
    s.para(BODY * 3, 10, **s.column(0, top), indent=9)
    s.para(BODY * 3, 10, **s.column(1, top), indent=9)
    return s, {"title": TITLE, "authors": ("Alice Carroll", "Bob Marley"), "abstract": ABSTRACT, "year": 2015}


def recognised_scan():
    """Recognition guesses every line's size anew."""
    s = Sheet(margin=90)
    s.at(90, "Comm. of the Readers, Vol. 21, No. 7, July 1978", 8, y=40)
    s.left("Finding a Good Order of", 18.2, gap=1.15).left("Speakers for Groups", 16.1).down(6)
    s.left("ALICE CARROLL and BOB MARLEY", 10.3).left("Northern University", 9.6).down(14)
    for size, line in zip([8.8, 9.1, 8.6, 9.2] * 9, s.lines(ABSTRACT, 330, 9), strict=False):
        s.at(90, line, size).down(11)
    s.down(3).left("Key Words and Phrases: turns, waiting, fairness", 9).left("CR Categories: 3.70", 8.7).down(20)
    s.left("1. Introduction", 10.5, gap=1.6).para(BODY * 2, 10)
    return s, {
        "title": "Finding a Good Order of Speakers for Groups",
        "authors": ("ALICE CARROLL", "BOB MARLEY"),
        "abstract": ABSTRACT,
        "year": 1978,
    }


def large_journal_name_on_top():
    s = Sheet("a4", font="Helvetica", margin=50)
    s.left("SCIENTIFIC READERS", 26, "B").down(20).left("A Note on the Order of Speakers", 20).down(6)
    s.left("Alice Carroll^1^, Bob Marley^2^ & Charlie Parker^1^", 10, "B").down(10)
    s.para(ABSTRACT, 10, "B").down(10).para(BODY * 2, 9)
    s.foot("^1^Northern University, Leeds, UK. ^2^Tuff Gong, Kingston, Jamaica.", 7, up=60)
    s.foot("SCIENTIFIC READERS | (2018) 8:1234 | DOI:10.1038/s41598-018-00000-1", 7)
    names = ("Alice Carroll", "Bob Marley", "Charlie Parker")
    return s, {
        "title": TITLE,
        "authors": names,
        "abstract": ABSTRACT,
        "year": 2018,
        "doi": "10.1038/s41598-018-00000-1",
    }


LAYOUTS = (
    heading_in_the_margin, physics_preprint, recognised_scan, large_journal_name_on_top,
    affiliations_in_brackets, names_with_mail_behind, names_only_a_little_apart,
    review_copy_with_line_numbers, letters_with_drawn_accents, ids_and_years_of_others,
    article_class, many_names_over_lines, technical_report, report_without_abstract, double_spaced_typescript, thesis,
    subtitle_in_smaller_letters, italic_abstract_without_heading, abstract_over_the_page, anonymous,
)  # fmt: skip
