"""The master of the deck, made by code from the layouts of deck_layouts.py, so that a club can restyle it."""

from io import BytesIO
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

import pptx
from pptx import Presentation
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls
from pptx.util import Inches

from schedule.reports.deck_layouts import (
    ACCENT,
    HEIGHT,
    KOREAN,
    LATIN_SANS,
    LATIN_SERIF,
    LAYOUTS,
    MUTED,
    WIDTH,
    Box,
)

BEGINNING = (Path(pptx.__file__).parent / "templates" / "default.pptx").read_bytes()  # later no file can be opened


def new_deck() -> Any:
    """An empty 16:9 presentation with our five layouts."""
    deck = Presentation(BytesIO(BEGINNING))
    deck.slide_width, deck.slide_height = Inches(WIDTH), Inches(HEIGHT)
    _restyle(deck)
    _empty(deck.slide_master)
    layouts = list(deck.slide_layouts)
    for layout, (name, boxes) in zip(layouts, LAYOUTS.items(), strict=False):
        _draw(layout, name, boxes)
    for spare in layouts[len(LAYOUTS) :]:
        deck.slide_layouts.remove(spare)
    return deck


def _restyle(deck: Any) -> None:
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


def _empty(part: Any) -> None:
    """Take every shape off a master or layout."""
    for shape in list(part.shapes):
        shape._element.getparent().remove(shape._element)


def _draw(layout: Any, name: str, boxes: tuple[Box, ...]) -> None:
    _empty(layout)
    layout._element.cSld.set("name", name)
    layout._element.attrib.pop("type", None)
    tree = layout.shapes._spTree
    rule = _bar(2, 0.8, 1.12, 11.73, 0.024) if name != "title" else _bar(2, 0.8, 0, 0.067, HEIGHT)
    tree.append(rule)
    for number, box in enumerate(boxes):
        tree.append(_placeholder(number + 3, number + 10, box))


def _bar(number: int, x: float, y: float, wide: float, high: float) -> Any:
    return parse_xml(
        f'<p:sp {nsdecls("p", "a")}><p:nvSpPr><p:cNvPr id="{number}" name="rule"/><p:cNvSpPr/><p:nvPr userDrawn="1"/>'
        f'</p:nvSpPr><p:spPr>{_place(x, y, wide, high)}<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
        f'<a:solidFill><a:schemeClr val="accent1"/></a:solidFill><a:ln><a:noFill/></a:ln></p:spPr></p:sp>'
    )


def _place(x: float, y: float, wide: float, high: float) -> str:
    return f'<a:xfrm><a:off x="{Inches(x)}" y="{Inches(y)}"/><a:ext cx="{Inches(wide)}" cy="{Inches(high)}"/></a:xfrm>'


def _placeholder(number: int, index: int, box: Box) -> Any:
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
