"""How dates, people and lists read on a page and in a notification, in both languages.

Available in every template without {% load %} (settings.TEMPLATES builtins).
"""

from datetime import datetime

from django import template
from django.utils import formats, timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

register = template.Library()

WEEKDAYS_KO = "월화수목금토일"
MONTHS_EN = "January February March April May June July August September October November December".split()
WEEKDAYS_EN = "Mon Tue Wed Thu Fri Sat Sun".split()


@register.filter
def day(value, year=None):
    """'3월 15일 화요일' or 'Tue 15 March'; the year is said when it is not `year` (default: this one)."""
    if not value:
        return ""
    year = timezone.localdate().year if year is None else year
    if get_language() == "ko":
        said = f"{value.month}월 {value.day}일 {WEEKDAYS_KO[value.weekday()]}요일"
        return said if value.year == year else f"{value.year}년 {said}"
    said = f"{WEEKDAYS_EN[value.weekday()]} {value.day} {MONTHS_EN[value.month - 1]}"
    return said if value.year == year else f"{said} {value.year}"


@register.filter
def short_day(value):
    """'3월 15일' or '15 Mar'."""
    if not value:
        return ""
    return (
        f"{value.month}월 {value.day}일" if get_language() == "ko" else f"{value.day} {MONTHS_EN[value.month - 1][:3]}"
    )


@register.filter
def clock(value):
    """'오전 10:00' or '10:00'."""
    if get_language() != "ko":
        return f"{value.hour}:{value.minute:02}" if value.hour > 9 else f"{value.hour:02}:{value.minute:02}"
    half = "오전" if value.hour < 12 else "오후"
    return f"{half} {(value.hour - 1) % 12 + 1}:{value.minute:02}"


@register.filter
def moment(value, year=None):
    """'3월 15일 화요일 오전 10:00' or 'Tue 15 March, 10:00', on the clock the value carries; the year as in `day`."""
    return f"{day(value, year)} {clock(value)}" if get_language() == "ko" else f"{day(value, year)}, {clock(value)}"


@register.filter
def local(value):
    """The same instant on the reader's own clock."""
    return timezone.localtime(value)


@register.filter
def zone_name(value):
    """What the zone of a moment is called there: 'KST', 'CET', 'UTC+03'."""
    name = value.tzname() or ""
    return f"UTC{name}" if name[:1] in "+-" else name


@register.filter
def own_clock(there, year=None):
    """'21:00 (EDT)', with the day where it is another one: a moment on the reader's clock; '' where both show the same."""
    here = timezone.localtime(there)
    if there.utcoffset() == here.utcoffset():
        return ""
    said = clock(here) if there.date() == here.date() else moment(here, year)
    return f"{said} ({zone_name(here)})"


@register.filter
def people(names, shown=3):
    """'Alice, Bob, Charlie and 4 more': the first few names as printed, then how many more."""
    names = [str(name) for name in names or []]
    if len(names) <= shown + 1:
        return ", ".join(names)
    rest = len(names) - shown
    return ngettext("%(names)s and %(rest)s more", "%(names)s and %(rest)s more", rest) % {
        "names": ", ".join(names[:shown]),
        "rest": rest,
    }


@register.filter
def days_until(value):
    """'today', 'tomorrow', 'in 8 days', 'yesterday', '3 days ago', counted as in `_days_to`."""
    left = _days_to(value)
    if left == 0:
        return _("today")
    if left == 1:
        return _("tomorrow")
    if left == -1:
        return _("yesterday")
    if left > 0:
        return ngettext("in %(n)s day", "in %(n)s days", left) % {"n": left}
    return ngettext("%(n)s day ago", "%(n)s days ago", -left) % {"n": -left}


@register.filter
def near_day(value):
    """'today', 'tomorrow', else '15 Mar', counted as in `_days_to`."""
    return days_until(value) if _days_to(value) in {0, 1} else short_day(value)


def _days_to(value) -> int:
    """Return the days from today to `value`, both on one calendar: that of the zone a moment carries, else the reader's."""
    if isinstance(value, datetime):
        return (value.date() - timezone.localdate(timezone=value.tzinfo)).days
    return (value - timezone.localdate()).days


@register.filter
def file_size(size):
    """'5,000 MB', '4.1 MB', '812 KB'."""
    if size >= 100 * 1024 * 1024:
        return f"{formats.number_format(round(size / 1024 / 1024), 0, force_grouping=True)} MB"
    if size >= 1024 * 1024:
        return f"{formats.number_format(size / 1024 / 1024, 1)} MB"
    return f"{max(1, round(size / 1024))} KB"


@register.filter
def split(text):
    """'a b c' -> ['a', 'b', 'c'], for a template that repeats itself over a few words."""
    return text.split()


@register.filter
def times(count):
    """{% for i in 3|times %}: as many rounds."""
    return range(count)


@register.filter
def tone(level):
    """A message's level as the notice's tone."""
    return {"error": "late", "warning": "warn", "success": "ok"}.get(level, "")


@register.inclusion_tag("_who.html")
def who(membership, me=None):
    """A person: the colour in their colour, then the whole name."""
    return {"membership": membership, "is_me": me is not None and membership.pk == me.pk}
