"""A group, or a term for itself, says when its notifications go out."""

from datetime import datetime, time

from django.db import transaction

from members.models import Group
from schedule.models import Term, Timetable
from schedule.notifications import reminders
from schedule.notifications.timetable import Rule


@transaction.atomic
def retime_group(group: Group, kinds: dict[str, Rule], quiet: tuple[time, time] | None, *, now: datetime) -> None:
    """What waits and is not due by the new times is set aside with it."""
    start, end = quiet or (None, None)
    said = {"rules": _written(kinds), "quiet_from": start, "quiet_until": end}
    Timetable.objects.update_or_create(group=group, defaults=said)
    reminders.replanned(group, now=now)


@transaction.atomic
def retime_term(term: Term, kinds: dict[str, Rule] | None, *, now: datetime) -> None:
    """The term's own times; None: as the group has it."""
    if kinds is None:
        Timetable.objects.filter(term=term).delete()
    else:
        Timetable.objects.update_or_create(term=term, defaults={"rules": _written(kinds)})
    reminders.replanned(term.group, now=now)


def _written(kinds):
    return {kind: {"on": rule.on, "days": rule.days, "at": f"{rule.at:%H:%M}"} for kind, rule in kinds.items()}
