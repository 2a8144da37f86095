"""The report as a file: a .pptx with real placeholders, that a club can go on with by hand.

Here is what the slides say; deck_drawing.py draws them, in the limited child, on the template that a club brought.
"""

import logging
import shutil
from tempfile import TemporaryFile
from typing import IO

from django.db.models.fields.files import FieldFile
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from members.sandbox.process import Limits, run
from members.templatetags.formatting import people, short_day
from papers.models import Paper
from schedule.models import Presentation
from schedule.planning.term_timeline import TimelineItem
from schedule.refusal import NotPossible
from schedule.reports.slides import Report, Slide

log = logging.getLogger(__name__)

MIB = 1024 * 1024
LIMITS = Limits(memory=512 * MIB, seconds=13.0, cpu=11, output=32 * MIB)
A_LIST = 8  # members: more of them run on in one paragraph


def pptx(report: Report) -> bytes:
    """The file, on the group's own template, or on ours when it has none or it cannot be used any more.

    Raises NotPossible when a report is more than a file can hold.
    """
    for template in [report.template, None] if report.template else [None]:
        made = _drawn(report, template)
        if "error" not in made:
            return made["deck"]
        log.warning("A report cannot be drawn on %s: %s", template or "our template", made["error"])
    raise NotPossible(_("This report is too large for one file. Get those of single sessions."))


def _drawn(report: Report, template: FieldFile | None) -> dict:
    pictures: dict[str, FieldFile] = {}
    pages = [_page(slide, report, pictures) for slide in report.slides]
    said = {"group": report.group, "day": report.day, "language": get_language() or "en"}
    with TemporaryFile() as data:
        lengths = [_copy(stored, data) for stored in (template, *pictures.values())]
        return run("schedule.reports.deck_drawing:draw", data, LIMITS, lengths=lengths, pages=pages, **said)


def _copy(stored: FieldFile | None, to: IO[bytes]) -> int:
    """Append a file, and return how long it is: 0 when it is not there any more."""
    before = to.tell()
    try:
        if stored:
            with stored.open() as file:
                shutil.copyfileobj(file, to)
    except OSError as error:
        log.warning("%s is left out of a deck: %s", stored, error)
    return to.tell() - before


def _page(slide: Slide, report: Report, pictures: dict[str, FieldFile]) -> dict:
    """The slide as deck_drawing.py takes it; `pictures` gets the files that stand on it, each once."""
    page: dict = {"kind": slide.kind, "paper": slide.paper is not None, "continued": slide.continued}
    page |= {"points": slide.points_made, "colours": {}, "pictures": {}}
    page["texts"] = {"club": [report.club], "heading": [slide.heading], "title": [slide.title]}
    page["texts"] |= {"day": [slide.day]} if slide.day else {}
    TOLD[slide.kind](page, slide)
    if slide.photo:
        said = _("Photo of the session, %(moment)s") % {"moment": slide.lines[0]}
        page["pictures"]["photo"] = _numbered(slide.photo.file, pictures), said
    if slide.paper:
        page["pictures"] |= {"cover": shown} if (shown := _cover(slide.paper, slide.title, pictures)) else {}
    page["turns"] = [_turn(turn, pictures) for turn in slide.turns]
    return page


def _numbered(stored: FieldFile, pictures: dict[str, FieldFile]) -> int:
    """The number of a picture: of what stands behind the template, the first has 0."""
    pictures.setdefault(str(stored), stored)
    return list(pictures).index(str(stored))


def _cover(paper: Paper, title: str, pictures: dict[str, FieldFile]) -> tuple[int, str] | None:
    """The paper's first page; None when there is none."""
    file = paper.cover_file
    return (_numbered(file.cover, pictures), _("First page of %(title)s") % {"title": title}) if file else None


def _title(page: dict, slide: Slide) -> None:
    names = people([str(member) for member in slide.members], 6)
    page["texts"]["presenters"] = [f"{_('Presenters')}  {names}"] if names else []


def _members(page: dict, slide: Slide) -> None:
    names = [str(member) for member in slide.members]
    if len(names) > A_LIST:
        page["texts"]["members"] = ["  ·  ".join(names)]
    else:
        page["texts"]["members"] = names
        page["colours"]["members"] = [member.colour for member in slide.members]


def _proof(page: dict, slide: Slide) -> None:
    _members(page, slide)
    page["texts"]["caption"] = slide.lines


def _plan(page: dict, slide: Slide) -> None:
    page["texts"]["points"] = [f"{point.label}\t{point.text}" for point in slide.points]
    page["track"] = [(short_day(stop.day), stop.kind, _of_stop(stop)) for stop in slide.timeline_items]


def _of_stop(stop: TimelineItem) -> str:
    if not stop.session:
        return stop.reason
    return _("cancelled") if stop.kind == "off" else ""


def _paper(page: dict, slide: Slide) -> None:
    page["texts"]["points"] = slide.lines
    if slide.presenter:
        page["texts"]["presenter"] = [str(slide.presenter)]
        page["colours"]["presenter"] = [slide.presenter.colour]
    if paper := slide.paper:
        page["texts"] |= {"authors": [", ".join(paper.authors)], "abstract": [paper.abstract]}
        page["texts"]["numbers"] = ["     ".join(slide.numbers)]


def _next(page: dict, slide: Slide) -> None:
    page["texts"]["facts"] = slide.lines


def _turn(turn: Presentation, pictures: dict[str, FieldFile]) -> dict:
    paper = turn.shown_paper
    return {
        "presenter": str(turn.presenter),
        "title": paper.called if paper else _("The paper is not shared yet."),
        "shared": bool(paper),
        "picture": _cover(paper, paper.called, pictures) if paper else None,
    }


TOLD = {
    "title": _title,
    "members": _members,
    "proof": _proof,
    "plan": _plan,
    "paper": _paper,
    "points": _paper,
    "next": _next,
}
