"""Everything of a term as one zip: sheets, attendance, papers, reports. Written piece by piece, never whole in memory."""

import base64
import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import cache, partial
from pathlib import Path

from django.contrib.staticfiles import finders
from django.core.files.storage import default_storage
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from members.sandbox.process import Limits, run
from papers.citations.formats import written
from schedule.models import Bundle, Session, Term
from schedule.planning.term_timeline import with_turns
from schedule.refusal import NotPossible
from schedule.reports.activity_sheet import Shot, sheet
from schedule.reports.deck import pptx
from schedule.reports.one_page import on_one_page
from schedule.reports.register import as_csv, register
from schedule.reports.slides import report

PHOTO_SIDE = 1000  # pixels: half a page wide in print
NOT_IN_NAMES = re.compile(r'[<>:"/\\|?*%\x00-\x1f]+')

Files = Iterable[tuple[str, bytes | Path]]


def parts(bundle: Bundle) -> list[Callable[[], Files]]:
    """One part for the term, and one for each session that had begun when it was asked for and was not cancelled."""
    term, asked_at = bundle.term, bundle.asked_at
    assert term is not None  # by the constraint bundle_of_a_term_names_it
    term.group = bundle.group
    begun = term.sessions.exclude(state=Session.CANCELLED).filter(starts_at__lte=asked_at)
    sessions = with_turns(begun, term.group)
    return [partial(_of_the_term, term, asked_at), *(partial(_of_a_session, one, asked_at) for one in sessions)]


def _of_the_term(term: Term, asked_at: datetime) -> Files:
    table = register(term, asked_at)
    papers = term.group.papers.kept().filter(presentations__session__term=term).distinct()
    yield f"{_('Attendance')}.csv", as_csv(table).encode("utf-8-sig")  # by its mark spreadsheets know the Hangul
    yield f"{_('Attendance')}.html", page(_("Attendance"), "schedule/reports/_register.html", table=table)
    yield f"{_('Papers of the term')}.bib", written(papers, "bib").encode()


def _of_a_session(session: Session, asked_at: datetime) -> Files:
    folder = name_of(f"{session.number:02} {session.local_start:%Y-%m-%d}")
    made = on_one_page(sheet(session))
    made = replace(made, shots=tuple(_with_pictures(made.shots)))
    title = _("Activity sheet")
    yield f"{folder}/{title}.html", page(title, "schedule/reports/_activity_sheet.html", sheet=made)
    with suppress(NotPossible):  # a report that no file can hold costs nobody the rest
        yield f"{folder}/{_('Report')}.pptx", pptx(report(session, asked_at))
    photos = [photo for photo in session.photos.all() if default_storage.exists(str(photo.file))]
    for number, photo in enumerate(photos, 1):
        yield f"{folder}/{_('Photo')} {number}.jpg", Path(photo.file.path)


def page(title: str, template: str, **shown) -> bytes:
    """A page that needs no server: its style and its pictures are in it."""
    return render_to_string(
        "schedule/transfer/bundled_page.html", {"title": title, "part": template, "style": _style(), **shown}
    ).encode()


@cache
def _style() -> str:
    sheet_of_style = finders.find("css/paper.css")
    assert sheet_of_style is not None  # it is one of ours
    return Path(sheet_of_style).read_text("utf8")


def _with_pictures(shots: Iterable[Shot]) -> Iterable[Shot]:
    """Smaller copies, to stand inside a page; a photo that cannot be read costs nobody the rest."""
    for shot in shots:
        stored = shot.photo.file
        with suppress(OSError), stored.open() as file:
            drawn = run("schedule.pictures:smaller", file, Limits(), width=PHOTO_SIDE, height=PHOTO_SIDE)
            if "data" in drawn:
                yield replace(shot, source=as_data(drawn["data"]))


def as_data(picture: bytes) -> str:
    return f"data:image/jpeg;base64,{base64.b64encode(picture).decode()}"


def name_of(words: str) -> str:
    """A name for a file on every system."""
    return NOT_IN_NAMES.sub(" ", words).strip(". ")[:80] or "session"
