"""Who has had how many turns in a term: counted, never stored."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from members.models import Group, Membership
from schedule.models import Session, Term
from schedule.planning.grid import is_away
from schedule.rotation.ledger import Account, ledger


@dataclass(frozen=True)
class TallyRow:
    """One member's turns: given already, still to come, and sessions missed for being away."""

    membership: Membership
    done: int
    planned: int
    away: int

    @property
    def total(self) -> int:
        return self.done + self.planned


def tally(term: Term, sessions: list[Session], now: datetime) -> list[TallyRow]:
    """A row for everybody who takes turns or took one this term, in order of joining.

    `sessions` come with their presentations prefetched; cancelled ones count for nobody. Two queries.
    """
    done: Counter[int] = Counter()
    planned: Counter[int] = Counter()
    live = [session for session in sessions if session.state != Session.CANCELLED]
    for session in live:
        for turn in session.given(now):
            (done if session.is_over(now) else planned)[turn.presenter_id] += 1
    days = [session.local_start.date() for session in live]
    members = term.group.memberships.in_order().prefetch_related("absences")
    return [
        TallyRow(m, done[m.pk], planned[m.pk], sum(is_away(m, day) for day in days))
        for m in members
        if m.state == Membership.ACTIVE or done[m.pk] or planned[m.pk]
    ]


@dataclass(frozen=True)
class TermLine:
    """One member's ledger: an account of every term (None: not there), and what they are above their share by now."""

    membership: Membership
    accounts: list[Account | None]
    above: Fraction

    @property
    def ahead(self) -> int:
        """Whole turns above the share, for bars; below it negative."""
        return round(self.above)


@dataclass(frozen=True)
class Book:
    """The ledger as a table: a column per term, oldest first, a line per member."""

    terms: list[Term]
    lines: list[TermLine]


def book(group: Group, members: list[Membership], terms: list[Term], now: datetime) -> Book:
    """What every past turn did to the balance. Three queries."""
    found = ledger(group, members, now)
    held = {account.term for lines in found.accounts.values() for account in lines}
    columns = [term for term in reversed(terms) if term.pk in held]
    lines = []
    for member in members:
        mine = {account.term: account for account in found.accounts.get(member.pk, ())}
        if mine or member.state == Membership.ACTIVE:
            accounts = [mine.get(term.pk) for term in columns]
            lines.append(TermLine(member, accounts, found.carried.get(member.pk, Fraction(0))))
    return Book(columns, lines)
