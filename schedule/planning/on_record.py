"""Which sessions have a record already: these stay on their day."""

from collections.abc import Collection

from django.utils.translation import gettext_noop

from schedule.models import AttendanceRecord, Photo

ON_RECORD = gettext_noop(
    "Who came, or a photo, is on record already, so this session stays on its day. Cancel it if it does not take place."
)


def recorded(sessions: Collection[int]) -> set[int]:
    """Return those of these sessions in which somebody was marked or a photo was added. Two queries."""
    rows = (
        model.objects.filter(session__in=sessions).values_list("session", flat=True)
        for model in (AttendanceRecord, Photo)
    )
    return {pk for found in rows for pk in found}
