"""A group's own slides for its reports: our template, restyled by a club and brought back.

What goes where is found by names alone: of the layouts, and of the placeholders on them. Where they stand, and how they
look, is the club's.
"""

import logging
from dataclasses import dataclass
from io import BytesIO

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.text import get_valid_filename
from django.utils.timezone import now
from django.utils.translation import gettext as _
from pptx import Presentation
from pptx.presentation import Presentation as Deck

from members import membership, storage
from members.models import Group, Membership
from schedule.models import DeckTemplate
from schedule.refusal import NotPossible
from schedule.reports.deck_file import BROKEN, MOST_KEPT, opened
from schedule.reports.deck_master import LAYOUTS, new_deck

log = logging.getLogger(__name__)

MAY_LACK = {"club", "day", "group", "number", "caption", "facts", "numbers"}  # a deck says enough without


@dataclass(frozen=True)
class Lack:
    """A layout that is not there; or placeholders that are not on it, or not in sight."""

    layout: str
    names: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()


class Lacking(NotPossible):
    """The file is sound, but reports have no place on it. `lacks` says what is missing."""

    def __init__(self, lacks: list[Lack]):
        self.lacks = lacks
        super().__init__(_("Reports do not find their places in this file."))


def look(group: Group) -> DeckTemplate:
    """How this group's reports look: as it chose, or as everybody's do."""
    return DeckTemplate.objects.filter(group=group).first() or DeckTemplate(group=group)


def keep(group: Group, file, *, by: Membership) -> None:
    """From now on reports of this group look like this file. Its own slides are not kept."""
    deck = opened(file)
    if lacks := missing(deck):
        raise Lacking(lacks)
    data = _saved(deck)
    if len(data) > MOST_KEPT:
        raise NotPossible(_("Without its slides the file is larger than 5 MB. Compress its pictures in PowerPoint."))
    name = get_valid_filename(file.name or "slides.pptx")[-200:]
    _put(group, ContentFile(data), name, by)


def back_to_ours(group: Group, *, by: Membership) -> None:
    _put(group, None, "", by)


def _put(group, content, name, by) -> None:
    size = content.size if content else 0
    with transaction.atomic():
        membership.hold(group.pk)
        mine, _new = DeckTemplate.objects.get_or_create(group=group)
        if size > mine.size:
            storage.reserve(size - mine.size, group=group, by=by, refusal=NotPossible)
        before = mine.file.name
        mine.file, mine.size, mine.name, mine.by, mine.at = "", size, name, by, now()
        if content:
            mine.file.save("deck.pptx", content, save=False)
        mine.save()
        if before:
            transaction.on_commit(lambda: mine.file.storage.delete(before))


def leave_out_empty(group: Group, yes: bool) -> None:
    DeckTemplate.objects.update_or_create(group=group, defaults={"leave_out_empty": yes})


def missing(deck) -> list[Lack]:
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


def layouts_of(deck) -> dict:
    """By name, as people type names; of several masters the first that has it."""
    found: dict = {}
    for master in deck.slide_masters:
        for layout in master.slide_layouts:
            found.setdefault(layout.name.strip().lower(), layout)
    return found


def placeholders_of(layout) -> dict:
    found: dict = {}
    for shape in layout.placeholders:
        found.setdefault(shape.name.strip().lower(), shape)
    return found


def _in_sight(shape, deck) -> bool:
    """Does it have a place, and does that lie on the slide?"""
    sides = (shape.left, shape.top, shape.width, shape.height)
    if None in sides or min(sides) < 0 or min(sides[2:]) == 0:
        return False
    return sides[0] + sides[2] <= deck.slide_width and sides[1] + sides[3] <= deck.slide_height


def base(template) -> Deck:
    """The empty deck that slides are added to: the group's own, or ours when it has none or it cannot be read any more."""
    if template:
        try:
            with template.open("rb") as file:
                return Presentation(BytesIO(file.read()))
        except BROKEN as error:
            log.warning("The template %s is not used: %s", template.name, error)
    return new_deck()


def ours() -> bytes:
    """Our template to take, restyle and bring back: a slide of each layout shows its places by name."""
    deck = new_deck()
    for layout in deck.slide_layouts:
        slide = deck.slides.add_slide(layout)
        names = {shape.placeholder_format.idx: shape.name for shape in layout.placeholders}
        for shape in slide.placeholders:
            shape.name = names[shape.placeholder_format.idx]
            if shape.has_text_frame:
                shape.text_frame.text = shape.name
        slide.notes_slide.notes_text_frame.text = _(
            "Change fonts, colours and places on the slide master (View, Slide Master). "
            "Keep the names of layouts and placeholders: by them the texts find their places."
        )
    return _saved(deck)


def _saved(deck) -> bytes:
    out = BytesIO()
    deck.save(out)
    return out.getvalue()
