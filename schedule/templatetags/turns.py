"""What a template asks about a turn."""

from datetime import date

from django import template
from django.utils import formats
from django.utils.timezone import now
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from members.templatetags.formatting import days_until
from schedule import formatting, markup
from schedule.meetings import minutes
from schedule.planning import turns
from schedule.rotation import reasons

register = template.Library()
register.filter(formatting.rhythm)


@register.simple_tag
def turn_state(turn):
    """{% turn_state turn as state %}: the chip's tone and words, as of now."""
    return turns.state(turn, now())


@register.filter
def is_open(turn):
    """Whether its presenter is gone and somebody else has to give it, as of now."""
    return turn.is_open(now())


@register.filter
def open_turns(session):
    """The turns of a session that somebody else has to give, as of now."""
    return [turn for turn in session.presentations.all() if turn.is_open(now())]


@register.filter
def time_to(session):
    """'now' while it runs, else 'today', 'in 8 days', '3 days ago', on the calendar of where the group meets."""
    if session.starts_at <= now() and session.is_upcoming(now()):
        return _("now")
    return days_until(session.local_start)


@register.filter
def markdown(text):
    """Minutes as they are read."""
    return markup.html(text)


@register.filter
def fingerprint(text):
    """Of the text on this page, so that a later save can tell whether somebody wrote meanwhile."""
    return minutes.fingerprint(text)


@register.filter
def as_day(text):
    """'2026-03-01' as the day it is."""
    return date.fromisoformat(text)


@register.filter
def reason(turn):
    """Why this person has this turn, in a sentence."""
    return reasons.in_words(turn)


@register.filter
def turns_in_figures(number):
    """A share of turns: 2, 2.5, 1.33; in the reader's own notation."""
    value = round(float(number), 2)
    return formats.number_format(int(value) if value.is_integer() else value, use_l10n=True)


@register.filter
def signed(number):
    """Above or below one's share: +1.33, −0.67, 0."""
    value = turns_in_figures(abs(number))
    return value if value == "0" else f"{'+' if number > 0 else '−'}{value}"


@register.filter
def behind(number):
    """How many turns behind: -2 -> 2."""
    return -number


@register.filter
def is_swappable(turn):
    """Return whether a turn can be offered to others, by whoever may change it."""
    session = turn.session
    ahead = session.starts_at > now() and session.state == session.PLANNED
    return bool(ahead and session.term.published_at)


@register.filter
def ordinal(number):
    """Which turn it is: '1st', '2nd', '3rd'; in Korean '1회'."""
    if get_language() == "ko":
        return f"{number}회"
    ending = "th" if number % 100 in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
