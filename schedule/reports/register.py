"""The attendance of a term as a table: one row a person, one column a session, the newest mark counts."""

import csv
from dataclasses import dataclass
from datetime import datetime
from io import StringIO

from django.db.models import Q
from django.utils.translation import gettext as _

from members.models import Membership
from schedule.models import AttendanceRecord, Session, Term

CAME = {AttendanceRecord.PRESENT, AttendanceRecord.LATE}
A_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what spreadsheets compute at the start of a cell


@dataclass(frozen=True)
class RegisterRow:
    """One person: a state for each session, "" where nobody marked them."""

    membership: Membership
    states: tuple[str, ...]

    @property
    def came(self) -> int:
        return sum(state in CAME for state in self.states)

    @property
    def marked(self) -> int:
        return sum(bool(state) for state in self.states)

    @property
    def words(self) -> list[str]:
        return [str(dict(AttendanceRecord.STATES).get(state, "")) for state in self.states]


@dataclass(frozen=True)
class Register:
    """Sessions that were not cancelled and have begun, and everybody who takes turns or was marked in one of them."""

    term: Term
    sessions: tuple[Session, ...]
    rows: tuple[RegisterRow, ...]

    @property
    def totals(self) -> list[int]:
        """How many came to each session."""
        return [sum(row.states[n] in CAME for row in self.rows) for n in range(len(self.sessions))]


def register(term: Term, now: datetime) -> Register:
    """Three queries, for one session or fifty."""
    begun = term.sessions.exclude(state=Session.CANCELLED).filter(starts_at__lte=now)
    sessions = tuple(begun.select_related("term__group"))
    marks = AttendanceRecord.objects.filter(session__in=[session.pk for session in sessions]).order_by("at", "pk")
    newest = {(mark.membership_id, mark.session_id): mark.state for mark in marks}
    takes_turns = Q(state=Membership.ACTIVE, member__is_active=True)
    people = term.group.memberships.filter(takes_turns | Q(pk__in={person for person, _session in newest})).in_order()
    rows = (RegisterRow(person, tuple(newest.get((person.pk, one.pk), "") for one in sessions)) for person in people)
    return Register(term, sessions, tuple(rows))


def as_csv(table: Register) -> str:
    """For spreadsheets: a line a person, the days as ISO 8601, the last columns count. No cell is taken for a formula."""
    out = StringIO()
    writer = csv.writer(out)
    days = [session.local_start.date().isoformat() for session in table.sessions]
    writer.writerow([_("Name"), *days, _("came"), _("marked")])
    for row in table.rows:
        writer.writerow([harmless(str(row.membership)), *row.words, row.came, row.marked])
    return out.getvalue()


def harmless(cell: str) -> str:
    """A cell that a spreadsheet shows and does not compute (OWASP: CSV injection)."""
    return f"'{cell}" if cell.startswith(A_FORMULA) else cell
