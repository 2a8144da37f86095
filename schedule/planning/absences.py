"""One day marked away or free again, with a tap."""

from datetime import date, timedelta

from django.db import transaction

from members.models import Membership
from schedule.models import Absence

DAY = timedelta(days=1)


def mark(member: Membership, day: date) -> bool:
    """Away on that day. False if so already."""
    with transaction.atomic():
        Membership.objects.select_for_update(no_key=True).get(pk=member.pk)  # two taps at once make one row
        if _on(member, day).exists():
            return False
        Absence.objects.create(membership=member, first_day=day, last_day=day)
    return True


def free(member: Membership, day: date) -> bool:
    """Free on that day again; the days around it stay as they were. False if so already."""
    with transaction.atomic():
        Membership.objects.select_for_update(no_key=True).get(pk=member.pk)
        found = list(_on(member, day))
        for absence in found:
            before, after = (absence.first_day, day - DAY), (day + DAY, absence.last_day)
            absence.delete()
            Absence.objects.bulk_create(
                Absence(membership=member, first_day=first, last_day=last, note=absence.note)
                for first, last in (before, after)
                if first <= last
            )
    return bool(found)


def _on(member: Membership, day: date):
    return Absence.objects.filter(membership=member, first_day__lte=day, last_day__gte=day)
