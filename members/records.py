"""What the server remembers about its own work: what it could not do, which addresses a mail server refused or take no invitations, what was sent, and how often something was done.

Rows of members are named by strings here, so that members.models can stand on this module.
"""

from django.db import models
from django.utils.timezone import now


class Failure(models.Model):
    """A part of the regular work that raised: one row however often it does, and for a day after the last time."""

    step = models.CharField(max_length=40)
    # what could not be done: "notification 7", "group 3", the path of a file; empty: the step as a whole
    row = models.CharField(max_length=200, blank=True)
    group = models.ForeignKey("members.Group", models.CASCADE, null=True, related_name="failures")
    error = models.CharField(max_length=80)
    words = models.CharField(max_length=300, blank=True)
    times = models.PositiveIntegerField(default=1)
    first_at = models.DateTimeField(default=now)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["at"], name="failures_of_late")]
        constraints = [models.UniqueConstraint(fields=["step", "row"], name="one_failure_per_step_and_row")]

    def __str__(self):
        return f"{self.step} {self.row}".strip()


class Refusal(models.Model):
    """The last refusal of mail to one address, kept until mail to it is taken."""

    email = models.EmailField(unique=True)
    # without what names this address: the same text for others means that the server refuses whatever we send
    answer = models.CharField(max_length=300)
    at = models.DateTimeField()
    # the server took mail for others afterwards: it was not refusing everybody
    outlasted = models.BooleanField(default=False)

    def __str__(self):
        return self.email


class InvitationStop(models.Model):
    """An address to which no invitation is mailed any more (members.invitation_stops), whoever invites."""

    email = models.EmailField(unique=True)
    since = models.DateTimeField(default=now)

    def __str__(self):
        return self.email


class RateCount(models.Model):
    """How often something was done in a window of time (members.limits)."""

    slot = models.CharField(max_length=200, primary_key=True)
    used = models.PositiveIntegerField()
    ends_at = models.DateTimeField(db_index=True)

    def __str__(self):
        return self.slot


class CacheEntry(models.Model):
    """A value that is kept for a while (members.cache)."""

    key = models.CharField(max_length=255, primary_key=True)
    value = models.JSONField(null=True)
    expires_at = models.DateTimeField(null=True, db_index=True)

    def __str__(self):
        return self.key


class SentForm(models.Model):
    """A form that somebody sent (members.form_tokens): fingerprints of which and of what was in it, and where it led to."""

    key = models.CharField(max_length=64, primary_key=True)
    said = models.CharField(max_length=64)
    led_to = models.TextField(blank=True)
    at = models.DateTimeField(default=now, db_index=True)

    def __str__(self):
        return self.key
