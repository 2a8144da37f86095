"""A mail to one person, queued, sent, or not sent and why."""

from django.db import models
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from members.models import Membership
from schedule.models.session import Session
from schedule.models.swap import Swap


class NotificationQuerySet(models.QuerySet["Notification"]):
    def move(self, state, **fields) -> int:
        """Bring the rows that may go there into `state`, in one conditional UPDATE; the answer is how many did."""
        before = [old for old, after in self.model.MOVES.items() if state in after]
        return self.filter(state__in=before).update(state=state, **fields)

    def waiting(self):
        """Not handed over: nobody has read it, and it may still be set aside."""
        return self.filter(state__in=[self.model.QUEUED, self.model.FAILED])

    def refused_to_all(self):
        """Kept because the mail server refuses our mail for good, and not for the address or the notification: a 5xx."""
        return self.filter(state=self.model.QUEUED, reason__regex=r"^5[0-9][0-9] ")


class Notification(models.Model):
    """One mail to one person: a row of the to-do list, kept afterwards with what became of it."""

    # where schedule.notifications.snapshot has looked them up
    thread = ""  # the Message-ID of the first notification of its thread
    in_calendar = False  # an earlier notification brought the session into its reader's calendar

    CHOOSE, SHARE_SOON, SHARE_TODAY = "choose", "share_soon", "share_today"
    OVERDUE, OVERDUE_ORGANIZER, OPEN = "overdue", "overdue_organizer", "open_turn"
    PAPERS, LATE, TOMORROW = "papers_shared", "late_paper", "session_tomorrow"
    MOVED, CANCELLED, RESTORED, PLACE = "moved", "cancelled", "restored", "place"
    ASSIGNED, RELIEVED, PUBLISHED, MINUTES = "assigned", "relieved", "published", "minutes"
    SWAP_ASKED, SWAP_ACCEPTED = "swap_asked", "swap_accepted"
    SWAP_DECLINED, SWAP_UNDONE = "swap_declined", "swap_undone"
    CALENDAR_CANCELLED = "calendar_cancelled"
    KINDS = [
        (CHOOSE, _("choose a paper")),
        (SHARE_SOON, _("share your paper soon")),
        (SHARE_TODAY, _("share your paper today")),
        (OVERDUE, _("the paper is still missing")),
        (OVERDUE_ORGANIZER, _("a presenter may need help")),
        (OPEN, _("a turn needs somebody")),
        (PAPERS, _("the papers to read")),
        (LATE, _("one more paper to read")),
        (TOMORROW, _("we meet soon")),
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
        (CALENDAR_CANCELLED, _("taken out of the calendar")),
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
    session = models.ForeignKey(Session, models.CASCADE, related_name="notifications")
    # whose turn it speaks of; session and presenter name a turn, and outlive it
    about = models.ForeignKey(Membership, models.CASCADE, null=True, blank=True, related_name="+")
    recipient = models.ForeignKey(Membership, models.CASCADE, related_name="notifications")
    swap = models.ForeignKey(Swap, models.CASCADE, null=True, blank=True, related_name="notifications")
    starts_at = models.DateTimeField(help_text=_("The start of the session as the notification knows it."))
    dedupe_key = models.PositiveIntegerField(
        default=0,
        help_text=_(
            "Day of a repeated reminder, the session's sequence, the swap's number, or the notification taken back."
        ),
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

    objects = NotificationQuerySet.as_manager()

    class Meta:
        ordering = ["-due_at", "-pk"]
        indexes = [models.Index(fields=["state", "due_at"], name="notification_to_do")]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "session", "about", "recipient", "starts_at", "dedupe_key"],
                condition=Q(about__isnull=False),
                name="one_notification_per_kind_turn_and_recipient",
            ),
            models.UniqueConstraint(
                fields=["kind", "session", "recipient", "starts_at", "dedupe_key"],
                condition=Q(about__isnull=True),
                name="one_notification_per_kind_session_and_recipient",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["queued", "sending", "sent", "failed", "uncertain", "skipped", "expired"]),
                name="notification_state_is_known",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} → {self.recipient}"
