"""A turn offered to one member or to the group."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from members.models import Membership
from schedule.models.change import Change


class SwapQuerySet(models.QuerySet):
    def with_related(self):
        """Each with its people, its sessions and their turns: whether it still stands needs no more queries."""
        people = self.select_related("giver__member", "taker__member", "by__member", "change")
        sessions = people.select_related("session__term__group", "wanted__term")
        return sessions.prefetch_related("session__presentations", "wanted__presentations")

    def open(self):
        return self.filter(state=Swap.OPEN)


class Swap(models.Model):
    """A turn is offered: to one person, in exchange for a turn of theirs or as a gift, or to whoever takes it first.

    Session and giver name the turn. Without `wanted` nothing is asked in return. Asked of the group it has no taker until
    somebody says yes.
    """

    OPEN, ACCEPTED, DECLINED = "open", "accepted", "declined"
    WITHDRAWN, EXPIRED, UNDONE = "withdrawn", "expired", "undone"
    STATES = [
        (OPEN, _("open")),
        (ACCEPTED, _("accepted")),
        (DECLINED, _("declined")),
        (WITHDRAWN, _("withdrawn")),
        (EXPIRED, _("expired")),
        (UNDONE, _("undone")),
    ]

    session = models.ForeignKey("schedule.Session", models.CASCADE, related_name="swaps")
    giver = models.ForeignKey(Membership, models.CASCADE, related_name="+")
    wanted = models.ForeignKey("schedule.Session", models.CASCADE, null=True, related_name="+")
    taker = models.ForeignKey(Membership, models.CASCADE, null=True, related_name="+")
    # the starts of both sessions as they were when it was asked: who moves a session ends what was asked about it
    starts_at = models.DateTimeField()
    wanted_at = models.DateTimeField(null=True)
    to_group = models.BooleanField(default=False)
    message = models.CharField(_("message"), max_length=300, blank=True)
    by = models.ForeignKey(Membership, models.CASCADE, related_name="+")
    state = models.CharField(max_length=10, choices=STATES, default=OPEN)
    asked_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    change = models.OneToOneField(Change, models.SET_NULL, null=True, related_name="swap")

    objects = SwapQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "giver"], condition=Q(state="open"), name="one_open_swap_per_turn"
            ),
            models.CheckConstraint(
                condition=Q(wanted=None) | Q(taker__isnull=False), name="a_turn_in_return_is_asked_of_somebody"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "accepted", "declined", "withdrawn", "expired", "undone"]),
                name="swap_state_is_known",
            ),
        ]

    def __str__(self):
        return f"{self.giver} → {self.taker or '…'}"

    def invalid_reason(self, now: datetime) -> str:
        """Why nobody can say yes any more, as a code; "" while the turns are as they were when it was asked."""
        sessions = [session for session in (self.session, self.wanted) if session]
        if not all(person.is_current and person.member.is_active for person in (self.giver, self.taker) if person):
            return "gone"
        if any(session.starts_at <= now for session in sessions):
            return "begun"
        if any(session.state != session.PLANNED for session in sessions):
            return "cancelled"
        if [session.starts_at for session in sessions] != [at for at in (self.starts_at, self.wanted_at) if at]:
            return "moved"
        return "" if self.seats(self.giver_id, self.taker_id) else "changed"

    def seats(self, here: int | None, there: int | None) -> bool:
        """Is it so that `here` presents in the session and not in the wanted one, and `there` the other way round?"""
        first, second = _presenters(self.session), _presenters(self.wanted)
        if here not in first or there in first:
            return False
        return self.wanted is None or (there in second and here not in second)


def _presenters(session) -> set[int]:
    return {turn.presenter_id for turn in session.presentations.all()} if session else set()
