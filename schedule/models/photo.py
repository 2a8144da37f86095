"""The photos of a session."""

from uuid import uuid4

from django.db import models
from django.utils.timezone import now

from members.models import Membership


def photo_name(instance, filename):
    """Stored under a name of our own."""
    return f"{instance.session.term.group_id}/photos/{uuid4()}.jpg"


class Photo(models.Model):
    """Proof that a session met: drawn anew by us, without the place and the camera that the file told of."""

    session = models.ForeignKey("schedule.Session", models.CASCADE, related_name="photos")
    file = models.FileField(upload_to=photo_name)
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    size = models.PositiveIntegerField(default=0)
    taken_at = models.DateTimeField()
    added_by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    added_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["taken_at", "pk"]

    def __str__(self):
        return f"{self.session}: {self.taken_at}"
