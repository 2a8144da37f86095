"""Fields that several forms share."""

import zoneinfo

from django import forms

from members.time_zones import find_zone


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self):
        super().__init__(format="%Y-%m-%d")


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
