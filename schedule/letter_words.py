"""What each kind of letter says: one short function per kind, in the language that is active.

A letter says what is the case now, what to do about it (one button, which only opens a page), and why one gets it.
Times stand on the clock where the group meets, with its zone; whoever lives by another clock reads theirs as well.
"""

from dataclasses import dataclass, field
from datetime import datetime

from django.urls import reverse
from django.utils.text import Truncator
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from members.mail import absolute
from members.templatetags.words import clock, day, moment, zone_name
from schedule.models import Letter, Presentation, Session
from schedule.timeline import is_shared
from schedule.turns import days_in_words

COVERS, TITLES = "covers", "titles"  # how the papers of the session are shown


@dataclass(frozen=True)
class Words:
    subject: str
    heading: str
    body: list[str]
    why: str
    button: str = ""
    link: str = ""
    papers: str = ""  # how, or not at all
    papers_title: str = ""
    lines: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Reading:
    """A letter before its reader: what the functions below need to know."""

    letter: Letter
    now: datetime

    @property
    def session(self) -> Session:
        return self.letter.session

    @property
    def turns(self) -> list[Presentation]:
        return list(self.session.presentations.all())

    @property
    def turn(self) -> Presentation | None:
        """The turn the letter speaks of."""
        return next((turn for turn in self.turns if turn.presenter_id == self.letter.about_id), None)

    @property
    def mine(self) -> Presentation | None:
        return next((turn for turn in self.turns if turn.presenter_id == self.letter.recipient_id), None)

    def day(self, moment_or_day) -> str:
        return day(moment_or_day, self.now.astimezone(self.session.zone).year)

    @property
    def date(self) -> str:
        return self.day(self.session.local_start)

    @property
    def when(self) -> str:
        """'Tue 15 March, 10:00 (KST)', and the reader's own clock where it shows another time."""
        there, here = self.session.local_start, localtime(self.session.starts_at)
        said = self.at(there)
        if there.utcoffset() == here.utcoffset():
            return said
        return _("%(there)s, on your clock %(here)s") % {"there": said, "here": f"{moment(here)} ({zone_name(here)})"}

    def at(self, start) -> str:
        return f"{self.day(start)} {clock(start)} ({zone_name(start)})"

    @property
    def when_and_where(self) -> str:
        return " · ".join(filter(None, [self.when, self.session.place]))

    @property
    def share_day(self) -> str:
        return self.day(self.session.share_day)

    @property
    def days_to_session(self) -> int:
        return (self.session.local_start.date() - self.now.astimezone(self.session.zone).date()).days

    @property
    def session_link(self) -> str:
        return absolute(self.session.get_absolute_url())

    @property
    def share_link(self) -> str:
        return absolute(reverse("schedule:share", args=[self.session.term.group.slug, self.turn.pk]))

    def titles(self, length=40) -> str:
        """'GIRAFFE · Big Transfer · the paper of 이하윤'."""
        return " · ".join(
            Truncator(short_title(turn)).chars(length)
            if is_shared(turn)
            else _("the paper of %(name)s") % {"name": turn.presenter}
            for turn in self.turns
        )


def short_title(turn) -> str:
    """A paper's name as people say it: what stands before the colon."""
    return str(turn.paper).partition(":")[0]


# ── to the presenter, and who may help ───────────────────────────────────────────────────────────
def share_soon(r: Reading) -> Words:
    subject = _("%(date)s, %(name)s: please share your paper tomorrow") % {"date": r.date, "name": r.turn.presenter}
    return _ask(r, subject, _("%(name)s, tomorrow is the day to share your paper"), _("Please share it by tomorrow, %(day)s."))


def share_today(r: Reading) -> Words:
    subject = _("%(date)s, %(name)s: please share your paper today") % {"date": r.date, "name": r.turn.presenter}
    return _ask(r, subject, _("%(name)s, today is the day to share your paper"), _("Please share it today, %(day)s."))


def overdue(r: Reading) -> Words:
    subject = _("%(date)s, %(name)s: your paper is still missing") % {"date": r.date, "name": r.turn.presenter}
    days = r.days_to_session
    left = _("Shared today, the others still have %(days)s to read it.") % {"days": days_in_words(days)} if days else ""
    ask = _("The day to share it was %(day)s.")
    return _ask(r, subject, _("%(name)s, your paper is not there yet"), f"{ask} {left}".strip())


def _ask(r, subject, heading, ask):
    values = {"name": r.turn.presenter, "day": r.share_day}
    return Words(
        subject=subject,
        heading=heading % values,
        body=[
            _("You present on %(when)s.") % {"when": r.when_and_where},
            ask % values + " " + _("A PDF file is enough, or a paper from the library."),
        ],
        button=_("Share a paper"),
        link=r.share_link,
        papers=TITLES,
        papers_title=_("Presented on the same day"),
        why=_("You get this because you present on %(date)s. Had you shared a paper already, it would not have come.")
        % {"date": r.date}
        + " "
        + _("If you cannot make it this time, tell an organizer: turns can be changed."),
    )


def stuck(r: Reading) -> Words:
    values = {"date": r.date, "name": r.turn.presenter, "day": r.share_day}
    return Words(
        subject=_("%(date)s, %(name)s: a presenter may need help") % values,
        heading=_("The paper of %(name)s is not there yet") % values,
        body=[
            _("The session is on %(when)s. The day to share was %(day)s.") % {"when": r.when_and_where, "day": r.share_day},
            _("Our reminders did not help. Ask how it goes; you can share a paper for the turn, or give it to somebody else."),
        ],
        button=_("Open the session"),
        link=r.session_link,
        papers=TITLES,
        papers_title=_("Presented on the same day"),
        why=_("You get this because you organize the group."),
    )


# ── to everybody ─────────────────────────────────────────────────────────────────────────────────
def papers_shared(r: Reading) -> Words:
    count = sum(is_shared(turn) for turn in r.turns)
    values = {"date": r.date, "n": count}
    heading = ngettext("%(n)s paper to read for %(date)s", "%(n)s papers to read for %(date)s", count) % values
    return Words(
        subject=f"{heading}: {r.titles()}",
        heading=heading,
        body=[_("We meet on %(when)s.") % {"when": r.when_and_where}],
        button=_("Open the session"),
        link=r.session_link,
        papers=COVERS,
        why=_("You get this because you read along in this group."),
    )


def session_tomorrow(r: Reading) -> Words:
    names = {0: _("Today"), 1: _("Tomorrow")}
    close = names.get(r.days_to_session, r.date)
    values = {"day": close, "date": r.date, "clock": clock(r.session.local_start)}
    return Words(
        subject=_("%(day)s %(clock)s, %(date)s") % values + f": {r.titles()}",
        heading=_("We meet: %(day)s, %(clock)s") % values,
        body=[f"{r.when_and_where}."],
        button=_("Open the session"),
        link=r.session_link,
        papers=COVERS,
        papers_title=_("What is presented"),
        why=_("You get this because you are in this group."),
    )


# ── what changed ─────────────────────────────────────────────────────────────────────────────────
def moved(r: Reading) -> Words:
    old = datetime.fromisoformat(r.letter.was).astimezone(r.session.zone)
    values = {"old": r.at(old), "new": r.when_and_where, "date": r.day(old), "new_date": r.date}
    return _news(
        r,
        _("The session of %(date)s is now on %(new_date)s") % values + f", {clock(r.session.local_start)}",
        _("The session moved to %(new_date)s") % values,
        [_("We meet on %(new)s.") % values, _("It was planned for %(old)s.") % values, _my_turn(r)],
    )


def place(r: Reading) -> Words:
    values = {"date": r.date, "old": r.letter.was, "new": r.session.place or _("a place still to be found")}
    body = [_("We meet on %(when)s.") % {"when": r.when_and_where}]
    if r.letter.was:
        body.append(_("The place was: %(old)s") % values)
    return _news(r, _("%(date)s, new place: %(new)s") % values, _("New place: %(new)s") % values, body)


def cancelled(r: Reading) -> Words:
    values = {"date": r.date, "when": r.when}
    body = [_("We do not meet on %(when)s.") % values]
    if r.mine:
        body.append(_("Your turn stays noted with this session. The organizers will tell you what becomes of it."))
    return _news(r, _("The session of %(date)s is cancelled") % values, _("The session of %(date)s is cancelled") % values, body)


def restored(r: Reading) -> Words:
    values = {"date": r.date, "when": r.when_and_where}
    title = _("The session of %(date)s takes place after all") % values
    return _news(r, title, title, [_("We meet on %(when)s.") % values, _my_turn(r)])


def _my_turn(r):
    if r.mine is None:
        return ""
    if is_shared(r.mine):
        return _("You present “%(title)s” there.") % {"title": r.mine.paper}
    return _("You present there. Please share your paper by %(day)s.") % {"day": r.share_day}


def _news(r, subject, heading, body):
    return Words(
        subject=subject,
        heading=heading,
        body=[line for line in body if line],
        button=_("Open the session"),
        link=r.session_link,
        papers=TITLES,
        papers_title=_("Presented there"),
        why=_("You get this because you are in this group."),
    )


def assigned(r: Reading) -> Words:
    values = {"date": r.date, "name": r.letter.recipient, "day": r.share_day}
    return Words(
        subject=_("%(date)s, %(name)s: you present") % values,
        heading=_("%(name)s, you present on %(date)s") % values,
        body=[
            _("We meet on %(when)s.") % {"when": r.when_and_where},
            _("Please choose a paper and share it by %(day)s, so that the others have time to read.") % values,
        ],
        button=_("Share a paper"),
        link=r.share_link,
        papers=TITLES,
        papers_title=_("Presented on the same day"),
        why=_("You get this because the turns of this session changed. If the day does not suit you, tell an organizer."),
    )


def relieved(r: Reading) -> Words:
    values = {"date": r.date, "name": r.letter.recipient, "when": r.when_and_where}
    return Words(
        subject=_("%(date)s, %(name)s: you no longer present") % values,
        heading=_("%(name)s, you no longer present on %(date)s") % values,
        body=[_("The session itself takes place: %(when)s. You are welcome as ever.") % values],
        button=_("Open the session"),
        link=r.session_link,
        papers=TITLES,
        papers_title=_("Presented there"),
        why=_("You get this because the turns of this session changed."),
    )


def published(r: Reading) -> Words:
    term = r.session.term
    sessions = term.sessions.filter(state=Session.PLANNED, starts_at__gt=r.now).order_by("starts_at")
    lines, mine = [], []
    for session in sessions.prefetch_related("presentations__presenter__member"):
        session.term = term
        presenters = [turn.presenter for turn in session.presentations.all()]
        said = f"{r.day(session.local_start)} {clock(session.local_start)}"
        mine += [r.day(session.local_start)] if r.letter.recipient in presenters else []
        lines.append(": ".join(filter(None, [said, ", ".join(map(str, presenters))])))
    turns = _("You present on: %(days)s") % {"days": ", ".join(mine)} if mine else _("You have no turn this term.")
    return Words(
        subject=_("%(term)s: dates and turns") % {"term": term},
        heading=_("%(term)s: when we meet, and who presents") % {"term": term},
        body=[turns, _("All times are those of %(zone)s.") % {"zone": zone_name(r.session.local_start)}],
        lines=lines,
        button=_("See the schedule"),
        link=absolute(term.get_absolute_url()),
        why=_("You get this because you are in this group."),
    )


WORDS = {
    Letter.SHARE_SOON: share_soon,
    Letter.SHARE_TODAY: share_today,
    Letter.OVERDUE: overdue,
    Letter.STUCK: stuck,
    Letter.PAPERS: papers_shared,
    Letter.TOMORROW: session_tomorrow,
    Letter.MOVED: moved,
    Letter.PLACE: place,
    Letter.CANCELLED: cancelled,
    Letter.RESTORED: restored,
    Letter.ASSIGNED: assigned,
    Letter.RELIEVED: relieved,
    Letter.PUBLISHED: published,
}
