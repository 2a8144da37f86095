"""Days without a meeting, as people type them: one range a line, one verdict a line. Plain Python.

2026-04-20 – 2026-04-25 midterms
2026.5.5 학교 축제
2026-06-15 ~ 06-19 finals
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from schedule import dates

MAX_LINES = 100
MAX_DAYS = 200
REASON_LENGTH = 80

_FULL = r"(\d{4})\s*[-./년]\s*(\d{1,2})\s*[-./월]\s*(\d{1,2})\s*[.일]?"
_SHORT = r"(?:(\d{4})\s*[-./년]\s*)?(\d{1,2})\s*[-./월]\s*(\d{1,2})\s*[.일]?"
_LINE = re.compile(
    rf"^\s*{_FULL}(?:\s*(?:–|—|~|부터|to|until|-|\.\.+)\s*{_SHORT}(?:\s*까지)?)?(?P<reason>(?:[\s,:].*)?)$"
)

NOT_A_DAY, NO_SUCH_DAY, OTHER_CENTURY = "not_a_day", "no_such_day", "other_century"
BACKWARDS, TOO_LONG = "backwards", "too_long"


@dataclass(frozen=True)
class DayOffLine:
    """One line as read: the days it names, or the code of what is wrong with it."""

    number: int
    text: str
    first: date | None = None
    last: date | None = None
    reason: str = ""
    problem: str = ""


def parse(text: str) -> list[DayOffLine]:
    """Every line that says something, each judged by itself; empty lines are nothing."""
    lines = enumerate(text.splitlines(), 1)
    return [_read(number, line.strip()) for number, line in lines if line.strip()][:MAX_LINES]


def _read(number, text):
    match = _LINE.match(text)
    if not match:
        return DayOffLine(number, text, problem=NOT_A_DAY)
    year, month, day, to_year, to_month, to_day, _reason = match.groups()
    try:
        first = date(int(year), int(month), int(day))
        last = date(int(to_year or year), int(to_month), int(to_day)) if to_day else first
    except ValueError:
        return DayOffLine(number, text, problem=NO_SUCH_DAY)
    if not (dates.in_this_century(first) and dates.in_this_century(last)):
        return DayOffLine(number, text, problem=OTHER_CENTURY)
    if last < first:
        return DayOffLine(number, text, problem=BACKWARDS)
    if (last - first).days >= MAX_DAYS:
        return DayOffLine(number, text, problem=TOO_LONG)
    return DayOffLine(number, text, first, last, match["reason"].strip(" \t,:")[:REASON_LENGTH])


def as_rows(lines: list[DayOffLine]) -> list[dict]:
    """The good lines as a term stores them."""
    return [
        {"from": line.first.isoformat(), "to": line.last.isoformat(), "reason": line.reason}
        for line in lines
        if line.first and line.last
    ]


def as_text(rows: list[dict]) -> str:
    """What a term stores, as a person would type it."""
    return "\n".join(_line(row) for row in rows)


def _line(row):
    days = row["from"] if row["from"] == row["to"] else f"{row['from']} – {row['to']}"
    return f"{days} {row['reason']}".strip()


def reasons(rows: list[dict]) -> dict[date, str]:
    """Every single day off -> its reason."""
    ranges = [(date.fromisoformat(row["from"]), date.fromisoformat(row["to"]), row["reason"]) for row in rows]
    return {first + timedelta(days=n): reason for first, last, reason in ranges for n in range((last - first).days + 1)}
