"""The clock of a term whose time zone this server does not know."""

from members.time_zones import find_zone
from schedule.models import Term


def keep_group_clock(term: Term) -> bool:
    """Write down the zone that stands in for the unknown one of this term; False when the term's own zone is known.

    Sessions are instants: none of them moves.
    """
    if find_zone(term.timezone):
        return False
    return bool(Term.objects.filter(pk=term.pk, timezone=term.timezone).update(timezone=term.zone.key))
