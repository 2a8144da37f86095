"""Front pages of conferences, each with what its card must say."""

from tests.samples.sheet import Sheet
from tests.samples.words import ABSTRACT, BODY

TITLE = "Fair Turns: Sharing Attention in Reading Groups with Uneven Backgrounds"
HALF = ("Fair Turns: Sharing Attention in Reading", "Groups with Uneven Backgrounds")


def ieee_conference():
    s = Sheet(margin=54)
    s.y = 80
    for line in HALF:
        s.center(line, 24)
    s.down(14)
    s.row(["Alice B. Carroll", "Minkyu Kim", "Daniel van den Berg"], 11)
    for style, cells in (
        ("I", ["Dept. of Computer Science", "School of Computing", "Information Systems Group"]),
        ("I", ["Northern University", "KAIST", "TU Eindhoven"]),
        ("", ["Leeds, United Kingdom", "Daejeon, South Korea", "Eindhoven, The Netherlands"]),
        ("", ["alice@northern.example", "minkyu@kaist.example", "d.berg@tue.example"]),
    ):
        s.row(cells, 10, style)
    top = s.y + 30
    column = s.column(0, top, 18)
    s.para(ABSTRACT, 9, "B", **column, indent=10, heading="Abstract—", heading_style="BI")
    s.para(
        "fairness, scheduling, reading groups", 9, "B", **column, indent=10, heading="Index Terms—", heading_style="BI"
    )
    s.down(14).center("I. INTRODUCTION", 10, x=column["x"] + column["width"] / 2, gap=1.6)
    s.para(BODY * 2, 10, **column, indent=10)
    s.para(BODY * 4, 10, **s.column(1, top, 18), indent=10)
    s.foot("978-1-7281-0000-0/20/$31.00 ©2020 IEEE")
    return s, {
        "title": TITLE,
        "authors": ("Alice B. Carroll", "Minkyu Kim", "Daniel van den Berg"),
        "abstract": ABSTRACT,
        "year": 2020,
    }


def acm_grid():
    s = Sheet(margin=54)
    s.y = 90
    for line in HALF:
        s.center(line, 17.2, "B")
    s.down(8)
    for names, mail, place in (
        (
            ["Alice Carroll", "José Muñoz", "Yu-Ting Chen"],
            ["alice@a.example", "jose@b.example", "yt@c.example"],
            ["Northern University", "Universidad de Granada", "Academia Sinica"],
        ),
        (["Minkyu Kim", "Zoë O’Brien"], ["minkyu@d.example", "zoe@e.example"], ["Kakao Brain", "University of Galway"]),
    ):
        s.row(names, 12).row(mail, 10).row(place, 10).row(["Somewhere, Country"] * len(names), 10).down(8)
    top = s.y + 16
    column = s.column(0, top)
    s.left("ABSTRACT", 10, "B", x=column["x"])
    s.para(ABSTRACT, 9, **column)
    s.down(6).left("CCS CONCEPTS", 10, "B", x=column["x"])
    s.para("• Human-centered computing ~ Collaborative and social computing.", 9, **column)
    s.down(6).left("ACM Reference Format:", 8, "B", x=column["x"])
    s.para(
        "Alice Carroll, José Muñoz, Yu-Ting Chen, Minkyu Kim, and Zoë O’Brien. 2021. Fair Turns. In Proceedings of "
        "the 2021 Meeting on Groups (GROUPS ’21), May 8–13, 2021, Yokohama, Japan. ACM, New York, NY, USA, 12 pages. "
        "https://doi.org/10.1145/3400000.3400123",
        8,
        **column,
    )
    column = s.column(1, top)
    s.left("1 INTRODUCTION", 10, "B", x=column["x"])
    s.para(BODY * 3, 9, **column)
    authors = ("Alice Carroll", "José Muñoz", "Yu-Ting Chen", "Minkyu Kim", "Zoë O’Brien")
    return s, {"title": TITLE, "authors": authors, "abstract": ABSTRACT, "year": 2021, "doi": "10.1145/3400000.3400123"}


def lncs():
    s = Sheet("a4", margin=134)
    s.y = 150
    for line in HALF:
        s.center(line, 14.3, "B")
    s.down(14)
    s.center("Alice Carroll^1[0000-0002-1825-0097]^, Robert De Niro Vega^1,2^, and", 10)
    s.center("Katarzyna Wójcik-Nowak^2^", 10).down(6)
    s.center("^1^ Institute for Fair Scheduling, University of Leeds, United Kingdom", 9)
    s.center("^2^ AGH University, Kraków, Poland", 9)
    s.center("alice@leeds.example", 9)
    s.down(20)
    s.para(ABSTRACT, 9, x=163, width=290, heading="Abstract.")
    s.down(8).para("Fairness · Scheduling · Reading groups", 9, x=163, width=290, heading="Keywords:")
    s.down(16).left("1    Introduction", 12, "B", gap=1.8)
    s.para(BODY * 2, 10)
    s.foot("© Springer Nature Switzerland AG 2019", 7)
    s.foot("https://doi.org/10.1007/978-3-030-00000-1_12", 7, up=32)
    return s, {
        "title": TITLE,
        "authors": ("Alice Carroll", "Robert De Niro Vega", "Katarzyna Wójcik-Nowak"),
        "abstract": ABSTRACT,
        "year": 2019,
        "doi": "10.1007/978-3-030-00000-1_12",
    }


def iclr_small_caps():
    s = Sheet(margin=108)
    s.at(108, "Published as a conference paper at ICLR 2022", 10, y=36)
    s.y = 100
    s.small_caps("Fair Turns: Sharing Attention in Reading", 17.2)
    s.small_caps("Groups with Uneven Backgrounds", 17.2).down(10)
    s.at(114, "Alice Carroll^1∗^ & Wei-Lun Chao^2^".replace("∗", "*"), 10, "B").down(11)
    s.left("^1^Northern University  ^2^Mila, Montréal", 10, x=114).left("alice@northern.example", 10, x=114)
    s.down(18)
    s.small_caps("Abstract", 12, x=280).down(8)
    s.para(ABSTRACT, 10, x=144, width=324)
    s.down(20).small_caps("1  Introduction", 12).down(6)
    s.para(BODY * 2, 10)
    s.stamp("arXiv:2108.09999v2 [cs.LG] 22 Apr 2022")
    return s, {
        "title": TITLE.upper(),
        "authors": ("Alice Carroll", "Wei-Lun Chao"),
        "abstract": ABSTRACT,
        "year": 2022,
        "arxiv_id": "2108.09999",
    }


def neurips():
    s = Sheet(margin=108)
    s.y = 110
    for line in HALF:
        s.center(line, 17, "B")
    s.down(24)
    s.row(["Alice Carroll*", "Bob Dylan Thomas*", "Charlie Brown"], 10, "B")
    s.row(["Northern University", "DeepMind", "New York University"], 10)
    s.row(["alice@n.example", "bob@d.example", "charlie@nyu.example"], 10).down(12)
    s.row(["Dana Scully", "Eve Sedgwick"], 10, "B").row(["FBI Research", "Duke University"], 10).row(
        ["d@f.example", "e@d.example"], 10
    )
    s.down(20).center("Abstract", 12, "B", gap=2)
    s.para(ABSTRACT, 10, x=144, width=324)
    s.down(16).left("1   Introduction", 12, "B", gap=2)
    s.para(BODY * 2, 10)
    s.foot("33rd Conference on Neural Information Processing Systems (NeurIPS 2019), Vancouver, Canada.", 9, up=56)
    s.stamp("arXiv:1909.01234v1 [cs.LG] 3 Sep 2019")
    names = ("Alice Carroll", "Bob Dylan Thomas", "Charlie Brown", "Dana Scully", "Eve Sedgwick")
    return s, {"title": TITLE, "authors": names, "abstract": ABSTRACT, "year": 2019, "arxiv_id": "1909.01234"}


def acl():
    s = Sheet("a4", margin=71)
    s.y = 80
    s.center(HALF[0], 14.3, "B").center(HALF[1], 14.3, "B").down(14)
    s.center(
        "Alice Carroll^†^  Minh-Thang Luong^†‡^  Søren Kierkegaard^‡^".replace("†", "1").replace("‡", "2"), 12, "B"
    )
    s.center("^1^Northern University   ^2^University of Copenhagen", 12).center("{alice, mtl}@n.example", 12, "")
    top = s.y + 30
    column = s.column(0, top, 17)
    s.center("Abstract", 12, "B", x=column["x"] + column["width"] / 2, gap=1.5)
    s.para(ABSTRACT, 10, x=column["x"] + 17, width=column["width"] - 34)
    s.down(10).left("1   Introduction", 12, "B", x=column["x"], gap=1.5)
    s.para(BODY, 11, **column)
    s.para(BODY * 4, 11, **s.column(1, top, 17))
    s.at(300, "4969", 10, y=800)
    s.at(
        100,
        "Proceedings of the 58th Annual Meeting of the Association for Computational Linguistics, pages 4969–4983",
        9,
        y=815,
    )
    s.at(190, "July 5 - 10, 2020. ©2020 Association for Computational Linguistics", 9, y=826)
    return s, {
        "title": TITLE,
        "authors": ("Alice Carroll", "Minh-Thang Luong", "Søren Kierkegaard"),
        "abstract": ABSTRACT,
        "year": 2020,
    }


def abstract_across_columns():
    """The abstract begins low in the left column and ends on top of the right one."""
    s = Sheet(margin=54)
    s.y = 400
    s.center(HALF[0], 16, "B").center(HALF[1], 16, "B").down(8)
    s.center("Alice Carroll and Bob Marley", 12).center("Northern University", 10, "I")
    top = s.y + 20
    column = s.column(0, top)
    s.left("Abstract", 11, "B", x=column["x"])
    lines = s.lines(ABSTRACT, column["width"], 10)
    cut = " ".join(lines[:12])
    rest = ABSTRACT[len(cut.replace("- ", "")) :].strip() if "- " in cut else ABSTRACT[len(cut) :].strip()
    s.para(ABSTRACT[: len(ABSTRACT) - len(rest)].strip(), 10, **column)
    column = s.column(1, top)
    s.para(rest, 10, **column)
    s.down(8).left("1. Introduction", 11, "B", x=column["x"])
    s.para(BODY, 10, **column)
    return s, {"title": TITLE, "authors": ("Alice Carroll", "Bob Marley"), "abstract": ABSTRACT}


def names_stacked_in_cells():
    """Two names above one affiliation in every cell: read cell by cell."""
    s = Sheet()
    s.center(HALF[0], 18).center(HALF[1], 18).down(12)
    s.row(["Alice Carroll", "Charlie Parker"], 12).row(["Bob Marley", "Dinah Washington"], 12)
    s.row(["Northern University", "Southern University"], 10, "I").row(["n@n.example", "s@s.example"], 10).down(14)
    s.center("Abstract", 11, "B", gap=1.6).para(ABSTRACT, 10, x=110, width=392)
    s.down(12).left("1 Introduction", 13, "B", gap=1.6).para(BODY * 2, 11)
    names = ("Alice Carroll", "Bob Marley", "Charlie Parker", "Dinah Washington")
    return s, {"title": TITLE, "authors": names, "abstract": ABSTRACT}


def aaai():
    s = Sheet(margin=54)
    s.y = 80
    for line in HALF:
        s.center(line, 16, "B")
    s.down(8)
    s.center("Alice Carroll,^1^ Ravi K. Narayan,^2^ Mei-Ling O. Tan^1,2^", 12, "B")
    s.center("^1^ Northern University, Leeds, UK", 10).center("^2^ IIIT Hyderabad", 10).center(
        "alice@n.example, {ravi, mei}@i.example", 10
    )
    top = s.y + 24
    column = s.column(0, top, 25)
    s.center("Abstract", 10, "B", x=column["x"] + column["width"] / 2, gap=1.4)
    s.para(ABSTRACT, 9, x=column["x"] + 10, width=column["width"] - 20)
    s.down(10).center("Introduction", 12, "B", x=column["x"] + column["width"] / 2, gap=1.4)
    s.para(BODY * 2, 10, **column)
    s.foot("Copyright © 2018, Association for the Advancement of Artificial", 8, up=62).foot(
        "Intelligence (www.aaai.org). All rights reserved.", 8, up=53
    )
    s.para(BODY * 4, 10, **s.column(1, top, 25))
    return s, {
        "title": TITLE,
        "authors": ("Alice Carroll", "Ravi K. Narayan", "Mei-Ling O. Tan"),
        "abstract": ABSTRACT,
        "year": 2018,
    }


def usenix_names_with_affiliations():
    s = Sheet()
    s.center(HALF[0], 14.3, "B").center(HALF[1], 14.3, "B").down(12)
    s.center("Alice Carroll, Northern University   Bob Marley, Tuff Gong Research", 12)
    s.down(20)
    top = s.y
    column = s.column(0, top)
    s.center("Abstract", 12, "B", x=column["x"] + column["width"] / 2, gap=1.5)
    s.para(ABSTRACT, 10, **column)
    s.down(10).left("1 Introduction", 12, "B", x=column["x"], gap=1.5).para(BODY, 10, **column)
    s.para(BODY * 4, 10, **s.column(1, top))
    return s, {"title": TITLE, "authors": ("Alice Carroll", "Bob Marley"), "abstract": ABSTRACT}


LAYOUTS = (
    ieee_conference, acm_grid, lncs, iclr_small_caps, neurips, acl, abstract_across_columns, names_stacked_in_cells,
    aaai, usenix_names_with_affiliations,
)  # fmt: skip
