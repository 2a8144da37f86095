"""When we meet, who presents, and which letters go out about it."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from members.clocks import check_zone, find_zone, zone_of
from members.models import Group, Membership, member_time_zone
from papers.models import Paper
from schedule.files import Bundle  # noqa: F401  Django finds its models here
from schedule.querysets import LetterQuerySet, SessionQuerySet, TermQuerySet
from schedule.records import Absence, CalendarLink, Change, Swap  # noqa: F401  Django finds its models here


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
    form_key = models.UUIDField(null=True, unique=True, editable=False)

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
    state = models.CharField(max_length=10, choices=STATES, default=PLANNED)
    # grows with every change that people must hear of: calendars and letters of change use it
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


class Presentation(models.Model):
    """A turn: one member presents in one session; the paper comes later."""

    left_at, pause = None, 0  # since when its presenter takes no turns, where schedule.reminders has looked it up

    session = models.ForeignKey(Session, models.CASCADE, related_name="presentations")
    presenter = models.ForeignKey(Membership, models.CASCADE, related_name="presentations")
    position = models.PositiveSmallIntegerField(default=1)
    paper = models.ForeignKey(Paper, models.SET_NULL, null=True, blank=True, related_name="presentations")
    shared_at = models.DateTimeField(null=True, blank=True)
    # when its presenter took it themselves: no letter tells them, and reminders from before are not for them
    taken_at = models.DateTimeField(null=True, blank=True, editable=False)
    minutes = models.TextField(_("minutes"), blank=True, max_length=20_000)
    pinned = models.BooleanField(default=False, help_text=_("Set by hand: planning again leaves it alone."))
    # what the plan knew when it gave this turn: schedule/fairness/reasons.py puts it into words
    why = models.JSONField(default=dict, blank=True, editable=False)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["session", "presenter"], name="one_seat_per_member_and_session"),
        ]

    def __str__(self):
        return f"{self.presenter} · {self.session}"

    def is_open(self, now: datetime) -> bool:
        """Return whether somebody else has to give it: its presenter is gone, and the session is not over."""
        return not self.presenter.may_enter and not self.session.is_over(now)


class Letter(models.Model):
    """One mail to one person: a row of the to-do list, kept afterwards with what became of it."""

    # where schedule.mail.world has looked them up
    thread = ""  # the Message-ID of the first letter of its thread
    stands = False  # an earlier letter brought the session into its reader's calendar

    CHOOSE, SHARE_SOON, SHARE_TODAY = "choose", "share_soon", "share_today"
    OVERDUE, STUCK, OPEN = "overdue", "overdue_organizer", "open_turn"
    PAPERS, LATE, TOMORROW = "papers_shared", "late_paper", "session_tomorrow"
    MOVED, CANCELLED, RESTORED, PLACE = "moved", "cancelled", "restored", "place"
    ASSIGNED, RELIEVED, PUBLISHED, MINUTES = "assigned", "relieved", "published", "minutes"
    SWAP_ASKED, SWAP_ACCEPTED = "swap_asked", "swap_accepted"
    SWAP_DECLINED, SWAP_UNDONE = "swap_declined", "swap_undone"
    FAREWELL = "farewell"
    KINDS = [
        (CHOOSE, _("choose a paper")),
        (SHARE_SOON, _("share your paper tomorrow")),
        (SHARE_TODAY, _("share your paper today")),
        (OVERDUE, _("the paper is still missing")),
        (STUCK, _("a presenter may need help")),
        (OPEN, _("a turn needs somebody")),
        (PAPERS, _("the papers to read")),
        (LATE, _("one more paper to read")),
        (TOMORROW, _("we meet tomorrow")),
        (MOVED, _("the session moved")),
        (CANCELLED, _("the session is cancelled")),
        (RESTORED, _("the session takes place after all")),
        (PLACE, _("the place changed")),
        (ASSIGNED, _("you present")),
        (RELIEVED, _("you no longer present")),
        (PUBLISHED, _("dates and turns of the term")),
        (MINUTES, _("the minutes of the session")),
        (SWAP_ASKED, _("somebody offers a turn")),
        (SWAP_ACCEPTED, _("turns were swapped")),
        (SWAP_DECLINED, _("a swap was declined")),
        (SWAP_UNDONE, _("a swap was undone")),
        (FAREWELL, _("taken out of the calendar")),
    ]

    QUEUED, SENDING, SENT, FAILED = "queued", "sending", "sent", "failed"
    UNCERTAIN, SKIPPED, EXPIRED = "uncertain", "skipped", "expired"
    STATES = [
        (QUEUED, _("waiting")),
        (SENDING, _("being sent")),
        (SENT, _("sent")),
        (FAILED, _("failed")),
        (UNCERTAIN, _("perhaps sent")),
        (SKIPPED, _("not needed")),
        (EXPIRED, _("too late")),
    ]
    # which state may follow which
    MOVES = {
        QUEUED: {SENDING, SKIPPED, EXPIRED, FAILED},
        SENDING: {SENT, FAILED, UNCERTAIN, SKIPPED, EXPIRED, QUEUED},
        FAILED: {QUEUED, SKIPPED, EXPIRED},
        UNCERTAIN: {QUEUED, SENT, EXPIRED},
        SKIPPED: {QUEUED},
        SENT: set(),
        EXPIRED: set(),
    }

    kind = models.CharField(max_length=20, choices=KINDS)
    session = models.ForeignKey(Session, models.CASCADE, related_name="letters")
    # whose turn it speaks of; session and presenter name a turn, and outlive it
    about = models.ForeignKey(Membership, models.CASCADE, null=True, blank=True, related_name="+")
    recipient = models.ForeignKey(Membership, models.CASCADE, related_name="letters")
    swap = models.ForeignKey(Swap, models.CASCADE, null=True, blank=True, related_name="letters")
    starts_at = models.DateTimeField(help_text=_("The start of the session as the letter knows it."))
    nth = models.PositiveIntegerField(
        default=0,
        help_text=_("Day of a repeated reminder, the session's sequence, the swap's number, or the letter taken back."),
    )
    was = models.CharField(
        max_length=200,
        blank=True,
        help_text=_("What its reader last heard, before this change: the old start, the old place."),
    )

    due_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=STATES, default=QUEUED)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    message_id = models.CharField(max_length=200, editable=False)
    subject = models.CharField(max_length=300, blank=True)
    invited = models.BooleanField(
        default=False, help_text=_("It brought the session into its reader's calendar, or out.")
    )
    reason = models.CharField(
        max_length=300, blank=True, help_text=_("Why it was skipped or failed: a code or the server's words.")
    )
    created_at = models.DateTimeField(default=now)
    settled_at = models.DateTimeField(null=True, blank=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        ordering = ["-due_at", "-pk"]
        indexes = [models.Index(fields=["state", "due_at"], name="letter_to_do")]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "session", "about", "recipient", "starts_at", "nth"],
                condition=Q(about__isnull=False),
                name="one_letter_per_kind_turn_and_recipient",
            ),
            models.UniqueConstraint(
                fields=["kind", "session", "recipient", "starts_at", "nth"],
                condition=Q(about__isnull=True),
                name="one_letter_per_kind_session_and_recipient",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["queued", "sending", "sent", "failed", "uncertain", "skipped", "expired"]),
                name="letter_state_is_known",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} → {self.recipient}"
