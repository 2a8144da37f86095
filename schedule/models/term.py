"""A term: the sessions of a season on one rhythm."""

from zoneinfo import ZoneInfo

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from members.models import Group, Membership, member_time_zone
from members.time_zones import check_zone, find_zone, zone_of
from schedule.models.querysets import TermQuerySet


class Term(models.Model):
    """A season of sessions on one rhythm. A draft is the organizer's; once published it is everybody's."""

    SKIP, MOVE, SHIFT = "skip", "move", "shift"
    POLICIES = [
        (SKIP, _("Skip it and keep the rhythm")),
        (MOVE, _("Move only that session one week")),
        (SHIFT, _("Move it, and all later dates, one week")),
    ]

    group = models.ForeignKey(Group, models.CASCADE, related_name="terms")
    name = models.CharField(_("term"), max_length=80)
    first_day = models.DateField(_("first day"))
    time = models.TimeField(_("time"))
    timezone = models.CharField(_("time zone"), max_length=64, default=member_time_zone, validators=[check_zone])
    every_weeks = models.PositiveSmallIntegerField(
        _("every n weeks"), default=2, validators=[MinValueValidator(1), MaxValueValidator(26)]
    )
    count = models.PositiveSmallIntegerField(_("number of sessions"), null=True, blank=True)
    last_day = models.DateField(_("last day"), null=True, blank=True)
    minutes = models.PositiveSmallIntegerField(_("length in minutes"), default=120)
    presenters = models.PositiveSmallIntegerField(
        _("presenters per session"), null=True, blank=True, help_text=_("Empty: everybody presents.")
    )
    place = models.CharField(_("place"), max_length=200, blank=True)
    share_days = models.PositiveSmallIntegerField(
        _("papers are shared"), default=7, validators=[MaxValueValidator(60)], help_text=_("Days before the session.")
    )
    with_holidays = models.BooleanField(_("no meeting on public holidays"), default=True)
    policy = models.CharField(_("when a date is blocked"), max_length=5, choices=POLICIES, default=SKIP)
    # [{"from": "2026-04-20", "to": "2026-04-25", "reason": "midterms"}]
    days_off = models.JSONField(_("days off"), default=list, blank=True)
    # what the organizer decided for single dates of the rhythm: {"2026-03-01": "2026-03-08"}; the same day: meet anyway
    chosen = models.JSONField(default=dict, blank=True)
    # the dates that fell out, for the track: [{"date": "2026-03-01", "reason": "삼일절"}]
    skipped = models.JSONField(default=list, blank=True)
    created_by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=now)
    published_at = models.DateTimeField(null=True, blank=True)
    # of the form that made it: a form sent twice makes one term

    objects = TermQuerySet.as_manager()

    class Meta:
        ordering = ["-first_day", "-pk"]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("schedule:term", args=[self.group.slug, self.pk])

    @property
    def zone(self) -> ZoneInfo:
        """The zone of its clock; the group's where this server does not know the term's own."""
        return find_zone(self.timezone) or zone_of(self.group)
