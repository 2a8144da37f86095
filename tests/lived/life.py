"""A group is lived through: the clock goes forward, the tick runs, everybody looks, and what is wrong is noted.

The clock stops just before and at every due time: of each mail, of each session's hour, beginning and end; with --full a
minute after it, too.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.utils.timezone import now

from tests.lived import acts, names, truths
from tests.lived.facts import ACTIVE, Facts, Session
from tests.lived.news import News, since_when
from tests.lived.oracle import Mail, Reminders
from tests.lived.page import Page
from tests.lived.people import Person

BEFORE, AFTER, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
SEES = [names.SESSION, names.HOME, names.SCHEDULE, names.MAILS, names.TURNS]
IN_TURN = 15  # stops, in which everybody sees every page once; it shares no divisor with two, the stops around a due time: each page is seen just before and at one
LANGUAGES = ("en", "ko")


class Life:
    """One group's story. `traveller` moves the clock, `sink` is the mail server.

    `thorough`: everybody looks at every page at each stop; `hourly`: so it is, with a stop every hour, in both languages.
    """

    def __init__(self, traveller, sink, *, thorough: bool = False, hourly: bool = False):
        self.traveller, self.sink, self.hourly = traveller, sink, hourly
        self.thorough = thorough or hourly
        self.people: dict[str, Person] = {}
        self.outsider, self.stranger = Person("Mallory", "mallory@example.org"), Person("nobody")
        self.slug = ""
        self.reminders, self.news = Reminders(), News()
        self.records: dict[int, list] = {}
        self.theirs: dict[tuple[int, int], datetime] = {}  # (session, member): since when a turn has been as it stands
        self.wrong: Counter[str] = Counter()
        self.first: dict[str, datetime] = {}
        self.turn = 0
        self.afterwards: set[datetime] = set()
        self.read, self.arrived = 0, Counter[Mail]()
        self.language = LANGUAGES[0]
        names.open_account("Mallory", self.outsider.email)

    # ── what is the case ─────────────────────────────────────────────────────────────────────────
    @property
    def facts(self) -> Facts:
        return names.read(self.slug)

    def now(self) -> datetime:
        return now()

    def pk(self, name: str) -> int:
        return next(pk for pk, member in self.facts.members.items() if member.name == name)

    def session(self, number: int, term: str = "") -> Session:
        """By its number in the newest term, or in the one of this name."""
        here = self.facts
        terms = [t.pk for t in here.terms.values() if not term or t.name == term]
        return next(s for s in here.of_term(max(terms)) if s.number == number)

    def organizer(self) -> str:
        return next(member.name for member in self.facts.current() if member.organizer)

    def presenters(self, number: int, term: str = "") -> list[str]:
        here = self.facts
        return [here.members[turn.member].name for turn in self.session(number, term).turns]

    def plain_presenter(self, number: int, unlike: int = 0) -> str:
        """A presenter of that session who is no organizer; `unlike`: and does not present in this other one."""
        others = self.presenters(unlike) if unlike else []
        plain = [member.name for member in self.facts.current() if not member.organizer]
        return next(name for name in self.presenters(number) if name in plain and name not in others)

    def free_on(self, number: int) -> str:
        """Somebody who takes turns, is no organizer, and does not present that day."""
        taken = self.presenters(number)
        here = [member for member in self.facts.current() if member.state == ACTIVE and not member.organizer]
        return next(member.name for member in here if member.name not in taken)

    def without_turn(self, *numbers: int) -> str:
        taken = [name for number in numbers for name in self.presenters(number)]
        return next(m.name for m in self.facts.current() if m.name not in taken and not m.organizer)

    def asked(self) -> str:
        """Whom the newest question about a swap is put to."""
        here = self.facts
        return here.members[here.swaps[max(here.swaps)].taker].name

    def term(self, name: str = "") -> int:
        return max(pk for pk, term in self.facts.terms.items() if not name or term.name == name)

    def arrives(self, name: str, *, has_an_account: bool = False) -> Person:
        """Somebody new in the story, with an account or still to open one."""
        email = f"{name.lower()}@example.org" if has_an_account else ""
        if email:
            names.open_account(name, email)
        self.people[name] = Person(name, email)
        return self.people[name]

    # ── what people do ───────────────────────────────────────────────────────────────────────────
    def let(self, name: str, do: Callable, /, *args, **kwargs):
        """Somebody does something now. Everybody looks when the clock goes on: before its mail goes out, then, and after."""
        with self.by(name) as who:
            return do(self, who, *args, **kwargs)

    @contextmanager
    def by(self, name: str) -> Iterator[Person]:
        """The same for several things at once."""
        was = self.facts
        yield self.people[name]
        self._changed(was, name)

    def _changed(self, was, name):
        now_is = self.facts
        by = next((pk for pk, member in now_is.members.items() if member.name == name), None)
        self.reminders.since.update(since_when(was, now_is, now()))
        self.theirs.update(since_when(was, now_is, now(), restored=False))
        gone = [pk for pk, member in now_is.members.items() if not member.is_current]
        self.reminders.left = {pk: self.reminders.left.get(pk, now()) for pk in gone}
        self.news.changed(was, now_is, by, now(), self.reminders.came)
        for pk, session in now_is.sessions.items():
            if session.closed and not was.sessions[pk].closed:
                moment = self._moment(now_is)
                self.records[pk] = [row[:2] for row in moment.turns(session)]

    def things(self, session: Session) -> dict:
        """What the addresses about this session are about, by the part of the address."""
        roles, mails = self.roles(self.facts, session), self.sink.messages
        found = names.things(self.slug, session.pk, self.pk(roles["presenter"].name))
        return found | acts.keys_in(mails) | acts.keys_of_a_calendar(self, roles["presenter"])

    # ── the clock ────────────────────────────────────────────────────────────────────────────────
    def until(self, moment: datetime) -> None:
        """Forward to that moment, with a stop around everything that comes due on the way."""
        here = self.facts
        while stop := self._next_stop(here, moment):
            is_due = stop == self._next_due(here)
            here = self._step(stop)
            self.afterwards |= {stop + AFTER} if is_due and self.thorough else set()

    def after(self, **time) -> None:
        self.until(now() + timedelta(**time))

    def _next_stop(self, here: Facts, moment: datetime) -> datetime | None:
        at, due = now(), self._next_due(here)
        stops = {moment, *self.afterwards}
        stops |= {due - BEFORE, due} if due else set()
        stops |= {at.replace(minute=0, second=0, microsecond=0) + HOUR} if self.hourly else set()
        self.afterwards = {stop for stop in self.afterwards if stop > at}
        return min((stop for stop in stops if at < stop <= moment), default=None)

    def _next_due(self, here: Facts) -> datetime | None:
        at = now()
        due = {item.when for item in self.news.waiting} | {one.when for one in self.reminders.to_come(here, at)}
        for session in here.sessions.values():
            if not session.cancelled:
                due |= {session.starts_at - HOUR, session.starts_at, session.ends_at}
        return min((when for when in due if when > at), default=None)

    def _step(self, at: datetime) -> Facts:
        """The clock stands there: the tick runs, the mail is compared, everybody looks; what is the case then."""
        if at.date() != now().date():
            names.tidy_up()
        self.traveller.move_to(at)
        names.tick()
        here = self.facts
        self.reminders.go_out(here, at)
        self.news.go_out(here, at, self.reminders.came)
        self._compare_mail(here)
        self.look(here)
        return here

    # ── mail ─────────────────────────────────────────────────────────────────────────────────────
    def _compare_mail(self, here: Facts) -> None:
        """What the mail server took since the last stop is what should have gone out, and went to the right address."""
        new, self.read = self.sink.messages[self.read :], len(self.sink.messages)
        known = names.mails_of([message["Message-ID"] for message in new])
        for message in new:
            if row := known.get(message["Message-ID"]):
                self.arrived[Mail(*row)] += 1
                self.same("address of a mail", message.envelope_to, [here.members[row[1]].email])
                day = row[3].astimezone(here.sessions[row[2]].zone)
                self.same(f"{row[0]} of {day:%d %b} names its day", acts.names_the_day(message, day), True)
        for mail in (self.arrived - self.reminders.came).elements():
            self.note(f"mail that should not have come: {self._spelled(mail, here)}")
        for mail in (self.reminders.came - self.arrived).elements():
            self.note(f"mail that did not come: {self._spelled(mail, here)}")
        self.reminders.came = Counter(self.arrived)

    def _spelled(self, mail, here):
        about = f" about {here.members[mail.about].name}" if mail.about else ""
        return f"{mail.kind} {mail.dedupe_key} to {here.members[mail.to].name}{about}, session of {mail.starts_at:%d %b %H:%M}"

    # ── looking ──────────────────────────────────────────────────────────────────────────────────
    def look(self, here: Facts) -> None:
        """Each role fetches the five pages; what they say is compared with what is so.

        With --full or --hourly all of them at every stop. Else two or three look at one each, others at each stop, so that in
        fifteen stops everybody sees all five.
        """
        self.turn += 1
        for language in LANGUAGES if self.hourly else [self._other_language()]:
            names.speak(language)
            moment, shown = self._moment(here), self.near(here)
            for nth, (role, who) in enumerate(self.roles(here, shown).items()):
                for page, name in enumerate(SEES if shown else SEES[1:]):
                    if self.thorough or (nth + page + self.turn) % IN_TURN == 0:
                        self._look_at(name, role, who, moment, shown)

    def _other_language(self):
        self.language = LANGUAGES[1 - LANGUAGES.index(self.language)]
        return self.language

    def _moment(self, here) -> truths.Moment:
        coming, came = self.reminders.to_come(here, now()), list(self.reminders.came.elements())
        return truths.Moment(here, now(), coming, self.news.to_come(here), came, self.records, self.theirs)

    def near(self, here: Facts) -> Session | None:
        """The published session nearest in time, past or to come."""
        return min(here.published(), key=lambda s: (abs(s.starts_at - now()), s.pk), default=None)

    def roles(self, here: Facts, shown: Session | None) -> dict[str, Person]:
        """Somebody of every role that there is now."""
        presenters = {turn.member for turn in shown.turns} if shown else set()
        found: dict[str, Person] = {}
        for pk, member in here.members.items():
            who = self.people[member.name]
            if not member.is_current:
                found.setdefault("former", who)
            elif member.organizer:
                found.setdefault("organizer", who)
            elif member.state == "paused":
                found.setdefault("paused", who)
            else:
                found.setdefault("presenter" if pk in presenters else "member", who)
        return found | {"outsider": self.outsider, "anonymous": self.stranger}

    def _look_at(self, name, role, who: Person, moment: truths.Moment, shown) -> None:
        args = [self.slug, shown.pk] if name == names.SESSION else [self.slug]
        page = who.get(name, *args)
        right = {"anonymous": 302, "outsider": 404, "former": 404}.get(role, 200)
        self.same(f"{name} for {role}", page.status, right)
        if right == 200 and page.status == 200:
            me = next(pk for pk, member in moment.facts.members.items() if member.name == who.name)
            for words in _check(name, page, me, moment, shown):
                self.note(f"{name}: {words}", role)

    def same(self, what, there, right) -> None:
        for words in truths.same(what, there, right):
            self.note(words)

    def note(self, words: str, role: str = "") -> None:
        self.wrong[words] += 1
        self.first.setdefault(words, f"{now():%d %b %Y %H:%M:%S} UTC {role}")

    def report(self) -> list[str]:
        """Everything that was wrong, in order, with when it was first seen and how often."""
        return [f"{self.first[words]} ({count}×) {words}" for words, count in self.wrong.items()]


def _check(name, page: Page, me: int, moment: truths.Moment, shown) -> Iterator[str]:
    checks = {
        names.HOME: truths.home,
        names.SCHEDULE: truths.schedule,
        names.MAILS: truths.mails,
        names.TURNS: truths.my_turns,
    }
    return truths.session(page, me, moment, shown) if name == names.SESSION else checks[name](page, me, moment)
