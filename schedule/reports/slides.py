"""What the slides of a report say, in the order that clubs know: title, members, plan, papers, the next session.

What was written down is carried whole: what does not fit goes on to a further slide. The deck (deck.py) and the page that shows the same slides in the browser both draw from here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Q, prefetch_related_objects
from django.db.models.fields.files import FieldFile
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from members.models import Membership
from members.templatetags.formatting import day, moment
from papers.models import Paper
from schedule.formatting import rhythm
from schedule.markup import plain_lines
from schedule.meetings.attendance import attendance_list
from schedule.models import Photo, Presentation, Session, Term
from schedule.planning.term_timeline import TimelineItem, timeline, with_turns
from schedule.reports.deck_layouts import LAYOUTS, Box, split_points
from schedule.reports.deck_template import look
from schedule.reports.register import CAME, register

STANDARD = {box.name: box for box in LAYOUTS["points"]}


@dataclass(frozen=True)
class Point:
    """One line of the plan: what it is about, and what is agreed."""

    label: str
    text: str


@dataclass(frozen=True)
class Slide:
    """One slide. `kind` names its layout; what a kind does not use stays empty."""

    kind: str
    heading: str = ""
    title: str = ""
    day: str = ""
    presenter: Membership | None = None
    paper: Paper | None = None
    lines: tuple[str, ...] = ()
    members: tuple[Membership, ...] = ()
    points: tuple[Point, ...] = ()
    timeline_items: tuple[TimelineItem, ...] = ()
    turns: tuple[Presentation, ...] = ()
    photo: Photo | None = None
    points_made: tuple[str, ...] = ()
    continued: bool = False  # it goes on with the points of the slide before

    @property
    def numbers(self) -> list[str]:
        """Under the abstract: where the paper can be found, and its year."""
        paper = self.paper
        if paper is None:
            return []
        said = [f"arXiv {paper.arxiv_id}" if paper.arxiv_id else "", paper.venue, paper.year and str(paper.year)]
        return [one for one in said if one]


@dataclass(frozen=True)
class Report:
    """The slides of a session or a term, whose they are, and of which days. `template` is the group's own, if any."""

    club: str
    group: str
    day: str
    slides: tuple[Slide, ...]
    template: FieldFile | None = None


def report(session: Session, now: datetime) -> Report:
    """The report of a session: what was presented in it, and what comes next. The same few queries for one paper or twenty."""
    term = session.term
    sessions = with_turns(term.sessions.all(), term.group)
    here = next(one for one in sessions if one.pk == session.pk)
    looks = look(term.group)
    tell = not looks.leave_out_empty
    following = _after(here.starts_at, term)
    presenters = tuple(turn.presenter for turn in here.given(now))
    slides = [Slide("title", title=term.group.name, members=presenters)]
    slides += [_members(here, _who_came(here), tell), _plan(term, sessions, now, here.place)]
    slides += _papers(here, _("What we read"), now, tell) + _notes(here)
    if following:
        slides += _papers(following, _("What we read next"), now, tell)
    slides += _next(following, now, tell)
    return Report(term.group.club, term.group.name, _dot(here.local_start), tuple(slides), looks.file)


def term_report(term: Term, now: datetime) -> Report:
    """The report of a term: title and plan once, then each session that has begun, then the next. The same few queries."""
    sessions = with_turns(term.sessions.all(), term.group)
    looks = look(term.group)
    tell = not looks.leave_out_empty
    live = [one for one in sessions if one.state != Session.CANCELLED]
    begun = [one for one in live if one.starts_at <= now]
    prefetch_related_objects(begun, "photos")
    presenters = dict.fromkeys(turn.presenter for one in begun for turn in one.given(now))
    slides = [Slide("title", title=term.group.name, members=tuple(presenters)), _plan(term, sessions, now)]
    for session, came in zip(begun, _who_came_to(term, begun, now), strict=True):
        about = [_members(session, came, tell), *_papers(session, _("What we read"), now, tell), *_notes(session)]
        slides += [replace(slide, day=_dot(session.local_start)) for slide in about]
    slides += _next(_after(now, term), now, tell)
    days = f"{_dot(live[0].local_start)} – {_dot(live[-1].local_start)}" if live else _dot(term.first_day)
    return Report(term.group.club, term.group.name, days, tuple(slides), looks.file)


def _after(moment: datetime, term: Term) -> Session | None:
    """Return the first session of the group after a moment, of this term or of another one that is published."""
    seen = Session.objects.filter(Q(term=term) | Q(term__published_at__isnull=False), term__group=term.group)
    later = seen.filter(starts_at__gt=moment).exclude(state=Session.CANCELLED)
    return next(iter(with_turns(later.order_by("starts_at")[:1], term.group)), None)


def _dot(day) -> str:
    return f"{day:%Y.%m.%d}"


def _who_came(session) -> tuple[Membership, ...]:
    """As long as nobody is marked, everybody who takes turns."""
    seats = attendance_list(session)
    return tuple(seat.membership for seat in seats if seat.came) or tuple(seat.membership for seat in seats)


def _who_came_to(term, sessions, now) -> list[tuple[Membership, ...]]:
    """The same for each of these sessions, which are those of the register."""
    table = register(term, now)
    active = tuple(row.membership for row in table.rows if row.membership.state == Membership.ACTIVE)
    places = {session.pk: place for place, session in enumerate(table.sessions)}
    came = (
        tuple(row.membership for row in table.rows if row.states[places[session.pk]] in CAME) for session in sessions
    )
    return [those or active for those in came]


def _members(session, came, tell) -> Slide:
    """Who came, with the proof; without a photo only who."""
    photo = next(iter(session.photos.all()), None)
    if photo is None:
        if tell:
            return Slide("proof", _("Members, and proof that we met"), members=came, lines=(_("There is no photo."),))
        return Slide("members", _("Members of the group"), members=came)
    taken = moment(photo.taken_at.astimezone(session.zone))
    lines = (f"{taken} · {session.place}" if session.place else taken,)
    return Slide("proof", _("Members, and proof that we met"), members=came, photo=photo, lines=lines)


def _plan(term, sessions, now, place="") -> Slide:
    """How the group meets, and the term as a line of dots."""
    shared = ngettext("papers are shared a day before", "papers are shared %(n)s days before", term.share_days)
    points = [
        Point(_("When"), capfirst(rhythm(term))),
        Point(_("Where"), place or term.place),
        Point(_("What"), _presenters(term)),
        Point(_("Beforehand"), capfirst(shared % {"n": term.share_days})),
    ]
    told = tuple(point for point in points if point.text)
    timeline_items = timeline(term, sessions, Session.objects.nearest(term.group, now), now)
    return Slide("plan", _("Plan and dates"), points=told, timeline_items=tuple(timeline_items))


def _presenters(term) -> str:
    if term.presenters is None:
        return _("Everybody reads a paper and presents it")
    said = ngettext("%(n)s member presents a paper", "%(n)s members present a paper each", term.presenters)
    return said % {"n": term.presenters}


def _papers(session, heading, now, tell) -> list[Slide]:
    """Slides for each turn whose paper or minutes are known; with `tell` the others say that there is none."""
    over = session.starts_at <= now
    turns = session.given(now)
    if tell and not turns:
        return [Slide("paper", heading, _("Nobody presented.") if over else _("Nobody presents yet."))]
    absent = _("No paper was shared.") if over else _("The paper is not shared yet.")
    told = [turn for turn in turns if turn.shown_paper or turn.minutes or tell]
    return [slide for turn in told for slide in _paper(turn, heading, absent, tell and over)]


def _paper(turn, heading, absent, tell) -> list[Slide]:
    """A paper, with all of its minutes; with `tell` a line where there are none."""
    paper = turn.shown_paper
    made = tuple(plain_lines(turn.minutes))
    no_minutes = bool(tell and paper and not made)
    slide = Slide(
        "points" if made or no_minutes else "paper",
        heading,
        paper.called if paper else absent,
        presenter=turn.presenter,
        paper=paper,
        points_made=made,
        lines=(_("There are no minutes."),) if no_minutes else (),
    )
    return in_slides(slide, STANDARD)


def _notes(session) -> list[Slide]:
    """The minutes of the session itself."""
    made = tuple(plain_lines(session.notes))
    heading = capfirst(_("the minutes of the session"))
    slide = Slide("points", heading, moment(session.local_start), points_made=made)
    return in_slides(slide, STANDARD) if made else []


def in_slides(slide: Slide, boxes: Mapping[str, Box]) -> list[Slide]:
    """The slide with as many of its points as fit, and slides that go on with the others."""
    if not slide.points_made:
        return [slide]
    parts = split_points(slide.points_made, boxes, paper=slide.paper is not None, continued=slide.continued)
    return [
        replace(slide, points_made=part, continued=slide.continued or number > 0) for number, part in enumerate(parts)
    ]


def _next(session, now, tell) -> list[Slide]:
    if session is None:
        return [Slide("next", _("Next session"), _("No next session is planned yet."))] if tell else []
    facts = [session.place, _("papers shared by %(day)s") % {"day": day(session.share_day)}]
    return [
        Slide(
            "next",
            _("Next session"),
            moment(session.local_start),
            lines=(" · ".join(fact for fact in facts if fact),),
            turns=tuple(session.given(now)),
        )
    ]
