"""Which mails a change brings: found by comparing the facts before and after what somebody did."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from tests.lived import facts, names
from tests.lived.facts import Facts, Session, Swap
from tests.lived.oracle import MINUTES_COUNT, UNDO, Mail, wants

MOVES, PLACES, TAKES_PLACE, SEATS, TERMS = "moves", "places", "takes place", "seats", "terms"


@dataclass(frozen=True)
class Item:
    """A mail that waits until its change cannot be undone in passing; it goes out if `holds` then."""

    when: datetime
    until: datetime
    mail: Mail
    holds: Callable[[Facts], bool]
    subject: str = ""  # changes of one subject that nobody has heard of yet are told as one
    was: object = None


class News:
    def __init__(self):
        self.waiting: list[Item] = []
        self.closed_with: dict[int, list[str]] = {}  # session: its minutes, each time they were others

    def go_out(self, now_is: Facts, now: datetime, came: Counter) -> None:
        due = [item for item in self.waiting if item.when <= now]
        self.waiting = [item for item in self.waiting if item.when > now]
        for item in due:
            if now < item.until and wants(now_is, item.mail.to, item.mail.kind) and item.holds(now_is):
                came[item.mail] += 1

    def to_come(self, now_is: Facts) -> list[Item]:
        """Return what waits and is still true: a question that was taken back in passing goes to nobody."""
        return [item for item in self.waiting if item.holds(now_is)]

    def changed(self, was: Facts, now_is: Facts, by: int | None, now: datetime, came: Counter) -> None:
        known = {pk for pk, term in was.terms.items() if term.published_at}
        for term in now_is.terms.values():
            if term.published_at and term.pk not in known:
                self._published(term, now_is, by, now)
            elif term.published_at:
                for session in now_is.of_term(term.pk):
                    self._session(was.sessions.get(session.pk), session, now_is, by, now)
        swapped = [pk for pk, swap in now_is.swaps.items() if self._swap(was.swaps.get(pk), swap, now_is, by, now)]
        if not swapped:
            self._seats(was, now_is, [s for s in now_is.published() if s.term in known], by, now)
        for session in now_is.published():
            old = was.sessions.get(session.pk)
            was_closed = old and old.closed and old.written == session.written  # else reopened and closed meanwhile
            if session.closed and session.written and not was_closed:
                self._record(session, now_is, now, came)

    # ── what became of a session ─────────────────────────────────────────────────────────────────
    def _published(self, term, now_is, by, now):
        ahead = [s for s in now_is.of_term(term.pk) if s.state == facts.PLANNED and s.starts_at > now]
        for session in ahead[:1]:
            everybody = [member.pk for member in now_is.current()]
            self._tell(
                now_is, names.PUBLISHED, session, everybody, by, now, TERMS, "draft", "published", lambda _now: True
            )

    def _session(self, old: Session | None, new: Session, now_is, by, now):
        if new.ends_at <= now:
            return
        pk, everybody = new.pk, [member.pk for member in now_is.current()]
        if old is None:
            taking_place = (facts.CANCELLED, facts.PLANNED)
        elif old.state != new.state and facts.HELD not in {old.state, new.state}:
            taking_place = (old.state, new.state)
        else:
            taking_place = None
        if taking_place:
            kind = names.CANCELLED if new.cancelled else names.RESTORED
            self._tell(
                now_is,
                kind,
                new,
                everybody,
                by,
                now,
                TAKES_PLACE,
                *taking_place,
                lambda f: f.sessions[pk].state == new.state,
            )
        if old and old.starts_at != new.starts_at:
            self._tell(
                now_is, names.MOVED, new, everybody, by, now, MOVES, old.starts_at, new.starts_at,
                lambda f: _stands(f, pk) and f.sessions[pk].starts_at == new.starts_at,
            )  # fmt: skip
        if old and old.place != new.place:
            self._tell(
                now_is, names.ELSEWHERE, new, everybody, by, now, PLACES, old.place, new.place,
                lambda f: _stands(f, pk) and f.sessions[pk].place == new.place,
            )  # fmt: skip

    def _seats(self, was, now_is, sessions: Iterable[Session], by, now):
        for session in sessions:
            old = was.sessions.get(session.pk)
            if session.state != facts.PLANNED or session.starts_at <= now:
                continue
            before, after = ({turn.member for turn in one.turns} if one else set() for one in (old, session))
            for who in sorted(after ^ before):
                said = (names.NO_LONGER, "presents", "free") if who in before else (names.PRESENTS, "free", "presents")
                self._tell(
                    now_is, said[0], session, [who], by, now, f"{SEATS} {who}", said[1], said[2],
                    lambda f, pk=session.pk, who=who, there=who in after: _stands(f, pk)
                    and bool(f.sessions[pk].turn_of(who)) == there,
                    about=who,
                )  # fmt: skip

    def _tell(self, now_is, kind, session, readers: Iterable[int], by, now, subject, was, becomes, holds, about=None):
        subject = f"{session.pk} {subject}"
        earlier = {item.mail.to: item.was for item in self.waiting if item.subject == subject}
        self.waiting = [item for item in self.waiting if item.subject != subject]
        for to in readers:
            heard = earlier.get(to, was)
            if to != by and heard != becomes and wants(now_is, to, kind):
                mail = Mail(kind, to, session.pk, session.starts_at, about)
                self.waiting.append(Item(now + UNDO, session.ends_at, mail, holds, subject, heard))

    def _record(self, session, now_is, now, came):
        texts = self.closed_with.setdefault(session.pk, [])
        texts += [session.written] if session.written not in texts else []
        for member in now_is.current():
            if not wants(now_is, member.pk, names.RECORD):
                continue
            mail = Mail(names.RECORD, member.pk, session.pk, session.starts_at, dedupe_key=texts.index(session.written))
            if not came[mail] and all(item.mail != mail for item in self.waiting):
                holds = lambda f, pk=session.pk: f.sessions[pk].closed  # noqa: E731
                self.waiting.append(Item(now + UNDO, now + MINUTES_COUNT, mail, holds))

    # ── swaps ────────────────────────────────────────────────────────────────────────────────────
    def _swap(self, old: Swap | None, new: Swap, now_is, by, now) -> bool:
        """Tell of it; whether turns changed hands by it."""
        before, pk = old.state if old else "", new.pk
        if before == new.state:
            return False
        kinds = {"open": names.ASKED, "accepted": names.SWAPPED, "declined": names.DECLINED, "undone": names.UNDONE}
        if kind := kinds.get(new.state):
            readers = list(_asked(new, now_is)) if new.state == "open" else [*_concerned(new, by)]
            if new.state == "undone":
                unheard = {
                    i.mail.to for i in self.waiting if i.subject == f"swap {pk}" and i.mail.kind == names.SWAPPED
                }
                self.waiting = [item for item in self.waiting if item.subject != f"swap {pk}"]
                readers = [reader for reader in readers if reader not in unheard]
            for to in (reader for reader in readers if wants(now_is, reader, kind)):
                session = now_is.sessions[_where(new, to)]
                until = min(now_is.sessions[s].starts_at for s in (new.session, new.wanted) if s)
                mail = Mail(kind, to, session.pk, session.starts_at, new.giver)
                holds = lambda f: f.swaps[pk].state == new.state  # noqa: E731
                self.waiting.append(Item(now + UNDO, until, mail, holds, f"swap {pk}"))
        return new.state in {"accepted", "undone"}


def _stands(now_is: Facts, pk: int) -> bool:
    return now_is.sessions[pk].state == facts.PLANNED


def _asked(swap: Swap, now_is: Facts) -> Iterator[int]:
    """The one who is asked; or everybody who takes turns, is free that day and does not present then."""
    if swap.taker:
        yield swap.taker
        return
    session = now_is.sessions[swap.session]
    for member in now_is.members.values():
        free = member.state == facts.ACTIVE and not now_is.is_away(member.pk, session.day)
        if free and not session.turn_of(member.pk) and member.pk != swap.giver:
            yield member.pk


def _concerned(swap: Swap, by: int | None) -> Iterator[int]:
    """Who gives, who takes and who asked; without the one who acts."""
    for pk in dict.fromkeys((swap.giver, swap.taker, swap.by)):
        if pk and pk != by:
            yield pk


def _where(swap: Swap, reader: int) -> int:
    """The session in which its reader presents now, where they have one."""
    given = swap.state == "accepted" and reader == swap.giver
    back = swap.state == "undone" and reader == swap.taker
    return swap.wanted if swap.wanted and (given or back) else swap.session


def since_when(
    was: Facts, now_is: Facts, now: datetime, *, restored: bool = True
) -> Iterator[tuple[tuple[int, int], datetime]]:
    """((session, presenter), now) of every turn that became theirs, or became what it is, by what was just done."""
    for session in now_is.published():
        old = was.sessions.get(session.pk)
        anew = old is None or not old.published or old.starts_at != session.starts_at
        anew = anew or (restored and old.cancelled and not session.cancelled)
        for turn in session.turns:
            if anew or old.turn_of(turn.member) is None:
                yield (session.pk, turn.member), now
