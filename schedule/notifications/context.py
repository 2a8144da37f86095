"""The parts of a notification, and what it can say about its session: dates, places, titles, links, as its reader understands them.

Times stand on the clock where the group meets, with its zone; whoever lives by another clock reads theirs as well.
"""

from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import prefetch_related_objects
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from members.mail import absolute
from members.templatetags.formatting import clock, day, moment, own_clock, zone_name
from schedule.models import Notification, Presentation, Session, Swap

WHOLE_TERM = "session__term__sessions__presentations__presenter__member"


# how the papers of the session are shown: with cover and abstract, with cover, by title
ABSTRACTS, COVERS, TITLES = "abstracts", "covers", "titles"


@dataclass(frozen=True)
class Wording:
    subject: str
    heading: str
    body: list[str]
    why: str
    button: str = ""
    link: str = ""
    other: str = ""  # a second way on, below the button
    other_link: str = ""
    papers: str = ""  # how, or not at all
    papers_title: str = ""
    lines: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class NotificationContext:
    """A notification as of `now`, before its reader. The session comes with its term, group and turns."""

    notification: Notification
    now: datetime

    @property
    def session(self) -> Session:
        return self.notification.session

    @property
    def swap(self) -> Swap:
        """What a notification about a swap is about: no such row is written or brought in without it."""
        assert self.notification.swap is not None
        return self.notification.swap

    @property
    def turns(self) -> list[Presentation]:
        """Those that somebody gives: nothing is promised for who is gone."""
        return self.session.given(self.now)

    @property
    def turn(self) -> Presentation | None:
        """The turn the notification speaks of."""
        return next((turn for turn in self.turns if turn.presenter_id == self.notification.about_id), None)

    @property
    def mine(self) -> Presentation | None:
        return next((turn for turn in self.turns if turn.presenter_id == self.notification.recipient_id), None)

    @property
    def coming(self) -> list[Session]:
        """The sessions of the term that are still to come."""
        prefetch_related_objects([self.notification], WHOLE_TERM)  # nothing where the notification came with it
        sessions = self.session.term.sessions.all()
        return [one for one in sessions if one.state == Session.PLANNED and one.starts_at > self.now]

    @property
    def year(self) -> int:
        """The year that need not be said."""
        return self.today.year

    def day(self, when) -> str:
        return day(when, self.year)

    def moment(self, when) -> str:
        """'Tue 15 March, 10:00 (KST)' on the clock that `when` carries."""
        return f"{moment(when, self.year)} ({zone_name(when)})"

    def clock(self, when) -> str:
        """'10:00 (KST)'."""
        return f"{clock(when)} ({zone_name(when)})"

    @property
    def meets(self) -> str:
        return self.day(self.session.local_start)

    @property
    def when(self) -> str:
        return self.when_of(self.session)

    def when_of(self, session: Session) -> str:
        """The start, and the reader's own clock where it shows another time."""
        there, mine = session.local_start, own_clock(session.local_start, self.year)
        if not mine:
            return self.moment(there)
        return _("%(there)s, on your clock %(here)s") % {"there": self.moment(there), "here": mine}

    @property
    def when_and_where(self) -> str:
        return self.when_and_where_of(self.session)

    def when_and_where_of(self, session: Session) -> str:
        return " · ".join(filter(None, [self.when_of(session), session.place]))

    @property
    def at(self) -> str:
        """'10:00', with its zone for a reader whose clock shows another time."""
        there, here = self.session.local_start, localtime(self.session.starts_at)
        return clock(there) if there.utcoffset() == here.utcoffset() else self.clock(there)

    @property
    def share_day(self) -> str:
        return self.day(self.session.share_day)

    @property
    def today(self) -> date:
        """Where the group meets."""
        return self.now.astimezone(self.session.zone).date()

    @property
    def days_to_session(self) -> int:
        return (self.session.local_start.date() - self.today).days

    @property
    def days_for_all(self) -> int | None:
        """Days until the session, where the reader's calendar shows the same days as the group's."""
        here = localtime(self.now).date(), localtime(self.session.starts_at).date()
        return self.days_to_session if here == (self.today, self.session.local_start.date()) else None

    def please_share(self, session: Session) -> str:
        """By when; once that day is over, so; "" once the session has begun."""
        if session.starts_at <= self.now:
            return ""
        said = {"day": self.day(session.share_day)}
        turns = session.presentations.all()
        mine = next((turn for turn in turns if turn.presenter_id == self.notification.recipient_id), None)
        if mine and mine.is_short_notice:
            return _("Please share your paper as soon as you can.")
        if session.share_day < self.today:
            return _("The day to share a paper for it was %(day)s: please share yours as soon as you can.") % said
        return _("Please share your paper by %(day)s.") % said

    @property
    def days_to_share(self) -> int:
        return (self.session.share_day - self.today).days

    @property
    def days_to_share_for_all(self) -> int | None:
        """Days until the day to share, where it is the same day for the reader as for the group."""
        return self.days_to_share if localtime(self.now).date() == self.today else None

    @property
    def session_link(self) -> str:
        return absolute(self.session.get_absolute_url())

    @property
    def share_link(self) -> str:
        """Where to share; for a turn that is somebody else's by now, the session."""
        if self.turn is None:
            return self.session_link
        return absolute(reverse("schedule:share", args=[self.session.term.group.slug, self.turn.pk]))

    @property
    def swap_link(self) -> str:
        """Where the turn is offered to others; "" when it is somebody else's by now."""
        if self.turn is None:
            return ""
        return absolute(reverse("schedule:swap_turn", args=[self.session.term.group.slug, self.turn.pk]))

    def titles(self, *, shared_only: bool = False, length=40) -> str:
        """'GIRAFFE · Big Transfer · the paper of Alice'."""
        return " · ".join(
            Truncator(turn.short_title).chars(length)
            if turn.is_shared
            else _("the paper of %(name)s") % {"name": turn.presenter}
            for turn in self.turns
            if turn.is_shared or not shared_only
        )
