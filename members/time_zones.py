"""Time zones as people name them."""

import zoneinfo
from functools import cache

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


def zone_of(somebody) -> zoneinfo.ZoneInfo:
    """Return the clock of a member or a group; a name that this machine does not know reads as UTC."""
    return find_zone(somebody.timezone) or zoneinfo.ZoneInfo("UTC")


def find_zone(name: str) -> zoneinfo.ZoneInfo | None:
    """Return the zone of this name, or None where this machine has none."""
    try:
        return zoneinfo.ZoneInfo(name)
    except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):  # OSError: a folder of zones, such as "America"
        return None


def check_zone(name: str) -> None:
    """Raise ValidationError unless this machine knows a zone of this name."""
    if name not in _names():
        raise ValidationError(_("This place is not in the list. Write it like Asia/Seoul."), "unknown")


@cache
def _names() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())


@cache
def zones() -> tuple[str, ...]:
    """The places one may choose from: 'Asia/Seoul', …, and UTC."""
    known = {zone for zone in _names() if "/" in zone and not zone.startswith(("Etc/", "SystemV/"))}
    return (*sorted(known), "UTC")
