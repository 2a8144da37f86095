"""The search box of every page: from a few letters to a paper, a session, a person, a term, or something to do.

What is found is what this member may see in this group, in a number of queries that does not grow with it.
"""

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from members.models import Membership
from members.templatetags.formatting import day, moment, people, short_day
from papers.models import Paper
from papers.search.index import search
from schedule.models import Session
from schedule.search.actions import in_every_language, possible
from schedule.search.nearness import BESIDE, INSIDE, asked, before_last, nearness, whole
from schedule.search.outline import Outline, outline

MOST = 5  # of a kind
LOOKED_AT = 50  # papers, for the rest of a syllable
NO_YEAR = 0  # a year that no date has, so that its own is said


@dataclass(frozen=True)
class Hit:
    """A row of the answer; `near` sorts it."""

    near: int
    title: str
    detail: str
    address: str
    language: str = ""  # of the title, when it is a paper's own


@dataclass(frozen=True)
class FoundKind:
    """The nearest hits of a kind, under its name."""

    kind: str
    name: str
    hits: list[Hit]


def find(me: Membership, query: str, now: datetime) -> list[FoundKind]:
    """What the letters may mean, the nearest kind first; before there are any, what is handy for this person now."""
    seen, words = outline(me, now), asked(query)
    if not words:
        return [] if query.strip() else [FoundKind("actions", _("Handy now"), _handy(seen)[:MOST])]
    kinds = [
        FoundKind("papers", _("Papers"), _papers(me, query, words)),
        FoundKind("sessions", _("Sessions"), _sessions(seen, words)),
        FoundKind("people", _("People"), _people(seen, words)),
        FoundKind("terms", _("Terms"), _terms(seen, words)),
        FoundKind("actions", _("What you can do"), _actions(seen, words)),
    ]
    return sorted((one for one in kinds if one.hits), key=lambda one: -one.hits[0].near)


def _nearest(hits: list[Hit]) -> list[Hit]:
    return sorted(hits, key=lambda hit: -hit.near)[:MOST]


def _papers(me: Membership, query: str, words: list[str]) -> list[Hit]:
    """As the library finds them; then, as its index knows whole syllables only, those whose last one is half typed."""
    shelf = me.group.papers.kept().prefetch_related("files")
    found = [(paper, _near(paper, words)) for paper in _library(shelf, whole(query))[:MOST]]
    if len(found) < MOST and (begun := before_last(whole(query))):
        here = [paper.pk for paper, _rank in found]
        more = ((paper, _near(paper, words)) for paper in _library(shelf.exclude(pk__in=here), begun)[:LOOKED_AT])
        found += [(paper, near) for paper, near in more if near is not None]
    hits = []
    for paper, near in found:
        about = [people(paper.authors), str(paper.year or ""), "" if paper.nearness else _("in the text")]
        address = reverse("papers:paper", args=[me.group.slug, paper.pk])
        hits.append(Hit(near or BESIDE, paper.called, _line(about), address, paper.language))
    return _nearest(hits)


def _library(shelf, query: str):
    return search(shelf, query) if query else shelf.none()


def _near(paper: Paper, words: list[str]) -> int | None:
    return nearness(words, [paper.called], " ".join(paper.authors))


def _sessions(seen: Outline, words: list[str]) -> list[Hit]:
    """By number, date, place, presenter or paper: those ahead first, then back from the latest."""
    by_distance = sorted(seen.sessions, key=lambda s: (s.is_over(seen.now), abs(s.starts_at - seen.now)))
    hits = []
    for session in by_distance:
        turns = seen.turns.get(session.pk, [])
        presenters = [str(turn.presenter) for turn in turns]
        beside = " ".join([session.place, str(session.term), *presenters, *(turn.paper for turn in turns)])
        near = nearness(words, [_number(session.number), *_days(session.local_start.date())], beside)
        if near is not None:
            about = [_("no. %(n)s") % {"n": session.number}, str(session.term), session.place, people(presenters)]
            about += [_("cancelled")] if session.state == Session.CANCELLED else []
            about += [] if session.term.published_at else [_("draft")]
            hits.append(Hit(near, moment(session.local_start), _line(about), session.get_absolute_url()))
    return _nearest(hits)


@lru_cache(maxsize=1024)
def _number(number: int) -> str:
    return " ".join(text % {"n": number} for text in in_every_language("no. %(n)s"))


@lru_cache(maxsize=4096)
def _days(of: date) -> list[str]:
    """A day as people type it: 3월 15일, 15 Mar, Sunday 15 March 2026, 2026-03-15, 3/15."""
    said = [of.isoformat(), f"{of.month}/{of.day}"]
    for code, _name in settings.LANGUAGES:
        with override(code):
            said += [short_day(of), day(of, NO_YEAR)]
    return said


def _people(seen: Outline, words: list[str]) -> list[Hit]:
    page, hits = reverse("members:members", args=[seen.me.group.slug]), []
    for one in seen.people:
        near = nearness(words, [str(one)], one.member.email.partition("@")[0])
        if near is not None:
            hits.append(Hit(near, str(one), _line(_about_person(seen, one)), f"{page}#member-{one.pk}"))
    return _nearest(hits)


def _about_person(seen: Outline, one: Membership) -> list[str]:
    turns = (s for s in seen.ahead for turn in seen.turns.get(s.pk, ()) if turn.presenter.pk == one.pk)
    presents = next(turns, None)
    return [
        one.shown_role,
        one.get_state_display() if one.state == one.PAUSED else "",
        _("presents on %(day)s") % {"day": short_day(presents.local_start)} if presents else "",
    ]


def _terms(seen: Outline, words: list[str]) -> list[Hit]:
    hits = []
    for term in seen.terms:
        if (near := nearness(words, [str(term)])) is not None:
            count = sum(session.term_id == term.pk for session in seen.sessions)
            meetings = ngettext("%(n)s session", "%(n)s sessions", count) % {"n": count}
            about = [day(term.first_day), meetings, "" if term.published_at else _("draft")]
            hits.append(Hit(near, str(term), _line(about), term.get_absolute_url()))
    return _nearest(hits)


def _actions(seen: Outline, words: list[str]) -> list[Hit]:
    hits = []
    for action, detail, address in possible(seen):
        near = nearness(words, in_every_language(action.title), " ".join(in_every_language(action.also)))
        if near is not None:
            hits.append(Hit(near, _(action.title), detail, address))
    return _nearest(hits)


def _handy(seen: Outline) -> list[Hit]:
    return [Hit(INSIDE, _(one.title), detail, address) for one, detail, address in possible(seen) if one.handy]


def _line(parts: list[str]) -> str:
    return " · ".join(filter(None, parts))
