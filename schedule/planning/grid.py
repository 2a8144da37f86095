"""Who presents when: a table of members × sessions, of a term as it is or as it would be."""

from dataclasses import dataclass, field
from datetime import date

from members.models import Membership


@dataclass(frozen=True)
class Column:
    """One session: its day, who presents in it, and its page when it has one."""

    day: date
    presenters: tuple[int, ...]
    session: object = None
    done: bool = False


@dataclass(frozen=True)
class Cell:
    """`kind` is on, away or empty; `nth` counts the member's turns from the left."""

    kind: str = ""
    nth: int = 0
    session: object = None
    day: date | None = None
    ahead: bool = False  # a session to come: one may still say that one is away, or offer one's turn


@dataclass
class GridRow:
    membership: Membership
    cells: list[Cell] = field(default_factory=list)
    done: int = 0
    planned: int = 0

    @property
    def total(self) -> int:
        return self.done + self.planned


def grid(members: list[Membership], columns: list[Column]) -> list[GridRow]:
    """A row for everybody who takes turns or has one here. `members` come with their absences prefetched; no queries."""
    rows = [_row(member, columns) for member in members]
    return [row for row in rows if row.total or row.membership.state == Membership.ACTIVE]


def _row(member, columns):
    row = GridRow(member)
    for column in columns:
        if member.pk in column.presenters:
            row.done, row.planned = row.done + column.done, row.planned + (not column.done)
            row.cells.append(Cell("on", row.total, column.session, column.day, _ahead(column)))
        else:
            kind = "away" if is_away(member, column.day) else ""
            row.cells.append(Cell(kind, day=column.day, ahead=_ahead(column)))
    return row


def _ahead(column):
    return bool(column.session) and not column.done


def is_away(member: Membership, day: date) -> bool:
    return any(absence.first_day <= day <= absence.last_day for absence in member.absences.all())
