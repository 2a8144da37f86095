"""A group's own slides for its reports: our template, restyled by a club and brought back.

What goes where is found by names alone: of the layouts, and of the placeholders on them. Where they stand, and how they
look, is the club's.
"""

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.text import get_valid_filename
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members import membership, storage
from members.models import Group, Membership
from members.sandbox.process import Limits, run
from schedule.models import DeckTemplate
from schedule.refusal import NotPossible

MIB = 1024 * 1024
MOST_BYTES = 30 * MIB
LIMITS = Limits(memory=512 * MIB, seconds=12.0, cpu=6, output=8 * MIB)
TOO_MUCH = gettext_lazy("This file unpacks to far too much. Delete its slides, save it, and send it again.")
BROKEN = gettext_lazy("This file is broken. Open it in PowerPoint, save it anew, and send that.")
REFUSED = {
    "password": gettext_lazy("This file has a password. Save a copy without one."),
    "old": gettext_lazy("This is an old kind of Office file. Save it as .pptx."),
    "unpacks": TOO_MUCH,
    "memory": TOO_MUCH,
    "timeout": TOO_MUCH,
    "busy": gettext_lazy("The server is busy with other files. Send this one again in a moment."),
    "no_pptx": gettext_lazy("This is not a PowerPoint file. Choose one that ends with .pptx."),
    "macros": gettext_lazy("There are macros or embedded programs in this file. Save it without them as .pptx."),
    "template": gettext_lazy("Save this file as a presentation (.pptx), not as a template or a show."),
    "other_program": gettext_lazy("This was made by Keynote or LibreOffice. Export it as PowerPoint (.pptx)."),
    "elsewhere": gettext_lazy(
        "This file shows pictures that lie elsewhere. Put them into the file itself, and save it."
    ),
    "large": gettext_lazy("Without its slides the file is larger than 5 MB. Compress its pictures in PowerPoint."),
}


class Lacking(NotPossible):
    """The file is sound, but reports have no place on it. `lacks` says what is missing: dicts of deck_file.Lack."""

    def __init__(self, lacks: list[dict]):
        self.lacks = lacks
        super().__init__(_("Reports do not find their places in this file."))


def look(group: Group) -> DeckTemplate:
    """How this group's reports look: as it chose, or as everybody's do."""
    return DeckTemplate.objects.filter(group=group).first() or DeckTemplate(group=group)


def keep(group: Group, file, *, by: Membership) -> None:
    """From now on reports of this group look like this file. Its own slides are not kept."""
    name = get_valid_filename(file.name or "slides.pptx")[-200:]
    _put(group, ContentFile(_read(file, by)), name, by)


def _read(file, by: Membership) -> bytes:
    """The file as it is kept. Raises NotPossible, in words, when it is none that reports can use."""
    if not file or not file.size:
        raise NotPossible(_("This file is empty. Choose it again."))
    if file.size > MOST_BYTES:
        raise NotPossible(_("This file is larger than 30 MB. Delete its slides, save it, and send it again."))
    found = run("schedule.reports.deck_file:read", file, LIMITS, asker=by.member_id)
    if reason := found.get("error"):
        raise NotPossible(REFUSED.get(reason, BROKEN))
    if lacks := found.get("lacks"):
        raise Lacking(lacks)
    return found["deck"]


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


def ours() -> bytes:
    """Our template to take, restyle and bring back: a slide of each layout shows its places by name."""
    told = _(
        "Change fonts, colours and places on the slide master (View, Slide Master). "
        "Keep the names of layouts and placeholders: by them the texts find their places."
    )
    return run("schedule.reports.deck_sample:draw", b"", LIMITS, told=told)["deck"]
