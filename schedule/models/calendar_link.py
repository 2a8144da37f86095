"""The secret addresses of a member for calendar programs."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from members.models import Membership


class CalendarLink(models.Model):
    """A member's addresses for calendar programs. They are derived from `salt`: a new salt closes the old ones."""

    ALL_DAY, TIMED, NONE = "day", "time", "none"
    DEADLINES = [
        (ALL_DAY, _("as a whole day")),
        (TIMED, _("as the last hour of the day")),
        (NONE, _("not at all")),
    ]
    ALARMS = [(0, _("none")), (60, _("an hour before")), (24 * 60, _("a day before"))]

    membership = models.OneToOneField(Membership, models.CASCADE, related_name="calendar_link")
    salt = models.CharField(max_length=32, editable=False)
    deadlines = models.CharField(_("days to share"), max_length=4, choices=DEADLINES, default=ALL_DAY)
    alarm = models.PositiveSmallIntegerField(_("reminder"), choices=ALARMS, default=0)
    invites = models.BooleanField(_("send me each session as an invitation by mail, too"), default=False)

    def __str__(self):
        return str(self.membership)
