"""The activity sheet of a session: the eight fields that clubs at universities are asked for, on one page."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from members.models import Membership
from members.templatetags.formatting import clock, day, moment
from schedule.markup import plain_lines
from schedule.meetings.attendance import AttendanceRow, attendance_list
from schedule.models import AttendanceRecord, Photo, Session

PHOTOS = 2


@dataclass(frozen=True)
class Read:
    """What was presented: by whom, which paper, and what was said about it."""

    presenter: Membership
    title: str
    points: tuple[str, ...]


@dataclass(frozen=True)
class Shot:
    """A photo; `source` is the picture itself where the page stands without our server."""

    photo: Photo
    when: str
    source: str = ""


@dataclass(frozen=True)
class Sheet:
    session: Session
    name: str
    category: str
    when: str
    place: str
    came: tuple[AttendanceRow, ...]
    recorded: bool
    purpose: str
    read: tuple[Read, ...]
    notes: tuple[str, ...]
    shots: tuple[Shot, ...]
    # how it is set on paper, and what did not find room there: schedule.reports.one_page
    density: str = "wide"
    more_read: int = 0
    more_came: int = 0
    more_said: int = 0  # lines of the minutes

    @property
    def count(self) -> int:
        return len(self.came) + self.more_came

    @property
    def names(self) -> str:
        """Who took part, and who of them came late."""
        said = [_said(seat) for seat in self.came]
        return ", ".join([*said, _more(self.more_came)] if self.more_came else said)

    @property
    def unsaid(self) -> str:
        """The lines of the minutes that found no room, as a number, and where they are."""
        if not self.more_said:
            return ""
        words = ngettext(
            "%(n)s more line of the minutes is in the report.",
            "%(n)s more lines of the minutes are in the report.",
            self.more_said,
        )
        return words % {"n": self.more_said}

    @property
    def rest(self) -> str:
        """The papers that found no room, as a number."""
        return _more(self.more_read) if self.more_read else ""


def _said(seat: AttendanceRow) -> str:
    return (
        f"{seat.membership} ({seat.mark.get_state_display()})"
        if seat.mark and seat.state == AttendanceRecord.LATE
        else str(seat.membership)
    )


def _more(n: int) -> str:
    return ngettext("and %(n)s more", "and %(n)s more", n) % {"n": n}


def sheet(session: Session) -> Sheet:
    """The same few queries for three people or forty. The session comes with its term and its group."""
    group, seats = session.term.group, attendance_list(session)
    turns = session.presentations.select_related("presenter__member", "paper")
    return Sheet(
        session=session,
        name=_("%(group)s, %(term)s, session %(n)s") % {"group": group, "term": session.term, "n": session.number},
        category=group.category or _("Academic: study group"),
        when=_when(session),
        place=session.place,
        came=tuple(seat for seat in seats if seat.came),
        recorded=any(seat.mark for seat in seats),
        purpose=group.purpose or _("To read research papers together, present them to each other and discuss them."),
        read=tuple(
            Read(
                turn.presenter,
                paper.called if (paper := turn.shown_paper) else "",
                tuple(plain_lines(turn.minutes)),
            )
            for turn in turns
        ),
        notes=tuple(plain_lines(session.notes)),
        shots=tuple(
            Shot(photo, moment(photo.taken_at.astimezone(session.zone))) for photo in session.photos.all()[:PHOTOS]
        ),
    )


def _when(session) -> str:
    start, end = session.local_start, session.ends_at.astimezone(session.zone)
    said = {"day": day(start, year=0), "from": clock(start), "to": clock(end)}
    return _("%(day)s, %(from)s – %(to)s") % said
