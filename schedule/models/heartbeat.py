"""When the periodic work last ran."""

from datetime import datetime, timedelta

from django.db import models


class PulseQuerySet(models.QuerySet):
    def stalled_since(self, now: datetime) -> datetime | None:
        """Return when the last tick was, if there has been none for so long that nothing ticks any more."""
        last = self.filter(name=Heartbeat.TICK).values_list("at", flat=True).first()
        return last if last and last < now - Heartbeat.LATE else None


class Heartbeat(models.Model):
    """When something that must happen every minute was last seen to happen: see schedule.worker.heartbeat."""

    TICK, BEAT = "tick", "beat"
    LATE = timedelta(minutes=10)  # by then every tick has had its turn many times

    name = models.CharField(max_length=10, unique=True)
    at = models.DateTimeField()

    objects = PulseQuerySet.as_manager()

    def __str__(self):
        return f"{self.name}: {self.at}"
