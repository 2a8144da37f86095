"""Who came to a session."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from members.models import Membership


class AttendanceRecord(models.Model):
    """Somebody came, was late, excused or absent. Marks are only added: the newest counts, the others are history."""

    PRESENT, LATE, EXCUSED, ABSENT = "present", "late", "excused", "absent"
    STATES = [(PRESENT, _("present")), (LATE, _("late")), (EXCUSED, _("excused")), (ABSENT, _("absent"))]

    session = models.ForeignKey("schedule.Session", models.CASCADE, related_name="attendance_records")
    membership = models.ForeignKey(Membership, models.CASCADE, related_name="attendance_records")
    state = models.CharField(max_length=10, choices=STATES)
    at = models.DateTimeField()
    by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    by_code = models.BooleanField(default=False)

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["session", "membership"], name="attendance")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["present", "late", "excused", "absent"]), name="attendance_state_is_known"
            ),
        ]

    def __str__(self):
        return f"{self.membership}: {self.state}"
