"""The days on which a member is away."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from members.models import Membership


class Absence(models.Model):
    """Days on which a member is away, both ends included. Everybody is free by default."""

    membership = models.ForeignKey(Membership, models.CASCADE, related_name="absences")
    first_day = models.DateField(_("from"))
    last_day = models.DateField(_("until"))
    note = models.CharField(_("note"), max_length=100, blank=True)

    class Meta:
        ordering = ["first_day"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=models.F("first_day")), name="absence_ends_after_it_begins"
            ),
        ]
