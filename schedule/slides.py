"""What the slides of a report say, in the order that clubs know: title, members, plan, papers, the next session.

The deck (schedule.deck) and the page that shows the same slides in the browser both draw from here.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from members.models import Membership
from members.templatetags.words import day, moment
from papers.models import Paper
from schedule.attendance import roll
from schedule.minutes import plain_lines
from schedule.models import Presentation, Session
from schedule.records import Photo
from schedule.templatetags.turn_words import rhythm
from schedule.track import Stop, track, with_turns

POINTS = 6  # of the minutes of one paper


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
    presenter: Membership | None = None
    paper: Paper | None = None
    lines: tuple[str, ...] = ()
    members: tuple[Membership, ...] = ()
    points: tuple[Point, ...] = ()
    stops: tuple[Stop, ...] = ()
    turns: tuple[Presentation, ...] = ()
    photo: Photo | None = None
    points_made: tuple[str, ...] = ()

    @property
    def numbers(self) -> list[str]:
        """Under the abstract: where the paper can be found, and its year."""
        paper = self.paper
        said = [f"arXiv {paper.arxiv_id}" if paper.arxiv_id else "", paper.venue, paper.year and str(paper.year)]
        return [one for one in said if one]


@dataclass(frozen=True)
class Report:
    """The slides of one session, and what stands on each of them: whose they are, and of which day."""

    club: str
    group: str
    day: str
    slides: tuple[Slide, ...]


def report(session: Session, now: datetime) -> Report:
    """The report of a session: what was presented in it, and what comes next. The same few queries for one paper or twenty."""
    term = session.term
    sessions = list(with_turns(term))
    here = next(one for one in sessions if one.pk == session.pk)
    later = [one for one in sessions if one.starts_at > here.starts_at and one.state != Session.CANCELLED]
    following = later[0] if later else None
    slides = [_first(here), _members(here), _plan(here, sessions, now)]
    slides += _papers(here, _("What we read"))
    if following:
        slides += _papers(following, _("What we read next"))
        slides.append(_next(following))
    return Report(term.group.club, term.group.name, f"{here.local_start:%Y.%m.%d}", tuple(slides))


def _first(session) -> Slide:
    presenters = tuple(turn.presenter for turn in session.presentations.all())
    return Slide("title", title=session.term.group.name, members=presenters)


def _members(session) -> Slide:
    """Who came, with the proof; as long as nobody is marked, everybody who takes turns."""
    seats = roll(session)
    came = tuple(seat.membership for seat in seats if seat.came) or tuple(seat.membership for seat in seats)
    photo = session.photos.first()
    if photo is None:
        return Slide("members", _("Members of the group"), members=came)
    taken = moment(photo.taken_at.astimezone(session.zone))
    lines = (f"{taken} · {session.place}" if session.place else taken,)
    return Slide("proof", _("Members, and proof that we met"), members=came, photo=photo, lines=lines)


def _plan(session, sessions, now) -> Slide:
    """How the group meets, and the term as a line of dots."""
    term = session.term
    shared = ngettext("papers are shared a day before", "papers are shared %(n)s days before", term.share_days)
    points = [
        Point(_("When"), capfirst(rhythm(term))),
        Point(_("Where"), session.place),
        Point(_("What"), _presenters(term)),
        Point(_("Beforehand"), capfirst(shared % {"n": term.share_days})),
    ]
    told = tuple(point for point in points if point.text)
    return Slide("plan", _("Plan and dates"), points=told, stops=tuple(track(term, sessions, now)))


def _presenters(term) -> str:
    if term.presenters is None:
        return _("Everybody reads a paper and presents it")
    said = ngettext("%(n)s member presents a paper", "%(n)s members present a paper each", term.presenters)
    return said % {"n": term.presenters}


def _papers(session, heading) -> list[Slide]:
    """One slide for each turn whose paper is known."""
    turns = [turn for turn in session.presentations.all() if turn.paper]
    return [
        Slide(
            "points" if turn.minutes else "paper",
            heading,
            turn.paper.called,
            presenter=turn.presenter,
            paper=turn.paper,
            points_made=tuple(key_points(turn.minutes)),
        )
        for turn in turns
    ]


def key_points(text: str) -> list[str]:
    """The points of a list in Markdown, or else its paragraphs: plain words, at most six."""
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    listed = [line for line in lines if re.match(r"(?:[-*+]|\d+[.)])\s", line)]
    return plain_lines("\n".join(listed or lines))[:POINTS]


def _next(session) -> Slide:
    facts = [session.place, _("papers shared by %(day)s") % {"day": day(session.share_day)}]
    return Slide(
        "next",
        _("Next session"),
        moment(session.local_start),
        lines=(" · ".join(fact for fact in facts if fact),),
        turns=tuple(session.presentations.all()),
    )
