"""What is remembered beside the schedule itself: changes that can be undone, when letters go out.

Rows of the schedule are named by strings here, so that schedule.models can stand on this module.
"""

from datetime import datetime, time, timedelta
from json import JSONEncoder
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from members.models import Membership


class Exactly(JSONEncoder):
    """Dates and times to the last microsecond: what is put back is what was."""

    def default(self, o):
        if isinstance(o, datetime | time) or hasattr(o, "isoformat"):
            return o.isoformat()
        return str(o) if isinstance(o, UUID) else super().default(o)


class Change(models.Model):
    """One change to a term's sessions and turns: what was before and after it, so that it can be taken back."""

    FOR = timedelta(hours=24)

    PRESENTERS, SWAP, GIVE = "presenters", "swap", "give"
    MOVE, PLACE, CANCEL, RESTORE, PLAN, REPLAN = "move", "place", "cancel", "restore", "plan", "replan"
    PUBLISH = "publish"
    KINDS = {
        PRESENTERS: _("The presenters were changed"),
        SWAP: _("Two people exchanged their turns"),
        GIVE: _("A turn was passed on"),
        MOVE: _("A session was moved"),
        PLACE: _("The place was changed"),
        CANCEL: _("A session was cancelled"),
        RESTORE: _("A session was brought back"),
        PLAN: _("The term was planned"),
        PUBLISH: _("The term was published"),
        REPLAN: _("The rest of the term was planned again"),
    }

    term = models.ForeignKey("schedule.Term", models.CASCADE, related_name="changes")
    by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    kind = models.CharField(max_length=20)
    at = models.DateTimeField()
    # {"presentation": {"7": [{"session_id": 3}, {"session_id": 4}]}}: per row the fields that changed, as they were and
    # as they became; null before a row that is new, null after one that is gone
    rows = models.JSONField(default=dict, encoder=Exactly)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["term", "at"], name="change_history")]

    def __str__(self):
        return str(self.KINDS.get(self.kind, self.kind))

    @property
    def made(self) -> bool:
        """False when the verb found everything as it should be, so that nothing was written down."""
        return self.pk is not None


class Timetable(models.Model):
    """When letters go out, where it is not as schedule.timetable has it: a group's own, or one term's in its place."""

    group = models.OneToOneField("members.Group", models.CASCADE, null=True, related_name="timetable")
    term = models.OneToOneField("schedule.Term", models.CASCADE, null=True, related_name="timetable")
    # {"session_tomorrow": {"on": true, "days": 1, "at": "10:00"}}; a kind that is missing is as the house has it
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
