"""A zip made by a worker: everything of a term or of a group."""

from datetime import timedelta
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from members.models import Group, Membership


def bundle_name(instance, filename):
    """Stored under a name of our own."""
    return f"{instance.group_id}/bundles/{uuid4()}.zip"


class Bundle(models.Model):
    """A zip that a worker makes: what was asked for, how far it is, and the file for the week that it is kept."""

    KEPT = timedelta(days=7)
    TERM, GROUP = "term", "group"
    KINDS = [(TERM, _("everything of a term")), (GROUP, _("everything of the group"))]
    NEW, READY, FAILED = "new", "ready", "failed"
    STATES = [(NEW, _("being made")), (READY, _("ready")), (FAILED, _("could not be made"))]

    group = models.ForeignKey(Group, models.CASCADE, related_name="bundles")
    kind = models.CharField(max_length=10, choices=KINDS)
    term = models.ForeignKey("schedule.Term", models.CASCADE, null=True, related_name="bundles")
    language = models.CharField(max_length=5)
    by = models.ForeignKey(Membership, models.CASCADE, related_name="+")
    asked_at = models.DateTimeField(default=now)
    state = models.CharField(max_length=10, choices=STATES, default=NEW)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(default=0)
    leased_until = models.DateTimeField(null=True)
    file = models.FileField(upload_to=bundle_name, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["group", "language"],
                condition=Q(state="new", kind="group"),
                name="one_bundle_of_a_group_is_made_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["term", "language"],
                condition=Q(state="new", kind="term"),
                name="one_bundle_of_a_term_is_made_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(kind="group", term=None) | Q(kind="term", term__isnull=False),
                name="bundle_of_a_term_names_it",
            ),
            models.CheckConstraint(condition=Q(state__in=["new", "ready", "failed"]), name="bundle_state_is_known"),
        ]

    def __str__(self):
        return f"{self.group}: {self.get_kind_display()}"

    @property
    def kept_until(self):
        return self.settled_at and self.settled_at + self.KEPT
