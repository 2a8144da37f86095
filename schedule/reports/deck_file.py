"""A .pptx that somebody uploads: opened only when it is one, harmless and not too large, and emptied of its slides."""

import re
from io import BytesIO

from django.utils.translation import gettext as _
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
from schedule.refusal import NotPossible

MOST_BYTES = 30 * 1024 * 1024
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


def opened(file):
    """The presentation without slides. NotPossible, in words, when the file is none that we can use."""
    if not file or not file.size:
        raise NotPossible(_("This file is empty. Choose it again."))
    if file.size > MOST_BYTES:
        raise NotPossible(_("This file is larger than 30 MB. Delete its slides, save it, and send it again."))
    data = file.read()
    _is_pptx(data)
    try:
        deck = Presentation(BytesIO(data))
        without_slides(deck)
        links = list(_links(deck))
    except BROKEN as error:
        raise NotPossible(_("This file is broken. Open it in PowerPoint, save it anew, and send that.")) from error
    if any(kind.endswith(RUNS) for kind, _target, _outside in links):
        raise NotPossible(_("There are macros or embedded programs in this file. Save it without them as .pptx."))
    if any(outside and not _harmless(kind, target) for kind, target, outside in links):
        raise NotPossible(_("This file shows pictures that lie elsewhere. Put them into the file itself, and save it."))
    return deck


def _is_pptx(data: bytes) -> None:
    """By what is in it, whatever its name says."""
    if data.startswith(b"\xd0\xcf\x11\xe0"):  # the container of Office 97, and of encrypted files
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise NotPossible(_("This file has a password. Save a copy without one."))
        raise NotPossible(_("This is an old kind of Office file. Save it as .pptx."))
    try:
        with open_archive(BytesIO(data)) as archive:
            _check_sizes(archive)
            names = archive.names
            types = archive.read(TYPES, MOST_XML) if TYPES in names else b""
            kind = archive.read("mimetype", MOST_XML) if "mimetype" in names else b""
    except OversizedEntry as error:
        raise NotPossible(
            _("This file unpacks to far too much. Delete its slides, save it, and send it again.")
        ) from error
    except BrokenArchive as error:
        raise NotPossible(_("This is not a PowerPoint file. Choose one that ends with .pptx.")) from error
    if b"macroEnabled" in types:
        raise NotPossible(_("There are macros or embedded programs in this file. Save it without them as .pptx."))
    if b"presentationml.template.main" in types or b"presentationml.slideshow.main" in types:
        raise NotPossible(_("Save this file as a presentation (.pptx), not as a template or a show."))
    if any(name.endswith(".iwa") or name == "Index.zip" for name in names) or b"opendocument" in kind:
        raise NotPossible(_("This was made by Keynote or LibreOffice. Export it as PowerPoint (.pptx)."))
    if b"presentationml.presentation.main" not in types:
        raise NotPossible(_("This is not a PowerPoint file. Choose one that ends with .pptx."))


def _check_sizes(archive: ArchiveReader) -> None:
    """By what the list of contents promises: python-pptx reads every part whole."""
    if archive.has_password():
        raise NotPossible(_("This file has a password. Save a copy without one."))
    xml = unpacked_size(entry for entry in archive.entries if entry.filename.lower().endswith(XML))
    whole = unpacked_size(archive.entries)
    if whole > MOST_UNPACKED or xml > MOST_XML or len(archive.entries) > MOST_PARTS:
        raise OversizedEntry(f"{len(archive.entries)} parts of {whole} bytes, {xml} of them XML.")


def without_slides(deck) -> None:
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


def _forget(part, keys: list[str]) -> None:
    """A button on a layout that leads to a slide would keep that slide."""
    for key in keys:
        part.rels.pop(key)
        for pressed in part._element.xpath(f".//*[@r:id='{key}']"):
            pressed.getparent().remove(pressed)


def _links(deck):
    """(kind, target, is it outside?) of every relation of what is left."""
    for rel in deck.part.package.iter_rels():
        yield rel.reltype, rel.target_ref if rel.is_external else "", rel.is_external


def _harmless(kind: str, target: str) -> bool:
    """A link to press; not something that is fetched when the slide is shown."""
    return kind == RT.HYPERLINK and bool(HARMLESS_LINKS.match(target))
