"""The master of the deck, made by code: five layouts whose placeholders have names, so that a club can restyle them.

Lengths are inches on a slide of 13.333 × 7.5. A club that changes fonts, colours or places in its own copy keeps the
names: schedule.reports.deck finds a placeholder by its name alone.
"""

from dataclasses import dataclass, replace
from xml.sax.saxutils import quoteattr

from pptx import Presentation
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls
from pptx.util import Inches

WIDTH, HEIGHT = 13.333, 7.5
INK, MUTED, ACCENT, LINE = "1D1C1A", "645F57", "2F4B8F", "E6E2D9"
MEMBER_COLOURS = ["2F4B8F", "47705C", "9A5F43", "6D4F86", "8A6D1F", "2F7480", "93425A"]
SERIF, SANS = "+mj", "+mn"
LATIN_SERIF, LATIN_SANS, KOREAN = "Georgia", "Arial", "Malgun Gothic"


@dataclass(frozen=True)
class Box:
    """A placeholder: its place, and the look of its text. `kind` is title, body or pic."""

    name: str
    x: float
    y: float
    wide: float
    high: float
    size: float = 16
    least: float = 10  # points; smaller type is not read from the back of a room
    colour: str = INK
    font: str = SANS
    bold: bool = False
    right: bool = False
    middle: bool = False
    leading: float = 1.0  # of the face's own
    label: float = 0  # room before a tab, with the text behind it hanging
    kind: str = "body"


HEADING = Box("heading", 0.8, 0.55, 9.5, 0.5, 19, colour=ACCENT, font=SERIF, bold=True, kind="title")
RUNNING = (
    Box("day", 10.4, 0.6, 2.13, 0.4, 13, colour=MUTED, right=True),
    Box("group", 0.8, 6.72, 8.5, 0.38, 12, colour=MUTED),
    Box("number", 10.4, 6.72, 2.13, 0.38, 12, colour=MUTED, right=True),
)
PAPER = (
    Box("heading", 0.8, 0.55, 9.5, 0.5, 19, colour=ACCENT, font=SERIF, bold=True),
    RUNNING[0],
    Box("cover", 0.8, 1.5, 3.3, 4.37, kind="pic"),
    Box("presenter", 4.6, 1.42, 7.93, 0.42, 19, 12, bold=True),
    Box("title", 4.6, 1.88, 7.93, 1.05, 24, 13, font=SERIF, bold=True, kind="title"),
    Box("authors", 4.6, 3.0, 7.93, 0.62, 14, 10, colour=MUTED),
)
LAYOUTS: dict[str, tuple[Box, ...]] = {
    "title": (
        Box("club", 1.35, 0.6, 9, 0.45, 14, colour=MUTED),
        Box("day", 1.35, 1.8, 9, 0.5, 22, colour=MUTED, font=SERIF),
        Box("title", 1.35, 2.35, 10.8, 2.1, 54, 28, font=SERIF, bold=True, middle=True, kind="title"),
        Box("presenters", 1.35, 4.65, 10.8, 1.1, 20, 12),
        replace(RUNNING[1], x=1.35, wide=7.95),
        RUNNING[2],
    ),
    "members": (
        HEADING,
        RUNNING[0],
        Box("members", 0.8, 1.6, 11.73, 4.8, 28, 12, font=SERIF, bold=True, leading=1.5),
        *RUNNING[1:],
    ),
    "proof": (
        HEADING,
        RUNNING[0],
        Box("photo", 0.8, 1.5, 6.9, 4.5, kind="pic"),
        Box("caption", 0.8, 6.1, 6.9, 0.35, 13, colour=MUTED),
        Box("members", 8.2, 1.5, 4.33, 4.9, 26, 11, font=SERIF, bold=True, leading=1.5),
        *RUNNING[1:],
    ),
    "plan": (
        HEADING,
        RUNNING[0],
        Box("points", 0.8, 1.5, 11.73, 2.5, 20, 12, leading=1.4, label=1.9),
        Box("track", 0.8, 4.25, 11.73, 2.2, 12),
        *RUNNING[1:],
    ),
    "paper": (
        *PAPER,
        Box("abstract", 4.6, 3.68, 7.93, 2.5, 14, 10, font=SERIF),
        Box("numbers", 4.6, 6.25, 7.93, 0.38, 12, colour=MUTED),
        *RUNNING[1:],
    ),
    "points": (
        *PAPER,
        Box("abstract", 4.6, 3.68, 7.93, 1.05, 12, 9, colour=MUTED, font=SERIF),
        Box("points", 4.6, 4.85, 7.93, 1.4, 15, 10, leading=1.1, label=0.22),
        Box("numbers", 4.6, 6.3, 7.93, 0.35, 12, colour=MUTED),
        *RUNNING[1:],
    ),
    "next": (
        Box("heading", 0.8, 0.55, 9.5, 0.5, 19, colour=ACCENT, font=SERIF, bold=True),
        RUNNING[0],
        Box("title", 0.8, 1.4, 11.73, 0.8, 40, 22, font=SERIF, bold=True, kind="title"),
        Box("facts", 0.8, 2.25, 11.73, 0.45, 17, 12, colour=MUTED),
        Box("papers", 0.8, 3.0, 11.73, 3.5, 15, 10),
        *RUNNING[1:],
    ),
}


def new_deck():
    """An empty 16:9 presentation with our five layouts."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(WIDTH), Inches(HEIGHT)
    _restyle(deck)
    _empty(deck.slide_master)
    layouts = list(deck.slide_layouts)
    for layout, (name, boxes) in zip(layouts, LAYOUTS.items(), strict=False):
        _draw(layout, name, boxes)
    for spare in layouts[len(LAYOUTS) :]:
        deck.slide_layouts.remove(spare)
    return deck


def _restyle(deck) -> None:
    """Our colours and faces in the theme: whoever changes the theme changes every slide."""
    theme = next(rel.target_part for rel in deck.slide_master.part.rels.values() if rel.reltype.endswith("/theme"))
    text = theme.blob.decode()
    for old, new in {"1F497D": MUTED, "EEECE1": "F5F2EB", "4F81BD": ACCENT}.items():
        text = text.replace(f'<a:srgbClr val="{old}"/>', f'<a:srgbClr val="{new}"/>')
    for part, latin in (("majorFont", LATIN_SERIF), ("minorFont", LATIN_SANS)):
        before, behind = text.split(f"<a:{part}>")
        behind = behind.replace('typeface="Calibri"', f'typeface="{latin}"', 1).replace(
            '<a:ea typeface=""/>', f'<a:ea typeface="{KOREAN}"/>', 1
        )
        text = f"{before}<a:{part}>{behind}"
    theme._blob = text.encode()


def _empty(part) -> None:
    """Take every shape off a master or layout."""
    for shape in list(part.shapes):
        shape._element.getparent().remove(shape._element)


def _draw(layout, name: str, boxes: tuple[Box, ...]) -> None:
    _empty(layout)
    layout._element.cSld.set("name", name)
    layout._element.attrib.pop("type", None)
    tree = layout.shapes._spTree
    rule = _bar(2, 0.8, 1.12, 11.73, 0.024) if name != "title" else _bar(2, 0.8, 0, 0.067, HEIGHT)
    tree.append(rule)
    for number, box in enumerate(boxes):
        tree.append(_placeholder(number + 3, number + 10, box))


def _bar(number, x, y, wide, high):
    return parse_xml(
        f'<p:sp {nsdecls("p", "a")}><p:nvSpPr><p:cNvPr id="{number}" name="rule"/><p:cNvSpPr/><p:nvPr userDrawn="1"/>'
        f'</p:nvSpPr><p:spPr>{_place(x, y, wide, high)}<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
        f'<a:solidFill><a:schemeClr val="accent1"/></a:solidFill><a:ln><a:noFill/></a:ln></p:spPr></p:sp>'
    )


def _place(x, y, wide, high) -> str:
    return f'<a:xfrm><a:off x="{Inches(x)}" y="{Inches(y)}"/><a:ext cx="{Inches(wide)}" cy="{Inches(high)}"/></a:xfrm>'


def _placeholder(number, index, box: Box):
    kind = {"title": 'type="title"', "pic": f'type="pic" idx="{index}"'}.get(box.kind, f'type="body" idx="{index}"')
    anchor = "ctr" if box.middle else "t"
    align = "r" if box.right else "l"
    tab = f'<a:tabLst><a:tab pos="{Inches(box.label)}" algn="l"/></a:tabLst>' if box.label else ""
    return parse_xml(
        f'<p:sp {nsdecls("p", "a")}><p:nvSpPr><p:cNvPr id="{number}" name={quoteattr(box.name)}/>'
        f'<p:cNvSpPr><a:spLocks noGrp="1"/></p:cNvSpPr><p:nvPr><p:ph {kind}/></p:nvPr></p:nvSpPr>'
        f'<p:spPr>{_place(box.x, box.y, box.wide, box.high)}<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></p:spPr>'
        f'<p:txBody><a:bodyPr wrap="square" lIns="0" tIns="0" rIns="0" bIns="0" anchor="{anchor}"><a:noAutofit/></a:bodyPr>'
        f'<a:lstStyle><a:lvl1pPr marL="{Inches(box.label)}" indent="-{Inches(box.label)}" algn="{align}">'
        f'<a:lnSpc><a:spcPct val="{int(box.leading * 100_000)}"/></a:lnSpc>'
        f'<a:spcBef><a:spcPts val="0"/></a:spcBef><a:buNone/>{tab}'
        f'<a:defRPr sz="{int(box.size * 100)}" b="{int(box.bold)}"><a:solidFill><a:srgbClr val="{box.colour}"/></a:solidFill>'
        f'<a:latin typeface="{box.font}-lt"/><a:ea typeface="{box.font}-ea"/></a:defRPr></a:lvl1pPr></a:lstStyle>'
        f"<a:p><a:r><a:rPr/><a:t>{box.name}</a:t></a:r></a:p></p:txBody></p:sp>"
    )
