"""iCalendar out: sessions and days to share as a calendar program reads them (RFC 5545).

An event keeps its UID for ever. Its LAST-MODIFIED grows with everything that it shows; its SEQUENCE, at which programs
ask their reader again, only with when, where, whether and who. The same rows give the same bytes: DTSTAMP is the time
of the last change, and not of the reading.
"""

from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from hashlib import sha256
from urllib.parse import urlencode, urlparse
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Prefetch, Q
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event, Timezone

from members.mail import absolute
from members.models import Group, Membership
from schedule.calendars import secret_links
from schedule.models import CalendarLink, Presentation, Session

PRODUCT = "-//Studygroup//Calendar//EN"
KEPT = timedelta(days=60)  # so long a cancelled session says that it is cancelled
BACK = timedelta(days=366)  # so far back a feed reaches
EVERY = timedelta(hours=1)  # how often a program is asked to look again
LAST_HOUR = time(23), time(23, 59)
CONFIRMED, CANCELLED = "CONFIRMED", "CANCELLED"


@dataclass(frozen=True)
class CalendarEntry:
    """One event in words. `start` and `end` carry the zone of the term, or are days."""

    uid: str
    start: datetime | date
    end: datetime | date
    summary: str
    description: str
    location: str
    url: str
    status: str
    sequence: int
    changed_at: datetime
    alarm: int = 0  # minutes before; 0: none


@dataclass(frozen=True)
class Feed:
    name: str
    entries: tuple[CalendarEntry, ...]

    @property
    def etag(self) -> str:
        said = repr((PRODUCT, self.name, [astuple(entry) for entry in self.entries]))
        return f'"{sha256(said.encode()).hexdigest()[:40]}"'

    @property
    def changed_at(self) -> datetime | None:
        return max((entry.changed_at for entry in self.entries), default=None)

    def as_bytes(self) -> bytes:
        return calendar(self.name, self.entries).to_ical()


def feed(link: CalendarLink, scope: str, now: datetime) -> Feed:
    """What an address shows, in its member's language: every session, and in one's own also one's days to share."""
    me, entries = link.membership, []
    mine = me if scope == secret_links.MINE else None
    with translation.override(me.member.language):
        for session in sessions_of(me.group, now):
            entries.append(entry_of(session, now, mine, link.alarm))
            if mine and link.deadlines != CalendarLink.NONE:
                entries += _deadlines(session, me, link)
        return Feed(str(me.group), tuple(entries))


def sessions_of(group: Group, now: datetime) -> Iterable[Session]:
    """Published, of the last year and to come; cancelled ones for a while. Two queries."""
    turns = Presentation.objects.select_related("presenter__member", "paper")
    rows = Session.objects.published().filter(term__group=group, starts_at__gt=now - BACK)
    rows = rows.filter(~Q(state=Session.CANCELLED) | Q(changed_at__gt=now - KEPT))
    return rows.select_related("term__group").prefetch_related(Prefetch("presentations", turns))


def entry_of(session: Session, now: datetime, me: Membership | None = None, alarm: int = 0) -> CalendarEntry:
    """A session as of `now`; `me` is told when the turn is theirs. In the language that is active."""
    turns = session.given(now)
    cancelled = session.state == Session.CANCELLED
    return CalendarEntry(
        uid=uid("session", session.pk),
        start=session.local_start,
        end=session.ends_at.astimezone(session.zone),
        summary=_summary(session, turns, me),
        description=_description(session, turns),
        location=session.place,
        url=absolute(session.get_absolute_url()),
        status=CANCELLED if cancelled else CONFIRMED,
        sequence=session.sequence,
        changed_at=_changed_at(session, turns),
        alarm=0 if cancelled else alarm,
    )


def _summary(session: Session, turns: Sequence[Presentation], me: Membership | None) -> str:
    group = str(session.term.group)
    if me and any(turn.presenter_id == me.pk for turn in turns):
        said = _("%(group)s: you present") % {"group": group}
    else:
        said = _("%(group)s, session %(number)s") % {"group": group, "number": session.number}
    return _("Cancelled: %(what)s") % {"what": said} if session.state == Session.CANCELLED else said


def _description(session: Session, turns: Sequence[Presentation]) -> str:
    """Who presents what, with authors and links, then the session's own page."""
    parts = [_turn_in_words(turn, session.term.group) for turn in turns]
    return "\n\n".join([*parts, absolute(session.get_absolute_url())])


def _turn_in_words(turn: Presentation, group: Group) -> str:
    paper = turn.shared_paper
    if paper is None:
        return _("%(name)s: no paper yet") % {"name": turn.presenter}
    authors = ", ".join(map(str, paper.authors or []))
    link = absolute(reverse("papers:paper", args=[group.slug, paper.pk]))
    return "\n".join(filter(None, [f"{turn.presenter}: {paper}", authors, link]))


def _deadlines(session: Session, me: Membership, link) -> list[CalendarEntry]:
    """The day on which one's own paper is to be shared, if one has a turn there."""
    turn = next((turn for turn in session.presentations.all() if turn.presenter_id == me.pk), None)
    if turn is None:
        return []
    day, all_day, cancelled = session.share_day, link.deadlines == CalendarLink.ALL_DAY, session.state == "cancelled"
    start, end = (datetime.combine(day, at, session.zone) for at in LAST_HOUR)
    done = turn.is_shared
    what = {"group": str(session.term.group), "title": turn.short_title if done else ""}
    said = _("%(group)s: shared, %(title)s") % what if done else _("%(group)s: share your paper") % what
    page = absolute(reverse("schedule:share", args=[session.term.group.slug, turn.pk]))
    return [
        CalendarEntry(
            uid=uid("share", session.pk, me.pk),
            start=day if all_day else start,
            end=day + timedelta(days=1) if all_day else end,
            summary=_("Cancelled: %(what)s") % {"what": said} if cancelled else said,
            description=page,
            location="",
            url=page,
            status=CANCELLED if cancelled else CONFIRMED,
            sequence=session.sequence,
            changed_at=_changed_at(session, [turn]),
            alarm=0 if done or cancelled else link.alarm,
        )
    ]


def _changed_at(session: Session, turns: Sequence[Presentation]) -> datetime:
    """Of all that the event shows, papers' cards too. To the second, as calendars count."""
    moments = [session.changed_at, *(turn.shared_at for turn in turns if turn.shared_at)]
    moments += [paper.changed_at for turn in turns if (paper := turn.shared_paper)]
    return max(moments).astimezone(UTC).replace(microsecond=0)


def uid(*parts) -> str:
    """'session-3@study.example.org': the same thing has the same name for ever."""
    return f"{'-'.join(map(str, parts))}@{urlparse(settings.SITE_URL).hostname or 'localhost'}"


# ── in iCalendar's own words ─────────────────────────────────────────────────────────────────────
def calendar(name: str, entries: Iterable[CalendarEntry], method: str = "PUBLISH") -> Calendar:
    """With the rules of every clock that its events go by, so that 10:00 stays 10:00 when clocks change."""
    made, entries = Calendar(), list(entries)
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    made.add("method", method)
    if method == "PUBLISH":
        _ask_to_look_again(made, name)
    for zone, first, last in _clocks(entries):
        made.add_component(_timezone(zone, first, last))
    for entry in entries:
        made.add_component(event(entry))
    return made


def _ask_to_look_again(made, name: str) -> None:
    made.add("name", name)
    made.add("x-wr-calname", name)
    made.add("refresh-interval", EVERY, parameters={"VALUE": "DURATION"})
    made.add("x-published-ttl", "PT1H")


def _clocks(entries) -> list[tuple[str, int, int]]:
    """(zone, first year, last year) of all events that go by a clock."""
    years: dict[str, list[int]] = {}
    for entry in entries:
        if isinstance(entry.start, datetime):
            years.setdefault(str(entry.start.tzinfo), []).append(entry.start.year)
    return [(zone, min(seen), max(seen)) for zone, seen in sorted(years.items())]


@lru_cache(maxsize=64)
def _timezone(zone, first, last) -> Timezone:
    return Timezone.from_tzinfo(ZoneInfo(zone), zone, date(first - 1, 1, 1), date(last + 2, 1, 1))


def event(entry: CalendarEntry) -> Event:
    made = Event()
    for name in ("uid", "summary", "description", "status", "sequence", "url"):
        made.add(name, getattr(entry, name))
    if entry.location:
        made.add("location", entry.location)
    made.add("dtstamp", entry.changed_at)
    made.add("last-modified", entry.changed_at)
    made.add("dtstart", entry.start)
    made.add("dtend", entry.end)
    made.add("transp", "OPAQUE" if isinstance(entry.start, datetime) else "TRANSPARENT")
    if entry.alarm:
        made.add_component(_alarm(entry))
    return made


def _alarm(entry) -> Alarm:
    made = Alarm()
    made.add("action", "DISPLAY")
    made.add("description", entry.summary)
    made.add("trigger", timedelta(minutes=-entry.alarm))
    return made


def google_link(session: Session, now: datetime) -> str:
    """A page of Google's that offers to add this one event."""
    entry = entry_of(session, now)
    span = "/".join(f"{at:%Y%m%dT%H%M%S}" for at in (entry.start, entry.end))
    said = {"action": "TEMPLATE", "text": entry.summary, "dates": span, "ctz": session.zone.key}
    said |= {"location": entry.location, "details": entry.description}
    return f"https://calendar.google.com/calendar/render?{urlencode(said)}"
