"""Is what a page says true? Each check reads one page and compares it with the facts of the moment."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from tests.lived import facts, names, said
from tests.lived.facts import Facts, Session, Turn
from tests.lived.news import Item
from tests.lived.oracle import Due, Mail, share_day
from tests.lived.page import Page, has, match, text_of

FAR, EARLY = 14, timedelta(hours=1)
MAILS_ON_HOME, MAILS_LISTED = 3, timedelta(days=30)


@dataclass(frozen=True)
class Moment:
    """What is the case when somebody looks: the facts, the clock, the mails that came and those that will."""

    facts: Facts
    now: datetime
    to_come: list[Due]
    waiting: list[Item]
    came: Iterable[Mail]
    records: dict[int, list] = field(default_factory=dict)  # session: (who, title) of each turn as it was closed
    since: dict[tuple[int, int], datetime] = field(
        default_factory=dict
    )  # (session, member): whose turn it is as it stands

    @property
    def next(self) -> Session | None:
        return next(iter(self.facts.ahead(self.now)), None)

    @property
    def term(self) -> int | None:
        """That of the next session; when none is planned, the one that met last."""
        ended = max(self.facts.published(), key=lambda s: (s.ends_at, s.pk), default=None)
        found = self.next or ended
        return found and found.term

    def days(self, session: Session) -> int | str:
        """Until the session, on the calendar of the place where it meets."""
        if session.starts_at <= self.now:
            return said.NOW
        return (session.day - self.now.astimezone(session.zone).date()).days

    def stands(self, session: Session, turn: Turn) -> str:
        """How the turn stands, as its chip should say."""
        if session.cancelled:
            return "cancelled"
        if session.over(self.now):
            return "presented" if turn.shared else "none"
        if self.is_open(session, turn):
            return "left"
        due = self.due_day(session, turn)
        if turn.shared:
            shared = turn.shared_at.astimezone(session.zone).date()
            early = max((share_day(session) - shared).days, min(0, (due - shared).days))
            return f"early {early}" if early >= 0 else f"late {-early}"
        left = (due - self.now.astimezone(session.zone).date()).days
        if due > share_day(session) and left >= 0:
            return "soon"
        return "due far" if left > FAR else f"due {left}" if left >= 0 else f"missing {-left}"

    def due_day(self, session: Session, turn: Turn) -> date:
        """Nobody is late before the turn was theirs as it stands."""
        began = self.since.get((session.pk, turn.member))
        at_first = min(began.astimezone(session.zone).date(), session.day) if began else share_day(session)
        return max(share_day(session), at_first)

    def is_open(self, session: Session, turn: Turn) -> bool:
        """Who presents is settled once the session begins: until then a turn of somebody who left is open."""
        return session.starts_at > self.now and not self.facts.members[turn.member].is_current

    def turns(self, session: Session) -> list[tuple[str, str, str]]:
        """(who, title, how it stands) of each; of a closed session who and what as they were then."""
        rows = []
        for turn in session.turns:
            how = self.stands(session, turn)
            title = turn.title if turn.has_paper and how != "left" else ""
            rows.append((self.facts.members[turn.member].name, title, how))
        kept = self.records.get(session.pk) if session.closed else None
        return [(*pair, "presented" if pair[1] else "none") for pair in kept] if kept else rows

    def gives(self, session: Session, member: int) -> bool:
        """Whether that is a turn of theirs: one that is still to come is not, once they have left."""
        turn = session.turn_of(member)
        return bool(turn) and (session.over(self.now) or not self.is_open(session, turn))


def same(what: str, there: object, right: object) -> Iterator[str]:
    if there != right:
        yield f"{what}: the page says {there}, right is {right}"


def instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


# ── home ─────────────────────────────────────────────────────────────────────────────────────────
def home(page: Page, me: int, at: Moment) -> Iterator[str]:
    if not at.facts.published():
        return
    card = page.first(f"//section[{has('next')}]")
    start = instant(next(iter(said.instants(page, ".//h1//time", card)), None)) if card is not None else None
    yield from same("next session", start, at.next and at.next.starts_at)
    if at.next and start == at.next.starts_at:
        yield from same("days until it", said.days(page.words(f".//*[{has('when')}]/span", card)), at.days(at.next))
        yield from same("its turns", said.turns(page, card), at.turns(at.next))
    yield from _my_turn(page, me, at)
    shown = page.first(f"//section[{has('term')}]//a[{has('link')}]/@href")
    term = match(shown).kwargs["pk"] if shown else None
    yield from same("term shown", term, at.term)
    if term:
        yield from stops(page, at)
        yield from _balance(page, term, me, at)
    yield from _mails(page, me, at)
    if at.facts.members[me].organizer:
        gone = [t for s in at.facts.ahead(at.now) for t in s.turns if at.is_open(s, t)]
        yield from same("open turns", _open_turns(page), len(gone))


def _open_turns(page) -> int:
    notice = page.first(f"//*[{has('notice')}][.//a[contains(@href, 'replan')]]//b")
    return said.numbers(text_of(notice))[0] if notice is not None else 0


def _my_turn(page, me, at):
    mine = [(s, t) for s in at.facts.ahead(at.now) for t in s.turns if t.member == me]
    session, turn = next(((s, t) for s, t in mine if not t.shared), None) or next(iter(mine), (None, None))
    card = page.first(f"//section[{has('mine')}]")
    links = [match(href) for href in page.find(".//a/@href", card)] if card is not None else []
    there = next((link.kwargs["pk"] for link in links if link and link.view_name == names.SHARE), None)
    yield from same("my turn", there, turn and turn.pk)
    if turn is None or there != turn.pk:
        return
    how = at.stands(session, turn)
    if turn.has_paper:
        yield from same("how my turn stands", said.chip(page.words(f".//*[{has('chip')}]", card)), how)
    else:
        right = "late" if how.startswith("missing") else {"due 0": "today", "due 1": "tomorrow"}.get(how, "by")
        yield from same("what I am asked", said.todo(page.words(f".//*[{has('todo')}]", card)), right)


def stops(page: Page, at: Moment) -> Iterator[str]:
    """The line of a term: what was presented, what is cancelled, what comes and what comes next."""
    for stop in page.find(f"//li[{has('stop')}][.//a]"):
        session = at.facts.sessions[match(stop.find(".//a").get("href")).kwargs["pk"]]
        is_next = f" {stop.get('class')} ".find(" now ") >= 0
        counts = said.numbers(text_of(stop.find("span")))
        if session.cancelled:
            yield from same(f"stop {session.number}", counts, [])
        elif session.over(at.now):
            presented = sum(how == "presented" for _who, _title, how in at.turns(session))
            yield from same(f"papers presented in {session.number}", counts, [presented] if presented else [])
        else:
            given = [turn for turn in session.turns if not at.is_open(session, turn)]
            yield from same(f"who presents in {session.number}", counts, [len(given)])
            yield from same(f"{session.number} is next", is_next, bool(at.next and session.pk == at.next.pk))


def _balance(page, term, me, at):
    live = [s for s in at.facts.of_term(term) if not s.cancelled]
    for row in page.find(f"//*[{has('tally')}]/div"):
        member = next(m for m in at.facts.members.values() if m.name == said.who(page, row))
        had = [s for s in live if at.gives(s, member.pk)]
        done = sum(s.over(at.now) for s in had)
        away = sum(at.facts.is_away(member.pk, s.day) for s in live)
        counts = said.numbers(page.words(f".//*[{has('n')}]/*[{has('vh')}]", row))
        yield from same(f"turns of {member.name}", counts, [done, len(had) - done, away])


def _to_come(me, at) -> Iterator[tuple]:
    """When and to how many: to organizers all, to members their own; about one turn only what comes next."""
    organizer, turns = at.facts.members[me].organizer, {}
    for due in at.to_come:
        if due.when > at.now + MAILS_LISTED or not (organizer or me in due.to):
            continue
        if due.about is None or turns.setdefault((due.session.pk, due.about), due.when) == due.when:
            yield due.when, len(due.to) if organizer else 1


def _mails(page, me, at):
    right = list(_to_come(me, at))
    shown = []
    for line in page.find(f"//section[{has('mails')}]//ol[{has('notifications')}]/li"):
        people = said.numbers(page.words("./span", line).partition(" · ")[0])
        shown.append((instant(line.find("time").get("datetime")), people))
    yield from same("mails to come", [when for when, _ in shown], [when for when, _ in right[:MAILS_ON_HOME]])
    counts = [(when, n) for when, n in right]
    wrong = [(when, people) for when, people in shown if people and (when, people[0]) not in counts]
    yield from same("mails to come, to how many", wrong, [])


# ── the schedule ─────────────────────────────────────────────────────────────────────────────────
def schedule(page: Page, me: int, at: Moment) -> Iterator[str]:
    if not at.facts.published():
        return
    term = at.facts.terms[at.term]
    yield from same("term shown", page.words("//h1"), term.name)
    if page.words("//h1") == term.name:
        yield from of_a_term(page, term.pk, me, at)


def of_a_term(page: Page, term: int, me: int, at: Moment) -> Iterator[str]:
    sessions = at.facts.of_term(term)
    live = [session for session in sessions if not session.cancelled]
    yield from stops(page, at)
    listed = [instant(text) for text in said.instants(page, f"//ol[{has('sessions')}]//h3//time")]
    yield from same("sessions", listed, [session.starts_at for session in sessions])
    for row in page.find("//section[@aria-labelledby='h-grid']//tbody/tr"):
        member = next(m for m in at.facts.members.values() if m.name == said.who(page, row))
        total = said.numbers(page.words(f".//td[{has('sum')}]/*[{has('num')}]", row))
        yield from same(f"turns of {member.name}", total, [sum(at.gives(s, member.pk) for s in live)])
    if at.facts.members[me].organizer:
        open_ = [
            turn
            for session in live
            if session.starts_at > at.now
            for turn in session.turns
            if at.facts.members[turn.member].state != facts.ACTIVE or at.facts.is_away(turn.member, session.day)
        ]
        yield from same("open turns", _open_turns(page), len(open_))


# ── one session ──────────────────────────────────────────────────────────────────────────────────
def session(page: Page, me: int, at: Moment, shown: Session) -> Iterator[str]:
    status = page.words(f"//*[{has('sess-head')}]//*[{has('eyebrow')}]").split(" · ")[1]
    yield from same("start", instant(said.instants(page, "//h1/time")[0]), shown.starts_at)
    if shown.cancelled or shown.over(at.now):
        yield from same("when", said.days(status), None)
        yield from same("cancelled", status in {"cancelled", "취소"}, shown.cancelled)
    else:
        yield from same("days until it", said.days(status), at.days(shown))
    yield from same("turns", said.turns(page), at.turns(shown))
    has_begun = shown.starts_at <= at.now and not shown.cancelled and shown.published
    if at.facts.members[me].organizer:
        yield from same("can be closed", page.offers(names.CLOSE), has_begun and not shown.closed)
    yield from _roll(page, at, shown)
    yield from _mails_of(page, me, at, shown)


def _roll(page, at, shown):
    is_on = not shown.cancelled and shown.starts_at - EARLY <= at.now
    line = page.first("//h2[@id='roll']/following-sibling::*")
    yield from same("has a record", line is not None, is_on)
    if line is not None:
        people = {m.pk for m in at.facts.members.values() if m.state == facts.ACTIVE} | shown.marked
        yield from same("marked", sorted(said.numbers(text_of(line))), sorted([len(shown.marked), len(people)]))


def _mails_of(page, me, at, shown):
    organizer = at.facts.members[me].organizer
    right = {due.when for due in at.to_come if due.session.pk == shown.pk and (organizer or me in due.to)}
    right |= {i.when for i in at.waiting if i.mail.session == shown.pk and (organizer or i.mail.to == me)}
    lines = said.instants(page, "//section[@aria-labelledby='h-notifications']//ol/li/time")
    there = {instant(line) for line in lines if instant(line) > at.now}
    yield from same("its mails to come", sorted(there), sorted(right))


# ── mails, and my turns ──────────────────────────────────────────────────────────────────────────
def mails(page: Page, me: int, at: Moment) -> Iterator[str]:
    """How many came and how many will: an organizer sees everybody's, a member their own."""
    organizer = at.facts.members[me].organizer
    shelves = [said.numbers(text_of(one))[-1] for one in page.find(f"//nav//*[{has('num')}]")]
    right = sum(organizer or mail.to == me for mail in at.came)
    planned = sum(organizer or item.mail.to == me for item in at.waiting)
    planned += sum(readers for _when, readers in _to_come(me, at))
    yield from same("mails planned", shelves[1], planned)
    yield from same("mails sent", shelves[2], right)
    yield from same("mails not sent", shelves[3], 0)


def my_turns(page: Page, me: int, at: Moment) -> Iterator[str]:
    mine = [(s, s.turn_of(me)) for s in at.facts.published() if s.turn_of(me)]
    ahead = [(s, t) for s, t in mine if s.ends_at > at.now and s.state != facts.HELD]
    past = [(s, t) for s, t in reversed(mine) if (s, t) not in ahead]
    for what, those in (("ahead", ahead), ("past", past)):
        section = page.first(f"//section[@aria-labelledby='h-{what}']")
        there = said.turns(page, section) if section is not None else []
        right = [row for s, t in those for row in at.turns(s) if row[0] == at.facts.members[t.member].name]
        yield from same(f"my turns {what}", there, right)
    days = [instant(text) for text in said.instants(page, f"//section//p[{has('turn-day')}]//time")]
    yield from same("when my turns are", days, [s.starts_at for s, _turn in ahead])
