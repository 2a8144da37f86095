"""Time zones as people name them."""

import zoneinfo
from functools import cache


def zone_of(somebody) -> zoneinfo.ZoneInfo:
    """The clock of a member or a group; a name that this machine does not know reads as UTC."""
    try:
        return zoneinfo.ZoneInfo(somebody.timezone)
    except (ValueError, zoneinfo.ZoneInfoNotFoundError):
        return zoneinfo.ZoneInfo("UTC")


@cache
def zones() -> tuple[str, ...]:
    """The places one may choose from: 'Asia/Seoul', …, and UTC."""
    known = {
        zone for zone in zoneinfo.available_timezones() if "/" in zone and not zone.startswith(("Etc/", "SystemV/"))
    }
    return (*sorted(known), "UTC")
