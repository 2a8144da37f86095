"""A .pptx that somebody uploads: opened only when it is one, harmless and not too large, and emptied of its slides.

Plain Python, which runs in the limited child (members.sandbox). Reasons of a refusal are codes; deck_template.py has the words.
"""

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from io import BytesIO
from typing import Any

from lxml.etree import LxmlError
from pptx import Presentation
from pptx.exc import PythonPptxError
from pptx.opc.constants import RELATIONSHIP_TYPE as RT

from members.archive import (
    ZIP_ERRORS,
    ArchiveReader,
    BrokenArchive,
    OversizedEntry,
    open_archive,
    unpacked_size,
)
from members.sandbox import Unreadable
from schedule.reports.deck_layouts import LAYOUTS, MAY_LACK

MOST_KEPT = 5 * 1024 * 1024  # without its slides; it is in every report
MOST_UNPACKED = 200 * 1024 * 1024
MOST_XML = 30 * 1024 * 1024  # read whole into memory, at about ten times its size
MOST_PARTS = 5000
TYPES = "[Content_Types].xml"
XML = (".xml", ".rels")
# kinds of relations by the end of their names: code that would run, and programs inside
RUNS = ("/vbaProject", "/oleObject", "/control", "/activeXControlBinary", "/package", "/attachedTemplate")
NAMING_SLIDES = ".//p:custShowLst | .//p:ext[*[local-name()='sectionLst']]"
HARMLESS_LINKS = re.compile(r"https?://|mailto:", re.IGNORECASE)
# python-pptx checks little
BROKEN: tuple[type[Exception], ...] = (PythonPptxError, LxmlError, *ZIP_ERRORS, TypeError, AttributeError)
BROKEN += (IndexError, AssertionError)


@dataclass(frozen=True)
class Lack:
    """A layout that is not there; or placeholders that are not on it, or not in sight."""

    layout: str
    names: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()


def read(data: bytes) -> dict:
    """Return the template as it is kept, without slides: {"deck": bytes}; or what reports miss in it: {"lacks": [Lack as dict]}.

    Raises Unreadable: "password", "old", "unpacks", "no_pptx", "macros", "template", "other_program", "broken", "elsewhere", "large".
    """
    deck = opened(data)
    if lacks := missing(deck):
        return {"lacks": [asdict(lack) for lack in lacks]}
    kept = saved(deck)
    if len(kept) > MOST_KEPT:
        raise Unreadable("large")
    return {"deck": kept}


def saved(deck: Any) -> bytes:
    out = BytesIO()
    deck.save(out)
    return out.getvalue()


def opened(data: bytes) -> Any:
    """The presentation without slides. Raises Unreadable when the file is none that we can use."""
    _is_pptx(data)
    try:
        deck = Presentation(BytesIO(data))
        without_slides(deck)
        links = list(_links(deck))
    except BROKEN as error:
        raise Unreadable("broken") from error
    if any(kind.endswith(RUNS) for kind, _target, _outside in links):
        raise Unreadable("macros")
    if any(outside and not _harmless(kind, target) for kind, target, outside in links):
        raise Unreadable("elsewhere")
    return deck


def _is_pptx(data: bytes) -> None:
    """By what is in it, whatever its name says."""
    if data.startswith(b"\xd0\xcf\x11\xe0"):  # the container of Office 97, and of encrypted files
        raise Unreadable("password" if "EncryptedPackage".encode("utf-16-le") in data else "old")
    try:
        with open_archive(BytesIO(data)) as archive:
            _check_sizes(archive)
            names = archive.names
            types = archive.read(TYPES, MOST_XML) if TYPES in names else b""
            kind = archive.read("mimetype", MOST_XML) if "mimetype" in names else b""
    except OversizedEntry as error:
        raise Unreadable("unpacks") from error
    except BrokenArchive as error:
        raise Unreadable("no_pptx") from error
    if b"macroEnabled" in types:
        raise Unreadable("macros")
    if b"presentationml.template.main" in types or b"presentationml.slideshow.main" in types:
        raise Unreadable("template")
    if any(name.endswith(".iwa") or name == "Index.zip" for name in names) or b"opendocument" in kind:
        raise Unreadable("other_program")
    if b"presentationml.presentation.main" not in types:
        raise Unreadable("no_pptx")


def _check_sizes(archive: ArchiveReader) -> None:
    """By what the list of contents promises: python-pptx reads every part whole."""
    if archive.has_password():
        raise Unreadable("password")
    xml = unpacked_size(entry for entry in archive.entries if entry.filename.lower().endswith(XML))
    whole = unpacked_size(archive.entries)
    if whole > MOST_UNPACKED or xml > MOST_XML or len(archive.entries) > MOST_PARTS:
        raise OversizedEntry(f"{len(archive.entries)} parts of {whole} bytes, {xml} of them XML.")


def without_slides(deck: Any) -> None:
    """Take out every slide, what only slides use, and all that names them: else PowerPoint wants to repair the file."""
    listed = deck.part._element.sldIdLst
    for slide in list(listed) if listed is not None else []:
        deck.part.rels.pop(slide.rId)
        listed.remove(slide)
    for naming in deck.part._element.xpath(NAMING_SLIDES):
        naming.getparent().remove(naming)
    package = deck.part.package
    for part in list(package.iter_parts()):
        _forget(part, [key for key, rel in part.rels.items() if rel.reltype == RT.SLIDE])
    for key in [key for key, rel in package._rels.items() if rel.reltype == RT.THUMBNAIL]:
        package._rels.pop(key)


def _forget(part: Any, keys: list[str]) -> None:
    """A button on a layout that leads to a slide would keep that slide."""
    for key in keys:
        part.rels.pop(key)
        for pressed in part._element.xpath(f".//*[@r:id='{key}']"):
            pressed.getparent().remove(pressed)


def _links(deck: Any) -> Iterator[tuple[str, str, bool]]:
    """(kind, target, is it outside?) of every relation of what is left."""
    for rel in deck.part.package.iter_rels():
        yield rel.reltype, rel.target_ref if rel.is_external else "", rel.is_external


def _harmless(kind: str, target: str) -> bool:
    """A link to press; not something that is fetched when the slide is shown."""
    return kind == RT.HYPERLINK and bool(HARMLESS_LINKS.match(target))


def missing(deck: Any) -> list[Lack]:
    """What of our layouts and placeholders a template lacks, in our order."""
    layouts = layouts_of(deck)
    lacks = []
    for layout, boxes in LAYOUTS.items():
        if layout not in layouts:
            lacks.append(Lack(layout))
            continue
        found = placeholders_of(layouts[layout])
        wanted = [box.name for box in boxes if box.name not in MAY_LACK]
        absent = tuple(name for name in wanted if name not in found)
        unseen = tuple(name for name, shape in found.items() if name in wanted and not _in_sight(shape, deck))
        if absent or unseen:
            lacks.append(Lack(layout, absent, unseen))
    return lacks


def layouts_of(deck: Any) -> dict[str, Any]:
    """By name, as people type names; of several masters the first that has it."""
    found: dict[str, Any] = {}
    for master in deck.slide_masters:
        for layout in master.slide_layouts:
            found.setdefault(layout.name.strip().lower(), layout)
    return found


def placeholders_of(layout: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for shape in layout.placeholders:
        found.setdefault(shape.name.strip().lower(), shape)
    return found


def _in_sight(shape: Any, deck: Any) -> bool:
    """Does it have a place, and does that lie on the slide?"""
    sides = (shape.left, shape.top, shape.width, shape.height)
    if None in sides or min(sides) < 0 or min(sides[2:]) == 0:
        return False
    return sides[0] + sides[2] <= deck.slide_width and sides[1] + sides[3] <= deck.slide_height
