"""Front pages of journals and repositories, each with what its card must say."""

from tests.samples.sheet import Sheet
from tests.samples.words import ABSTRACT, BODY

TITLE = "How long do readers wait? Turn taking in small scientific groups"
HALF = ("How long do readers wait? Turn taking in", "small scientific groups")


def elsevier():
    s = Sheet("a4", margin=42)
    s.y = 40
    s.center("Journal of Group Studies 61 (2017) 101–119", 7)
    s.down(20).center("Contents lists available at ScienceDirect", 8).down(12)
    s.center("Journal of Group Studies", 14).down(10).center("journal homepage: www.example.com/locate/jgs", 8).down(36)
    for line in HALF:
        s.left(line, 13.5)
    s.down(6).left("Alice Carroll ^a,*^, José Antonio Ruiz-García ^b^, Bob Marley ^a^", 10.6)
    s.left("^a^ Department of Reading, Northern University, Leeds LS2 9JT, United Kingdom", 6.5, "I")
    s.left("^b^ Escuela de Ingeniería, Universidad de Sevilla, 41004 Sevilla, Spain", 6.5, "I").down(16)
    s.at(42, "a r t i c l e   i n f o", 8).at(200, "a b s t r a c t", 8).down(20)
    top = s.y
    for line in (
        "Article history:",
        "Received 3 May 2016",
        "Accepted 9 January 2017",
        "Available online 2 February 2017",
        "Keywords:",
        "Fairness",
        "Reading groups",
    ):
        s.left(line, 6.5, "I" if line.endswith(":") else "")
    s.y = top
    s.para(ABSTRACT, 7.5, x=200, width=353)
    s.at(440, "© 2017 Elsevier B.V. All rights reserved.", 7.5)
    s.down(30).left("1. Introduction", 8, "B", gap=2)
    s.para(BODY * 3, 8, **s.column(0, s.y))
    s.foot("* Corresponding author.", 6.5, up=60).foot("https://doi.org/10.1016/j.jgs.2017.01.007", 6.5)
    names = ("Alice Carroll", "José Antonio Ruiz-García", "Bob Marley")
    return s, {"title": TITLE, "authors": names, "abstract": ABSTRACT, "year": 2017, "doi": "10.1016/j.jgs.2017.01.007"}


def springer_journal():
    s = Sheet("a4", margin=52)
    s.at(52, "Group Sci (2011) 23:361–380", 8, y=40).at(52, "DOI 10.1007/s00145-010-9000-1", 8, y=50)
    s.y = 110
    for line in HALF:
        s.left(line, 15, "B")
    s.down(14).left("Alice Carroll · Bob Marley · Çağla Örs".replace("ğ", "g"), 11, "B")
    s.down(24).left("Received: 12 March 2010 / Accepted: 2 November 2010 / Published online: 7 January 2011", 8)
    s.left("© Springer Science+Business Media, LLC 2011", 8).down(18)
    s.para(ABSTRACT, 10, heading="Abstract")
    s.down(8).para("Fairness · Turn taking · Reading groups", 10, heading="Keywords")
    s.down(20).left("1 Introduction", 12, "B", gap=2).para(BODY * 2, 10)
    s.foot("A. Carroll (B)", 8, up=60).foot("Northern University, Leeds, UK", 8, up=50)
    return s, {
        "title": TITLE,
        "authors": ("Alice Carroll", "Bob Marley", "Çagla Örs"),
        "abstract": ABSTRACT,
        "year": 2011,
        "doi": "10.1007/s00145-010-9000-1",
    }


def ieee_transactions():
    s = Sheet(margin=50)
    s.at(50, "IEEE TRANSACTIONS ON GROUP SYSTEMS, VOL. 12, NO. 3, MARCH 2016", 7, y=30).at(550, "1021", 7, y=30)
    s.y = 80
    for line in HALF:
        s.center(line, 24)
    s.center("Alice Carroll, Senior Member, IEEE, Bob Marley, Student Member, IEEE,", 11)
    s.center("Charlie Parker, and Diego Rivera, Fellow, IEEE", 11)
    top = s.y + 14
    column = s.column(0, top, 14)
    s.para(ABSTRACT, 9, "B", **column, indent=10, heading="Abstract—", heading_style="BI").down(6)
    s.para(
        "Fairness, scheduling, turn taking.", 9, "B", **column, indent=10, heading="Index Terms—", heading_style="BI"
    )
    s.down(12).center("I. INTRODUCTION", 10, x=column["x"] + column["width"] / 2, gap=1.5)
    s.at(column["x"], "G", 28, y=s.y + 14)
    s.para(BODY[1:], 10, x=column["x"] + 22, width=column["width"] - 22)
    s.foot("Manuscript received April 12, 2015; revised October 1, 2015; accepted December 2, 2015.", 8, up=60)
    s.foot("Digital Object Identifier 10.1109/TGS.2016.2500001", 8, up=50)
    s.para(BODY * 4, 10, **s.column(1, top, 14))
    names = ("Alice Carroll", "Bob Marley", "Charlie Parker", "Diego Rivera")
    return s, {"title": TITLE, "authors": names, "abstract": ABSTRACT, "year": 2016, "doi": "10.1109/TGS.2016.2500001"}


def jmlr_mail_beside_name():
    s = Sheet(margin=90)
    s.at(90, "Journal of Machine Reading Research 15 (2014) 1929-1958", 8, y=40).at(
        420, "Submitted 11/13; Published 6/14", 8, y=40
    )
    s.y = 110
    for line in HALF:
        s.center(line, 14.3, "B")
    s.down(16)
    for name, mail, place in (
        ("Alice Carroll", "alice@cs.north.example", "Department of Computer Science"),
        ("Bob Marley", "bob@cs.north.example", "Department of Statistics"),
    ):
        s.at(400, mail, 10).left(name, 11, "B").left(place, 10, "I").left(
            "Northern University, Leeds LS2 9JT, UK", 10, "I"
        ).down(4)
    s.down(6).left("Editor: Charlie Parker", 10).down(14)
    s.center("Abstract", 11, "B", gap=1.6).para(ABSTRACT, 10, x=110, width=392)
    s.down(4).para("fairness, scheduling, reading groups", 10, x=110, width=392, heading="Keywords:")
    s.down(18).left("1. Introduction", 12, "B", gap=1.6).para(BODY * 2, 11)
    return s, {"title": TITLE, "authors": ("Alice Carroll", "Bob Marley"), "abstract": ABSTRACT, "year": 2014}


def mdpi():
    s = Sheet("a4", margin=60)
    s.at(480, "fairness", 18, y=60)
    s.y = 100
    s.left("Article", 10, "I").down(4)
    for line in HALF:
        s.left(line, 18, "B")
    s.down(6).left("Alice Carroll ^1,2,^*, Bob Marley ^1^ and Charlie Parker ^2^", 10, "B").down(6)
    s.left("^1^ School of Groups, Northern University, Leeds LS2 9JT, UK; bob@n.example", 8)
    s.left("^2^ Southern University, Brighton BN1 9RH, UK; charlie@s.example", 8).left(
        "* Correspondence: alice@n.example", 8
    ).down(4)
    s.left("Received: 3 May 2020; Accepted: 10 June 2020; Published: 15 June 2020", 9).down(10)
    s.para(ABSTRACT, 10, heading="Abstract:").down(8).para("fairness; scheduling; turn taking", 10, heading="Keywords:")
    s.down(18).left("1. Introduction", 12, "B", gap=1.6).para(BODY * 2, 10)
    s.foot("Fairness 2020, 20, 3356; doi:10.3390/f20123356", 8).at(470, "www.example.com/journal/fairness", 8, y=802)
    return s, {
        "title": TITLE,
        "authors": ("Alice Carroll", "Bob Marley", "Charlie Parker"),
        "abstract": ABSTRACT,
        "year": 2020,
        "doi": "10.3390/f20123356",
    }


def letter_without_heading():
    """A bold paragraph under the names is the abstract; no word says so."""
    s = Sheet("a4", font="Helvetica", margin=50)
    s.at(50, "LETTERS", 18, "B", y=40)
    s.y = 90
    for line in HALF:
        s.left(line, 24)
    s.down(6).left("Alice Carroll^1^, Bob Marley^2^ & Charlie Parker^1,2^", 10).down(12)
    top = s.y
    column = s.column(0, top)
    s.para(ABSTRACT, 9, "B", **column).para(BODY * 2, 9, **column)
    s.para(BODY * 4, 9, **s.column(1, top))
    s.foot("^1^Northern University, Leeds LS2 9JT, UK. ^2^Southern University, Brighton BN1 9RH, UK.", 7, up=60)
    s.foot("2 MAY 2013 | VOL 497 | READERS | 67", 7)
    return s, {
        "title": TITLE,
        "authors": ("Alice Carroll", "Bob Marley", "Charlie Parker"),
        "abstract": ABSTRACT,
        "year": 2013,
    }


def repository_cover():
    s = Sheet("a4", font="Helvetica", margin=60)
    s.left("Northern Research Explorer", 20, "B").down(30)
    for line in HALF:
        s.left(line, 16, "B")
    s.down(14).left("Citation for published version:", 10, "B")
    s.para(
        "Carroll, A & Marley, B 2015, 'How long do readers wait?', Group Science, vol. 12, no. 3, pp. 1-20. https://doi.org/10.1080/00000000.2015.1000000",
        10,
    )
    for head, text in (
        ("Digital Object Identifier (DOI):", "10.1080/00000000.2015.1000000"),
        ("Link:", "Link to publication record in Northern Research Explorer"),
        ("Document Version:", "Peer reviewed version"),
        ("General rights", "Copyright for the publications made accessible is retained by the authors."),
        (
            "Take down policy",
            "The university has made every reasonable effort to ensure that the content complies with legislation.",
        ),
    ):
        s.down(8).left(head, 10, "B").left(text, 10)
    s.foot("Download date: 12. Mar. 2023", 8)
    s.page()
    s.font = "Times"
    for line in HALF:
        s.center(line, 16, "B")
    s.down(10).center("Alice Carroll and Bob Marley", 12).center("Northern University", 10).down(14)
    s.center("Abstract", 11, "B", gap=1.6).para(ABSTRACT, 10, x=100, width=395)
    s.down(14).left("1 Introduction", 12, "B", gap=1.6).para(BODY * 2, 10)
    return s, {
        "title": TITLE,
        "authors": ("Alice Carroll", "Bob Marley"),
        "abstract": ABSTRACT,
        "year": 2015,
        "doi": "10.1080/00000000.2015.1000000",
    }


def amsart():
    s = Sheet(margin=125)
    s.y = 150
    s.center("HOW LONG DO READERS WAIT? TURN TAKING IN", 12, "B", gap=1.4).center(
        "SMALL SCIENTIFIC GROUPS", 12, "B"
    ).down(16)
    s.center("ALICE CARROLL AND BOB MARLEY", 9).down(20)
    s.para(ABSTRACT, 8.5, x=160, width=292, heading="ABSTRACT.", heading_style="")
    s.down(18).center("1. INTRODUCTION", 10, gap=1.6).para(BODY * 2, 10, indent=12)
    s.foot("Date: March 3, 2012.", 8, up=110).foot("2010 Mathematics Subject Classification. 91B32.", 8, up=100)
    return s, {"title": TITLE.upper(), "authors": ("ALICE CARROLL", "BOB MARLEY"), "abstract": ABSTRACT, "year": 2012}


def open_access_label():
    s = Sheet(font="Helvetica", margin=60)
    s.at(60, "READERS ONE", 14, "B", y=40)
    s.y = 80
    s.left("RESEARCH ARTICLE", 9).down(8)
    for line in HALF:
        s.left(line, 20, "B")
    s.down(8).left("Alice Carroll^1^*, Bob Marley^2¤^, Charlie Parker^1^".replace("¤", ""), 10, "B").down(4)
    s.left(
        "1 School of Groups, Northern University, Leeds, United Kingdom, 2 Southern University, Brighton, United Kingdom",
        8,
    )
    s.left("* alice@n.example", 8).down(14).left("Abstract", 14, "B", gap=1.5)
    s.para(ABSTRACT, 10, width=400).down(16).left("Introduction", 14, "B", gap=1.5).para(BODY * 2, 10, width=400)
    s.foot("READERS ONE | https://doi.org/10.1371/journal.pone.0212345 February 20, 2019 1 / 18", 7)
    names = ("Alice Carroll", "Bob Marley", "Charlie Parker")
    return s, {
        "title": TITLE,
        "authors": names,
        "abstract": ABSTRACT,
        "year": 2019,
        "doi": "10.1371/journal.pone.0212345",
    }


LAYOUTS = (
    elsevier, springer_journal, ieee_transactions, jmlr_mail_beside_name, mdpi, letter_without_heading, repository_cover,
    amsart, open_access_label,
)  # fmt: skip
