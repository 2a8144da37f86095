"""A term in figures: who came, who presented, how old the papers are and where they appeared. Nobody is ranked."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from papers.models import Paper
from schedule.models import Presentation, Session, Term
from schedule.reports.register import register

MOST_VENUES = 12


@dataclass(frozen=True)
class Bar:
    """One row of a chart; `part` is its length in hundredths of the longest there may be."""

    label: str
    value: int
    part: int
    said: str = ""


@dataclass(frozen=True)
class Chart:
    title: str
    of: str
    bars: tuple[Bar, ...]


def bars(values: Iterable[tuple[str, int]], most: int | None = None, said: str = "") -> tuple[Bar, ...]:
    """In the order given; the longest fills its row, unless `most` says what a full row is."""
    values = list(values)
    full = most or max((value for _label, value in values), default=0) or 1
    return tuple(Bar(label, value, round(100 * value / full), said) for label, value in values)


def charts(term: Term, now: datetime) -> list[Chart]:
    """Five queries for three people or forty. People stand in order of joining, years in their own, venues by how often."""
    table = register(term, now)
    held = len(table.sessions)
    seats = Presentation.objects.filter(session__term=term).exclude(session__state=Session.CANCELLED)
    turns = Counter(seats.values_list("presenter", flat=True))
    read = Paper.objects.filter(presentations__in=seats).distinct().values_list("pk", "year", "venue")
    papers = list(read)
    years = sorted(Counter(year for _pk, year, _venue in papers if year).items())
    venues = Counter(venue for _pk, _year, venue in papers if venue).most_common(MOST_VENUES)
    return [
        Chart(
            _("Attendance"), _("Member"), bars(((str(r.membership), r.came) for r in table.rows), held, f" / {held}")
        ),
        Chart(_("Turns"), _("Member"), bars((str(r.membership), turns[r.membership.pk]) for r in table.rows)),
        Chart(_("Papers by year"), _("Year"), bars((str(year), count) for year, count in years)),
        Chart(_("Papers by venue"), _("Venue"), bars(venues)),
    ]
