"""A turn: who presents in a session, and which paper."""

from datetime import date, datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from members.models import Membership
from papers.models import Paper
from schedule.models.session import Session


class Presentation(models.Model):
    """A turn: one member presents in one session; the paper comes later."""

    left_at, pause = (
        None,
        0,
    )  # since when its presenter takes no turns, where schedule.notifications.reminders has looked it up

    away = False  # is its presenter away that day, where a page has looked it up

    session = models.ForeignKey(Session, models.CASCADE, related_name="presentations")
    presenter = models.ForeignKey(Membership, models.CASCADE, related_name="presentations")
    position = models.PositiveSmallIntegerField(default=1)
    paper = models.ForeignKey(Paper, models.SET_NULL, null=True, blank=True, related_name="presentations")
    shared_at = models.DateTimeField(null=True, blank=True)
    # when it became its presenter's: reminders from before are not for them. None: with the plan
    taken_at = models.DateTimeField(null=True, blank=True, editable=False)
    minutes = models.TextField(_("minutes"), blank=True, max_length=20_000)
    pinned = models.BooleanField(default=False, help_text=_("Set by hand: planning again leaves it alone."))
    # what the plan knew when it gave this turn: schedule/rotation/reasons.py puts it into words
    why = models.JSONField(default=dict, blank=True, editable=False)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["session", "presenter"], name="one_seat_per_member_and_session"),
        ]

    def __str__(self):
        return f"{self.presenter} · {self.session}"

    @property
    def shown_paper(self) -> Paper | None:
        """Return what the turn presents: nothing while its paper lies in the trash, unless it went there after the session."""
        paper, session = self.paper, self.session
        if paper is None or paper.deleted_at is None:
            return paper
        end = min(session.ends_at, session.closed_at or session.ends_at)
        return paper if paper.deleted_at >= end else None

    @property
    def shared_paper(self) -> Paper | None:
        """Return its paper if the group can read it already."""
        return self.shown_paper if self.shared_at else None

    @property
    def is_shared(self) -> bool:
        return self.shared_paper is not None

    @property
    def share_day(self) -> date:
        """The last day on which its paper is shared in time: none before the turn became theirs as it stands."""
        session = self.session
        began = max(filter(None, (session.term.published_at, session.moved_at, self.taken_at)), default=None)
        if began is None:
            return session.share_day
        return max(session.share_day, min(began.astimezone(session.zone).date(), session.local_start.date()))

    @property
    def is_short_notice(self) -> bool:
        """Return whether it became theirs when the day to share was over: then the paper is due as soon as it can be."""
        return self.share_day > self.session.share_day

    @property
    def short_title(self) -> str:
        """The paper's title up to its first colon, as people say it."""
        return str(self.paper).partition(":")[0]

    def is_open(self, now: datetime) -> bool:
        """Return whether somebody else has to give it: its presenter is gone, and the session has not begun.

        Who presents is settled once it begins: who leaves afterwards has had the turn.
        """
        return not self.presenter.may_enter and not self.session.has_begun(now)
