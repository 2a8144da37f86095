"""When the notifications of a group or a term go out, where it differs from the defaults."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Timetable(models.Model):
    """When notifications go out, where it is not as schedule.notifications.timetable has it: a group's own, or one term's in its place."""

    group = models.OneToOneField("members.Group", models.CASCADE, null=True, related_name="timetable")
    term = models.OneToOneField("schedule.Term", models.CASCADE, null=True, related_name="timetable")
    # {"session_tomorrow": {"on": true, "days": 1, "at": "10:00"}}; a kind that is missing is as in DEFAULT_RULES
    rules = models.JSONField(default=dict)
    quiet_from = models.TimeField(_("quiet from"), null=True, blank=True)
    quiet_until = models.TimeField(_("quiet until"), null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(group__isnull=True, term__isnull=False) | Q(group__isnull=False, term__isnull=True),
                name="a_timetable_is_of_a_group_or_of_a_term",
            ),
            models.CheckConstraint(
                condition=Q(quiet_from=None, quiet_until=None)
                | Q(group__isnull=False, quiet_from__isnull=False, quiet_until__isnull=False),
                name="quiet_hours_have_two_ends_and_a_group",
            ),
        ]

    def __str__(self):
        return str(self.group or self.term)
