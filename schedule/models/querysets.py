"""The words in which terms and sessions are asked for: which are current, to come, over, waiting."""

from django.db import models
from django.db.models import F, Max, Min, Q

PLANNED, CANCELLED, HELD = "planned", "cancelled", "held"  # of a session


class TermQuerySet(models.QuerySet):
    def published(self):
        return self.exclude(published_at=None)

    def current(self, now):
        """Return the published term of the nearest session to come; when there is none, the one that met last."""
        to_come = Q(sessions__state=PLANNED, sessions__ends_at__gt=now)
        terms = self.published().annotate(
            meets_next=Min("sessions__starts_at", filter=to_come),
            met_last=Max("sessions__ends_at", filter=~Q(sessions__state=CANCELLED)),
        )
        order = F("meets_next").asc(nulls_last=True), F("met_last").desc(nulls_last=True), "-first_day", "-pk"
        return terms.order_by(*order).first()


class SessionQuerySet(models.QuerySet):
    def published(self):
        return self.exclude(term__published_at=None)

    def upcoming(self, now):
        """Return those published, not cancelled, and not over yet, the nearest first."""
        return self.published().filter(state=PLANNED, ends_at__gt=now).order_by("starts_at")

    def nearest(self, group, now):
        """Return the session in which this group meets next, whatever its term; None when none is to come."""
        return self.upcoming(now).filter(term__group=group).first()

    def took_place(self, now):
        """Return those published and over that were not cancelled."""
        return self.published().filter(Q(state=HELD) | Q(state=PLANNED, ends_at__lte=now))
