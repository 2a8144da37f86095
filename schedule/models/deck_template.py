"""The group’s own slides, on which its reports are made."""

from uuid import uuid4

from django.db import models
from django.utils.timezone import now

from members.models import Group, Membership


def template_name(instance, filename):
    """Stored under a name of our own."""
    return f"{instance.group_id}/decks/{uuid4()}.pptx"


class DeckTemplate(models.Model):
    """How the reports of a group look: its own slides where it has some, and whether empty ones are left out."""

    group = models.OneToOneField(Group, models.CASCADE, related_name="deck_template")
    file = models.FileField(upload_to=template_name, blank=True)
    size = models.PositiveIntegerField(default=0)
    name = models.CharField(max_length=200, blank=True)
    leave_out_empty = models.BooleanField(default=True)
    by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=now)

    def __str__(self):
        return self.name or "—"
