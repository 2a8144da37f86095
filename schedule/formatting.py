"""Numbers of days, and the rhythm of a term, in words."""

from datetime import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from members.templatetags.formatting import clock, zone_name

# Korean counts days in words of its own (하루, 이틀, 사흘, 나흘); English writes small numbers out.
DAYS = (
    gettext_noop("one day"),
    gettext_noop("two days"),
    gettext_noop("three days"),
    gettext_noop("four days"),
    gettext_noop("five days"),
    gettext_noop("six days"),
    gettext_noop("seven days"),
    gettext_noop("eight days"),
    gettext_noop("nine days"),
    gettext_noop("ten days"),
)


def days_in_words(days: int) -> str:
    """3 -> 'three days', in Korean '사흘'; from eleven on with a figure."""
    if 1 <= days <= len(DAYS):
        return _(DAYS[days - 1])
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}


def rhythm(term):
    """'every 2 weeks on Tue, 10:00 KST', as the term says it."""
    start = datetime.combine(term.first_day, term.time, term.zone)
    said = {
        1: _("every %(weekday)s, %(clock)s %(zone)s"),
        2: _("every second %(weekday)s, %(clock)s %(zone)s"),
    }.get(term.every_weeks, _("every %(n)s weeks on %(weekday)s, %(clock)s %(zone)s"))
    return said % {
        "n": term.every_weeks,
        "weekday": date_format(start, "l"),
        "clock": clock(start),
        "zone": zone_name(start),
    }
