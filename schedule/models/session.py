"""A session: one meeting of the group."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from schedule.models.querysets import SessionQuerySet
from schedule.models.term import Term


class Session(models.Model):
    """One meeting. `starts_at` is the instant; the term's zone gives it back its wall clock."""

    PLANNED, CANCELLED, HELD = "planned", "cancelled", "held"
    STATES = [(PLANNED, _("planned")), (CANCELLED, _("cancelled")), (HELD, _("held"))]

    term = models.ForeignKey(Term, models.CASCADE, related_name="sessions")
    number = models.PositiveSmallIntegerField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    place = models.CharField(_("place"), max_length=200, blank=True)
    notes = models.TextField(_("notes"), blank=True, max_length=20_000)
    # when it was last moved: nobody can have shared a paper in time for its day before that
    moved_at = models.DateTimeField(null=True, blank=True, editable=False)
    state = models.CharField(max_length=10, choices=STATES, default=PLANNED)
    # grows with every change that people must hear of: calendars and notifications of change use it
    sequence = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(default=now)
    # the codes by which people say that they are here come from it; empty while that is closed
    code_key = models.CharField(max_length=32, blank=True, editable=False)
    # from then on what happened is on record, and nobody writes to it
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = SessionQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        indexes = [models.Index(fields=["state", "starts_at"], name="session_calendar")]
        constraints = [
            models.UniqueConstraint(fields=["term", "number"], name="one_number_per_session_of_a_term"),
            models.CheckConstraint(condition=Q(ends_at__gt=models.F("starts_at")), name="session_ends_after_it_starts"),
            models.CheckConstraint(
                condition=Q(state__in=["planned", "cancelled", "held"]), name="session_state_is_known"
            ),
        ]

    def __str__(self):
        return f"{self.term} · {self.number}"

    def get_absolute_url(self):
        return reverse("schedule:session", args=[self.term.group.slug, self.pk])

    def is_over(self, now: datetime) -> bool:
        """Return whether it was held, or its time has passed."""
        return self.state == self.HELD or self.ends_at <= now

    def has_begun(self, now: datetime) -> bool:
        """Return whether it was held, or its hour has come; a session that is over has begun, too."""
        return self.state == self.HELD or self.starts_at <= now

    @property
    def is_closed(self) -> bool:
        """Return whether it was held, and its record is complete."""
        return self.state == self.HELD or self.closed_at is not None

    def is_upcoming(self, now: datetime) -> bool:
        """Return whether it takes place and is not over; SessionQuerySet.upcoming is the same for many."""
        return self.term.published_at is not None and self.state == self.PLANNED and not self.is_over(now)

    def given(self, now: datetime):
        """Return its turns without the open ones."""
        return [turn for turn in self.presentations.all() if not turn.is_open(now)]

    @property
    def zone(self):
        return self.term.zone

    @property
    def local_start(self) -> datetime:
        """The wall clock on the spot."""
        return self.starts_at.astimezone(self.zone)

    @property
    def share_day(self):  # the last on which a paper is shared in time
        return self.local_start.date() - timedelta(days=self.term.share_days)
