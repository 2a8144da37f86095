"""Files that a group takes away or brings along, and how far they are.

Rows of the schedule are named by strings here, so that schedule.models can stand on this module.
"""

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
        return self.settled_at + self.KEPT


def template_name(instance, filename):
    """Stored under a name of our own."""
    return f"{instance.group_id}/decks/{uuid4()}.pptx"


class DeckTemplate(models.Model):
    """How the reports of a group look: its own slides where it has some, and whether empty ones are left out."""

    group = models.OneToOneField(Group, models.CASCADE, related_name="deck_template")
    file = models.FileField(upload_to=template_name, blank=True)
    name = models.CharField(max_length=200, blank=True)
    leave_out_empty = models.BooleanField(default=True)
    by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=now)

    def __str__(self):
        return self.name or "—"
