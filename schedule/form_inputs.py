"""Fields that several forms share."""

import zoneinfo
from datetime import date

from django import forms
from django.utils.translation import gettext_lazy

from members.time_zones import find_zone
from schedule import dates


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self):
        super().__init__(format="%Y-%m-%d")


class DayField(forms.DateField):
    """A day that somebody may mean; calendars end where programs cannot reckon any more."""

    widget = DayInput

    def __init__(self, **kwargs):
        super().__init__(validators=[_check_century], **kwargs)


def _check_century(day: date) -> None:
    if not dates.in_this_century(day):
        raise forms.ValidationError(gettext_lazy("Choose a day of this century."))


def day_of(text: str) -> date | None:
    """Return the day that a button names; None for what no button of ours names."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if dates.in_this_century(day) else None


class ClockInput(forms.TimeInput):
    input_type = "time"

    def __init__(self):
        super().__init__(format="%H:%M")


def zones(*first: str) -> list[tuple[str, str]]:
    """Every zone that this server knows, the likely ones on top."""
    likely = [zone for zone in dict.fromkeys(first) if zone and find_zone(zone)]
    rest = sorted(
        zone for zone in zoneinfo.available_timezones() if "/" in zone and not zone.startswith(("Etc/", "posix"))
    )
    return [(zone, zone.replace("_", " ")) for zone in [*likely, "UTC", *(z for z in rest if z not in likely)]]
